/**
 * One SMTP session, without sockets, clocks or chance.
 *
 * The one who drives it hands in octets with {@link Session.receive} and asks {@link Session.next} what is
 * found. Where something could be said, that is a checkpoint: the engine proposes a reply and waits.
 * {@link Session.settle} tells what was said; only the positive reply of the phase commits the command, and
 * nothing that the engine itself refused can be committed. {@link Session.proceed} goes on where nothing has
 * to be said. While a checkpoint is open, pipelined input waits unread. The states and the order of commands
 * are in `states.ts`, the replies to commands in `proposal.ts`, what they change in `commit.ts`, the content of a
 * transaction in `delivery.ts`, the AUTH exchange in `auth.ts`.
 */
import { askStep, readAnswer, startAuth } from "./auth.ts";
import type { SessionEvent, TransactionState } from "./checkpoint.ts";
import type { Command } from "./command.ts";
import { readCommandLine, showUnended } from "./command-line.ts";
import { beginChunk, commit } from "./commit.ts";
import type { ContentReader } from "./content.ts";
import { askWhetherToAccept, type Read, type Reading, readChunk, readContent } from "./delivery.ts";
import { decodeParameters, isHiddenVerb, pipeliningWarning } from "./extensions.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import { Framer } from "./framer.ts";
import { Masking } from "./masking.ts";
import { propose } from "./proposal.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import { type Change, checkpointOf, closing, commits, type Question } from "./settlement.ts";
import type { State, StateKind } from "./states.ts";
import type { Warning } from "./warnings.ts";

type In<Kind extends StateKind> = Extract<State, { kind: Kind }>;

const needData: SessionEvent = { kind: "need-data" };
const closed: SessionEvent = { kind: "closed" };
const noWarnings: readonly Warning[] = [];
const close = (): Change => closing;
const noChange: Change = {};

/** What a client has said in a line that has not ended, for the transcript. */
export interface Unended {
  readonly line: string;
  readonly hasBareLf: boolean;
}

/** A session from the greeting to its end. */
export class Session {
  readonly #given: SessionOptions;
  /** Those that were given, with what is hidden in this session. */
  #options: SessionOptions;
  readonly #framer = new Framer();
  readonly #masking = new Masking();
  readonly #warnings = new Set<Warning>();
  #state: State = { kind: "connecting" };
  #client: ClientFacts;
  #open: Question | null = null;
  /** What a settlement brought about, told at the next {@link Session.next}. */
  #outcome: SessionEvent | null = null;
  /** The client did not wait for the greeting. */
  #isEarlyTalker = false;
  #isSilent = false;
  /** The content that is over, as long as it may still be read. */
  #spent: ContentReader | null = null;
  readonly #letIn = (): Change => ({ state: this.#first });
  readonly #commit = ({ command }: Question): Change =>
    commit(command!, this.#state, this.#client, this.#options);
  readonly #leave = ({ phase }: Question): Change => (phase === "rcpt" ? this.#refused() : noChange);

  /** Notes what was sent without waiting for a reply; true where that is not forgiven. */
  readonly #talksOutOfTurn = (command: Command | null): boolean => {
    const warning = this.#framer.isEmpty ? null : pipeliningWarning(command, this.#options, this.#client);
    if (warning !== null) this.#warnings.add(warning);
    return this.#options.strictness === "strict" && (this.#isEarlyTalker || warning !== null);
  };

