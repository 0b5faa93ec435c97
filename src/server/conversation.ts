/**
 * Drives one session: octets from the wire into the engine, checkpoints past policy and faults,
 * verdicts back onto the wire. Faults hook in at exactly one place, between `next` and `settle`.
 *
 * The loop runs synchronously from one need for data to the next and only waits where something
 * has to be waited for: keeping a message, a delay, a TLS handshake, a client that does not read.
 * Replies of one run leave in one write.
 */
import type { Socket } from "node:net";
import { type FaultEngine, plainVerdict, type Verdict } from "../faults/mod.ts";
import { type Checkpoint, Session, type SessionOptions } from "../smtp/mod.ts";
import type { TlsMaterial } from "./certificates.ts";
import { Clerk, type ClerkParts } from "./clerk.ts";
import type { FaultClock } from "./clock.ts";
import { Departure } from "./departure.ts";
import { keepMessage } from "./keeping.ts";
import { momentOf } from "./moment.ts";
import { Pause } from "./pause.ts";
import { applyPolicy, type Policy } from "./policy.ts";
import { Speaker } from "./speaker.ts";
import { speechOf } from "./speech.ts";
import { type TlsInfo, Wire, type WireListener } from "./wire.ts";

/** What a listener says of all its sessions. */
export interface ListenerTraits {
  /** As it appears on sessions: `smtp`, `smtps`, `lmtp`. */
  readonly name: string;
  readonly protocol: SessionOptions["protocol"];
  /** Implicit TLS. */
  readonly secure: boolean;
}

/** The end of data as it was decided; in LMTP one for each recipient. */
interface Answer {
  readonly checkpoint: Checkpoint;
  readonly verdict: Verdict;
  readonly committed: boolean;
}

export interface ConversationParts extends ClerkParts {
  readonly faults: FaultEngine;
  readonly clock: FaultClock;
  readonly policy: Policy;
  readonly engine: Omit<SessionOptions, "secure" | "protocol">;
  readonly tls: TlsMaterial | null;
  /** Milliseconds. */
  readonly idleTimeout: number;
}

export class Conversation implements WireListener {
  readonly #parts: ConversationParts;
  readonly #wire: Wire;
  readonly #clerk: Clerk;
  readonly #speaker: Speaker;
  readonly #pause: Pause;
  readonly #departure: Departure;
  readonly #engine: Session;
  readonly #gone: () => void;
  readonly #implicitTls: boolean;
  /** The loop is at work, perhaps waiting for something. */
  #running = false;
  #securing = false;
  /** The server goes. */
  #leaving = false;
  /** The client sent FIN. */
  #clientEnded = false;
  /** It sent FIN while a reply was delayed, and so did not wait for it. */
  #clientLeft = false;
  #quit = false;
  #closed = false;
  /** Decided, and not said before all are. */
  #answers: Answer[] = [];

  /** `gone` is called once, when the connection is closed. */
  constructor(parts: ConversationParts, socket: Socket, listener: ListenerTraits, gone: () => void) {
    this.#parts = parts;
    this.#gone = gone;
    this.#wire = new Wire(socket, this, parts.timers, parts.idleTimeout);
    this.#clerk = new Clerk(parts, listener.name, this.#wire.remoteAddress, this.#wire.remotePort);
    this.#speaker = new Speaker(this.#wire, this.#clerk, parts.engine.hostname);
    this.#pause = new Pause(parts.clock);
    this.#departure = new Departure(this.#wire, this.#speaker, this.#clerk, this.#pause);
    const { protocol, secure } = listener;
    this.#engine = new Session({ ...parts.engine, protocol, secure });
    this.#implicitTls = secure;
  }

