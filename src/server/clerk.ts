/**
 * Writes one session down: its record, its transactions, its transcript, and what the journal hears.
 * The clerk decides nothing; it is told what was heard, what was ruled and what was sent.
 */
import type { Firing, Verdict } from "../faults/mod.ts";
import {
  type Checkpoint,
  type Reply,
  shownMechanism,
  type Unended,
  type Warning,
  warningTexts,
} from "../smtp/mod.ts";
import type { Journal, MailStore, MessageRef, Session, Transaction } from "../store/mod.ts";
import { announceEnd, announceMessage, announceStart } from "./announcing.ts";
import { Attribution, type AttributionParts } from "./attribution.ts";
import { isoTime, type Timers } from "./clock.ts";
import { newSession } from "./session-record.ts";
import { shown } from "./speech.ts";
import { hasEmptyLine, TransactionRecord } from "./transaction-record.ts";
import type { TlsInfo } from "./wire.ts";

/** A session may last for days: of its lists, so many of the newest are kept. */
const keptEntries = 1_000;

export interface ClerkParts extends AttributionParts {
  readonly store: MailStore;
  readonly journal: Journal;
  readonly timers: Timers;
}

export class Clerk {
  readonly session: Session;
  /** Of the session since start or reset, from 1. */
  readonly index: number;
  readonly #parts: ClerkParts;
  readonly #openedAt: number;
  readonly #attribution: Attribution;
  /** Deviations before and between transactions; they hold for all that follow. */
  readonly #generalWarnings: Warning[] = [];
  #record: TransactionRecord | null = null;
  #transactionIndex = 0;

