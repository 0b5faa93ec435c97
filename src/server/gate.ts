/**
 * The listening sockets of one listener. A rule may close them for a while: a client then meets a closed port,
 * while sessions that are open live on. Nothing that is said after a connection was accepted could do that.
 */
import type { Server } from "node:net";
import type { Refusal } from "../faults/mod.ts";
import type { Journal } from "../store/mod.ts";
import type { FaultClock, Timers } from "./clock.ts";
import { listenOn } from "./listener.ts";

/** Until it is tried again to listen on a port that somebody else has taken meanwhile. */
const retryTime = 250;

export interface GateParts {
  readonly journal: Journal;
  readonly clock: FaultClock;
  readonly timers: Timers;
  /** Those that are in force now. */
  readonly refusals: () => readonly Refusal[];
}

export class Gate {
  readonly #parts: GateParts;
  readonly #name: string;
  readonly #host: string | null;
  readonly #create: () => Server;
  #port = 0;
  #servers: readonly Server[] = [];
  /** By which it is closed. */
  #ruleId: string | null = null;
  /** Aborted when what is waited for while it is closed does not count any more. */
  #waiting = new AbortController();
  #opening = false;
  /** Until the next try to listen on a port that was taken. */
  #retry: unknown = null;
  #isOver = false;

  /** `name` of the listener; `create` makes the server of one address. */
  constructor(parts: GateParts, name: string, host: string | null, create: () => Server) {
    this.#parts = parts;
    this.#name = name;
    this.#host = host;
    this.#create = create;
  }

  /** Resolves to the port. Rejects with `PortInUseError` or `ListenError`. */
  async open(port: number): Promise<number> {
    const bound = await listenOn(this.#host, port, this.#create);
    this.#port = bound.port;
    this.#servers = bound.servers;
    if (this.#isOver) {
      this.#closeServers();
      throw new Error(`Failed to listen: ${this.#name} was closed meanwhile; open another`);
    }
    this.check();
    return bound.port;
  }

  /** Closes, or listens again, as the rules want it now. `refusals`: those that are in force. */
  check(refusals = this.#parts.refusals()): void {
    if (this.#isOver || this.#port === 0) return;
    this.#waiting.abort();
    const refusal = refusals.find(({ concerns }) => concerns(this.#name));
    if (refusal === undefined) {
      this.#ruleId = null;
      if (this.#servers.length === 0 && !this.#opening) void this.#reopen();
    } else {
      this.#shut(refusal);
    }
  }

  close(): void {
    this.#isOver = true;
    this.#waiting.abort();
    this.#parts.timers.clearTimeout(this.#retry);
    this.#closeServers();
  }

  #shut(refusal: Refusal): void {
    this.#closeServers();
    if (this.#ruleId !== refusal.ruleId) this.#tell(refusal);
    this.#ruleId = refusal.ruleId;
    void this.#checkAt(refusal.until);
  }

  /** Fault time, milliseconds. */
  async #checkAt(until: number): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const { clock } = this.#parts;
    await clock.sleep(until - clock.now(), waiting.signal);
    if (!waiting.signal.aborted) this.check();
  }

  /** A port that is taken meanwhile is waited for; that is told once. */
  async #reopen(isTold = false): Promise<void> {
    this.#opening = true;
    try {
      if (this.#isWanted) this.#servers = (await listenOn(this.#host, this.#port, this.#create)).servers;
    } catch (error) {
      if (!isTold) console.error(`mailproof: listener ${this.#name} is not open again yet: ${error}`);
    }
    if (this.#isWanted && this.#servers.length === 0) {
      this.#retry = this.#parts.timers.setTimeout(() => void this.#reopen(true), retryTime);
      return;
    }
    this.#opening = false;
    if (!this.#isWanted) this.#closeServers();
  }

  /** No rule closes it, and nobody has for good. */
  get #isWanted(): boolean {
    return this.#ruleId === null && !this.#isOver;
  }

  #closeServers(): void {
    for (const server of this.#servers) server.close();
    this.#servers = [];
  }

  /** A rule may close several listeners, each in its own time. */
  #tell({ ruleId, explain: why }: Refusal): void {
    const explain = `${why} (listener ${this.#name})`;
    this.#parts.journal.append({
      type: "fault.fired",
      data: { ruleId, phase: "connect", sessionId: null, transactionId: null, explain },
    });
  }
}
