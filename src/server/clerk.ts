/**
 * Writes one session down: its record, its transactions, its transcript, and what the journal hears.
 * The clerk decides nothing; it is told what was heard, what was ruled and what was sent.
 */
import type { Firing, Verdict } from "../faults/mod.ts";
import {
  type Checkpoint,
  canonicalAddress,
  pathIn,
  type Reply,
  shownMechanism,
  type Unended,
  type Warning,
  warningTexts,
} from "../smtp/mod.ts";
import type {
  Belongings,
  Inboxes,
  Journal,
  MailStore,
  MessageRef,
  Session,
  Transaction,
} from "../store/mod.ts";
import { announceEnd, announceMessage, announceStart } from "./announcing.ts";
import { isoTime, type Timers } from "./clock.ts";
import { newSession } from "./session-record.ts";
import { shown } from "./speech.ts";
import { type HeaderReader, TransactionRecord } from "./transaction-record.ts";
import type { TlsInfo } from "./wire.ts";

/** A session may last for days: of its lists, so many of the newest are kept. */
const keptEntries = 1_000;

const none: readonly string[] = [];

export interface ClerkParts {
  readonly store: MailStore;
  readonly journal: Journal;
  readonly timers: Timers;
  readonly readHeader: HeaderReader;
  readonly inboxes: Pick<Inboxes, "of" | "isEmpty">;
}

export class Clerk {
  readonly session: Session;
  /** Of the session since start or reset, from 1. */
  readonly index: number;
  readonly #parts: ClerkParts;
  readonly #openedAt: number;
  /** Deviations before and between transactions; they hold for all that follow. */
  readonly #generalWarnings: Warning[] = [];
  #record: TransactionRecord | null = null;
  #transactionIndex = 0;
  /** Ids of the inboxes that the session itself belongs to. */
  #own: readonly string[] = none;

  constructor(parts: ClerkParts, listener: string, remoteAddress: string, remotePort: number) {
    this.#parts = parts;
    this.#openedAt = parts.timers.now();
    const { id, index } = parts.store.nextSession();
    this.index = index;
    this.session = newSession({ id, listener, remoteAddress, remotePort, openedAt: isoTime(this.#openedAt) });
    this.#attribute(null);
    parts.store.putSession(this.session);
    parts.journal.append({ type: "session.opened", data: { id, listener, remoteAddress } });
  }

  get transaction(): Transaction | null {
    return this.#record?.transaction ?? null;
  }

  /** Those that the session belongs to as it is now, in a transaction also those of the transaction. */
  get inboxes(): readonly string[] {
    return this.transaction?.inboxes ?? this.#own;
  }

  /** Those that a message of the current transaction comes into; default: of the recipients that were accepted. */
  inboxesOf({ head }: Checkpoint, recipients?: readonly string[]): readonly string[] {
    if (this.#parts.inboxes.isEmpty) return none;
    const header = head === null ? null : () => this.#parts.readHeader(head());
    return this.#belongsTo(recipients ?? this.#acceptedRecipients(), header);
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

  /** What was decided, after it was settled; `committed`: it took effect. */
  ruled(checkpoint: Checkpoint, verdict: Verdict, committed: boolean): void {
    for (const firing of verdict.firings) this.#fired(firing);
    for (const warning of verdict.warnings) this.#warn(warning);
    this.#record?.label(verdict.labels);
    if (committed && checkpoint.command?.kind === "helo") {
      this.session.helo = checkpoint.command.name;
      this.session.esmtp = checkpoint.command.verb !== "HELO";
    }
    this.#authenticated(checkpoint, verdict, committed);
    if (committed) this.#spokenFor(checkpoint);
    this.#record?.ruled(checkpoint, verdict.said, committed);
    this.#attribute(checkpoint);
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
    if (octets > 0) this.#record?.brokenOff(octets, head);
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
    this.#attribute(null);
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

  /** What this checkpoint told of who it is for. */
  #attribute(checkpoint: Checkpoint | null): void {
    if (this.#parts.inboxes.isEmpty) return;
    const { command = null, head = null, recipient = null } = checkpoint ?? {};
    const { transaction } = this;
    if (transaction === null) {
      this.#own = this.#belongsTo([], null);
      this.#seenIn(this.#own);
    } else {
      // There may be many: one by one as they come, and once when the header is known.
      const isAtEnd = head !== null && (recipient ?? 0) === 0;
      const path = checkpoint?.phase === "rcpt" ? pathIn(command) : null;
      const tried = path === null ? none : [path.address];
      const recipients = isAtEnd ? transaction.recipients.map(({ path }) => path.address) : tried;
      const header = isAtEnd ? () => this.#parts.readHeader(head()) : null;
      merge(transaction.inboxes, this.#belongsTo(recipients, header));
      this.#seenIn(transaction.inboxes);
    }
  }

  #acceptedRecipients(): readonly string[] {
    const { recipients = [] } = this.transaction ?? {};
    return recipients.filter((tried) => tried.accepted).map(({ path }) => path.address);
  }

  /** A connection may serve for days, and for one inbox after another. */
  #seenIn(inboxes: readonly string[]): void {
    const { session } = this;
    merge(session.inboxes, inboxes);
    if (session.inboxes.length > keptEntries) session.inboxes = session.inboxes.slice(-keptEntries);
  }

  #belongsTo(recipients: readonly string[], header: Belongings["header"]): readonly string[] {
    const { inboxes } = this.#parts;
    const { listener, user, helo, remoteAddress } = this.session;
    return inboxes.of({
      listener,
      user,
      helo,
      remoteAddress,
      from: this.transaction?.reversePath?.address ?? null,
      recipients: recipients.map(canonicalAddress),
      header,
    });
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

function merge(list: string[], more: readonly string[]): void {
  for (const one of more) if (!list.includes(one)) list.push(one);
}

function pushBounded<T>(list: T[], entry: T): void {
  if (list.push(entry) > keptEntries) list.shift();
}
