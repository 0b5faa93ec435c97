/** Reports that a message which was accepted could not be delivered: they come later, as mail to its sender. */
import type { Bounce } from "../faults/mod.ts";
import { reply, type TransactionState } from "../smtp/mod.ts";
import type { Journal, MailStore, MessageRef, Transaction } from "../store/mod.ts";
import { type FaultClock, isoTime, type Timers } from "./clock.ts";

/** What a report tells (RFC 3464). */
export type ReportComposer = (facts: {
  readonly hostname: string;
  readonly messageId: string;
  readonly now: number;
  readonly arrivedAt: number;
  readonly sender: string;
  readonly envelopeId: string | null;
  readonly recipients: readonly { readonly address: string; readonly original: string | null }[];
  readonly status: string;
  readonly diagnostic: string | null;
  readonly content: Uint8Array | null;
  readonly returns: "FULL" | "HDRS";
  readonly isUtf8: boolean;
}) => Uint8Array;

export interface BouncingParts {
  readonly store: MailStore;
  readonly journal: Journal;
  readonly timers: Timers;
  readonly clock: FaultClock;
  readonly hostname: string;
  readonly composeReport: ReportComposer;
}

type Recipients = TransactionState["recipients"];

/** Reports that may be on their way at the same time. */
const mostPending = 10_000;

export class Bouncing {
  readonly #parts: BouncingParts;
  /** Aborted when what is on its way is forgotten. */
  readonly #pending = new Set<AbortController>();

  constructor(parts: BouncingParts) {
    this.#parts = parts;
  }

  /**
   * A report on the message of this id comes when its time is there, unless nobody wants one.
   * @param recipients those that it is about
   */
  expect(bounce: Bounce, transaction: TransactionState, recipients: Recipients, id: string): void {
    // RFC 5321 §6.1: no report is sent about what may be one.
    if (transaction.reversePath.address === "") return;
    const concerned = recipients.filter(({ parameters }) => wantsReport(parameters.NOTIFY, bounce.status));
    if (concerned.length === 0) return;
    if (this.#pending.size < mostPending) void this.#send(bounce, transaction, concerned, id);
    else console.error(`mailproof: no report on ${id} will come: ${mostPending} are on their way already`);
  }

  /** Nothing that is on its way comes. */
  forget(): void {
    for (const pending of this.#pending) pending.abort();
  }

  async #send(
    bounce: Bounce,
    original: TransactionState,
    recipients: Recipients,
    originalId: string,
  ): Promise<void> {
    const { store, timers, clock, hostname, composeReport } = this.#parts;
    const pending = new AbortController();
    this.#pending.add(pending);
    const arrivedAt = timers.now();
    await clock.sleep(bounce.after, pending.signal);
    // A message that was deleted meanwhile is not held back for its report.
    const content = pending.signal.aborted ? null : await store.raw(originalId);
    this.#pending.delete(pending);
    if (pending.signal.aborted) return;
    const { id, seq } = store.nextTransaction();
    const { reversePath, parameters } = original;
    const raw = composeReport({
      hostname,
      messageId: `${id}@${hostname}`,
      now: timers.now(),
      arrivedAt,
      sender: reversePath.address,
      envelopeId: textOf(parameters.ENVID),
      recipients: recipients.map(({ path, parameters }) => ({
        address: path.address,
        original: textOf(parameters.ORCPT),
      })),
      status: bounce.status,
      diagnostic: bounce.diagnostic,
      content,
      // RFC 3461 §4.3 leaves it to us where the client does not say; the header is enough.
      returns: textOf(parameters.RET)?.toUpperCase() === "FULL" ? "FULL" : "HDRS",
      isUtf8: parameters.SMTPUTF8 === true,
    });
    await this.#keep(raw, { id, seq, sender: reversePath.address, isUtf8: parameters.SMTPUTF8 === true });
  }

  async #keep(
    raw: Uint8Array,
    { id, seq, sender, isUtf8 }: { id: string; seq: number; sender: string; isUtf8: boolean },
  ): Promise<void> {
    const { store, journal, timers } = this.#parts;
    const transaction = reportTransaction(id, seq, sender, isoTime(timers.now()));
    if (isUtf8) transaction.mailParameters.SMTPUTF8 = true;
    if (raw.some((octet) => octet > 127)) transaction.mailParameters.BODY = "8BITMIME";
    transaction.size = raw.length;
    store.putTransaction(transaction);
    journal.append({ type: "transaction.started", data: { id, sessionId: null } });
    try {
      this.#tell(await store.add({ receivedAt: timers.now(), raw, transaction }), transaction);
    } catch (error) {
      console.error("mailproof: a delivery report could not be kept", error);
      transaction.outcome = "rejected";
      transaction.reply = reply(452, "4.3.1", "Insufficient system storage");
    }
    transaction.finishedAt = isoTime(timers.now());
    if (!store.putTransaction(transaction)) return;
    const { outcome } = transaction;
    const code = transaction.reply?.code ?? null;
    journal.append({ type: "transaction.finished", data: { id, sessionId: null, outcome, code } });
  }

  #tell(ref: MessageRef, transaction: Transaction): void {
    const { journal } = this.#parts;
    transaction.outcome = "accepted";
    transaction.reply = reply(250, "2.0.0", `Ok as ${ref.id}`);
    journal.append({
      type: "message.received",
      data: {
        id: ref.id,
        seq: ref.seq,
        from: "",
        to: transaction.recipients.map(({ path }) => path.address),
        size: transaction.size,
        sessionId: null,
        transactionId: transaction.id,
      },
    });
    if (ref.evicted.length > 0) {
      journal.append({ type: "message.deleted", data: { ids: ref.evicted, reason: "evicted" } });
    }
  }
}

/** RFC 3461 §4.1: without NOTIFY a failure is reported, and a delay may be. */
function wantsReport(notify: string | true | undefined, status: string): boolean {
  if (typeof notify !== "string") return true;
  return notify
    .toUpperCase()
    .split(",")
    .includes(status.startsWith("4.") ? "DELAY" : "FAILURE");
}

function textOf(value: string | true | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** From the null reverse-path, so that nobody answers it with another report (RFC 3464 §2). */
function reportTransaction(id: string, seq: number, sender: string, startedAt: string): Transaction {
  return {
    id,
    seq,
    channel: "smtp",
    provider: null,
    sessionId: null,
    inboxes: [],
    verb: "MAIL",
    startedAt,
    finishedAt: null,
    reversePath: { raw: "<>", address: "", route: [] },
    mailParameters: {},
    recipients: [
      {
        path: { raw: `<${sender}>`, address: sender, route: [] },
        parameters: {},
        reply: reply(250, "2.1.5", "Ok"),
        accepted: true,
        finalReply: null,
      },
    ],
    outcome: "open",
    reply: null,
    size: 0,
    storedId: null,
    content: null,
    idempotencyKey: null,
    labels: [],
    warnings: [],
    faults: [],
  };
}
