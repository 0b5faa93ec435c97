/** A transaction without a session: of mail that comes over HTTP, and of reports that the server itself writes. */
import type { Firing } from "../faults/mod.ts";
import type { Reply } from "../smtp/mod.ts";
import type { Channel, Journal, MailStore, MessageRef, Outcome, Transaction } from "../store/mod.ts";
import { announceEnd, announceMessage, announceStart } from "./announcing.ts";
import { isoTime, type Timers } from "./clock.ts";
import { contentOf, type HeaderReader, newTransaction } from "./transaction-record.ts";

export interface PostingParts {
  readonly store: MailStore;
  readonly journal: Journal;
  readonly timers: Timers;
}

/** What is known before the message is. */
export interface PostingFacts {
  readonly channel: Channel;
  readonly provider: string | null;
  /** Null: it could not be understood. */
  readonly from: string | null;
  readonly to: readonly string[];
  /** As those of MAIL. */
  readonly mailParameters?: Readonly<Record<string, string | true>>;
  readonly idempotencyKey?: string | null;
}

export class Posting {
  readonly transaction: Transaction;
  readonly #parts: PostingParts;

  /** Takes a number; nobody hears of it before it is opened. */
  constructor(parts: PostingParts, facts: PostingFacts) {
    const { channel, from, to } = facts;
    const startedAt = isoTime(parts.timers.now());
    this.#parts = parts;
    this.transaction = {
      ...newTransaction({ ...parts.store.nextTransaction(), channel, sessionId: null, startedAt }),
      provider: facts.provider,
      verb: channel === "smtp" ? "MAIL" : null,
      reversePath: from === null ? null : pathOf(from),
      mailParameters: { ...facts.mailParameters },
      recipients: to.map((address) => ({
        path: pathOf(address),
        parameters: {},
        reply: null,
        accepted: true,
        finalReply: null,
      })),
      idempotencyKey: facts.idempotencyKey ?? null,
    };
  }

  open(): void {
    this.#parts.store.putTransaction(this.transaction);
    announceStart(this.#parts.journal, this.transaction);
  }

  /** Rules that acted on it. */
  fired(firings: readonly Firing[], labels: readonly string[]): void {
    const { transaction } = this;
    for (const { ruleId, phase, explain } of firings) {
      transaction.faults.push({ ruleId, phase });
      const data = { ruleId, phase, sessionId: null, transactionId: transaction.id, explain };
      this.#parts.journal.append({ type: "fault.fired", data });
    }
    transaction.labels.push(...labels.filter((label) => !transaction.labels.includes(label)));
  }

  /** What it is about, kept or not. */
  describe(header: ReturnType<HeaderReader>): void {
    this.transaction.content = contentOf(header);
  }

  /** Keeps the message. Rejects where the store takes none. */
  async store(raw: Uint8Array, tags: readonly string[] = []): Promise<MessageRef> {
    const { store, journal, timers } = this.#parts;
    this.transaction.size = raw.length;
    const ref = await store.add({
      receivedAt: timers.now(),
      raw: [raw],
      transaction: this.transaction,
      tags,
    });
    announceMessage(journal, this.transaction, ref);
    return ref;
  }

  /** It is over; `said` is what was answered, to each recipient alike. */
  end(outcome: Outcome, said: Reply | null): void {
    const { store, journal, timers } = this.#parts;
    const { transaction } = this;
    const isKept = transaction.storedId !== null || outcome === "accepted";
    for (const recipient of transaction.recipients) {
      recipient.accepted = isKept;
      recipient.reply = said;
    }
    transaction.outcome = outcome;
    transaction.reply = said;
    transaction.finishedAt = isoTime(timers.now());
    if (store.putTransaction(transaction)) announceEnd(journal, transaction);
  }
}

function pathOf(address: string): { raw: string; address: string; route: string[] } {
  return { raw: `<${address}>`, address, route: [] };
}
