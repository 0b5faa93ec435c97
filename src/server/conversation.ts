/**
 * Drives one session: octets from the wire into the engine, checkpoints past policy and faults,
 * verdicts back onto the wire. Faults hook in at exactly one place, between `next` and `settle`.
 *
 * The loop runs synchronously from one need for data to the next and only waits where something
 * has to be waited for: keeping a message, a delay, a TLS handshake, a client that does not read.
 * Replies of one run leave in one write.
 */
import type { Socket } from "node:net";
import { plainVerdict, type Verdict } from "../faults/mod.ts";
import { type Checkpoint, Session, type SessionOptions } from "../smtp/mod.ts";
import type { TlsMaterial } from "./certificates.ts";
import { Clerk, type ClerkParts } from "./clerk.ts";
import { Deadline } from "./deadline.ts";
import { Departure } from "./departure.ts";
import { EndOfData, type EndOfDataParts } from "./end-of-data.ts";
import { Handshake } from "./handshake.ts";
import { Introduction } from "./introduction.ts";
import { Judge, type JudgeParts } from "./judge.ts";
import type { ListenerTraits } from "./listener.ts";
import { Pause } from "./pause.ts";
import { Performer } from "./performer.ts";
import { type CommonOptions, sessionOptions } from "./session-options.ts";
import { Silence } from "./silence.ts";
import { Speaker, type SpeakerParts } from "./speaker.ts";
import { Trickle } from "./trickle.ts";
import { Portion, type Unfinished } from "./unfinished.ts";
import { Wire, type WireListener } from "./wire.ts";

export interface ConversationParts extends ClerkParts, JudgeParts, EndOfDataParts, SpeakerParts {
  readonly unfinished: Unfinished;
  readonly engine: CommonOptions;
  readonly tls: TlsMaterial | null;
  /** Milliseconds without a word. */
  readonly idleTimeout: number;
  /** Milliseconds for what the client has begun. */
  readonly commandTimeout: number;
  /** Trusted peers begin with a PROXY header. */
  readonly proxyProtocol: boolean;
  /** Whether the peer at this address may say for whom it speaks. */
  readonly isTrusted: (address: string) => boolean;
}

/** Nothing is said, and nothing happens. */
const silence: Verdict = { ...plainVerdict(null), withheld: true };

export class Conversation implements WireListener {
  readonly #parts: ConversationParts;
  readonly #wire: Wire;
  readonly #clerk: Clerk;
  readonly #speaker: Speaker;
  readonly #pause: Pause;
  readonly #departure: Departure;
  readonly #performer: Performer;
  readonly #handshake: Handshake;
  readonly #endOfData: EndOfData;
  readonly #deadline: Deadline;
  readonly #judge: Judge;
  readonly #silence: Silence;
  #engine: Session;
  readonly #gone: () => void;
  readonly #listener: ListenerTraits;
  /** While a proxy still has to say for whom it connects. */
  #introduction: Introduction | null = null;
  /** The loop is at work, perhaps waiting for something. */
  #running = false;
  #securing = false;
  /** What was decided of the next handshake. */
  #tlsVerdict = plainVerdict(null);
  /** The server goes. */
  #leaving = false;
  /** QUIT was said: as the last thing that came, or before something that nobody will read. */
  #quit: "last" | "early" | null = null;
  #closed = false;
  /** Of the contents that are on their way. */
  readonly #portion: Portion;

  /** `gone` is called once, when the connection is closed. */
  constructor(parts: ConversationParts, socket: Socket, listener: ListenerTraits, gone: () => void) {
    this.#parts = parts;
    this.#gone = gone;
    this.#portion = new Portion(parts.unfinished);
    const time = parts.clock.of(() => this.#clerk.inboxes);
    this.#wire = new Wire(socket, this, parts.timers, time, parts.idleTimeout);
    this.#clerk = new Clerk(parts, listener.name, this.#wire.remoteAddress, this.#wire.remotePort);
    this.#pause = new Pause(time);
    const trickle = new Trickle(this.#wire, time, this.#pause);
    const hidesEnhanced = (): boolean => this.#engine.hides("ENHANCEDSTATUSCODES");
    this.#speaker = new Speaker(this.#wire, this.#clerk, trickle, parts, hidesEnhanced);
    this.#departure = new Departure(this.#wire, this.#speaker, this.#clerk, this.#pause);
    this.#performer = new Performer(
      this.#wire,
      this.#speaker,
      trickle,
      this.#pause,
      this.#departure,
      this.#clerk,
      () => this.#engine.waiting,
    );
    this.#handshake = new Handshake(this.#wire, this.#departure, this.#clerk, parts.tls);
    this.#judge = new Judge(parts, this.#clerk, hidesEnhanced);
    this.#endOfData = new EndOfData(parts, this.#clerk, this.#performer, this.#judge, () =>
      this.#engine.next(),
    );
    this.#deadline = new Deadline(parts.timers, parts.commandTimeout);
    this.#silence = new Silence(
      time,
      (idle) => parts.faults.nextIdle(idle),
      () => {
        this.#engine.fallSilent();
        this.#run();
      },
    );
    this.#listener = listener;
    this.#engine = this.#engineFor(this.#wire.remoteAddress);
    if (parts.proxyProtocol && parts.isTrusted(this.#wire.remoteAddress)) {
      this.#introduction = new Introduction(this.#clerk, this.#departure);
      this.#deadline.begin();
    } else if (this.#listener.secure) {
      // What comes first is for the handshake, however late that begins.
      this.#wire.expectTls();
    }
  }

