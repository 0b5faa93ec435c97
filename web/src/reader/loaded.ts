import { useEffect, useState } from "preact/hooks";

/** What a request has brought so far. `value` stays while it is asked for again. */
export interface Loaded<T> {
  readonly value: T | null;
  readonly error: Error | null;
}

/**
 * Asks when `key` changes and when `version` does.
 * @param keep whether the value of the old key is shown until that of the new one is there
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  version: unknown = null,
  keep = false,
): Loaded<T> {
  const [state, setState] = useState<Loaded<T> & { readonly key: string }>({ key, value: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => !abort.signal.aborted && setState({ key, value, error: null }),
      (error: Error) => !abort.signal.aborted && setState({ key, value: null, error }),
    );
    return () => abort.abort();
  }, [key, version]);
  return state.key === key || keep ? state : { value: null, error: null };
}
