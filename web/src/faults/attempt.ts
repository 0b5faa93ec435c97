import { useEffect, useState } from "preact/hooks";
import { useCell } from "../model/cell.ts";
import { readFaults, returns } from "../model/model.ts";

/** What went wrong, and with what of this place. */
export interface Refusal<At> {
  readonly at: At;
  readonly error: Error;
}

export interface Attempts<At> {
  readonly refusal: Refusal<At> | null;
  /** Does it, then shows what is in force; resolves to whether it was done. */
  readonly attempt: (at: At, action: () => Promise<unknown>) => Promise<boolean>;
  readonly forget: () => void;
}

/** Things that may be refused: a refusal stays until the next try at this place, or until the server is back. */
export function useAttempts<At>(): Attempts<At> {
  const [refusal, setRefusal] = useState<Refusal<At> | null>(null);
  const back = useCell(returns);
  useEffect(() => setRefusal(null), [back]);

  async function attempt(at: At, action: () => Promise<unknown>): Promise<boolean> {
    setRefusal(null);
    let done = true;
    try {
      await action();
    } catch (error) {
      done = false;
      setRefusal({ at, error: error as Error });
    }
    void readFaults().catch(() => {});
    return done;
  }

  return { refusal, attempt, forget: () => setRefusal(null) };
}
