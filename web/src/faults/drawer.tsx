/** The faults panel: beside the lists, not over them, so that one sees what a fault does while switching it. */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useCell } from "../model/cell.ts";
import { overlay, readPresets, rules } from "../model/model.ts";
import { CloseIcon } from "../shell/icons.tsx";
import { Clock } from "./clock.tsx";
import { CustomRule } from "./custom-rule.tsx";
import { Presets } from "./presets.tsx";
import { Rules } from "./rules.tsx";

export function FaultsDrawer(): VNode {
  const active = useCell(rules);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    title.current?.focus();
    void readPresets().catch(() => {});
    return () => before?.focus({ preventScroll: true });
  }, []);

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
      <div class="drawer-body" data-scrolls>
        <Rules rules={active} />
        <Presets rules={active} />
        <CustomRule />
        <Clock />
      </div>
    </aside>
  );
}
