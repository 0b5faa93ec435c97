/**
 * Writes one session down: its record, its transactions, its transcript, and what the journal hears.
 * The clerk decides nothing; it is told what was heard, what was ruled and what was sent.
 */
import type { Firing, Verdict } from "../faults/mod.ts";
import type { Checkpoint, Reply } from "../smtp/mod.ts";
import type { Journal, MailStore, MessageRef, Outcome, Session, Transaction } from "../store/mod.ts";
import type { Timers } from "./clock.ts";
import type { TlsInfo } from "./wire.ts";

const keptTransactionIds = 1_000;

export interface ClerkParts {
  readonly store: MailStore;
  readonly journal: Journal;
  readonly timers: Timers;
  /** Top header fields of a content, for what is refused and never stored. */
  readonly readHeader: (content: Uint8Array) => readonly { readonly name: string; readonly value: string }[];
}

export class Clerk {
  readonly session: Session;
  /** Of the session since start or reset, from 1. */
  readonly index: number;
  readonly #parts: ClerkParts;
  readonly #openedAt: number;
  #transaction: Transaction | null = null;
  #transactionIndex = 0;
  /** Refusal of DATA: decides the outcome when nothing later does. */
  #refusal: Reply | null = null;
  /** Outcome of the current transaction, as soon as it is decided. */
  #outcome: Outcome | null = null;

  constructor(parts: ClerkParts, listener: string, remoteAddress: string, remotePort: number) {
    this.#parts = parts;
    this.#openedAt = parts.timers.now();
    const { id, index } = parts.store.nextSession();
    this.index = index;
    this.session = {
      id,
      listener,
      remoteAddress,
      remotePort,
      openedAt: new Date(this.#openedAt).toISOString(),
      closedAt: null,
      closedBy: null,
      helo: null,
      esmtp: false,
      tls: null,
      tlsError: null,
      user: null,
      mechanism: null,
      warnings: [],
      faults: [],
      transactionIds: [],
    };
    parts.store.putSession(this.session);
    parts.journal.append({ type: "session.opened", data: { id, listener, remoteAddress } });
  }

  get transaction(): Transaction | null {
    return this.#transaction;
  }

  /** Of the current or last transaction in the session, from 1. */
  get transactionIndex(): number {
    return this.#transactionIndex;
  }

  /** A checkpoint was reached: the client's line, its deviations, and the transaction a MAIL tries to open. */
  heard(checkpoint: Checkpoint): void {
    const { command } = checkpoint;
    if (checkpoint.phase === "mail" && checkpoint.transaction === null) this.#begin(checkpoint);
    if (checkpoint.phase === "end-of-data") this.#say("C", `[content: ${checkpoint.octets} octets]`);
    else if (checkpoint.line !== null) this.#say("C", checkpoint.line);
    for (const warning of checkpoint.warnings) this.#warn(warning);
    if (command?.kind === "auth") this.session.mechanism = command.mechanism;
  }

  /** What was decided, after it was settled. `said` null where nothing was. */
  ruled(checkpoint: Checkpoint, verdict: Verdict): void {
    const { said } = verdict;
    for (const firing of verdict.firings) this.#fired(firing);
    const committed = said !== null && said.code < 400;
    const transaction = this.#transaction;
    switch (checkpoint.phase) {
      case "helo":
      case "ehlo":
        if (committed && checkpoint.command?.kind === "helo") {
          this.session.helo = checkpoint.command.name;
          this.session.esmtp = checkpoint.phase === "ehlo";
        }
        break;
      case "auth":
        if (committed) this.session.user = checkpoint.credentials?.user ?? null;
        break;
      case "mail":
        if (transaction !== null && checkpoint.transaction === null) {
          transaction.reply = said;
          if (!committed) this.#outcome = said === null ? "aborted" : "rejected";
        }
        break;
      case "rcpt":
        if (transaction !== null) this.#recipient(checkpoint, transaction, said, committed);
        break;
      case "data":
        if (transaction !== null && said !== null && !committed && checkpoint.transaction !== null)
          this.#refusal = said;
        break;
      case "end-of-data":
        if (transaction !== null) {
          transaction.size = checkpoint.octets;
          transaction.reply = said;
          if (!committed) this.#refused(checkpoint, transaction, said);
          else this.#outcome = "accepted";
        }
        break;
    }
  }

  /** The message of the current transaction is kept. */
  stored(ref: MessageRef): void {
    const transaction = this.#transaction;
    if (transaction === null) return;
    transaction.storedId = ref.id;
    const { journal } = this.#parts;
    journal.append({
      type: "message.received",
      data: {
        id: ref.id,
        seq: ref.seq,
        from: transaction.reversePath?.address ?? "",
        to: transaction.recipients.filter((tried) => tried.accepted).map((tried) => tried.path.address),
        size: transaction.size,
        sessionId: this.session.id,
        transactionId: transaction.id,
      },
    });
    if (ref.evicted.length > 0)
      journal.append({ type: "message.deleted", data: { ids: ref.evicted, reason: "evicted" } });
  }

  /** It could not be kept after all; this is said instead. */
  notStored(said: Reply): void {
    if (this.#transaction !== null) this.#transaction.reply = said;
    this.#outcome = "rejected";
  }

  /** The reply was performed; `arrives`: a positive one, whole, to a client that is there. */
  answered(transactionOpen: boolean, arrives: boolean): void {
    if (this.#outcome === "accepted" && !arrives) this.#outcome = "reply-lost";
    if (!transactionOpen) this.#finish();
  }

  /** Server lines as they were put on the wire. */
  sent(octets: string): void {
    for (const line of octets.split(/\r?\n/)) if (line !== "") this.#say("S", line);
  }

  /** A remark of ours in the transcript. */
  remark(text: string): void {
    this.#say("*", text);
  }

  secured(tls: TlsInfo): void {
    this.session.tls = { version: tls.version, cipher: tls.cipher };
    this.session.helo = null;
    this.session.user = null;
    this.session.mechanism = null;
    this.remark(`${tls.version}, ${tls.cipher}`);
  }

  tlsFailed(reason: string): void {
    this.session.tlsError = reason;
    this.remark(reason);
  }

  /** The transaction is over, by what was decided or by what was refused in it. */
  #finish(): void {
    const transaction = this.#transaction;
    if (transaction === null) return;
    transaction.outcome = this.#outcome ?? this.#brokenOff(transaction);
    this.#transaction = null;
    this.#outcome = null;
    this.#refusal = null;
    transaction.finishedAt = new Date(this.#parts.timers.now()).toISOString();
    this.#parts.store.putTransaction(transaction);
    this.#parts.journal.append({
      type: "transaction.finished",
      data: {
        id: transaction.id,
        sessionId: this.session.id,
        outcome: transaction.outcome,
        code: transaction.reply?.code ?? null,
      },
    });
  }

  closed(by: Session["closedBy"]): void {
    this.#finish();
    this.session.closedAt = new Date(this.#parts.timers.now()).toISOString();
    this.session.closedBy = by;
    this.#parts.store.putSession(this.session);
    this.#parts.journal.append({ type: "session.closed", data: { id: this.session.id, closedBy: by } });
  }

  #begin(checkpoint: Checkpoint): void {
    const { command } = checkpoint;
    const { id, seq } = this.#parts.store.nextTransaction();
    this.#transactionIndex += 1;
    this.#transaction = {
      id,
      seq,
      channel: "smtp",
      provider: null,
      sessionId: this.session.id,
      inboxes: [],
      verb: "MAIL",
      startedAt: new Date(this.#parts.timers.now()).toISOString(),
      finishedAt: null,
      reversePath: command?.kind === "mail" ? command.path : null,
      mailParameters: command?.kind === "mail" ? { ...command.parameters } : {},
      recipients: [],
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
    this.#parts.store.putTransaction(this.#transaction);
    this.#parts.journal.append({ type: "transaction.started", data: { id, sessionId: this.session.id } });
    const { transactionIds } = this.session;
    if (transactionIds.push(id) > keptTransactionIds) transactionIds.shift();
  }

  #recipient(checkpoint: Checkpoint, transaction: Transaction, said: Reply | null, accepted: boolean): void {
    const { command } = checkpoint;
    if (command?.kind === "rcpt") {
      const { path, parameters } = command;
      transaction.recipients.push({
        path,
        parameters: { ...parameters },
        reply: said,
        accepted,
        finalReply: null,
      });
    } else if (command?.kind === "invalid") {
      // Not understood, and so no address; the argument still tells what was tried.
      const path = { raw: printable(command.argument), address: "", route: [] };
      transaction.recipients.push({ path, parameters: {}, reply: said, accepted: false, finalReply: null });
    }
  }

  #refused(checkpoint: Checkpoint, transaction: Transaction, said: Reply | null): void {
    if (checkpoint.content !== null) {
      const fields = this.#parts.readHeader(checkpoint.content());
      const value = (name: string): string | null =>
        fields.find((field) => field.name.toLowerCase() === name)?.value ?? null;
      transaction.content = { subject: value("subject") ?? "", messageId: value("message-id") };
    }
    this.#outcome = said === null ? "aborted" : "rejected";
  }

