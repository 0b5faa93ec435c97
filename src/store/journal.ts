import type { Channel, Outcome } from "./records.ts";

/** What happened, numbered. `data` is small: ids and the facts a listener needs to decide whether to look. */
export type JournalEvent = { readonly n: number; readonly at: string } & JournalEntry;

export type JournalEntry =
  | {
      readonly type: "message.received";
      readonly data: {
        id: string;
        seq: number;
        from: string;
        to: readonly string[];
        size: number;
        sessionId: string | null;
        transactionId: string;
      };
    }
  | {
      readonly type: "message.updated";
      readonly data: { ids: readonly string[]; read?: boolean; tags?: readonly string[] };
    }
  | {
      readonly type: "message.deleted";
      readonly data: { ids: readonly string[]; reason: "deleted" | "evicted" };
    }
  | { readonly type: "transaction.started"; readonly data: { id: string; sessionId: string | null } }
  | {
      readonly type: "transaction.finished";
      readonly data: {
        id: string;
        sessionId: string | null;
        channel: Channel;
        outcome: Outcome;
        code: number | null;
      };
    }
  | {
      readonly type: "session.opened";
      readonly data: { id: string; listener: string; remoteAddress: string };
    }
  | { readonly type: "session.closed"; readonly data: { id: string; closedBy: string | null } }
  | {
      readonly type: "fault.fired";
      readonly data: {
        ruleId: string;
        phase: string;
        /** Null: no session, but a listener that is closed. */
        sessionId: string | null;
        transactionId: string | null;
        explain: string;
      };
    }
  | { readonly type: "faults.changed"; readonly data: Record<string, never> }
  | { readonly type: "clock.advanced"; readonly data: { offset: number; inbox: string | null } }
  | { readonly type: "reset"; readonly data: { reason: "reset" | "replay-lost" | "slow-reader" } };

/** Events that a journal keeps unless it is told otherwise. */
export const journalEvents = 2_000;

/** Hears every event in order, at once, inside `append`. */
export type JournalListener = (event: JournalEvent) => void;

export interface JournalOptions {
  /** Events kept; default {@link journalEvents}. */
  readonly capacity?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears of a listener that threw; default `console.error`. */
  readonly report?: (error: unknown) => void;
}

/** The numbered ring of events: what happened lately, and the way everybody hears of it. */
export class Journal {
  readonly #capacity: number;
  readonly #now: () => number;
  readonly #report: (error: unknown) => void;
  /** What is known of event `n` is at `n % capacity`. */
  readonly #types: JournalEntry["type"][] = [];
  readonly #data: JournalEntry["data"][] = [];
  readonly #times: string[] = [];
  #subscriptions: readonly Subscription[] = [];
  #last = 0;
  #told = 0;
  #telling = false;
  #instant = Number.NaN;
  #at = "";

  constructor(options: JournalOptions) {
    const { capacity = journalEvents, now, report = console.error } = options;
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(
        `Failed to open the journal: a capacity of ${capacity}; use a whole number from 1`,
      );
    }
    this.#capacity = capacity;
    this.#now = now;
    this.#report = report;
  }

  /** Number of the newest event; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Keeps the event, tells every listener, and returns its number. */
  append(entry: JournalEntry): number {
    const instant = this.#now();
    if (instant !== this.#instant) {
      this.#instant = instant;
      this.#at = new Date(instant).toISOString();
    }
    this.#last += 1;
    const n = this.#last;
    const place = n % this.#capacity;
    this.#types[place] = entry.type;
    this.#data[place] = entry.data;
    this.#times[place] = this.#at;
    if (!this.#telling) this.#tell();
    return n;
  }

  /** The events after `n`, or null: some of them are gone, or `n` is of another journal. */
  since(n: number): readonly JournalEvent[] | null {
    if (n > this.#last || n < this.#last - this.#capacity) return null;
    const events: JournalEvent[] = [];
    for (let next = n + 1; next <= this.#last; next++) events.push(this.#event(next));
    return events;
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: JournalListener): () => void {
    const subscription: Subscription = { listener, from: this.#last, ended: false };
    this.#subscriptions = [...this.#subscriptions, subscription];
    return () => {
      subscription.ended = true;
      this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription);
    };
  }

  #event(n: number): JournalEvent {
    const place = n % this.#capacity;
    const [at, type, data] = [this.#times[place], this.#types[place], this.#data[place]];
    return { n, at, type, data } as JournalEvent;
  }

  /** An event that a listener appends is told after the present one, so that all hear the same order. */
  #tell(): void {
    this.#telling = true;
    while (this.#told < this.#last) {
      this.#told += 1;
      if (this.#subscriptions.length === 0) continue;
      const event = this.#event(this.#told);
      for (const subscription of this.#subscriptions) this.#push(subscription, event);
    }
    this.#telling = false;
  }

  #push(subscription: Subscription, event: JournalEvent): void {
    if (subscription.ended || event.n <= subscription.from) return;
    try {
      subscription.listener(event);
    } catch (error) {
      this.#report(error);
    }
  }
}

interface Subscription {
  readonly listener: JournalListener;
  /** Only later events. */
  readonly from: number;
  ended: boolean;
}
