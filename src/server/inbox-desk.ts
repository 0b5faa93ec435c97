/** Makes inboxes and closes them: their port, their rules, their clock, their time to go. */
import { randomBytes } from "node:crypto";
import type { FaultEngine } from "../faults/mod.ts";
import type { Inbox, Inboxes, InboxPlan, NewInbox } from "../store/mod.ts";
import { type FaultClock, isoTime, type Timers } from "./clock.ts";
import type { SmtpServer } from "./smtp-server.ts";

export interface InboxDeskParts {
  readonly inboxes: Inboxes;
  readonly smtp: SmtpServer;
  readonly faults: FaultEngine;
  readonly clock: FaultClock;
  readonly timers: Timers;
  /** Address that listeners bind; null: loopback. */
  readonly host: string | null;
  /** The listener of all. */
  readonly shared: () => { readonly host: string; readonly port: number };
}

export class InboxDesk {
  readonly #parts: InboxDeskParts;
  /** Of those that go by themselves. */
  readonly #timers = new Map<string, unknown>();
  /** Who is to be told that an inbox goes. */
  readonly #audiences = new Map<string, Set<() => void>>();

  constructor(parts: InboxDeskParts) {
    this.#parts = parts;
  }

  /** Rejects with `InboxError` for a pattern that cannot be understood, and with `ListenError`. */
  async open(plan: InboxPlan): Promise<NewInbox> {
    const { inboxes, smtp, timers, host, shared } = this.#parts;
    const id = inboxes.nextId(plan.name);
    const now = timers.now();
    const given = {
      id,
      listener: plan.listener ? id : null,
      password: `re_${randomBytes(15).toString("base64url")}`,
      createdAt: isoTime(now),
      expiresAt: plan.ttl === null ? null : isoTime(now + plan.ttl),
    };
    if (!plan.listener) return this.#opened(plan, inboxes.add(plan, { ...given, smtp: shared() }));
    const traits = { name: id, protocol: "smtp", secure: false } as const;
    const port = await smtp.listen(host, { ...traits, port: 0 });
    try {
      const place = { host: shared().host, port };
      return this.#opened(plan, inboxes.add(plan, { ...given, smtp: place }));
    } catch (error) {
      smtp.stopListening(id);
      throw error;
    }
  }

  get(id: string): Inbox | null {
    return this.#parts.inboxes.get(id);
  }

  /** Newest first. */
  list(): readonly Inbox[] {
    return this.#parts.inboxes.list();
  }

  /** The inbox and its rules go; its mail stays. False: there is none. */
  close(id: string): boolean {
    const { inboxes, smtp, faults, clock, timers } = this.#parts;
    const inbox = inboxes.get(id);
    if (inbox === null) return false;
    timers.clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    if (inbox.listener !== null) smtp.stopListening(inbox.listener);
    faults.clear(id);
    clock.forget(id);
    inboxes.remove(id);
    for (const tell of this.#audiences.get(id) ?? []) tell();
    this.#audiences.delete(id);
    return true;
  }

  /** Calls `tell` once it has gone. Returns how to stop that. */
  onClose(id: string, tell: () => void): () => void {
    const audience = this.#audiences.get(id) ?? new Set();
    this.#audiences.set(id, audience.add(tell));
    return () => audience.delete(tell);
  }

  closeAll(): void {
    for (const { id } of this.list()) this.close(id);
  }

  #opened({ ttl }: InboxPlan, inbox: NewInbox): NewInbox {
    const { timers } = this.#parts;
    if (ttl !== null)
      this.#timers.set(
        inbox.id,
        timers.setTimeout(() => this.close(inbox.id), ttl),
      );
    return inbox;
  }
}
