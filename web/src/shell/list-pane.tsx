import type { ComponentChildren, VNode } from "preact";
import { useCell } from "../model/cell.ts";
import { count } from "../text/size.ts";
import { type ListProps, WindowList } from "./window-list.tsx";

interface Props<T extends { readonly id: string }> extends ListProps<T> {
  /** Whether the list is narrowed by a search. */
  readonly searched: boolean;
  /** What is said of an empty list. */
  readonly nothing: string;
  /** What can be done with the list. */
  readonly children?: ComponentChildren;
}

/** One of the lists, with how many rows there are. */
export function ListPane<T extends { readonly id: string }>(props: Props<T>): VNode {
  const { searched, nothing, children, ...list } = props;
  const { total, unread, phase, rows } = useCell(list.feed.state);
  const found = searched ? " found" : "";
  return (
    <section class="pane list-pane" aria-label={list.label}>
      <div class="bar">
        <span class="bar-text" data-testid="total">
          {phase === "failed"
            ? `Not ${searched ? "searched" : "loaded"}`
            : `${count(total, list.noun)}${found}`}
          {phase !== "failed" && unread > 0 && (
            <span class="dim"> · {unread.toLocaleString("en")} unread</span>
          )}
        </span>
        {children}
      </div>
      <WindowList<T> {...list} />
      {phase === "ready" && rows.length === 0 && (
        <p class="none" data-testid="none">
          {searched ? "Nothing found." : nothing}
        </p>
      )}
    </section>
  );
}
