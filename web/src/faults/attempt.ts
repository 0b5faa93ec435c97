import { useEffect, useState } from "preact/hooks";
import { Cell, useCell } from "../model/cell.ts";
import { readFaults, returns } from "../model/model.ts";
import { attempt, type Refusal } from "../model/refusal.ts";

export interface Attempts<At> {
  readonly refusal: Refusal<At> | null;
  /** Does it, then shows what is in force; resolves to whether it was done. */
  readonly attempt: (at: At, action: () => Promise<unknown>) => Promise<boolean>;
  readonly forget: () => void;
}

/** Things that may be refused: a refusal stays until the next try at this place, or until the server is back. */
export function useAttempts<At>(): Attempts<At> {
  const [cell] = useState(() => new Cell<Refusal<At> | null>(null));
  const refusal = useCell(cell);
  const back = useCell(returns);
  useEffect(() => cell.set(null), [back]);

  return {
    refusal,
    async attempt(at, action) {
      const done = await attempt(cell, at, action);
      void readFaults().catch(() => {});
      return done;
    },
    forget: () => cell.set(null),
  };
}
