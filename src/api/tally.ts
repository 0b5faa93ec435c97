import { faultPhases } from "../faults/mod.ts";
import { type Channel, type Journal, type JournalEvent, outcomes } from "../store/mod.ts";
import type { Sample } from "./prometheus.ts";

const channels: readonly Channel[] = ["smtp", "lmtp", "http", "api"];

/** What has happened since the start, counted from the journal; a reset does not set it back. */
export class Tally {
  messages = 0;
  octets = 0;
  evicted = 0;
  sessions = 0;
  readonly #transactions = new Map<string, number>();
  readonly #firings = new Map<string, number>();
  readonly #end: () => void;

  constructor(journal: Journal) {
    this.#end = journal.subscribe((event) => this.#count(event));
  }

  /** By channel and outcome. */
  transactions(): Sample[] {
    const finished = outcomes.filter((outcome) => outcome !== "open");
    return channels.flatMap((channel) =>
      finished.map((outcome) => {
        const value = this.#transactions.get(`${channel} ${outcome}`) ?? 0;
        return { labels: { channel, outcome }, value };
      }),
    );
  }

  /** By phase. */
  firings(): Sample[] {
    return faultPhases
      .filter((phase) => phase !== "any")
      .map((phase) => ({ labels: { phase }, value: this.#firings.get(phase) ?? 0 }));
  }

  close(): void {
    this.#end();
  }

  #count(event: JournalEvent): void {
    if (event.type === "message.received") {
      this.messages += 1;
      this.octets += event.data.size;
    } else if (event.type === "message.deleted" && event.data.reason === "evicted") {
      this.evicted += event.data.ids.length;
    } else if (event.type === "session.opened") {
      this.sessions += 1;
    } else if (event.type === "transaction.finished") {
      addOne(this.#transactions, `${event.data.channel} ${event.data.outcome}`);
    } else if (event.type === "fault.fired") {
      addOne(this.#firings, event.data.phase);
    }
  }
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
