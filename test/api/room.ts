/** The window over a real store, journal and fault engine, with time in the test's hand. */
import type { Hono } from "hono";
import type { Problem } from "../../src/api/contract.ts";
import { type ApiParts, createApi } from "../../src/api/mod.ts";
import { FaultEngine } from "../../src/faults/mod.ts";
import { htmlForView, readEnvelope, readHeader, readText } from "../../src/mail/mod.ts";
import { createResend } from "../../src/providers/mod.ts";
import { composeMessage, FaultClock, Submissions } from "../../src/server/mod.ts";
import { newSession } from "../../src/server/session-record.ts";
import { newTransaction } from "../../src/server/transaction-record.ts";
import { isMailbox } from "../../src/smtp/mod.ts";
import { Directory, Inboxes, Journal, MemoryStore, type Transaction } from "../../src/store/mod.ts";
import { ManualTimers } from "./manual-timers.ts";

export interface Letter {
  from?: string;
  to?: string[];
  refused?: string[];
  subject?: string;
  raw?: string | Uint8Array;
}

export interface Room {
  app: Hono;
  parts: ApiParts;
  store: MemoryStore;
  journal: Journal;
  timers: ManualTimers;
  close(): void;
  /** Stores a message as the wire does, and returns its id. */
  deliver(letter?: Letter): Promise<string>;
  /** A transaction that was refused. */
  refuse(letter?: Letter): Transaction;
  /** A transaction under way. */
  open(letter?: Letter): Transaction;
  finish(transaction: Transaction, outcome: Transaction["outcome"]): void;
  /** A session that says nothing. */
  connect(): string;
}

export function openRoom(
  change: Partial<ApiParts> = {},
  ring?: number,
  store = new MemoryStore({ maxMessages: null, maxBytes: 1e9, whenFull: "evict" }),
): Room {
  const timers = new ManualTimers();
  const journal = new Journal({ now: () => timers.now(), ...(ring === undefined ? {} : { capacity: ring }) });
  let offset = 0;
  const clock = {
    now: () => timers.now() + offset,
    get offset() {
      return offset;
    },
    advance: (ms: number) => (offset += ms),
  };
  const faults = new FaultEngine({ seed: "7", now: () => clock.now() });
  const parts: ApiParts = {
    store,
    journal,
    directory: new Directory(),
    faults,
    clock,
    inboxes: deskOver(new Inboxes()),
    timers,
    info: () => info,
    ca: () => null,
    reset: async () => {
      await store.clear();
      journal.append({ type: "reset", data: { reason: "reset" } });
    },
    ready: () => true,
    htmlForView,
    submissions: new Submissions({
      store,
      journal,
      timers,
      faults,
      clock: new FaultClock(timers),
      hostname: info.hostname,
      maxMessageSize: info.limits.maxMessageSize,
      inboxes: new Inboxes(),
      readHeader,
      readText,
    }),
    compose: composeMessage,
    readEnvelope,
    isMailbox,
    providers: [createResend()],
    inboxOfKey: () => null,
    guard: { hosts: [], token: null },
    ...change,
  };
  const { app, close } = createApi(parts);

  const begin = (letter: Letter, outcome: Transaction["outcome"]): Transaction => {
    const at = new Date(timers.now()).toISOString();
    const { from = "app@x.test", to = ["ada@x.test"], refused = [] } = letter;
    const recipient = (address: string, accepted: boolean): Transaction["recipients"][number] => ({
      path: { raw: `<${address}>`, address, route: [] },
      parameters: {},
      reply: accepted ? reply(250, "OK") : reply(550, "No such user"),
      accepted,
      finalReply: null,
    });
    const transaction: Transaction = {
      ...newTransaction({ ...store.nextTransaction(), channel: "smtp", sessionId: null, startedAt: at }),
      finishedAt: outcome === "open" ? null : at,
      reversePath: { raw: `<${from}>`, address: from, route: [] },
      recipients: [
        ...to.map((address) => recipient(address, true)),
        ...refused.map((address) => recipient(address, false)),
      ],
      outcome,
      reply: outcome === "accepted" ? reply(250, "OK") : null,
    };
    store.putTransaction(transaction);
    journal.append({ type: "transaction.started", data: { id: transaction.id, sessionId: null } });
    return transaction;
  };

  const finish = (transaction: Transaction, outcome: Transaction["outcome"]): void => {
    transaction.outcome = outcome;
    transaction.finishedAt = new Date(timers.now()).toISOString();
    store.putTransaction(transaction);
    const code = transaction.reply?.code ?? null;
    journal.append({
      type: "transaction.finished",
      data: { id: transaction.id, sessionId: null, channel: transaction.channel, outcome, code },
    });
  };

  return {
    app,
    parts,
    store,
    journal,
    timers,
    close,
    deliver: async (letter = {}) => {
      const transaction = begin(letter, "open");
      const raw = octetsOf(letter);
      const { id, seq } = await store.add({ receivedAt: timers.now(), raw: [raw], transaction });
      transaction.storedId = id;
      transaction.reply = reply(250, "OK");
      const { from = "app@x.test", to = ["ada@x.test"] } = letter;
      const data = { id, seq, from, to, size: raw.length, sessionId: null, transactionId: transaction.id };
      journal.append({ type: "message.received", data });
      finish(transaction, "accepted");
      return id;
    },
    refuse: (letter = {}) => {
      const { to = ["ada@x.test"] } = letter;
      const transaction = begin({ ...letter, to: [], refused: to }, "open");
      transaction.reply = reply(550, "No such user");
      finish(transaction, "rejected");
      return transaction;
    },
    open: (letter = {}) => begin(letter, "open"),
    finish,
    connect: () => {
      const { id } = store.nextSession();
      const openedAt = new Date(timers.now()).toISOString();
      store.putSession(
        newSession({ id, listener: "smtp", remoteAddress: "127.0.0.1", remotePort: 50_000, openedAt }),
      );
      store.say(id, { at: 0, by: "S", text: "220 mailproof.test ESMTP", transactionId: null });
      store.say(id, { at: 12, by: "C", text: "EHLO client", transactionId: null });
      journal.append({ type: "session.opened", data: { id, listener: "smtp", remoteAddress: "127.0.0.1" } });
      return id;
    },
  };
}

