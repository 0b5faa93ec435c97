/**
 * A list that shows only the rows in sight; every row has the same height, so where a row stands is its index.
 *
 * Rows that come or go above the sight do not move it: before a change the list remembers its topmost row, and
 * after it scrolls by as many rows as that one has moved. At the very top there is nothing to hold, and new
 * rows simply appear.
 *
 * Focus stays on the listbox, which names the selected option (`aria-activedescendant`): with a roving tabindex
 * the focus would be lost whenever its row scrolls out of sight and is taken away.
 */
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useCell } from "../model/cell.ts";
import { type Feed, freshness } from "../model/feed.ts";
import { open, selected } from "../model/model.ts";
import { route } from "../model/route.ts";
import { count } from "../text/size.ts";

export interface ListProps<T extends { readonly id: string }> {
  readonly feed: Feed<T>;
  readonly label: string;
  /** One row, such as "message". */
  readonly noun: string;
  readonly row: (row: T) => VNode;
  readonly rowClass: (row: T) => string;
}

const rowHeight = 56;
/** Rows beyond the sight that are drawn too, so that scrolling shows no gaps. */
const margin = 8;

export function WindowList<T extends { readonly id: string }>(props: ListProps<T>): VNode {
  const { feed, label, noun, row, rowClass } = props;
  const { rows, total, phase } = useCell(feed.state);
  const current = useCell(selected);
  const { id: openId } = useCell(route);
  const box = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ id: string; index: number } | null>(null);
  const [sight, setSight] = useState({ first: 0, last: 30 });
  const [missed, setMissed] = useState(0);
  const [news, setNews] = useState("");
  const counted = useRef<number | null>(null);

  function look(): void {
    const element = box.current;
    if (element === null) return;
    const top = Math.floor(element.scrollTop / rowHeight);
    const first = Math.max(0, top - margin);
    const last = top + Math.ceil(element.clientHeight / rowHeight) + margin;
    const known = feed.state.get().rows[top];
    anchor.current = element.scrollTop < 1 || known === undefined ? null : { id: known.id, index: top };
    if (element.scrollTop < 1) setMissed(0);
    setSight((seen) => (seen.first === first && seen.last === last ? seen : { first, last }));
    if (last >= feed.state.get().rows.length) void feed.need(last);
  }

  useLayoutEffect(() => {
    const element = box.current;
    const held = anchor.current;
    if (element !== null && held !== null) {
      const index = rows.findIndex(({ id }) => id === held.id);
      if (index >= 0 && index !== held.index) {
        element.scrollTop += (index - held.index) * rowHeight;
        if (index > held.index) setMissed((missed) => missed + index - held.index);
      }
    }
    look();
  }, [rows]);

  useLayoutEffect(() => {
    if (phase === "opening") box.current?.scrollTo(0, 0);
  }, [phase]);

  useEffect(() => {
    const before = counted.current;
    counted.current = phase === "ready" ? total : null;
    if (before !== null && phase === "ready" && total > before) setNews(count(total - before, `new ${noun}`));
  }, [total, phase]);

  useEffect(() => {
    if (box.current === null) return;
    const observer = new ResizeObserver(look);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const index = rows.findIndex(({ id }) => id === current);
    const element = box.current;
    if (index < 0 || element === null) return;
    const [top, bottom] = [index * rowHeight, (index + 1) * rowHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight)
      element.scrollTop = bottom - element.clientHeight;
  }, [current]);

  const now = Date.now();
  const shown = rows.slice(sight.first, sight.last);
  const waiting = Math.max(0, Math.min(total, sight.last) - Math.max(rows.length, sight.first));
  const active = shown.some(({ id }) => id === current) ? `row-${current}` : undefined;
  return (
    <div class={`list ${phase === "ready" ? "" : "is-stale"}`}>
      <span class="unseen" role="status" aria-live="polite">
        {news}
      </span>
      {missed > 0 && (
        <button
          type="button"
          class="missed"
          data-testid="new-rows"
          onClick={() => box.current?.scrollTo(0, 0)}
        >
          {count(missed, `new ${noun}`)} above
        </button>
      )}
      <div
        ref={box}
        class="rows"
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={active}
        aria-busy={phase === "opening"}
        data-testid={`${noun}s`}
        onScroll={look}
      >
        <div role="presentation" style={{ height: `${total * rowHeight}px` }}>
          {shown.map((each, offset) => {
            const fresh = now - (feed.arrivals.get(each.id) ?? 0) < freshness;
            const index = sight.first + offset;
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus and names the active option
              // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the active option, see keys.ts
              <div
                key={each.id}
                id={`row-${each.id}`}
                role="option"
                aria-selected={each.id === (openId ?? current)}
                aria-setsize={total}
                aria-posinset={index + 1}
                class={`row ${rowClass(each)} ${each.id === current ? "is-current" : ""} ${fresh ? "is-fresh" : ""}`}
                data-id={each.id}
                style={{ height: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` }}
                onClick={() => open(each.id)}
              >
                {row(each)}
              </div>
            );
          })}
          {Array.from({ length: waiting }, (_, offset) => {
            const index = Math.max(rows.length, sight.first) + offset;
            const style = { height: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` };
            return <div key={`waiting-${index}`} class="row is-waiting" role="presentation" style={style} />;
          })}
        </div>
      </div>
    </div>
  );
}
