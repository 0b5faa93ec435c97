/**
 * Counting and chance of one rule (CONTRACT §4.3): the conditions of `when` are asked in a fixed
 * order, per key, and all must hold. Keys are bounded: the oldest is forgotten first.
 */
import type { Stopwatch } from "./moment.ts";
import type { CompiledWhen } from "./parsing/when.ts";

/** So many keys are kept per rule. */
export const keyLimit = 10_000;

interface Count {
  matched: number;
  fired: number;
  /** Fault time of the first match. */
  readonly firstAt: number;
  /** Fault times of the last matches, for `rate`; oldest first. */
  recent: number[];
}

export class Counting {
  readonly #when: CompiledWhen;
  readonly #counts = new Map<string, Count>();
  readonly #draws = new Map<string, number>();
  #matched = 0;
  #fired = 0;

  constructor(when: CompiledWhen) {
    this.#when = when;
  }

  get matched(): number {
    return this.#matched;
  }

  get fired(): number {
    return this.#fired;
  }

  /** How often this key fired. */
  firedFor(key: string): number {
    return this.#counts.get(key)?.fired ?? 0;
  }

  /** Which match of this draw key it is, from 1. */
  nth(drawKey: string): number {
    const nth = (this.#draws.get(drawKey) ?? 0) + 1;
    put(this.#draws, drawKey, nth);
    return nth;
  }

  /**
   * Counts a match and says whether it fires.
   * @param chance a draw for `probability`, 0 to 1
   * @param able false: the rule has nothing left to do for this key
   */
  match(key: string, stopwatch: Stopwatch, chance: () => number, able: boolean): boolean {
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { matched: 0, fired: 0, firstAt: stopwatch.now, recent: [] };
      put(this.#counts, key, count);
    }
    count.matched += 1;
    this.#matched += 1;
    const fires = able && this.#holds(count, stopwatch, chance);
    this.#remember(count, stopwatch.now);
    if (!fires) return false;
    count.fired += 1;
    this.#fired += 1;
    return true;
  }

  /** Milliseconds until this key would not fire again for `for` or `rate`; 0 without them. */
  retryAfter(key: string, { elapsed }: Stopwatch): number {
    const count = this.#counts.get(key);
    if (count === undefined) return 0;
    const { for: window, rate } = this.#when;
    const ends: number[] = [];
    if (window !== null) ends.push(window - elapsed(count.firstAt));
    // The client may come back when one of the last `limit` matches has left the window.
    if (rate !== null && count.recent.length === rate.limit) ends.push(rate.per - elapsed(count.recent[0]!));
    return ends.length === 0 ? 0 : Math.max(0, Math.min(...ends));
  }

  /** Whether this key can never fire again. */
  isSpent(key: string, { elapsed }: Stopwatch): boolean {
    const count = this.#counts.get(key);
    if (count === undefined) return false;
    const { for: window, times } = this.#when;
    return (times !== null && count.fired >= times) || (window !== null && elapsed(count.firstAt) >= window);
  }

  #holds(count: Count, { elapsed }: Stopwatch, chance: () => number): boolean {
    const { skip, every, for: window, rate, probability, times } = this.#when;
    const rest = count.matched - skip;
    if (rest < 1 || rest % every !== 0) return false;
    if (window !== null && elapsed(count.firstAt) >= window) return false;
    if (rate !== null && !isOver(rate, count.recent, elapsed)) return false;
    if (probability !== null && chance() >= probability) return false;
    return times === null || count.fired < times;
  }

  #remember(count: Count, now: number): void {
    const { rate } = this.#when;
    if (rate === null) return;
    count.recent.push(now);
    if (count.recent.length > rate.limit) count.recent.shift();
  }
}

/** Whether at least `limit` earlier matches lie within the duration before now. */
function isOver(
  rate: { readonly limit: number; readonly per: number },
  earlier: readonly number[],
  elapsed: Stopwatch["elapsed"],
): boolean {
  return earlier.length === rate.limit && elapsed(earlier[0]!) < rate.per;
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key) && map.size >= keyLimit) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** Of a clock that nobody turns. */
export function stopwatchAt(now: number): Stopwatch {
  return { now, elapsed: (since) => now - since };
}
