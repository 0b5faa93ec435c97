/** The faults panel: beside the lists, not over them, so that one sees what a fault does while switching it. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { overlay, readFaults, readPresets, returns, rules } from "../model/model.ts";
import { Confirm } from "../shell/confirm.tsx";
import { CloseIcon } from "../shell/icons.tsx";
import { Clock } from "./clock.tsx";
import { CustomRule } from "./custom-rule.tsx";
import { Presets } from "./presets.tsx";
import { Rules } from "./rules.tsx";

export function FaultsDrawer(): VNode {
  const active = useCell(rules);
  const title = useRef<HTMLHeadingElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    title.current?.focus();
    void readPresets().catch(() => {});
    return () => before?.focus({ preventScroll: true });
  }, []);

  const back = useCell(returns);
  useEffect(() => setRefusal(null), [back]);

  /** Does it, then shows what is in force; a refusal stays until the next try. */
  function attempt(action: () => Promise<unknown>): void {
    setRefusal(null);
    action()
      .catch((error: Error) => setRefusal(error.message))
      .then(readFaults)
      .catch(() => {});
  }

  return (
    <aside class="drawer" aria-labelledby="faults-title" data-testid="faults">
      <header class="drawer-head">
        <h2 id="faults-title" ref={title} tabIndex={-1}>
          Faults
        </h2>
        <p class="dim">What this server does wrong, on purpose.</p>
        <button type="button" class="quiet" aria-label="Close" onClick={() => overlay.set(null)}>
          <CloseIcon />
        </button>
      </header>
      {refusal !== null && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div class="drawer-body" data-scrolls>
        <section aria-labelledby="rules-title">
          <div class="section-head">
            <h3 id="rules-title">In force</h3>
            {active.length > 0 && (
              <span class="section-tools">
                <button type="button" class="plain" onClick={() => attempt(api.resetCounters)}>
                  Reset counters
                </button>
                <Confirm
                  label="Remove all rules"
                  question={`Remove ${active.length === 1 ? "it" : `all ${active.length}`}?`}
                  answer="Remove"
                  testId="remove-rules"
                  onConfirm={() => attempt(api.removeRules)}
                >
                  <span class="plain">Remove all</span>
                </Confirm>
              </span>
            )}
          </div>
          <Rules rules={active} attempt={attempt} />
        </section>
        <Presets rules={active} attempt={attempt} />
        <CustomRule />
        <Clock attempt={attempt} />
      </div>
    </aside>
  );
}