  /** Speaks first: the greeting, after the handshake where TLS is implicit. */
  async start(): Promise<void> {
    if (this.#implicitTls && !(await this.#secure((info) => this.#clerk.secured(info)))) return;
    this.#run();
  }

  /** Too many sessions: one 421 and the end; a reset where it would be plain text before TLS. */
  refuse(text: string): void {
    if (this.#implicitTls) this.reset();
    else this.#departure.leave("server", "4.7.0", text);
  }

  bytes(octets: Uint8Array): void {
    this.#engine.receive(octets);
    this.#run();
  }

  ended(): void {
    this.#clientEnded = true;
    if (!this.#departure.stalled) this.#pause.end();
    this.#run();
  }

  /** A delay outlasts it, and so does a stall. */
  idle(): void {
    if (this.#securing) this.#clerk.tlsFailed("TLS: no handshake in time");
    if (this.#securing || this.#speaker.waits) this.#departure.reset("timeout");
    else if (!this.#running) this.#departure.leave("timeout", "4.4.2", "Idle for too long");
  }

  tlsFailed(reason: string): void {
    this.#clerk.tlsFailed(reason);
  }

  closed(): void {
    this.#closed = true;
    this.#pause.end();
    this.#clerk.brokenOff(this.#engine.octets);
    this.#engine.hangUp();
    // A message that is just being kept is recorded before the session is.
    if (!this.#running) this.#clerk.closed(this.#departure.by);
    this.#gone();
  }

  /**
   * The server goes: who can be spoken to hears 421, a content that already ended gets its real
   * reply first, the rest is reset (RFC 5321 §3.8).
   */
  shutDown(): void {
    if (this.#departure.stalled || this.#securing) {
      this.reset();
    } else {
      this.#leaving = true;
      this.#pause.end();
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
    this.#speaker.flush();
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
      const event = this.#engine.next();
      let pending: Promise<void> | null = null;
      if (event.kind === "checkpoint") {
        pending = this.#answer(event.checkpoint);
      } else if (event.kind === "start-tls") {
        return this.#upgrade();
      } else if (event.kind === "closed") {
        this.#departure.end({ kind: "fin" }, this.#quit ? "client" : "server");
      } else {
        this.#speaker.flush();
        pending = this.#speaker.backlog();
        if (pending === null) {
          this.#rest();
          return null;
        }
      }
      pending ??= this.#speaker.backlog();
      if (pending !== null) return pending;
    }
    return null;
  }

  /** The engine needs data: the moment to leave, or to see that the client has left. */
  #rest(): void {
    if (this.#leaving) {
      const isInContent = this.#engine.state === "content" || this.#engine.state === "chunk";
      if (isInContent) this.#departure.reset("server");
      else this.#departure.leave("server", "4.3.2", "Service shutting down");
    } else if (this.#clientEnded) {
      this.#clerk.brokenOff(this.#engine.octets);
      this.#engine.hangUp();
      this.#departure.end({ kind: "fin" }, "client");
    }
  }

  /** Null where nothing has to be waited for. */
  #answer(checkpoint: Checkpoint): Promise<void> | null {
    this.#clerk.heard(checkpoint);
    const verdict = this.#judge(checkpoint);
    // Until the greeting is said, what the client says is early talk: it is settled after its delay.
    if (checkpoint.phase === "greeting" && verdict.delay > 0) return this.#greetLate(checkpoint, verdict);
    const committed = this.#settle(checkpoint, verdict);
    if (checkpoint.phase === "end-of-data") return this.#conclude({ checkpoint, verdict, committed });
    if (verdict.delay > 0) return this.#later(verdict);
    this.#perform(verdict);
    return null;
  }

  /**
   * Replies to the end of data wait until all of them are decided and the message is held: once we say 250
   * it is ours (RFC 5321 §6.1).
   */
  #conclude(answer: Answer): Promise<void> | null {
    const { checkpoint, verdict, committed } = answer;
    if (!committed) this.#clerk.concluded(checkpoint, verdict.said, false);
    this.#answers.push(answer);
    const { transaction, recipient } = checkpoint;
    if (recipient !== null && recipient + 1 < (transaction?.recipients.length ?? 0)) return null;
    const answers = this.#answers;
    this.#answers = [];
    return answers.some((one) => one.committed) ? this.#keep(answers) : this.#performAll(answers);
  }

  #judge(checkpoint: Checkpoint): Verdict {
    const { faults, policy, clock, engine, readHeader } = this.#parts;
    const proposed = applyPolicy(policy, checkpoint);
    if (!faults.concerns(checkpoint.phase)) return plainVerdict(proposed);
    const around = { hostname: engine.hostname, limit: engine.maxMessageSize, readHeader };
    return faults.judge(momentOf(checkpoint, proposed, this.#clerk, clock.now(), around));
  }

  /** Whether it took effect. */
  #settle(checkpoint: Checkpoint, verdict: Verdict): boolean {
    const { said, withheld } = verdict;
    const committed = said === null && !withheld ? this.#engine.proceed() : this.#engine.settle(said);
    this.#clerk.ruled(checkpoint, verdict, committed);
    if (committed && checkpoint.phase === "quit") this.#quit = true;
    return committed;
  }

  async #greetLate(checkpoint: Checkpoint, verdict: Verdict): Promise<void> {
    await this.#delay(verdict.delay);
    if (this.#closed) return;
    this.#settle(checkpoint, verdict);
    this.#perform(verdict);
  }

  async #keep(answers: readonly Answer[]): Promise<void> {
    const event = this.#engine.next();
    const transaction = this.#clerk.transaction;
    if (event.kind !== "accepted" || transaction === null) {
      throw new Error("Failed to keep a message: none was accepted");
    }
    const kept = await keepMessage(this.#parts, transaction, event.content);
    if ("ref" in kept) this.#clerk.stored(kept.ref);
    const final = answers.map((answer) => {
      if (!answer.committed) return answer;
      const verdict = "ref" in kept ? naming(answer, kept.ref.id) : plainVerdict(kept.refusal);
      const committed = "ref" in kept;
      this.#clerk.concluded(answer.checkpoint, verdict.said, committed);
      return { ...answer, verdict, committed };
    });
    await this.#performAll(final);
  }

  #performAll(answers: readonly Answer[]): Promise<void> | null {
    if (answers.some(({ verdict }) => verdict.delay > 0)) return this.#performLate(answers);
    for (const answer of answers) this.#perform(answer.verdict, answer.committed, answer === answers.at(-1));
    return null;
  }

  async #performLate(answers: readonly Answer[]): Promise<void> {
    for (const answer of answers) {
      const { verdict, committed } = answer;
      if (verdict.delay > 0) await this.#delay(verdict.delay);
      this.#perform(verdict, committed, answer === answers.at(-1));
    }
  }

  async #later(verdict: Verdict): Promise<void> {
    await this.#delay(verdict.delay);
    this.#perform(verdict);
  }

  /** Fault time. Ends early when the client leaves or the server goes. */
  async #delay(ms: number): Promise<void> {
    const endedBefore = this.#clientEnded;
    this.#speaker.flush();
    this.#wire.hold();
    await this.#pause.sleep(ms);
    this.#wire.release();
    this.#clientLeft = this.#clientEnded && !endedBefore;
  }

