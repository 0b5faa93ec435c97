/**
 * One SMTP session, without sockets, clocks or chance.
 *
 * The one who drives it hands in octets with {@link Session.receive} and asks {@link Session.next} what is
 * found. Where something could be said, that is a checkpoint: the engine proposes a reply and waits.
 * {@link Session.settle} tells what was said; only the positive reply of the phase commits the command, and
 * nothing that the engine itself refused can be committed. {@link Session.proceed} goes on where nothing has
 * to be said. While a checkpoint is open, pipelined input waits unread. The states and the order of commands
 * are in `states.ts`, the replies to commands in `proposal.ts`, what they change in `commit.ts`.
 */
import { firstStep, proposeStep, readAnswer } from "./auth.ts";
import type { Phase, SessionEvent, TransactionState } from "./checkpoint.ts";
import type { Command } from "./command.ts";
import { readCommandLine } from "./command-line.ts";
import { beginChunk, commit, withoutTransaction } from "./commit.ts";
import type { ContentReader } from "./content.ts";
import { decodeParameters, isHiddenVerb, pipeliningWarning } from "./extensions.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import { Framer } from "./framer.ts";
import { propose, proposeContent, refuseSize } from "./proposal.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import { checkpointOf, commits, type Question } from "./settlement.ts";
import type { OpenTransaction, State, StateKind } from "./states.ts";
import type { Warning } from "./warnings.ts";

type In<Kind extends StateKind> = Extract<State, { kind: Kind }>;

const needData: SessionEvent = { kind: "need-data" };
const closed: SessionEvent = { kind: "closed" };
const noWarnings: readonly Warning[] = [];

