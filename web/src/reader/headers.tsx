import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Scroll } from "../shell/scroll.tsx";
import { Linked } from "../text/plain.tsx";

/** All fields, in order, duplicates kept. */
export function Headers({ headers }: { headers: readonly { name: string; value: string }[] }): VNode {
  const [wanted, setWanted] = useState("");
  const needle = wanted.toLowerCase();
  const found = headers.filter(({ name, value }) => `${name}: ${value}`.toLowerCase().includes(needle));
  return (
    <div class="headers">
      <div class="panel-bar">
        <input
          type="text"
          class="filter"
          placeholder="Filter headers"
          aria-label="Filter headers"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
        <span class="panel-note">
          {found.length} of {headers.length}
        </span>
      </div>
      <Scroll class="table-box" label="Header fields">
        <table data-testid="headers">
          <tbody>
            {found.map(({ name, value }, index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td dir="auto">
                  <Linked text={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}
