/**
 * Time, in one place. The timer functions are taken when this module is loaded, so that a test
 * which later installs fake timers does not freeze a server in its own process.
 *
 * Faults live in fault time: real time plus an offset that only grows. Advancing it wakes what is due.
 */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;
const wallClock = Date.now;

/** Longer timers overflow to 1 ms on every runtime. */
const longestTimer = 2 ** 31 - 1;

export interface Timers {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemTimers: Timers = {
  now: () => wallClock(),
  setTimeout: (run, ms) => startTimer(run, Math.min(ms, longestTimer)),
  clearTimeout: (timer) => stopTimer(timer as ReturnType<typeof setTimeout>),
};

let lastMs = Number.NaN;
let lastText = "";

/**
 * ISO 8601. Formatting a time costs more than a whole command, and at speed many fall into the same
 * millisecond: the last one is kept.
 */
export function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}

/** The clock of faults. */
export class FaultClock {
  readonly #timers: Timers;
  readonly #sleepers = new Set<() => void>();
  #offset = 0;

  constructor(timers: Timers = systemTimers) {
    this.#timers = timers;
  }

  /** Fault time in milliseconds since the epoch. */
  now(): number {
    return this.#timers.now() + this.#offset;
  }

  /** Milliseconds that fault time is ahead of real time. */
  get offset(): number {
    return this.#offset;
  }

  /** Moves fault time forward; returns the offset to real time. Negative: `RangeError`. */
  advance(ms: number): number {
    if (!(ms >= 0)) throw new RangeError(`Failed to advance the clock: ${ms} ms; it only goes forward`);
    this.#offset += ms;
    for (const wake of [...this.#sleepers]) wake();
    return this.#offset;
  }

  /** Back to real time. */
  reset(): void {
    this.#offset = 0;
  }

  /** Resolves after so many milliseconds of fault time, or when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    const due = this.now() + ms;
    return new Promise((resolve) => {
      let timer: unknown;
      const check = (): void => {
        this.#timers.clearTimeout(timer);
        const left = due - this.now();
        if (left <= 0 || signal.aborted) {
          this.#sleepers.delete(check);
          signal.removeEventListener("abort", check);
          resolve();
        } else {
          timer = this.#timers.setTimeout(check, left);
        }
      };
      this.#sleepers.add(check);
      signal.addEventListener("abort", check);
      check();
    });
  }
}