  /**
   * Puts what was decided on the wire. `accepts`: it takes a message; `isLast`: no further reply to the same
   * end of data follows. What stands behind an ending is not said.
   */
  #perform(verdict: Verdict, accepts = false, isLast = true): void {
    const { octets, positive } = speechOf(verdict);
    const { ending, firings, until } = verdict;
    if (!this.#departure.ended) this.#speaker.say(octets);
    const arrives = positive && !this.#clientLeft && !this.#wire.gone && !this.#departure.ended;
    if (accepts && !arrives) this.#clerk.replyLost();
    if (isLast && this.#engine.transaction === null) this.#clerk.finished();
    if (ending !== null) this.#departure.end(ending, firings.length > 0 ? "fault" : "server", until);
  }

  async #secure(secured: (info: TlsInfo) => void): Promise<boolean> {
    const { tls } = this.#parts;
    if (tls === null) throw new Error("Failed to start TLS: no certificate; the engine must not offer it");
    this.#securing = true;
    const done = await this.#wire.secure(tls.context, secured);
    this.#securing = false;
    return done;
  }

  /** Everything said in plain text is forgotten (RFC 3207 §4.2). */
  async #upgrade(): Promise<void> {
    this.#speaker.flush();
    await this.#secure((info) => {
      this.#engine.secured();
      this.#clerk.secured(info);
    });
  }
}

/** Our own 250 tells the id, so that a client's log leads to the message. */
function naming({ checkpoint, verdict }: Answer, id: string): Verdict {
  if (verdict.said !== checkpoint.proposed || verdict.said === null) return verdict;
  const lines = verdict.said.lines.map((line) => `${line} as ${id}`);
  return { ...verdict, said: { ...verdict.said, lines } };
}