/** A session from the greeting to its end. */
export class Session {
  readonly #options: SessionOptions;
  readonly #framer = new Framer();
  readonly #warnings = new Set<Warning>();
  #state: State = { kind: "connected" };
  #client: ClientFacts;
  #open: Question | null = null;
  /** What a settlement brought about, told at the next {@link Session.next}. */
  #outcome: SessionEvent | null = null;
  /** The client did not wait for the greeting. */
  #isEarlyTalker = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#client = { helo: null, esmtp: false, secure: options.secure, authenticated: false };
  }

  get state(): StateKind {
    return this.#state.kind;
  }

  /** The open transaction with the recipients accepted so far. */
  get transaction(): TransactionState | null {
    return "transaction" in this.#state ? this.#state.transaction : null;
  }

  /** What is known of the client, as committed. */
  get client(): ClientFacts {
    return this.#client;
  }

  /** Octets of the content in progress, transparency undone; 0 outside content and after {@link Session.hangUp}. */
  get octets(): number {
    return this.#reader?.octets ?? 0;
  }

  /** Octets of the content in progress that are held in memory. */
  get held(): number {
    return this.#reader?.held ?? 0;
  }

  /** There is no room for the content in progress: it is read to its end, and then 452 is proposed. */
  giveUpContent(): void {
    this.#reader?.giveUp();
  }

  /** Octets that were received and are not read yet, because a checkpoint is open. */
  get waiting(): number {
    return this.#framer.waiting;
  }

  /** The client has begun a line, a content or an exchange, and what follows is still to come from it. */
  get isMidway(): boolean {
    const { kind } = this.#state;
    const isReading = kind === "content" || kind === "chunk" || kind === "authenticating";
    return isReading || !this.#framer.isEmpty;
  }

  /** Buffers only, without a copy: the octets must not be changed afterwards. */
  receive(octets: Uint8Array): void {
    // RFC 3207 §4.2: what comes before the handshake is not to be believed.
    if (this.#state.kind === "closed" || this.#state.kind === "securing") return;
    this.#framer.receive(octets);
  }

  /** What is found next in the input. Throws while a checkpoint is open. */
  next(): SessionEvent {
    if (this.#open !== null) {
      throw new Error(`Failed to read on: the checkpoint "${this.#open.phase}" is open; settle it first`);
    }
    if (this.#outcome !== null) {
      const outcome = this.#outcome;
      this.#outcome = null;
      return outcome;
    }
    const state = this.#state;
    switch (state.kind) {
      case "connected":
        return this.#greet();
      case "content":
        return this.#readContent(state);
      case "chunk":
        return this.#readChunk(state);
      case "answering":
        return this.#askWhetherToAccept(state);
      case "authenticating":
        return state.isAsked ? this.#readAnswer(state) : this.#proposeStep(state, null);
      case "securing":
        return needData;
      case "closed":
        return closed;
      default:
        return this.#readCommand();
    }
  }

  /**
   * Answers the open checkpoint with what was said; null: nothing was, and nothing is committed. Commits on
   * 354 at `data`, 220 at `starttls`, 235 at `auth`, 334 where a challenge was proposed, elsewhere on 2yz.
   * Returns whether it did. After {@link Session.hangUp} nothing is committed.
   */
  settle(said: Reply | null): boolean {
    if (this.#state.kind === "closed") return false;
    const open = this.#take("settle");
    const committed = commits(open, said);
    if (committed) open.commit?.();
    else open.leave?.(said);
    return committed;
  }

  /**
   * Goes on at an open checkpoint where nothing has to be said, and commits it. Returns whether it did:
   * not after {@link Session.hangUp}. Throws where a reply is proposed.
   */
  proceed(): boolean {
    if (this.#state.kind === "closed") return false;
    if (this.#open !== null && this.#open.proposed !== null) {
      throw new Error(`Failed to proceed: the checkpoint "${this.#open.phase}" needs a reply; settle it`);
    }
    this.#take("proceed").commit?.();
    return true;
  }

  /** The TLS handshake is done. Forgets all that the client said before (RFC 3207 §4.2). */
  secured(): void {
    if (this.#state.kind !== "securing") {
      throw new Error(`Failed to secure: the session is ${this.#state.kind}; wait for the start-tls event`);
    }
    this.#outcome = null;
    this.#client = { helo: null, esmtp: false, secure: true, authenticated: false };
    this.#state = { kind: "greeted" };
  }

  /** The connection is gone or given up: an open transaction is cancelled (RFC 5321 §4.1.1.10). */
  hangUp(): void {
    this.#state = { kind: "closed" };
    this.#open = null;
    this.#outcome = null;
    this.#framer.forget();
  }

  get #reader(): ContentReader | null {
    return "reader" in this.#state ? this.#state.reader : null;
  }

  #take(action: string): Question {
    const open = this.#open;
    if (open === null) throw new Error(`Failed to ${action}: no checkpoint is open; call next() first`);
    this.#open = null;
    return open;
  }

  #greet(): SessionEvent {
    this.#noteEarlyTalker();
    const isRefused = this.#isEarlyTalker && this.#options.strictness === "strict";
    return this.#ask({
      phase: "greeting",
      proposed: isRefused
        ? replies.synchronization
        : replies.greeting(this.#options.hostname, this.#options.protocol),
      commit: () => this.#begin(),
      leave: (said) => {
        if (isRefused) this.hangUp();
        else if (said === null) this.#begin();
        else this.#state = { kind: "refused" }; // RFC 5321 §3.1: wait for QUIT
      },
    });
  }

  #begin(): void {
    this.#noteEarlyTalker();
    this.#state = { kind: "greeted" };
  }

  /** RFC 5321 §4.3.1 */
  #noteEarlyTalker(): void {
    if (this.#framer.isEmpty || this.#isEarlyTalker) return;
    this.#warnings.add("early-talker");
    this.#isEarlyTalker = true;
  }

  #readCommand(): SessionEvent {
    const read = readCommandLine(this.#framer, this.#options.strictness, this.#client.secure);
    if (read === null) return needData;
    const { phase, command, shown: line } = read;
    for (const warning of read.warnings) this.#warnings.add(warning);
    if (command.kind === "bdat") return this.#startChunk(command, line);
    const hangUp = (): void => this.hangUp();
    if (read.isLast) {
      return this.#ask({ phase, command, line, proposed: read.refusal, commit: hangUp, leave: hangUp });
    }
    if (this.#talksOutOfTurn(command)) {
      return this.#ask({ phase, command, line, proposed: replies.synchronization, leave: hangUp });
    }
    const leave = (): void => this.#noteRefusal(phase);
    if (command.kind === "invalid") {
      const refusal = isHiddenVerb(command.verb, this.#options) ? replies.notImplemented : read.refusal;
      const proposed = this.#state.kind === "refused" ? replies.noService : refusal;
      return this.#ask({ phase, command, line, proposed, leave });
    }
    const standing = { options: this.#options, client: this.#client, state: this.#state };
    const proposed = propose(command, standing, this.#warnings);
    if (command.kind === "auth" && proposed === null) return this.#startAuth(command, line);
    const decoded = decodeParameters(command);
    return this.#ask({ phase, command: decoded, line, proposed, commit: () => this.#commit(decoded), leave });
  }

  #commit(command: Command): void {
    const { state, client } = commit(command, this.#state, this.#client, this.#options);
    this.#state = state;
    this.#client = client;
    if (state.kind === "closed") {
      this.hangUp();
    } else if (state.kind === "securing") {
      this.#framer.forget(); // RFC 3207 §4.2: before the handshake, so that nothing can be injected
      this.#outcome = { kind: "start-tls" };
    }
  }

  /** DATA without a recipient gets another reply when one was tried. */
  #noteRefusal(phase: Phase): void {
    if (phase === "rcpt" && this.#state.kind === "mail") this.#state = { ...this.#state, wasRefused: true };
  }

  #endTransaction(): void {
    this.#state = withoutTransaction(this.#client);
  }

  #readContent({ transaction, reader }: In<"content">): SessionEvent {
    if (!this.#framer.content(reader)) return needData;
    return this.#endContent(transaction, reader, { command: null, line: null });
  }

  /** RFC 3030 §2: the octets are read whatever the answer will be; else they would be run as commands. */
  #startChunk(command: Extract<Command, { kind: "bdat" }>, line: string | null): SessionEvent {
    const standing = { options: this.#options, client: this.#client, state: this.#state };
    const proposed = propose(command, standing, this.#warnings) ?? replies.notImplemented;
    return this.#readChunk(beginChunk(command, line, proposed, this.#state, this.#options));
  }

  #readChunk(state: In<"chunk">): SessionEvent {
    const { command, line, reader, transaction, before } = state;
    const left = state.left - this.#framer.chunk(reader, state.left);
    if (left > 0) {
      this.#state = { ...state, left };
      return needData;
    }
    this.#state = before;
    const found = { phase: "bdat", command, line } as const;
    if (!command.isLast && this.#talksOutOfTurn(command)) {
      return this.#ask({ ...found, proposed: replies.synchronization, leave: () => this.hangUp() });
    }
    if (reader === null || transaction === null) return this.#ask({ ...found, proposed: state.proposed });
    if (command.isLast) {
      reader.finish();
      return this.#endContent(transaction, reader, { command, line });
    }
    return this.#ask({
      ...found,
      proposed: refuseSize(reader) ?? state.proposed,
      reader,
      commit: () => {
        this.#state = { kind: "chunks", transaction, reader };
      },
      // A content with a hole is no content: the next chunks are refused until there is a new MAIL.
      leave: () => this.#endTransaction(),
    });
  }

  #endContent(
    transaction: OpenTransaction,
    reader: ContentReader,
    ended: In<"answering">["ended"],
  ): SessionEvent {
    if (this.#talksOutOfTurn(null)) {
      const leave = (): void => this.hangUp();
      return this.#ask({ phase: "end-of-data", proposed: replies.synchronization, reader, leave, ...ended });
    }
    const proposed = proposeContent(reader, transaction, this.#options.strictness, this.#warnings);
    const kind = "answering";
    return this.#askWhetherToAccept({ kind, transaction, reader, proposed, at: 0, accepted: [], ended });
  }

  /** Once for all recipients; in LMTP for each of them (RFC 2033 §4.2). */
  #askWhetherToAccept(state: In<"answering">): SessionEvent {
    this.#state = state;
    const { transaction, reader, proposed, at, ended } = state;
    const { recipients } = transaction;
    const { command, line } = ended;
    const phase = "end-of-data";
    if (this.#options.protocol === "smtp") {
      const commit = (): void => this.#conclude(transaction, reader);
      const leave = (): void => this.#endTransaction();
      return this.#ask({ phase, command, line, proposed, reader, commit, leave });
    }
    const answered = (accepted: OpenTransaction["recipients"]): void => {
      if (at + 1 < recipients.length) this.#state = { ...state, at: at + 1, accepted };
      else if (accepted.length > 0) this.#conclude({ ...transaction, recipients: accepted }, reader);
      else this.#endTransaction();
    };
    const commit = (): void => answered([...state.accepted, ...recipients.slice(at, at + 1)]);
    const leave = (): void => answered(state.accepted);
    return this.#ask({ phase, command, line, proposed, reader, recipient: at, commit, leave });
  }

  /** RFC 5321 §4.1.1.4: the buffers are cleared, as they are when it is refused. */
  #conclude(transaction: OpenTransaction, reader: ContentReader): void {
    this.#endTransaction();
    this.#outcome = { kind: "accepted", transaction, content: reader.join() };
  }

  #startAuth(command: Extract<Command, { kind: "auth" }>, line: string | null): SessionEvent {
    const { step, warnings } = firstStep(command, this.#options);
    for (const warning of warnings) this.#warnings.add(warning);
    const found = { phase: "auth-start", command, line } as const;
    const enter = (isAsked: boolean) => (): void => {
      this.#state = { kind: "authenticating", command, step, isAsked };
    };
    if (step.kind === "refused") return this.#ask({ ...found, proposed: step.reply });
    if (command.initial !== null) return this.#ask({ ...found, proposed: null, commit: enter(false) });
    const proposed = step.kind === "challenge" ? replies.challenge(step.base64) : null;
    return this.#ask({ ...found, proposed, commit: enter(proposed !== null) });
  }

  #readAnswer(state: In<"authenticating">): SessionEvent {
    const answer = readAnswer(this.#framer, state.step, this.#options.strictness);
    if (answer === null) return needData;
    for (const warning of answer.warnings) this.#warnings.add(warning);
    return this.#proposeStep({ ...state, step: answer.step }, "****", answer.isLast);
  }

  #proposeStep(state: In<"authenticating">, line: string | null, isLast = false): SessionEvent {
    const { command, step } = state;
    const commit = (): void => {
      if (step.kind === "challenge") {
        this.#state = { ...state, isAsked: true };
      } else {
        this.#client = { ...this.#client, authenticated: true };
        this.#endTransaction();
      }
    };
    const leave = (): void => (isLast ? this.hangUp() : this.#endTransaction());
    return this.#ask({ ...proposeStep(step), command, line, commit, leave });
  }

  /** Notes what was sent without waiting for a reply; true where that is not forgiven. */
  #talksOutOfTurn(command: Command | null): boolean {
    const warning = this.#framer.isEmpty ? null : pipeliningWarning(command, this.#options, this.#client);
    if (warning !== null) this.#warnings.add(warning);
    return this.#options.strictness === "strict" && (this.#isEarlyTalker || warning !== null);
  }

  #ask(question: Question): SessionEvent {
    this.#open = question;
    const warnings = this.#warnings.size === 0 ? noWarnings : [...this.#warnings];
    this.#warnings.clear();
    const { proposed } = question;
    const told =
      proposed !== null && this.#options.hiddenExtensions.has("ENHANCEDSTATUSCODES")
        ? { ...question, proposed: { ...proposed, enhanced: null } }
        : question;
    return { kind: "checkpoint", checkpoint: checkpointOf(told, this.transaction, warnings) };
  }
}
