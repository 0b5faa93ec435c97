import type { VNode } from "preact";
import { useCell } from "../model/cell.ts";
import { refused } from "../model/model.ts";
import { CloseIcon } from "./icons.tsx";

/** Says what was not done with a message, and why. */
export function Refused(): VNode | null {
  const refusal = useCell(refused);
  if (refusal === null) return null;
  return (
    <div class="refused">
      <p role="alert" data-testid="refused">
        <strong>{refusal.at}.</strong> {refusal.error.message}
      </p>
      <button type="button" class="quiet" title="Close" aria-label="Close" onClick={() => refused.set(null)}>
        <CloseIcon />
      </button>
    </div>
  );
}
