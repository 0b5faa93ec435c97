import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { advanceClock } from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { clockOffset } from "../model/model.ts";
import { span } from "../text/time.ts";

/** Greylisting and other windows end when the clock of faults says so; it can be put forward. */
export function Clock({ attempt }: { attempt: (action: () => Promise<unknown>) => void }): VNode {
  const offset = useCell(clockOffset);
  const [by, setBy] = useState("1h");

  function advance(duration: string): void {
    attempt(async () => clockOffset.set((await advanceClock(duration)).offset));
  }

  return (
    <section aria-labelledby="clock-title">
      <div class="section-head">
        <h3 id="clock-title">The clock of faults</h3>
        <span class="dim" data-testid="clock-offset">
          {offset === 0 ? "real time" : `${span(offset)} ahead`}
        </span>
      </div>
      <form
        class="clock"
        onSubmit={(event) => {
          event.preventDefault();
          advance(by);
        }}
      >
        <button type="button" data-testid="clock-5m" onClick={() => advance("5m")}>
          +5 min
        </button>
        <label>
          <span class="unseen">Advance by</span>
          <input
            type="text"
            value={by}
            spellcheck={false}
            onInput={(event) => setBy(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Advance</button>
        <span class="dim">10s, 5m, 2h</span>
      </form>
    </section>
  );
}
