/**
 * Time, in one place. The timer functions are taken when this module is loaded, so that a test
 * which later installs fake timers does not freeze a server in its own process.
 *
 * Faults live in fault time: real time plus an offset that only grows. Advancing it wakes what is due.
 */
import type { Stopwatch } from "../faults/mod.ts";

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

/** A clock was turned: at this fault time of all, by so many milliseconds. */
interface Turn {
  readonly at: number;
  readonly by: number;
}

/** Of each inbox. */
const mostTurns = 100;

/** Ids of inboxes. */
type Inboxes = () => readonly string[];

/** The clock of faults. That of an inbox may be ahead of it. */
export class FaultClock implements FaultTime {
  readonly #timers: Timers;
  readonly #sleepers = new Set<() => void>();
  #offset = 0;
  /** How the clocks of inboxes were turned. */
  readonly #turns = new Map<string, Turn[]>();
  /** When a stopwatch was read or a clock turned last: what comes in the same millisecond comes before or behind that. */
  #last = 0;

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
    else this.#turn(inbox, ms);
    this.#wake();
    return this.#offset + (inbox === null ? 0 : this.#ahead(inbox));
  }

  /** Back to real time. */
  reset(): void {
    this.#offset = 0;
    this.#turns.clear();
    this.#last = 0;
  }

  /** There is no such inbox any more; who waits by its clock does not wait longer for it. */
  forget(inbox: string): void {
    if (!this.#turns.has(inbox)) return;
    this.#wake();
    this.#turns.delete(inbox);
    this.#wake();
  }

  /** What is counted for all, as the clocks of these inboxes see it. */
  stopwatch(inboxes: Inboxes): Stopwatch {
    const now = Math.max(this.now(), this.#last);
    this.#last = now;
    return { now, elapsed: (since) => now - since + this.#aheadOf(inboxes, since) };
  }

  /**
   * The same clock for what belongs to inboxes, by which spans are measured: where an inbox that was ahead has gone, it
   * goes on from where it was.
   */
  of(inboxes: Inboxes): FaultTime {
    const sleep: FaultTime["sleep"] = (ms, signal, ...shared) => this.#sleep(ms, signal, shared, inboxes);
    return { now: this.#onward(inboxes), sleep };
  }

  sleep(ms: number, signal: AbortSignal, ...shared: readonly AbortSignal[]): Promise<void> {
    return this.#sleep(ms, signal, shared);
  }

  #sleep(ms: number, signal: AbortSignal, shared: readonly AbortSignal[], inboxes?: Inboxes): Promise<void> {
    const audiences = shared.map(audienceOf);
    const now = this.#onward(inboxes);
    const end = now() + ms;
    return new Promise((resolve) => {
      let timer: unknown;
      const check = (): void => {
        this.#timers.clearTimeout(timer);
        const left = end - now();
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

  /** Never goes back. */
  #onward(inboxes?: Inboxes): () => number {
    let seen: number | null = null;
    let time = 0;
    return () => {
      const now = this.now(inboxes);
      time += seen === null ? now : Math.max(0, now - seen);
      seen = now;
      return time;
    };
  }

  #wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  #turn(inbox: string, by: number): void {
    const turns = this.#turns.get(inbox) ?? [];
    this.#last = Math.max(this.now(), this.#last + 1);
    turns.push({ at: this.#last, by });
    // Of the first ones only the sum is known then.
    if (turns.length > mostTurns) turns.splice(0, 2, { at: turns[1]!.at, by: turns[0]!.by + turns[1]!.by });
    this.#turns.set(inbox, turns);
  }

  /** Of the inbox that is furthest ahead. */
  #aheadOf(inboxes: Inboxes | undefined, since?: number): number {
    if (inboxes === undefined || this.#turns.size === 0) return 0;
    return Math.max(0, ...inboxes().map((inbox) => this.#ahead(inbox, since)));
  }

  /** Milliseconds that the clock of an inbox is ahead, or has come ahead since then. */
  #ahead(inbox: string, since = Number.NEGATIVE_INFINITY): number {
    return (this.#turns.get(inbox) ?? []).reduce((sum, { at, by }) => (at > since ? sum + by : sum), 0);
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
