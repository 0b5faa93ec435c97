/** Records as the API gives them; a test names only what matters to it. */
import type { Message, MessageSummary, Recipient, Session, Transaction } from "../../src/api/contract.ts";
import { newSession } from "../../src/server/session-record.ts";
import { newTransaction } from "../../src/server/transaction-record.ts";

export function transactionRecord(change: Partial<Transaction> = {}): Transaction {
  return {
    ...newTransaction({
      id: "t1",
      seq: 1,
      channel: "smtp",
      sessionId: "s1",
      startedAt: "2026-01-01T00:00:00.000Z",
    }),
    finishedAt: "2026-01-01T00:00:01.000Z",
    reversePath: { raw: "<app@x.test>", address: "app@x.test", route: [] },
    recipients: [recipient("ada@x.test")],
    outcome: "accepted",
    reply: { code: 250, enhanced: "2.0.0", lines: ["Ok"] },
    size: 100,
    ...change,
  };
}

export function recipient(address: string, code = 250, enhanced: string | null = null): Recipient {
  return {
    path: { raw: `<${address}>`, address, route: [] },
    parameters: {},
    reply: { code, enhanced, lines: ["said"] },
    accepted: code < 400,
    finalReply: null,
  };
}

export function sessionRecord(change: Partial<Session> = {}): Session {
  return {
    ...newSession({
      id: "s1",
      listener: "smtp",
      remoteAddress: "127.0.0.1",
      remotePort: 50_000,
      openedAt: "2026-01-01T00:00:00.000Z",
    }),
    closedAt: "2026-01-01T00:00:01.000Z",
    closedBy: "client",
    esmtp: true,
    ...change,
  };
}

export function summaryRecord(change: Partial<MessageSummary> = {}): MessageSummary {
  return {
    id: "m1",
    seq: 12,
    receivedAt: "2026-01-01T00:00:00.000Z",
    channel: "smtp",
    provider: null,
    sessionId: "s1",
    transactionId: "t1",
    inboxes: [],
    envelope: { from: "app@x.test", to: ["ada@x.test"] },
    from: { name: "App", address: "app@x.test" },
    to: [{ name: "Ada", address: "ada@x.test" }],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: "Welcome",
    date: null,
    messageId: null,
    snippet: "Good morning",
    size: 100,
    attachmentCount: 0,
    tags: [],
    read: false,
    warnings: [],
    ...change,
  };
}

export function messageRecord(change: Partial<Message> = {}): Message {
  const mime = { path: "", contentType: "text/plain", charset: null, encoding: null, filename: null };
  return {
    ...summaryRecord(),
    text: "Good morning",
    html: null,
    headers: [],
    attachments: [],
    mime: { ...mime, contentId: null, disposition: null, size: 100, parts: [] },
    links: [],
    codes: [],
    calendars: [],
    deliveryStatus: [],
    nextHop: null,
    heldUntil: null,
    transaction: transactionRecord(),
    ...change,
  };
}