  constructor(parts: ClerkParts, listener: string, remoteAddress: string, remotePort: number) {
    this.#parts = parts;
    this.#openedAt = parts.timers.now();
    const { id, index } = parts.store.nextSession();
    this.index = index;
    this.session = newSession({ id, listener, remoteAddress, remotePort, openedAt: isoTime(this.#openedAt) });
    this.#attribution = new Attribution(parts, this.session);
    this.#attribution.attributeSession();
    parts.store.putSession(this.session);
    parts.journal.append({ type: "session.opened", data: { id, listener, remoteAddress } });
  }

  get transaction(): Transaction | null {
    return this.#record?.transaction ?? null;
  }

  /** Those that the session belongs to as it is now, in a transaction also those of the transaction. */
  get inboxes(): readonly string[] {
    return this.transaction?.inboxes ?? this.#attribution.own;
  }

  /** Those that a message of the current transaction comes into; default: of the recipients that were accepted. */
  inboxesOf(checkpoint: Checkpoint, recipients?: readonly string[]): readonly string[] {
    const { transaction } = this;
    return transaction === null ? [] : this.#attribution.ofMessage(transaction, checkpoint, recipients);
  }

  /** Of the current or last transaction in the session, from 1. */
  get transactionIndex(): number {
    return this.#transactionIndex;
  }

  /** A checkpoint was reached: the client's line, its deviations, and the transaction a MAIL tries to open. */
  heard(checkpoint: Checkpoint): void {
    if (checkpoint.phase === "mail" && checkpoint.transaction === null) this.#begin(checkpoint);
    const { phase, line, octets, recipient } = checkpoint;
    const isHeardBefore = recipient !== null && recipient > 0;
    if (line !== null && !isHeardBefore) this.#say("C", line);
    else if (phase === "end-of-data" && !isHeardBefore) this.#say("C", `[content: ${octets} octets]`);
    for (const warning of checkpoint.warnings) this.#warn(warning);
  }

  /** What the client has said in a line that has not ended; null: nothing. */
  leftUnended(unended: Unended | null): void {
    if (unended === null) return;
    this.#say("C", `${unended.line} (not ended)`);
    if (unended.hasBareLf) this.#warn("lf-command");
  }

  /** What rules and addresses have decided, before anything comes of it: that may take its time. */
  judged(verdict: Verdict): void {
    for (const firing of verdict.firings) this.#fired(firing);
    for (const warning of verdict.warnings) this.#warn(warning);
    this.#record?.label(verdict.labels);
  }

  /** What was said, after it was settled; `committed`: it took effect. */
  ruled(checkpoint: Checkpoint, verdict: Verdict, committed: boolean): void {
    if (committed && checkpoint.command?.kind === "helo") {
      this.session.helo = checkpoint.command.name;
      this.session.esmtp = checkpoint.command.verb !== "HELO";
    }
    this.#authenticated(checkpoint, verdict, committed);
    if (committed) this.#spokenFor(checkpoint);
    this.#record?.ruled(checkpoint, verdict.said, committed);
    const { transaction } = this;
    if (transaction === null) this.#attribution.attributeSession();
    else this.#attribution.attribute(transaction, checkpoint, committed);
  }

  /** The message of the current transaction is kept. */
  stored(ref: MessageRef): void {
    const { transaction } = this;
    if (transaction === null) return;
    this.#record?.stored(ref);
    announceMessage(this.#parts.journal, transaction, ref);
  }

  /** The end of data was answered; `accepted`: the message is kept. In LMTP once for each recipient. */
  concluded(checkpoint: Checkpoint, said: Reply | null, accepted: boolean): void {
    this.#record?.concluded(checkpoint, said, accepted);
  }

  /** The client has gone with so many octets of content said, which begin with these. */
  brokenOff(octets: number, head: Uint8Array | null): void {
    const { transaction } = this;
    if (transaction === null || octets === 0) return;
    // Of a header that is not whole the last field may be cut.
    const header = head !== null && hasEmptyLine(head) ? head : null;
    this.#record?.brokenOff(octets, header);
    if (header !== null) this.#attribution.attributeContent(transaction, () => header);
  }

  /** A positive reply to the end of data did not leave whole, or there is nobody to read it. */
  replyLost(): void {
    this.#record?.replyLost();
  }

  /** Server lines as they were put on the wire. */
  sent(octets: string): void {
    const text = shown(octets);
    if (text !== "") this.#say("S", text);
  }

  /** A proxy has said for whom it connects. */
  introduced(address: string, port: number): void {
    this.remark(`PROXY header: from ${address} port ${port}, by ${this.session.remoteAddress}`);
    this.session.remoteAddress = address;
    this.session.remotePort = port;
    // The proxy's own address makes it nobody's.
    this.session.inboxes = [];
    this.#attribution.attributeSession();
  }

  /** A remark of ours in the transcript. */
  remark(text: string): void {
    this.#say("*", text);
  }

  secured(tls: TlsInfo): void {
    this.session.tls = { version: tls.version, cipher: tls.cipher };
    this.session.helo = null;
    this.session.esmtp = false;
    this.session.user = null;
    this.session.mechanism = null;
    this.remark(`${tls.version}, ${tls.cipher}`);
  }

  tlsFailed(reason: string): void {
    this.session.tlsError = reason;
    this.remark(reason);
  }

  closed(by: Session["closedBy"]): void {
    this.finished();
    this.session.closedAt = isoTime(this.#parts.timers.now());
    this.session.closedBy = by;
    if (!this.#parts.store.putSession(this.session)) return;
    this.#parts.journal.append({ type: "session.closed", data: { id: this.session.id, closedBy: by } });
  }

  #begin(checkpoint: Checkpoint): void {
    const { store, journal, timers, readHeader } = this.#parts;
    const startedAt = isoTime(timers.now());
    const { id, seq } = store.nextTransaction();
    const channel = this.session.listener === "lmtp" ? "lmtp" : "smtp";
    const facts = { id, seq, channel, sessionId: this.session.id, startedAt } as const;
    this.#record = new TransactionRecord(checkpoint, facts, this.#generalWarnings, readHeader);
    this.#transactionIndex += 1;
    store.putTransaction(this.#record.transaction);
    announceStart(journal, this.#record.transaction);
    pushBounded(this.session.transactionIds, facts.id);
  }

  /** The transaction is over, if there was one. */
  finished(): void {
    const record = this.#record;
    if (record === null) return;
    this.#record = null;
    const { store, journal, timers } = this.#parts;
    record.finish(isoTime(timers.now()));
    // After a reset it is forgotten, and nobody is told of its end.
    if (!store.putTransaction(record.transaction)) return;
    announceEnd(journal, record.transaction);
  }

  /** The last attempt to authenticate, as far as it came. */
  #authenticated({ command, user }: Checkpoint, { said }: Verdict, committed: boolean): void {
    if (command?.kind !== "auth") return;
    if (said !== null && said.code >= 400) {
      const words = ["AUTH", shownMechanism(command.mechanism), said.code, said.enhanced, said.lines[0]];
      this.session.authError = words.filter(Boolean).join(" ");
    } else if (committed && user !== null) {
      this.session.user = user;
      this.session.mechanism = command.mechanism;
      this.session.authError = null;
    }
  }

  /** What a trusted peer says of the client that it stands for. */
  #spokenFor({ command }: Checkpoint): void {
    const { session } = this;
    if (command?.kind === "xforward") {
      const known = Object.entries(command.attributes).map(
        ([name, value]) => `${name}=${value ?? "unknown"}`,
      );
      this.remark(`forwarded from ${known.join(" ")}`);
    } else if (command?.kind === "xclient") {
      const { ADDR, PORT, HELO, LOGIN } = command.attributes;
      if (ADDR !== undefined) session.remoteAddress = ADDR ?? "unknown";
      if (ADDR !== undefined || PORT !== undefined) session.remotePort = Number(PORT ?? 0);
      session.helo = HELO ?? null;
      session.esmtp = false;
      session.user = LOGIN ?? null;
      session.mechanism = null;
    }
  }

  #fired(firing: Firing): void {
    const { ruleId, phase } = firing;
    pushBounded(this.session.faults, { ruleId, phase });
    if (this.transaction !== null) pushBounded(this.transaction.faults, { ruleId, phase });
    this.#say("*", firing.explain);
    const transactionId = this.transaction?.id ?? null;
    this.#parts.journal.append({
      type: "fault.fired",
      data: { ruleId, phase, sessionId: this.session.id, transactionId, explain: firing.explain },
    });
  }

  /** Told in the transcript once in the session, and once in each transaction. */
  #warn(warning: Warning): void {
    const lists = [this.session.warnings, this.transaction?.warnings ?? this.#generalWarnings];
    const fresh = lists.filter((warnings) => !warnings.includes(warning));
    for (const warnings of fresh) warnings.push(warning);
    if (fresh.length > 0) this.remark(`warning ${warning}: ${warningTexts[warning]}`);
  }

  #say(by: "C" | "S" | "*", text: string): void {
    const at = this.#parts.timers.now() - this.#openedAt;
    this.#parts.store.say(this.session.id, { at, by, text, transactionId: this.transaction?.id ?? null });
  }
}

function pushBounded<T>(list: T[], entry: T): void {
  if (list.push(entry) > keptEntries) list.shift();
}
