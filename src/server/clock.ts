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

/** Fault time, as those go by it who wait. */
export interface FaultTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Resolves after so many milliseconds of fault time, or when a signal aborts. `shared`: signals that outlive the
   * sleep, and that many may wait for.
   */
  sleep(ms: number, signal: AbortSignal, ...shared: readonly AbortSignal[]): Promise<void>;
}

/** Ids of inboxes. */
type Inboxes = () => readonly string[];

/** The clock of faults. That of an inbox may be ahead of it. */
export class FaultClock implements FaultTime {
  readonly #timers: Timers;
  readonly #sleepers = new Set<() => void>();
  #offset = 0;
  /** Milliseconds that the clocks of inboxes are ahead. */
  readonly #ahead = new Map<string, number>();

  constructor(timers: Timers = systemTimers) {
    this.#timers = timers;
  }

  /** Fault time in milliseconds since the epoch; of several inboxes that of the one that is furthest ahead. */
  now(inboxes?: Inboxes): number {
    return this.#timers.now() + this.#offset + this.#aheadOf(inboxes);
  }

  /** Milliseconds that fault time is ahead of real time. */
  get offset(): number {
    return this.#offset;
  }

  /** Moves fault time forward, or that of an inbox; returns its offset to real time. Negative: `RangeError`. */
  advance(ms: number, inbox: string | null = null): number {
    if (!(ms >= 0)) throw new RangeError(`Failed to advance the clock: ${ms} ms; it only goes forward`);
    if (inbox === null) this.#offset += ms;
    else this.#ahead.set(inbox, (this.#ahead.get(inbox) ?? 0) + ms);
    this.#wake();
    return this.#offset + (inbox === null ? 0 : this.#ahead.get(inbox)!);
  }

  /** Back to real time. */
  reset(): void {
    this.#offset = 0;
    this.#ahead.clear();
  }

  /** There is no such inbox any more; who waits by its clock does not wait longer for it. */
  forget(inbox: string): void {
    if (!this.#ahead.has(inbox)) return;
    this.#wake();
    this.#ahead.delete(inbox);
    this.#wake();
  }

  /** The same clock for what belongs to inboxes. */
  of(inboxes: Inboxes): FaultTime {
    const sleep: FaultTime["sleep"] = (ms, signal, ...shared) => this.#sleep(ms, signal, shared, inboxes);
    return { now: () => this.now(inboxes), sleep };
  }

  sleep(ms: number, signal: AbortSignal, ...shared: readonly AbortSignal[]): Promise<void> {
    return this.#sleep(ms, signal, shared);
  }

  #sleep(ms: number, signal: AbortSignal, shared: readonly AbortSignal[], inboxes?: Inboxes): Promise<void> {
    const audiences = shared.map(audienceOf);
    let left = ms;
    let last = this.now(inboxes);
    return new Promise((resolve) => {
      let timer: unknown;
      const check = (): void => {
        this.#timers.clearTimeout(timer);
        const now = this.now(inboxes);
        // It goes back where an inbox that was ahead has gone.
        left -= Math.max(0, now - last);
        last = now;
        if (left <= 0 || signal.aborted || shared.some(({ aborted }) => aborted)) {
          this.#sleepers.delete(check);
          signal.removeEventListener("abort", check);
          for (const audience of audiences) audience.delete(check);
          resolve();
        } else {
          timer = this.#timers.setTimeout(check, left);
        }
      };
      this.#sleepers.add(check);
      signal.addEventListener("abort", check);
      for (const audience of audiences) audience.add(check);
      check();
    });
  }

  #wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  #aheadOf(inboxes: Inboxes | undefined): number {
    if (inboxes === undefined || this.#ahead.size === 0) return 0;
    return Math.max(0, ...inboxes().map((inbox) => this.#ahead.get(inbox) ?? 0));
  }
}

const audiences = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Whom to tell of an abort. One listener tells them all, for Node warns of more than ten; `AbortSignal.any` would
 * remember each of them for as long as the signal lives.
 */
function audienceOf(signal: AbortSignal): Set<() => void> {
  const known = audiences.get(signal);
  if (known !== undefined) return known;
  const audience = new Set<() => void>();
  audiences.set(signal, audience);
  const tellAll = (): void => {
    for (const tell of audience) tell();
  };
  signal.addEventListener("abort", tellAll, { once: true });
  return audience;
}
