/** All SMTP listeners and the sessions on them. */
import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers";
import { Conversation, type ConversationParts } from "./conversation.ts";
import { Gate } from "./gate.ts";
import { type ListenerTraits, tcpServer } from "./listener.ts";
import { Outbox } from "./outbox.ts";
import { readOnce } from "./read-once.ts";

export interface SmtpListenerOptions extends ListenerTraits {
  readonly port: number;
}

/** Milliseconds between two looks at the clients; less where the times that they have are short. */
const sweepTime = 1_000;

export class SmtpServer {
  readonly #parts: ConversationParts;
  readonly #maxSessions: number;
  /** By the name of the listener. */
  readonly #gates = new Map<string, Gate>();
  readonly #conversations = new Set<Conversation>();
  /** Those that were not turned away. */
  readonly #admitted = new Set<Conversation>();
  /** Looks for clients that take too long, while there are clients. */
  #sweep: unknown = null;
  /** Called when the last conversation has gone. */
  #emptied: (() => void) | null = null;

  constructor(parts: Omit<ConversationParts, "openSessions" | "outbox">, maxSessions: number) {
    this.#parts = {
      ...parts,
      readHeader: readOnce(parts.readHeader),
      readText: readOnce(parts.readText),
      openSessions: (address, inbox, upTo) => this.#sessionsOf(address, inbox, upTo),
      outbox: new Outbox(),
    };
    this.#maxSessions = maxSessions;
  }

  /** Host null: loopback. Resolves to the port. */
  listen(host: string | null, options: SmtpListenerOptions): Promise<number> {
    const { journal, clock, timers, faults } = this.#parts;
    const parts = { journal, clock, timers, refusals: () => faults.refusals() };
    const gate = new Gate(parts, options.name, host, () =>
      tcpServer((socket) => this.#accept(socket, options)),
    );
    this.#gates.set(options.name, gate);
    return gate.open(options.port);
  }

  /** No new session on this listener; those that are open live on. */
  stopListening(name: string): void {
    this.#gates.get(name)?.close();
    this.#gates.delete(name);
  }

  /** Other rules are in force now. */
  rulesChanged(): void {
    const refusals = this.#parts.faults.refusals();
    for (const gate of this.#gates.values()) gate.check(refusals);
    for (const conversation of this.#conversations) conversation.rulesChanged();
  }

  /** Ends every session at once, with an RST; the listeners stay. */
  resetSessions(): void {
    for (const conversation of this.#conversations) conversation.reset();
  }

  /** No new session; those that can be spoken to hear 421. Resolves when all are gone, within 2 s. */
  async close(): Promise<void> {
    for (const gate of this.#gates.values()) gate.close();
    this.#parts.timers.clearTimeout(this.#sweep);
    if (this.#conversations.size === 0) return;
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    for (const conversation of this.#conversations) conversation.shutDown();
    const { timers } = this.#parts;
    const timer = timers.setTimeout(() => this.resetSessions(), 1_500);
    await emptied;
    timers.clearTimeout(timer);
  }

  /** One timer for all sessions: none of them needs one for each command. */
  #sweepLater(): void {
    if (this.#sweep !== null) return;
    const { timers, commandTimeout, idleTimeout } = this.#parts;
    this.#sweep = timers.setTimeout(
      () => {
        this.#sweep = null;
        for (const conversation of this.#conversations) conversation.checkTime();
        if (this.#conversations.size > 0) this.#sweepLater();
      },
      Math.min(sweepTime, Math.ceil(Math.min(commandTimeout, idleTimeout) / 4)),
    );
  }

  /** They are in the order in which they came. */
  #sessionsOf(remoteAddress: string, inbox: string | null, upTo: string | null): number {
    let open = 0;
    for (const { record, inboxes } of this.#admitted) {
      const isOf = inbox === null || inboxes.includes(inbox);
      if (isOf && record.remoteAddress === remoteAddress) open += 1;
      if (record.id === upTo) break;
    }
    return open;
  }

  #accept(socket: Socket, options: SmtpListenerOptions): void {
    const conversation: Conversation = new Conversation(this.#parts, socket, options, () => {
      this.#conversations.delete(conversation);
      this.#admitted.delete(conversation);
      if (this.#conversations.size === 0) this.#emptied?.();
    });
    this.#conversations.add(conversation);
    this.#sweepLater();
    if (this.#admitted.size >= this.#maxSessions) {
      // Turning away takes a while where the client is slow; as many may be about it as are served.
      if (this.#conversations.size > 2 * this.#maxSessions) conversation.reset();
      else conversation.refuse("Too many sessions, try again later");
    } else {
      this.#admitted.add(conversation);
      // Under implicit TLS nobody can talk early: what comes first is the ClientHello.
      if (options.secure) conversation.start();
      else afterReading(() => conversation.start());
    }
  }
}

/**
 * Runs when what a client had sent already has been read, so that one who talks before the greeting is
 * noticed, yet no client waits: two turns of the event loop on Node and Bun; Deno reads later than that.
 */
function afterReading(run: () => void): void {
  if ("Deno" in globalThis) setTimeout(run, 0);
  else setImmediate(() => setImmediate(run));
}