  /** What is written down of it. */
  get record(): Clerk["session"] {
    return this.#clerk.session;
  }

  /** Those that it belongs to now. */
  get inboxes(): readonly string[] {
    return this.#clerk.inboxes;
  }

  /** Speaks first: the greeting, after the PROXY header and the handshake where there are such. */
  start(): void {
    if (this.#introduction === null) this.#run();
  }

  /** Other rules are in force now. */
  rulesChanged(): void {
    if (!this.#running && !this.#departure.ended && !this.#closed) this.#silence.watch();
  }

  /** Too many sessions: one 421 and the end; a reset where it would be plain text before TLS. */
  refuse(text: string): void {
    if (this.#listener.secure) this.reset();
    else this.#departure.leave("server", "4.7.0", text);
  }

  bytes(octets: Uint8Array): void {
    this.#silence.broken();
    if (this.#introduction !== null) {
      this.#introduce(this.#introduction, octets);
    } else {
      this.#engine.receive(octets);
      this.#run();
    }
  }

  ended(): void {
    this.#introduction?.turnAway("the connection ended before it was whole", "client");
    this.#performer.clientEnds();
    this.#run();
  }

  idle(): void {
    // One that takes what was said is not idle: that has a deadline of its own.
    if (!this.#speaker.waits) this.#cut("Idle for too long");
  }

  /** Asked from time to time: cuts a client that is silent, or takes too long for what it has begun. */
  checkTime(): void {
    this.#wire.checkIdle();
    // A client that ends its lines with LF alone waits in vain for a reply.
    this.#clerk.leftUnended(this.#engine.unended(false));
    if (!this.#deadline.isOver) return;
    // What is late because it is read slowly is no fault of the client's.
    if (this.#wire.lags) this.#deadline.begin();
    else this.#cut("Command not complete in time");
  }

  /** A delay outlasts it, and so does a stall. */
  #cut(text: string): void {
    if (this.#departure.ended) return;
    if (this.#securing) this.#clerk.tlsFailed("TLS: no handshake in time");
    if (this.#introduction !== null) this.#introduction.turnAway("it did not come in time", "timeout");
    else if (this.#securing || this.#speaker.waits) this.#departure.reset("timeout");
    else if (!this.#running) {
      this.#clerk.leftUnended(this.#engine.unended(true));
      this.#departure.leave("timeout", "4.4.2", text);
    }
  }

  /** Who is on the other side of a proxy counts from now on; whether it is trusted, too. */
  #introduce(introduction: Introduction, octets: Uint8Array): void {
    const introduced = introduction.take(octets);
    if (introduced === null) return;
    this.#introduction = null;
    this.#deadline.clear();
    const { source, rest } = introduced;
    if (source !== null) this.#engine = this.#engineFor(source.address);
    if (this.#listener.secure) this.#wire.giveBack(rest);
    else this.#engine.receive(rest);
    this.start();
  }

  #engineFor(address: string): Session {
    const { engine, isTrusted } = this.#parts;
    const { protocol, secure } = this.#listener;
    const nextStop: SessionOptions["nextStop"] = (octets, transaction) =>
      this.#judge.nextStop(octets, transaction);
    return new Session(sessionOptions(engine, protocol, secure, isTrusted(address), nextStop));
  }

  tlsFailed(reason: string): void {
    this.#clerk.tlsFailed(reason);
  }

  closed(): void {
    this.#closed = true;
    this.#pause.end();
    this.#silence.stop();
    this.#hangUp();
    this.#portion.is(0);
    // A message that is just being kept is recorded before the session is.
    if (!this.#running) this.#clerk.closed(this.#departure.by);
    this.#gone();
  }

  /**
   * The server goes: who can be spoken to hears 421, a content that already ended gets its real
   * reply first, the rest is reset (RFC 5321 §3.8).
   */
  shutDown(): void {
    if (this.#departure.stalled || this.#securing || this.#introduction !== null) {
      this.reset();
    } else {
      this.#leaving = true;
      this.#pause.stop();
      this.#run();
    }
  }

  /** Ends it at once, with an RST, also where an ending is under way. */
  reset(): void {
    this.#departure.reset("server");
  }

  /** Goes on until the engine needs data, or until something has to be waited for; then it is called again. */
  #run(): void {
    if (this.#running || this.#departure.ended || this.#closed) return;
    this.#running = true;
    this.#silence.stop();
    try {
      const pending = this.#converse();
      if (pending !== null) {
        void this.#resume(pending);
        return;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#pauseRun();
  }

  async #resume(pending: Promise<void>): Promise<void> {
    try {
      await pending;
    } catch (error) {
      this.#fail(error);
    }
    this.#pauseRun();
    this.#run();
  }

  #pauseRun(): void {
    this.#running = false;
    this.#speaker.flushSoon();
    if (this.#closed) this.#clerk.closed(this.#departure.by);
  }

  /** A mistake of ours ends this session, not the server, and is not hidden. */
  #fail(error: unknown): void {
    console.error("mailproof: a session failed", error);
    this.#departure.reset("server");
  }

  /** Null: nothing more to do for now. Else what has to be waited for. */
  #converse(): Promise<void> | null {
    while (!this.#departure.ended && !this.#closed) {
      const impatience = this.#endOfData.isGathering ? null : this.#judge.impatience;
      if (impatience !== null) {
        this.#departure.leave("server", "4.7.0", impatience);
        break;
      }
      const event = this.#engine.next();
      let pending: Promise<void> | null = null;
      if (event.kind === "checkpoint") {
        this.#deadline.clear();
        pending = this.#answer(event.checkpoint);
      } else if (event.kind === "start-tls") {
        return this.#upgrade();
      } else if (event.kind === "closed") {
        if (this.#quit === "last") this.#departure.close();
        else this.#departure.end({ kind: "fin" }, this.#quit === null ? "server" : "client");
      } else {
        this.#speaker.flushSoon();
        pending = this.#backlog();
        if (pending === null) {
          this.#rest();
          return null;
        }
      }
      pending ??= this.#backlog();
      if (pending !== null) return pending;
    }
    return null;
  }

  /** A client that does not take what was said has as long for it as for a command. */
  #backlog(): Promise<void> | null {
    const pending = this.#speaker.backlog();
    if (pending !== null) this.#deadline.begin();
    return pending;
  }

  /** Nothing more comes: what was begun is written down as far as it came. */
  #hangUp(): void {
    this.#clerk.leftUnended(this.#engine.unended(true));
    this.#clerk.brokenOff(this.#engine.octets, this.#engine.head);
    this.#engine.hangUp();
  }

  /** The engine needs data: the moment to leave, or to see that the client has left. */
  #rest(): void {
    this.#wire.release(0);
    if (!this.#portion.is(this.#engine.held)) this.#engine.giveUpContent();
    if (this.#engine.isMidway) this.#deadline.goOn(this.#engine.octets);
    else this.#deadline.clear();
    if (this.#leaving) {
      const isInContent = this.#engine.state === "content" || this.#engine.state === "chunk";
      if (isInContent) this.#departure.reset("server");
      else this.#departure.leave("server", "4.3.2", "Service shutting down");
    } else if (this.#performer.clientEnded) {
      this.#hangUp();
      this.#departure.close();
    } else {
      this.#silence.watch();
    }
  }

  /** Null where nothing has to be waited for. */
  #answer(checkpoint: Checkpoint): Promise<void> | null {
    this.#clerk.heard(checkpoint);
    const verdict = this.#endOfData.isOver ? silence : this.#judge.judge(checkpoint, this.#silence.length);
    this.#clerk.judged(verdict);
    if (checkpoint.phase === "tls") {
      this.#tlsVerdict = verdict;
      this.#wire.expectTls();
    }
    // Until the greeting is said, what the client says is early talk: it is settled after its delay.
    if (checkpoint.phase === "greeting" && verdict.delay > 0) return this.#greetLate(checkpoint, verdict);
    const committed = this.#settle(checkpoint, verdict);
    if (checkpoint.phase === "end-of-data") return this.#endOfData.take({ checkpoint, verdict, committed });
    return this.#performer.perform(verdict, this.#engine.transaction !== null);
  }

  /** Whether it took effect. */
  #settle(checkpoint: Checkpoint, verdict: Verdict): boolean {
    const { said, withheld } = verdict;
    const { phase } = checkpoint;
    const isLast = !this.#engine.isMidway;
    const committed = said === null && !withheld ? this.#engine.proceed() : this.#engine.settle(said);
    this.#clerk.ruled(checkpoint, verdict, committed);
    if (committed && phase === "quit") this.#quit = isLast ? "last" : "early";
    if (committed && (phase === "ehlo" || phase === "lhlo")) this.#engine.hide(verdict.hidden);
    return committed;
  }

  async #greetLate(checkpoint: Checkpoint, verdict: Verdict): Promise<void> {
    await this.#performer.delay(verdict.delay);
    if (this.#closed) return;
    this.#settle(checkpoint, verdict);
    await this.#performer.perform({ ...verdict, delay: 0 }, false);
  }

  /** Everything said in plain text is forgotten (RFC 3207 §4.2). */
  async #upgrade(): Promise<void> {
    this.#speaker.flush();
    this.#securing = true;
    this.#deadline.begin();
    await this.#handshake.shake(this.#tlsVerdict, (info) => {
      this.#engine.secured();
      this.#clerk.secured(info);
    });
    this.#deadline.clear();
    this.#securing = false;
  }
}
