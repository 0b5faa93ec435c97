/** What the examples of replies show: a welcome mail, the transaction and the session that brought it. */
import type { FaultRuleReport, Message, MessageSummary, Session, Transaction } from "../contract.ts";

const at = "2030-01-31T12:00:00.000Z";
const ok = { code: 250, enhanced: "2.1.0", lines: ["Ok"] };

export const transactionExample: Transaction = {
  id: "t1",
  seq: 1,
  channel: "smtp",
  provider: null,
  sessionId: "s1",
  inboxes: [],
  verb: "MAIL",
  startedAt: at,
  finishedAt: at,
  reversePath: { raw: "<app@example.test>", address: "app@example.test", route: [] },
  mailParameters: { SIZE: "74" },
  recipients: [
    {
      path: { raw: "<ada@example.test>", address: "ada@example.test", route: [] },
      parameters: {},
      reply: { code: 250, enhanced: "2.1.5", lines: ["Ok"] },
      accepted: true,
      finalReply: null,
    },
  ],
  outcome: "accepted",
  reply: { ...ok, lines: ["Ok: queued as m1"] },
  size: 74,
  storedId: "m1",
  content: { subject: "Welcome", messageId: null },
  idempotencyKey: null,
  labels: [],
  warnings: [],
  faults: [],
};

export const summaryExample: MessageSummary = {
  id: "m1",
  seq: 1,
  receivedAt: at,
  channel: "smtp",
  provider: null,
  sessionId: "s1",
  transactionId: "t1",
  inboxes: [],
  envelope: { from: "app@example.test", to: ["ada@example.test"] },
  from: null,
  to: [],
  cc: [],
  bcc: [],
  replyTo: [],
  subject: "Welcome",
  date: null,
  messageId: null,
  snippet: "Your code is 481516: https://example.test/start",
  size: 74,
  attachmentCount: 0,
  tags: [],
  read: false,
  warnings: [],
};

export const messageExample: Message = {
  ...summaryExample,
  text: "Your code is 481516: https://example.test/start\r\n",
  html: null,
  headers: [{ name: "Subject", value: "Welcome" }],
  attachments: [],
  mime: {
    path: "",
    contentType: "text/plain",
    charset: null,
    encoding: null,
    filename: null,
    contentId: null,
    disposition: null,
    size: 49,
    parts: [],
  },
  links: [{ url: "https://example.test/start", text: "https://example.test/start" }],
  codes: ["481516"],
  calendars: [],
  deliveryStatus: [],
  nextHop: null,
  heldUntil: null,
  transaction: transactionExample,
};

export const sessionExample: Session = {
  id: "s1",
  listener: "smtp",
  remoteAddress: "127.0.0.1",
  remotePort: 50_000,
  openedAt: at,
  closedAt: at,
  closedBy: "client",
  helo: "app",
  esmtp: true,
  tls: null,
  tlsError: null,
  user: null,
  mechanism: null,
  inboxes: [],
  authError: null,
  warnings: [],
  faults: [],
  transactionIds: ["t1"],
};

export const ruleExample: FaultRuleReport = {
  id: "full",
  on: "rcpt",
  do: "452 4.2.2 Mailbox full",
  enabled: true,
  explain: 'At RCPT, the server says "452 4.2.2 Mailbox full".',
  state: { matched: 0, fired: 0, spent: false },
};
