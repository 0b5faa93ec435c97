import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Info } from "../../../src/api/contract.ts";
import { useCell } from "../model/cell.ts";
import { info, overlay } from "../model/model.ts";
import { BoltIcon } from "../shell/icons.tsx";
import { Scroll } from "../shell/scroll.tsx";
import { Copy } from "../text/copy.tsx";
import { authority, targetOf, ways } from "./ways.ts";

/** What stands where a message would: where to send mail, and how. */
export function Welcome({ empty }: { empty: boolean }): VNode {
  const running = useCell(info);
  const [chosen, setChosen] = useState(ways[0]?.name);
  const smtp = running?.listeners.find(({ protocol }) => protocol === "smtp");
  const way = ways.find(({ name }) => name === chosen);
  if (running === null || smtp === undefined) return <div class="welcome" />;
  const target = targetOf(smtp, running, location.hostname);
  const address = authority(target);
  const snippet = way?.lines(target) ?? "";
  return (
    <div class="welcome" data-testid="welcome">
      <h1>{empty ? "Waiting for the first mail" : "Choose a message"}</h1>
      <p class="lead">
        {empty ? "Point your application at" : "Mail is caught at"}{" "}
        <span class="address">
          <code data-testid="smtp-address">{address}</code>
          <Copy text={address} label="Copy host and port" />
        </span>
        <br />
        {authLine(running)} {tlsLine(running)} Nothing leaves this machine.
      </p>
      <div class="ways">
        <div class="ways-head">
          <fieldset class="segments" aria-label="How to send">
            {ways.map(({ name }) => (
              <button key={name} type="button" aria-pressed={name === chosen} onClick={() => setChosen(name)}>
                {name}
              </button>
            ))}
          </fieldset>
          <Copy text={snippet} label="Copy the commands" />
        </div>
        <Scroll class="way" label="Commands">
          <pre>{snippet}</pre>
        </Scroll>
      </div>
      <ul class="tips">
        <li>
          <kbd>j</kbd> <kbd>k</kbd> move, <kbd>Enter</kbd> opens, <kbd>/</kbd> searches, <kbd>?</kbd> shows
          all keys.
        </li>
        <li>
          Refused and broken-off deliveries are under <a href="#/transactions">Transactions</a>, each with its
          conversation.
        </li>
        <li>
          To see how your application fails, switch on{" "}
          <button type="button" class="link" onClick={() => overlay.set("faults")}>
            <BoltIcon /> a fault
          </button>
          .
        </li>
      </ul>
    </div>
  );
}

function authLine({ auth }: Info): string {
  if (auth.mode === "any")
    return auth.required ? "Any user and password will do." : "No login needed; any will do.";
  return auth.required ? "A login is required: put in yours." : "Login is optional.";
}

function tlsLine({ starttls }: Info): string {
  if (starttls === "off") return "";
  return starttls === "offer" ? "TLS is offered." : "TLS is required; these commands trust any certificate.";
}
