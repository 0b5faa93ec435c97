import { useEffect, useState } from "preact/hooks";
import { isUnreachable } from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { returns } from "../model/model.ts";

/** What a request has brought so far. `value` stays while it is asked for again. */
export interface Loaded<T> {
  readonly value: T | null;
  readonly error: Error | null;
}

/**
 * Asks when `key` changes, when `version` does, and when the server is back. While it does not answer, what is
 * known stays.
 * @param keep whether the value of the old key is shown until that of the new one is there
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  version: unknown = null,
  keep = false,
): Loaded<T> {
  const [state, setState] = useState<Loaded<T> & { readonly key: string }>({ key, value: null, error: null });
  const back = useCell(returns);
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => !abort.signal.aborted && setState({ key, value, error: null }),
      (error: Error) => {
        if (abort.signal.aborted) return;
        setState((known) => {
          const stays = known.key === key && isUnreachable(error);
          return { key, value: stays ? known.value : null, error };
        });
      },
    );
    return () => abort.abort();
  }, [key, version, back]);
  return state.key === key || keep ? state : { value: null, error: null };
}
