/**
 * Waits resolve by push. The journal is subscribed before the store is read, so nothing falls between
 * the two; events queue up while a record is fetched, and an identifier counts once, however it was seen.
 * What has matched stays counted when it is evicted or deleted meanwhile; only a reset forgets it.
 */
import type { Journal, JournalEvent } from "../store/mod.ts";
import type { Hold } from "./hold.ts";
import type { Timers } from "./parts.ts";

/** What a wait looks at. */
export interface Source<T extends Arrival> {
  /** Matches that are there, oldest first, at most `limit`. */
  read(limit: number): Promise<readonly T[]>;
  /** Those that the event is about and that are a match now; of very many, the oldest up to `limit`. */
  pick(event: JournalEvent, limit: number): Promise<readonly T[]>;
}

export interface Arrival {
  readonly id: string;
  readonly seq: number;
}

/** `exact`: `count` and no more for `quiet` milliseconds. Otherwise: at least `count`. */
export interface Demand {
  readonly count: number;
  readonly exact: boolean;
  /** Milliseconds. It runs from the last arrival, also beyond the timeout. */
  readonly quiet: number;
  /** Milliseconds for `count` to arrive. */
  readonly timeout: number;
}

export interface WaitEnd<T> {
  readonly kind: "met" | "too-many" | "timeout" | "gone";
  /** Oldest first. */
  readonly found: readonly T[];
}

/** Waits until the demand is met or cannot be met any more; `gone`: the hold ended. What is met at once takes no place. */
export async function waitFor<T extends Arrival>(
  source: Source<T>,
  demand: Demand,
  journal: Journal,
  timers: Timers,
  hold: Pick<Hold, "signal" | "stay">,
): Promise<WaitEnd<T>> {
  const { signal } = hold;
  const { count, exact, quiet, timeout } = demand;
  const found = new Map<string, T>();
  const events: JournalEvent[] = [];
  let wake = (): void => {};
  const unsubscribe = journal.subscribe((event) => {
    events.push(event);
    wake();
  });

  /** Resolves at the next event, at the deadline, or when the signal aborts. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = timers.setTimeout(() => wake(), ms);
      wake = () => {
        timers.clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        wake = () => {};
        resolve();
      };
      signal.addEventListener("abort", wake);
      if (events.length > 0 || signal.aborted) wake();
    });

  const look = async (): Promise<boolean> => {
    const before = found.size;
    for (const record of await source.read(count + 1)) found.set(record.id, record);
    return found.size > before;
  };

  const end = (kind: WaitEnd<T>["kind"]): WaitEnd<T> => {
    const all = [...found.values()].sort((a, b) => a.seq - b.seq);
    return { kind, found: exact ? all : all.slice(0, count) };
  };

  try {
    const due = timers.now() + timeout;
    let lastArrival = timers.now();
    await look();
    while (!signal.aborted) {
      if (exact && found.size > count) return end("too-many");
      if (!exact && found.size >= count) return end("met");
      const event = events.shift();
      if (event?.type === "reset") {
        found.clear();
      } else if (event !== undefined) {
        for (const record of await source.pick(event, count + 1)) {
          if (!found.has(record.id)) lastArrival = timers.now();
          found.set(record.id, record);
        }
      } else {
        const complete = exact && found.size === count;
        const left = (complete ? lastArrival + quiet : due) - timers.now();
        if (left > 0) {
          hold.stay();
          await pause(left);
          continue;
        }
        // One last look: an open transaction may match by now, without an event of its own.
        if (!(await look())) return end(complete ? "met" : "timeout");
      }
    }
    return end("gone");
  } finally {
    unsubscribe();
  }
}
