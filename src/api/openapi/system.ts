import type { Info } from "../contract.ts";
import { duration } from "./duration.ts";
import { closed, type Fields, flag, instant, type JsonSchema, listOf, oneOf, text, whole } from "./form.ts";
import { answers, fails, type Resource, sends, takes } from "./operation.ts";

const now = instant("Fault time.");
const milliseconds = (description: string): JsonSchema => ({ type: "number", minimum: 0, description });
const offset = milliseconds("Milliseconds that fault time is ahead of real time.");
const numberOrNull = (description: string): JsonSchema => ({
  type: ["integer", "null"],
  minimum: 0,
  description,
});

const info: Fields<Info> = {
  name: { const: "mailproof" },
  version: text("Of the program."),
  startedAt: instant("When it started."),
  runtime: closed({ name: oneOf("What runs it.", ["node", "deno", "bun"]), version: text("Its version.") }),
  hostname: text("In greeting and replies."),
  listeners: listOf(
    closed({
      name: text("As in `Session.listener`."),
      protocol: oneOf("What is spoken there.", ["smtp", "smtps", "lmtp", "http"]),
      host: text("The address it is bound to."),
      port: whole("The port.", 1, 65_535),
      url: text("To connect to."),
    }),
  ),
  starttls: oneOf("Whether STARTTLS is offered.", ["off", "offer", "require"]),
  auth: closed({
    mode: oneOf("`any`: every password is accepted.", ["any", "users"]),
    required: flag("MAIL is refused before AUTH."),
  }),
  limits: closed({
    maxMessageSize: whole("Octets of a message."),
    maxMessages: numberOrNull("Messages; null: no limit."),
    maxBytes: whole("Octets of all messages."),
    whenFull: oneOf("What happens then.", ["evict", "reject"]),
    maxRecipients: numberOrNull("Recipients of a message; null: 50,000, which LIMITS does not tell."),
    maxSessions: whole("Sessions that are open at once."),
    maxErrors: whole("Commands of a session that the server itself refuses."),
    maxJunk: numberOrNull("Commands of a session that do nothing; null: no limit."),
    idleTimeout: milliseconds("Milliseconds without a word."),
    commandTimeout: milliseconds("Milliseconds for one command."),
  }),
  seed: text("Of every random decision."),
  counts: closed({
    messages: whole("Messages that are kept."),
    unread: whole("Those of them that are not marked as read."),
    octets: whole("Of their content."),
    transactions: whole("Transactions that are kept."),
    sessions: whole("Sessions that are kept."),
    evicted: whole("Messages that had to make room, since the start or the last reset."),
    seq: whole("As below."),
    transactionSeq: whole("As below."),
  }),
  seq: whole("The highest `seq` of a message so far: the `since` of a wait for what comes from now on."),
  transactionSeq: whole("The highest `seq` of a transaction so far."),
  journal: whole("The number of the newest event: the `Last-Event-ID` of a stream from now on."),
  clock: closed({ now, offset }),
};

const infoExample: Info = {
  name: "mailproof",
  version: "0.1.0",
  startedAt: "2030-01-31T12:00:00.000Z",
  runtime: { name: "node", version: "24.0.0" },
  hostname: "mailproof.test",
  listeners: [
    { name: "smtp", protocol: "smtp", host: "127.0.0.1", port: 1025, url: "smtp://127.0.0.1:1025" },
    { name: "http", protocol: "http", host: "127.0.0.1", port: 8025, url: "http://127.0.0.1:8025" },
  ],
  starttls: "off",
  auth: { mode: "any", required: false },
  limits: {
    maxMessageSize: 52_428_800,
    maxMessages: null,
    maxBytes: 536_870_912,
    whenFull: "evict",
    maxRecipients: null,
    maxSessions: 1_000,
    maxErrors: 50,
    maxJunk: null,
    idleTimeout: 300_000,
    commandTimeout: 300_000,
  },
  seed: "7",
  counts: {
    messages: 1,
    unread: 1,
    octets: 74,
    transactions: 1,
    sessions: 1,
    evicted: 0,
    seq: 1,
    transactionSeq: 1,
  },
  seq: 1,
  transactionSeq: 1,
  journal: 5,
  clock: { now: "2030-01-31T12:00:00.000Z", offset: 0 },
};

export const system: Resource = {
  name: "The server",
  description: "What it is, its clock, its certificates, starting over, and how to watch it.",
  operations: [
    {
      route: "GET /api/info",
      id: "getInfo",
      summary: "Version, listeners, limits, counts, and where things stand.",
      replies: [answers(200, "All of it.", closed(info), infoExample)],
    },
    {
      route: "POST /api/clock",
      id: "advanceClock",
      summary: "Moves the clock of the faults forward.",
      description: "Delays, bounces and windows that are due then are released.",
      body: takes(
        "How far.",
        closed(
          {
            advance: { ...duration(), description: 'Milliseconds, or "250ms", "10s", "5m", "2h".' },
            inbox: text("The id of an inbox: only its clock is moved."),
          },
          ["inbox"],
        ),
        { advance: "5m" },
      ),
      replies: [
        answers(200, "Where it stands.", closed({ offset, now }), {
          offset: 300_000,
          now: "2030-01-31T12:05:00.000Z",
        }),
      ],
      failures: [
        fails("not-found", "There is no such inbox."),
        fails("bad-body", "It is no duration, or would pass the last date there is."),
      ],
    },
    {
      route: "POST /api/reset",
      id: "reset",
      summary: "Forgets everything, and puts the rules and the directory of the start back.",
      description:
        "Messages, transactions, sessions, inboxes, added rules, counters and the offset of the clock are gone, and open " +
        "connections are reset. `seq` and journal numbers go on rising.",
      replies: [sends(204, "Done.", [])],
    },
    {
      route: "GET /api/tls/ca.pem",
      id: "getCa",
      summary: "The certificate authority that was generated at the start.",
      replies: [sends(200, "The certificate.", ["application/x-pem-file"])],
      failures: [fails("not-found", "None was generated.")],
    },
    {
      route: "GET /api/openapi.json",
      id: "getOpenApi",
      summary: "This document.",
      replies: [
        {
          status: 200,
          description: "OpenAPI 3.1.",
          types: ["application/json"],
          schema: { type: "object" },
        },
      ],
    },
    {
      route: "GET /api/docs",
      id: "getDocs",
      summary: "This document as a page that needs no network.",
      replies: [sends(200, "The page.", ["text/html"])],
    },
    {
      route: "GET /metrics",
      id: "getMetrics",
      summary: "Counters and gauges for Prometheus, text format 0.0.4.",
      replies: [sends(200, "The metrics.", ["text/plain"])],
    },
    {
      route: "GET /livez",
      id: "getLiveness",
      summary: "Whether the process is alive.",
      access: "free",
      lenient: true,
      replies: [sends(200, "It is.", ["text/plain"])],
    },
    {
      route: "GET /readyz",
      id: "getReadiness",
      summary: "Whether every listener accepts.",
      access: "free",
      lenient: true,
      replies: [sends(200, "They do.", ["text/plain"]), sends(503, "They do not.", ["text/plain"])],
    },
  ],
};