/** Without listeners, and nothing goes by itself. */
function deskOver(inboxes: Inboxes): ApiParts["inboxes"] {
  return {
    open: async (plan) =>
      inboxes.add(plan, {
        id: inboxes.nextId(plan.name),
        listener: null,
        password: "secret",
        createdAt: "2026-01-01T00:00:00.000Z",
        expiresAt: null,
        smtp: { host: "127.0.0.1", port: 1025 },
      }),
    get: (id) => inboxes.get(id),
    list: () => inboxes.list(),
    close: (id) => inboxes.remove(id),
    onClose: () => () => {},
  };
}

function octetsOf({ raw, from = "app@x.test", to = ["ada@x.test"], subject = "Hello" }: Letter): Uint8Array {
  if (raw instanceof Uint8Array) return raw;
  const text = raw ?? `From: ${from}\r\nTo: ${to.join(", ")}\r\nSubject: ${subject}\r\n\r\nHi there\r\n`;
  return new TextEncoder().encode(text);
}

function reply(code: number, text: string): { code: number; enhanced: string | null; lines: string[] } {
  return { code, enhanced: null, lines: [text] };
}

const info: ReturnType<ApiParts["info"]> = {
  name: "mailproof",
  version: "0.0.0",
  startedAt: "2026-01-01T00:00:00.000Z",
  runtime: { name: "node", version: "20" },
  hostname: "mailproof.test",
  listeners: [],
  starttls: "off",
  auth: { mode: "any", required: false },
  limits: {
    maxMessageSize: 52428800,
    maxMessages: null,
    maxBytes: 1e9,
    whenFull: "evict",
    maxRecipients: null,
    maxSessions: 1_000,
    maxErrors: 50,
    maxJunk: null,
    idleTimeout: 300_000,
    commandTimeout: 300_000,
  },
  seed: "7",
};

/** A request with a JSON body. */
export function json(method: string, body: unknown): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Asks, and reads the JSON of the reply; without a type it is a problem. */
export async function ask<Body = Problem>(
  room: Room,
  path: string,
  init?: RequestInit,
): Promise<{ status: number; type: string | null; body: Body }> {
  const reply = await room.app.request(path, init);
  return { status: reply.status, type: reply.headers.get("content-type"), body: await reply.json() };
}