  constructor(options: SessionOptions) {
    this.#given = options;
    this.#options = options;
    this.#client = { helo: null, esmtp: false, secure: false, authenticated: false };
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

  /** The first 64 KiB of the content in progress at most, to be read at once; null outside content. */
  get head(): Uint8Array | null {
    return this.#reader?.head() ?? null;
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

  /**
   * What has come of a line that has not ended, each octet once; null where there is nothing new. `isOver`: nothing more
   * will come; before that it is told up to its last LF.
   */
  unended(isOver: boolean): Unended | null {
    const octets = this.#framer.unended(!isOver);
    if (octets.length === 0) return null;
    const { shown, secrecy } = showUnended(octets);
    return { line: this.#masking.show(shown, secrecy), hasBareLf: octets.includes(0x0a) };
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
      // An accepted content is read before the next event is asked for.
      const outcome = this.#outcome;
      this.#outcome = null;
      return outcome;
    }
    this.#spent?.release();
    this.#spent = null;
    const state = this.#state;
    if (this.#isSilent && state.kind !== "closed") {
      this.#isSilent = false;
      return this.#ask({ phase: "idle", proposed: null });
    }
    switch (state.kind) {
      case "connecting":
        return this.#ask({ phase: "connect", proposed: null, commit: this.#letIn });
      case "securing":
        return state.isAsked ? needData : this.#askToSecure(state);
      case "connected":
        return this.#greet();
      case "content":
        return this.#found(readContent(state, this.#reading));
      case "chunk":
        return this.#found(readChunk(state, this.#reading));
      case "answering":
        return this.#found(askWhetherToAccept(state, this.#reading));
      case "authenticating":
        return this.#found(
          state.isAsked ? readAnswer(state, this.#reading) : askStep(state, null, this.#reading),
        );
      case "closed":
        return closed;
      default:
        return this.#readCommand();
    }
  }

  /**
   * Answers the open checkpoint with what was said; null: nothing was, and nothing is committed. Commits on
   * 354 at `data`, 220 at `greeting` and `starttls`, 235 at `auth`, 334 where a challenge was proposed, elsewhere on 2yz.
   * Returns whether it did. After {@link Session.hangUp} nothing is committed.
   */
  settle(said: Reply | null): boolean {
    if (this.#state.kind === "closed") return false;
    const open = this.#take("settle");
    const committed = commits(open, said);
    this.#change(committed ? open.commit?.(open) : open.leave?.(open, said));
    if (open.reader !== undefined && open.reader !== this.#reader) this.#spent = open.reader;
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
    const open = this.#take("proceed");
    this.#change(open.commit?.(open));
    return true;
  }

  /** The client has said nothing for a while: the next event is the checkpoint `idle`. */
  fallSilent(): void {
    this.#isSilent = true;
  }

  /** Extensions that are hidden until the next list of them, beside those of the options; upper-case keywords. */
  hide(keywords: readonly string[]): void {
    const hiddenExtensions = new Set([...this.#given.hiddenExtensions, ...keywords]);
    this.#options = { ...this.#given, hiddenExtensions };
  }

  /** Whether the extension is hidden in this session. */
  hides(keyword: string): boolean {
    return this.#options.hiddenExtensions.has(keyword);
  }

  /** The TLS handshake is done. Forgets all that was said before (RFC 3207 §4.2). */
  secured(): void {
    const state = this.#state;
    if (state.kind !== "securing") {
      throw new Error(`Failed to secure: the session is ${state.kind}; wait for the start-tls event`);
    }
    this.#outcome = null;
    this.hide([]);
    this.#client = { helo: null, esmtp: false, secure: true, authenticated: false };
    this.#state = { kind: state.isImplicit ? "connected" : "greeted" };
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

  /** Where the session goes when the client was let in. */
  get #first(): State {
    return this.#options.secure
      ? { kind: "securing", isImplicit: true, isAsked: false }
      : { kind: "connected" };
  }

  #take(action: string): Question {
    const open = this.#open;
    if (open === null) throw new Error(`Failed to ${action}: no checkpoint is open; call next() first`);
    this.#open = null;
    return open;
  }

  #change({ state, client, outcome }: Change = noChange): void {
    if (client !== undefined) this.#client = client;
    if (outcome !== undefined) this.#outcome = outcome;
    if (state === undefined) return;
    // RFC 3207 §4.2: before the handshake, so that nothing can be injected.
    if (state.kind === "securing") this.#framer.forget();
    if (state.kind === "closed") this.hangUp();
    else this.#state = state;
  }

  #askToSecure(state: In<"securing">): SessionEvent {
    const commit = (): Change => ({ state: { ...state, isAsked: true }, outcome: { kind: "start-tls" } });
    return this.#ask({ phase: "tls", proposed: null, commit });
  }

  #greet(): SessionEvent {
    this.#noteEarlyTalker();
    const isRefused = this.#isEarlyTalker && this.#options.strictness === "strict";
    const { hostname, protocol } = this.#options;
    return this.#ask({
      phase: "greeting",
      proposed: isRefused ? replies.synchronization : replies.greeting(hostname, protocol),
      commit: () => this.#begin(),
      leave: (_, said) => {
        if (isRefused) return closing;
        return said === null ? this.#begin() : { state: { kind: "refused" } }; // RFC 5321 §3.1: wait for QUIT
      },
    });
  }

  #begin(): Change {
    this.#noteEarlyTalker();
    return { state: { kind: "greeted" } };
  }

  /** RFC 5321 §4.3.1 */
  #noteEarlyTalker(): void {
    if (this.#framer.isEmpty || this.#isEarlyTalker) return;
    this.#warnings.add("early-talker");
    this.#isEarlyTalker = true;
  }

  #readCommand(): SessionEvent {
    const read = readCommandLine(this.#framer, this.#options, this.#client.secure);
    if (read === null) return needData;
    const { phase, command } = read;
    const line = read.shown === null ? null : this.#masking.show(read.shown, read.secrecy);
    for (const warning of read.warnings) this.#warnings.add(warning);
    if (command.kind === "bdat") return this.#startChunk(command, line);
    if (read.isLast) {
      return this.#ask({ phase, command, line, proposed: read.refusal, commit: close, leave: close });
    }
    if (this.#talksOutOfTurn(command)) {
      return this.#ask({ phase, command, line, proposed: replies.synchronization, leave: close });
    }
    if (command.kind === "invalid") {
      const refusal = isHiddenVerb(command.verb, this.#options) ? replies.notImplemented : read.refusal;
      const proposed = this.#state.kind === "refused" ? replies.noService : refusal;
      return this.#ask({ phase, command, line, proposed, leave: this.#leave });
    }
    // A new list is of all that there is, whatever was hidden of the last one.
    const options = command.kind === "helo" ? this.#given : this.#options;
    const standing = { options, client: this.#client, state: this.#state };
    const proposed = propose(command, standing, this.#warnings);
    if (command.kind === "auth" && proposed === null) {
      return this.#found(startAuth(command, line, this.#state, this.#reading));
    }
    return this.#ask({
      phase,
      command: decodeParameters(command),
      line,
      proposed,
      commit: this.#commit,
      leave: this.#leave,
    });
  }

  /** DATA without a recipient gets another reply when one was tried. */
  #refused(): Change {
    const state = this.#state;
    return state.kind === "mail" ? { state: { ...state, wasRefused: true } } : noChange;
  }

  #startChunk(command: Extract<Command, { kind: "bdat" }>, line: string | null): SessionEvent {
    const standing = { options: this.#options, client: this.#client, state: this.#state };
    const proposed = propose(command, standing, this.#warnings) ?? replies.notImplemented;
    return this.#found(
      readChunk(beginChunk(command, line, proposed, this.#state, this.#options), this.#reading),
    );
  }

  get #reading(): Reading {
    return {
      framer: this.#framer,
      options: this.#options,
      client: this.#client,
      warnings: this.#warnings,
      talksOutOfTurn: this.#talksOutOfTurn,
    };
  }

  #found({ state, question }: Read): SessionEvent {
    this.#state = state;
    return question === null ? needData : this.#ask(question);
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
