import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useCell } from "../model/cell.ts";
import { connection } from "../model/model.ts";

/** A connection that is back sooner was not worth a word, in milliseconds. */
const patience = 800;

/** Says that what is shown may be old. */
export function Offline(): VNode {
  const isLost = useCell(connection) === "lost";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) return setShown(false);
    const timer = setTimeout(() => setShown(true), patience);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div role="status" aria-live="polite">
      {isLost && shown && (
        <p class="offline" data-testid="offline">
          The server does not answer; trying again. What is shown here may be old.
        </p>
      )}
    </div>
  );
}
