/** The timers that waits run on. `now` in milliseconds; only differences of it are used. */
export interface Timers {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  now(): number;
}

// Taken at import, so that fake timers of a test, installed later, do not freeze a wait.
const { setTimeout, clearTimeout, performance } = globalThis;
const now = performance.now.bind(performance);

export const importedTimers: Timers = {
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  now: () => now(),
};

/** Resolves after so many milliseconds; rejects with the signal's reason as soon as it aborts. */
export function pause(timers: Timers, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      timers.clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = timers.setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
