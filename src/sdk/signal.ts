/** A signal that aborts with the first of several, and the way to let go of them. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** To be called at the end: a long-lived source would keep the link alive. */
  unlink(): void;
}

export function linkSignals(...sources: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const links = sources.map((source) =>
    source === undefined ? () => {} : listen(source, () => controller.abort(source.reason)),
  );
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => {
      for (const unlink of links) unlink();
    },
  };
}

/** Whom to tell of an abort. One listener per signal tells them all, for Node warns of more than ten. */
const audiences = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `tell` when the signal aborts, at once if it has. Returns how to stop that. */
function listen(source: AbortSignal, tell: () => void): () => void {
  if (source.aborted) tell();
  const audience = audiences.get(source) ?? gather(source);
  audience.add(tell);
  return () => audience.delete(tell);
}

function gather(source: AbortSignal): Set<() => void> {
  const audience = new Set<() => void>();
  audiences.set(source, audience);
  const tellAll = () => {
    for (const tell of audience) tell();
  };
  source.addEventListener("abort", tellAll, { once: true });
  return audience;
}

/** The promise, or a rejection with the signal's reason as soon as it aborts. */
export function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
