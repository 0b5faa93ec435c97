/**
 * Drives one session: octets from the wire into the engine, checkpoints past policy and faults,
 * verdicts back onto the wire. Faults hook in at exactly one place, between `next` and `settle`.
 *
 * The loop runs synchronously from one need for data to the next and only waits where something
 * has to be waited for: keeping a message, a delay, a TLS handshake, a client that does not read.
 * Replies of one run leave in one write.
 */
import type { Socket } from "node:net";
import { type Ending, type FaultEngine, plainVerdict, type Verdict } from "../faults/mod.ts";
import { type Checkpoint, renderReply, reply, Session, type SessionOptions } from "../smtp/mod.ts";
import type { TlsMaterial } from "./certificates.ts";
import { Clerk, type ClerkParts } from "./clerk.ts";
import type { FaultClock } from "./clock.ts";
import { momentOf } from "./moment.ts";
import { applyPolicy, type Policy } from "./policy.ts";
import { speechOf } from "./speech.ts";
import { type TlsInfo, Wire, type WireListener } from "./wire.ts";

/** A client that does not read is waited for beyond so many octets of unsent replies. */
const unsentLimit = 64 * 1024;

export interface ConversationParts extends ClerkParts {
  readonly faults: FaultEngine;
  readonly clock: FaultClock;
  readonly policy: Policy;
  readonly engine: Omit<SessionOptions, "secure">;
  readonly tls: TlsMaterial | null;
  /** Milliseconds. */
  readonly idleTimeout: number;
}

const idleReply = reply(421, "4.4.2", "Idle for too long, closing transmission channel");
const goingReply = reply(421, "4.3.2", "Service shutting down and closing transmission channel");
const localError = reply(451, "4.3.0", "Requested action aborted: local error in processing");

export class Conversation implements WireListener {
  readonly #parts: ConversationParts;
  readonly #wire: Wire;
  readonly #clerk: Clerk;
  readonly #engine: Session;
  readonly #gone: () => void;
  /** Aborts every wait of this session. */
  readonly #over = new AbortController();
  #out = "";
  /** The loop is at work, perhaps waiting for something. */
  #running = false;
  /** The wire has been ended from here; nothing more is said or heard. */
  #ended = false;
  #stalled = false;
  #securing = false;
  #leaving = false;
  #clientEnded = false;
  #closed = false;
  #closedBy: "client" | "server" | "fault" | "timeout" = "client";

  /** `gone` is called once, when the connection is closed. */
  constructor(parts: ConversationParts, socket: Socket, listener: string, secure: boolean, gone: () => void) {
    this.#parts = parts;
    this.#gone = gone;
    this.#wire = new Wire(socket, this, parts.timers, parts.idleTimeout);
    this.#clerk = new Clerk(parts, listener, this.#wire.remoteAddress, this.#wire.remotePort);
    this.#engine = new Session({ ...parts.engine, secure });
  }