  /** The outcome of a transaction that ended before its content did. */
  #brokenOff(transaction: Transaction): Outcome {
    const tried = transaction.recipients;
    // With PIPELINING the DATA is on its way then, and its 554 decides nothing any more (RFC 2920 §3.1).
    if (tried.length > 0 && tried.every((recipient) => !recipient.accepted && recipient.reply !== null)) {
      transaction.reply = tried.at(-1)?.reply ?? null;
      return "rejected";
    }
    if (this.#refusal !== null) {
      transaction.reply = this.#refusal;
      return "rejected";
    }
    transaction.reply = null;
    return "aborted";
  }

  #fired(firing: Firing): void {
    const { ruleId, phase } = firing;
    this.session.faults.push({ ruleId, phase });
    this.#transaction?.faults.push({ ruleId, phase });
    this.#say("*", firing.explain);
    const transactionId = this.#transaction?.id ?? null;
    this.#parts.journal.append({
      type: "fault.fired",
      data: { ruleId, phase, sessionId: this.session.id, transactionId, explain: firing.explain },
    });
  }

  #warn(warning: string): void {
    if (!this.session.warnings.includes(warning)) this.session.warnings.push(warning);
    const transaction = this.#transaction;
    if (transaction !== null && !transaction.warnings.includes(warning)) transaction.warnings.push(warning);
  }

  #say(by: "C" | "S" | "*", text: string): void {
    const at = this.#parts.timers.now() - this.#openedAt;
    this.#parts.store.say(this.session.id, { at, by, text, transactionId: this.#transaction?.id ?? null });
  }
}

function printable(text: string): string {
  return text.replace(
    /[\x00-\x1f\x7f]/g,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
