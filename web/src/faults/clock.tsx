import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { advanceClock } from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { clockOffset } from "../model/model.ts";
import { span } from "../text/time.ts";
import { useAttempts } from "./attempt.ts";

/** Greylisting and other windows end when the clock of faults says so; it can be put forward. */
export function Clock(): VNode {
  const offset = useCell(clockOffset);
  const [by, setBy] = useState("1h");
  const { refusal, attempt, forget } = useAttempts<"field" | "button">();

  async function advance(duration: string): Promise<void> {
    clockOffset.set((await advanceClock(duration)).offset);
  }

  const isWrong = refusal?.at === "field";
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
          void attempt("field", () => advance(withUnit(by.trim())));
        }}
      >
        <button
          type="button"
          data-testid="clock-5m"
          onClick={() => void attempt("button", () => advance("5m"))}
        >
          +5 min
        </button>
        <label>
          <span class="unseen">Advance by</span>
          <input
            type="text"
            value={by}
            spellcheck={false}
            aria-invalid={isWrong}
            aria-describedby={isWrong ? "clock-refusal" : undefined}
            data-testid="clock-by"
            onInput={(event) => {
              setBy(event.currentTarget.value);
              forget();
            }}
          />
        </label>
        <button type="submit">Advance</button>
        <span class="dim">10s, 5m, 2h</span>
      </form>
      {refusal !== null && (
        <p class="field-refusal" id="clock-refusal" role="alert" data-testid="clock-refusal">
          {refusal.error.message}
        </p>
      )}
    </section>
  );
}

/** The API takes a bare number for milliseconds, which nobody means here. */
function withUnit(duration: string): string {
  if (/^\d+(?:\.\d+)?(?:ms|s|m|h)$/.test(duration)) return duration;
  const amount = /^\d+(?:\.\d+)?/.exec(duration)?.[0] ?? "5";
  throw new RangeError(`Give a unit: ${amount}s, ${amount}m, ${amount}h`);
}