  /** Speaks first: the greeting, after the handshake where TLS is implicit. */
  async start(secure: boolean): Promise<void> {
    if (secure && !(await this.#secure((info) => this.#clerk.secured(info)))) return;
    await this.#run();
  }

  /** Too many sessions: one 421 and the end. */
  refuse(text: string): void {
    this.#end({ kind: "fin" }, "server", renderReply(reply(421, "4.7.0", text)));
  }

  bytes(octets: Uint8Array): void {
    this.#engine.receive(octets);
    void this.#run();
  }

  ended(): void {
    this.#clientEnded = true;
    void this.#run();
  }

  idle(): void {
    if (!this.#running) this.#end({ kind: "fin" }, "timeout", renderReply(idleReply));
  }

  tlsFailed(reason: string): void {
    this.#clerk.tlsFailed(reason);
  }

  closed(): void {
    this.#closed = true;
    this.#over.abort();
    this.#engine.hangUp();
    // A message that is just being kept is recorded before the session is.
    if (!this.#running) this.#clerk.closed(this.#closedBy);
    this.#gone();
  }

  /**
   * The server goes: who can be spoken to hears 421, a content that already ended gets its real
   * reply first, the rest is reset (RFC 5321 §3.8).
   */
  shutDown(): void {
    if (this.#stalled || this.#securing) {
      this.reset();
    } else {
      this.#leaving = true;
      this.#over.abort();
      void this.#run();
    }
  }

  /** Ends it at once, with an RST. */
  reset(): void {
    this.#end({ kind: "reset" }, "server");
  }

  async #run(): Promise<void> {
    if (this.#running || this.#ended || this.#closed) return;
    this.#running = true;
    try {
      while (!this.#ended && !this.#closed) {
        const event = this.#engine.next();
        if (event.kind === "checkpoint") {
          const pending = this.#answer(event.checkpoint);
          if (pending !== null) await pending;
        } else if (event.kind === "start-tls") {
          this.#flush();
          if (!(await this.#secure((info) => this.#upgraded(info)))) break;
        } else if (event.kind === "closed") {
          this.#end({ kind: "fin" }, this.#closedBy);
        } else {
          this.#pause();
          break;
        }
        if (this.#wire.unsent > unsentLimit) await this.#wire.drained();
      }
    } catch (error) {
      // A mistake of ours ends this session, not the server, and is not hidden.
      console.error("mailproof: a session failed", error);
      this.#end({ kind: "reset" }, "server");
    } finally {
      this.#running = false;
      this.#flush();
      if (this.#closed) this.#clerk.closed(this.#closedBy);
    }
  }

  /** The engine needs data: the moment to leave, or to see that the client has left. */
  #pause(): void {
    if (this.#leaving) {
      if (this.#engine.state === "content") this.#end({ kind: "reset" }, "server");
      else this.#end({ kind: "fin" }, "server", renderReply(goingReply));
    } else if (this.#clientEnded) {
      this.#engine.hangUp();
      this.#end({ kind: "fin" }, "client");
    }
  }

  /** Null where nothing has to be waited for. */
  #answer(checkpoint: Checkpoint): Promise<void> | null {
    this.#clerk.heard(checkpoint);
    const verdict = this.#judge(checkpoint);
    const committed = this.#engine.settle(verdict.said);
    this.#clerk.ruled(checkpoint, verdict, committed);
    if (checkpoint.phase === "quit" || checkpoint.phase === "unknown") {
      this.#closedBy = checkpoint.phase === "quit" ? "client" : "server";
    }
    if (committed && checkpoint.phase === "end-of-data") return this.#keep(verdict);
    if (verdict.delay > 0) return this.#later(verdict);
    this.#perform(verdict);
    return null;
  }

  #judge(checkpoint: Checkpoint): Verdict {
    const { faults, policy, clock, engine, readHeader } = this.#parts;
    const proposed = applyPolicy(policy, checkpoint);
    if (!faults.concerns(checkpoint.phase)) return plainVerdict(proposed);
    const around = { hostname: engine.hostname, limit: engine.maxMessageSize, readHeader };
    return faults.judge(momentOf(checkpoint, proposed, this.#clerk, clock.now(), around));
  }

  /** The message is held before an octet of the reply leaves: once we say 250 it is ours (RFC 5321 §6.1). */
  async #keep(verdict: Verdict): Promise<void> {
    const event = this.#engine.next();
    const transaction = this.#clerk.transaction;
    if (event.kind !== "accepted" || transaction === null)
      throw new Error("Failed to keep a message: none was accepted");
    try {
      const receivedAt = this.#parts.timers.now();
      this.#clerk.stored(await this.#parts.store.add({ receivedAt, raw: event.content, transaction }));
    } catch {
      this.#clerk.notStored(localError);
      this.#perform(plainVerdict(localError));
      return;
    }
    await this.#later(verdict);
  }

  async #later(verdict: Verdict): Promise<void> {
    if (verdict.delay > 0) {
      this.#flush();
      this.#wire.hold();
      await this.#parts.clock.sleep(verdict.delay, this.#over.signal);
      this.#wire.release();
    }
    this.#perform(verdict);
  }

  /** Puts what was decided on the wire. */
  #perform(verdict: Verdict): void {
    const { octets, positive } = speechOf(verdict);
    const { ending, firings, until } = verdict;
    this.#say(octets);
    this.#clerk.answered(this.#engine.transaction !== null, positive && !this.#wire.gone);
    if (ending !== null) this.#end(ending, firings.length > 0 ? "fault" : "server", "", until);
  }

  #say(octets: string): void {
    if (octets === "") return;
    this.#out += octets;
    this.#clerk.sent(octets);
  }

  #flush(): void {
    if (this.#out === "") return;
    this.#wire.write(this.#out);
    this.#out = "";
  }

  #end(
    ending: Ending,
    by: "client" | "server" | "fault" | "timeout",
    lastWords = "",
    until: AbortSignal | null = null,
  ): void {
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    this.#closedBy = by;
    this.#say(lastWords);
    this.#flush();
    if (ending.kind === "fin") this.#wire.fin();
    else if (ending.kind === "reset") this.#wire.reset();
    else void this.#stall(ending.for, until);
    if (by === "fault") this.#clerk.remark(endingRemark[ending.kind]);
  }

  async #stall(ms: number, until: AbortSignal | null): Promise<void> {
    this.#stalled = true;
    this.#wire.stall();
    const signals = until === null ? [this.#over.signal] : [this.#over.signal, until];
    await this.#parts.clock.sleep(ms, AbortSignal.any(signals));
    this.#wire.reset();
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
  #upgraded(info: TlsInfo): void {
    this.#engine.secured();
    this.#clerk.secured(info);
  }
}

const endingRemark = {
  fin: "connection closed (FIN)",
  reset: "connection reset (RST)",
  stall: "stalled: nothing more is read or said",
} as const;
