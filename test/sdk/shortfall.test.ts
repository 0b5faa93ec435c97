import { describe, expect, test } from "vitest";
import type { AnyFilter } from "../../src/sdk/filter.ts";
import { describeShortfall, type Shortfall, type Wanted } from "../../src/sdk/shortfall.ts";
import { recipient, sessionRecord, summaryRecord, transactionRecord } from "./records.ts";

const nothing: Shortfall = {
  came: [],
  nearMisses: [],
  others: [],
  rejections: [],
  sessions: [],
  evicted: 0,
  connected: null,
  smtpUrl: "smtp://127.0.0.1:49213",
};

const wanted: Wanted = { what: "mail", filter: { to: "ada@x.test" }, count: 1, timeout: 3000 };

const greylisted = transactionRecord({
  outcome: "rejected",
  recipients: [recipient("ada@x.test", 451, "4.7.1")],
  reply: { code: 451, enhanced: "4.7.1", lines: ["Greylisted"] },
  faults: [{ ruleId: "greylisting", phase: "rcpt" }],
});
const request = transactionRecord({ channel: "http", provider: "resend", sessionId: null, verb: null });
const sent = { transaction: request, repeats: null };
const nobody: NonNullable<Shortfall["connected"]> = {
  all: 0,
  own: 0,
  requests: [],
  inbox: null,
  refusing: [],
};
const reply = (code: number, enhanced: string | null = null) => ({ code, enhanced, lines: ["said"] });

describe("a failed wait says first what was missing", () => {
  const rows: [string, Partial<Wanted>, Partial<Shortfall>][] = [
    ["no mail to ada@x.test in 3000 ms", {}, {}],
    ["no mail in 50 ms", { filter: {}, timeout: 50 }, {}],
    [
      '2 of 3 mails to ada@x.test in 3000 ms · came: #1 "Hi"; #2 "Hi"',
      { count: 3 },
      { came: ['#1 "Hi"', '#2 "Hi"'] },
    ],
    ["no transaction to ada@x.test in 3000 ms", { what: "transaction" }, {}],
    [
      "2 of 3 transactions to ada@x.test in 3000 ms · came: accepted to ada@x.test, 2×",
      { what: "transaction", count: 3 },
      { came: ["accepted to ada@x.test", "accepted to ada@x.test"] },
    ],
  ];
  test.each(rows)("%s", (text, change, came) => {
    expect(describeShortfall({ ...wanted, ...change }, { ...nothing, ...came })).toBe(text);
  });

  const filters: [string, AnyFilter][] = [
    [" to a@x.test or /^b@/i", { to: ["a@x.test", /^b@/i] }],
    [" to ada@x.test from app@x.test", { from: "app@x.test", to: "ada@x.test" }],
    [' with subject "Welcome"', { subject: "Welcome" }],
    [" with subject /welcome/i, read false", { subject: /welcome/i, read: false, since: 4 }],
    [" with X-Kind: invoice", { header: { "X-Kind": "invoice" } }],
    [' with outcome "rejected" or "aborted"', { outcome: ["rejected", "aborted"] }],
    [" with after 2026-01-01T00:00:00.000Z", { after: new Date(Date.UTC(2026, 0, 1)) }],
  ];
  test.each(filters)("the filter:%s", (text, filter) => {
    expect(describeShortfall({ ...wanted, filter }, nothing)).toBe(`no mail${text} in 3000 ms`);
  });
});

describe("a failed wait says then what came instead", () => {
  const miss = (differs: string[]) => [{ message: summaryRecord(), differs }];
  const rows: [string, Partial<Shortfall>][] = [
    ['closest: #12 "Welcome" (subject differs)', { nearMisses: miss(["subject"]) }],
    ['closest: #12 "Welcome" (to differs: ada@x.test)', { nearMisses: miss(["to"]) }],
    ['closest: #12 "Welcome" (to and subject differ)', { nearMisses: miss(["to", "subject"]) }],
    ["refused: RCPT 451 4.7.1, rule greylisting", { rejections: [greylisted] }],
    ["refused: RCPT 451 4.7.1, rule greylisting, 2×", { rejections: [greylisted, greylisted] }],
    [
      "refused: MAIL 452 4.3.1",
      {
        rejections: [transactionRecord({ outcome: "rejected", recipients: [], reply: reply(452, "4.3.1") })],
      },
    ],
    [
      "refused: DATA 554",
      { rejections: [transactionRecord({ outcome: "rejected", size: 0, reply: reply(554) })] },
    ],
    [
      "refused: end of data 550 5.7.1, rule spam",
      {
        rejections: [
          transactionRecord({
            outcome: "rejected",
            reply: reply(550, "5.7.1"),
            faults: [
              { ruleId: "slow", phase: "rcpt" },
              { ruleId: "spam", phase: "end-of-data" },
            ],
          }),
        ],
      },
    ],
    [
      "refused: RCPT 550 5.1.1",
      {
        rejections: [
          transactionRecord({ recipients: [recipient("ada@x.test"), recipient("bob@x.test", 550, "5.1.1")] }),
        ],
      },
    ],
    [
      "broken off: after RCPT; after the content, rule crash",
      {
        rejections: [
          transactionRecord({ outcome: "aborted", size: 0, reply: null }),
          transactionRecord({
            outcome: "aborted",
            reply: null,
            faults: [{ ruleId: "crash", phase: "end-of-data" }],
          }),
        ],
      },
    ],
    [
      "broken off: in the content, rule cut; in the content",
      {
        rejections: [
          transactionRecord({
            outcome: "aborted",
            reply: null,
            faults: [{ ruleId: "cut", phase: "content" }],
          }),
          transactionRecord({ outcome: "aborted", reply: null }),
        ],
      },
    ],
    [
      "still open: after SEND",
      { rejections: [transactionRecord({ verb: "SEND", outcome: "open", recipients: [], size: 0 })] },
    ],
    [
      "still open: after MAIL",
      { rejections: [transactionRecord({ outcome: "open", recipients: [], size: 0 })] },
    ],
    [
      "never reached MAIL: 1 session, TLS alert unknown_ca",
      { sessions: [sessionRecord({ tlsError: "TLS alert unknown_ca" })] },
    ],
    [
      "never reached MAIL: 1 session, AUTH PLAIN refused 535 5.7.8",
      {
        sessions: [
          sessionRecord({
            helo: "app.test",
            authError: "AUTH PLAIN 535 5.7.8 Authentication credentials invalid",
          }),
        ],
      },
    ],
    [
      "never reached MAIL: 2 sessions, AUTH CRAM-MD5 refused 454, rule busy",
      {
        sessions: [1, 2].map(() =>
          sessionRecord({
            authError: "AUTH CRAM-MD5 454 ",
            faults: [
              { ruleId: "slow", phase: "ehlo" },
              { ruleId: "busy", phase: "auth" },
            ],
          }),
        ),
      },
    ],
    [
      "never reached MAIL: 2 sessions, closed by the client before HELO",
      { sessions: [sessionRecord(), sessionRecord()] },
    ],
    [
      "never reached MAIL: 1 session, open after HELO; 1 session, closed by a fault before HELO, rule no-greeting",
      {
        sessions: [
          sessionRecord({ closedAt: null, closedBy: null, helo: "app.test" }),
          sessionRecord({ closedBy: "fault", faults: [{ ruleId: "no-greeting", phase: "greeting" }] }),
        ],
      },
    ],
    [
      "never reached MAIL: 1 session, open before HELO, warning lf-command, rule slow",
      {
        sessions: [
          sessionRecord({
            closedAt: null,
            closedBy: null,
            warnings: ["pipelining", "lf-command"],
            faults: [{ ruleId: "slow", phase: "greeting" }],
          }),
        ],
      },
    ],
    ["evicted to make room: 3 messages", { evicted: 3 }],
    ["no client connected to smtp://127.0.0.1:49213", { connected: nobody }],
    [
      "no client connected to smtp://127.0.0.1:49213, for rule down closes the port",
      { connected: { ...nobody, refusing: ["down"] } },
    ],
    ["connected: 1 session", { connected: { ...nobody, all: 2, own: 1 } }],
    ["connected: 2 sessions, none of this inbox", { connected: { ...nobody, all: 2 } }],
    [
      "connected: 1 session, none of this inbox, for rule down closes the port",
      { connected: { ...nobody, all: 1, inbox: "i1", refusing: ["down"] } },
    ],
    ["over HTTP: resend", { connected: { ...nobody, requests: [sent] } }],
    [
      "over HTTP: resend, repeats the idempotency key of m1, 2×",
      {
        connected: {
          ...nobody,
          requests: [1, 2].map(() => ({ ...sent, repeats: "m1" })),
        },
      },
    ],
    [
      "connected: 1 session, none of this inbox · over HTTP: resend, not of this inbox",
      { connected: { ...nobody, all: 1, requests: [sent], inbox: "i1" } },
    ],
    [
      "over HTTP: resend",
      {
        connected: {
          ...nobody,
          requests: [{ ...sent, transaction: { ...request, inboxes: ["i1"] } }],
          inbox: "i1",
        },
      },
    ],
    [
      "refused: resend 422 validation_error; resend 429, rule lim",
      {
        rejections: [
          { ...request, outcome: "rejected", reply: { ...reply(422), lines: ["validation_error: Bad."] } },
          {
            ...request,
            outcome: "rejected",
            reply: { ...reply(429), lines: [""] },
            faults: [{ ruleId: "lim", phase: "http" }],
          },
        ],
      },
    ],
    [
      "broken off: resend, rule cut · still open: api",
      {
        rejections: [
          { ...request, outcome: "aborted", reply: null, faults: [{ ruleId: "cut", phase: "http" }] },
          { ...request, channel: "api", provider: null, outcome: "open", reply: null },
        ],
      },
    ],
    ["instead: accepted to ada@x.test", { others: [transactionRecord()] }],
    ["instead: rejected to ada@x.test (RCPT 451 4.7.1, rule greylisting)", { others: [greylisted] }],
    [
      "instead: accepted without a recipient, 2×",
      { others: [1, 2].map(() => transactionRecord({ recipients: [] })) },
    ],
  ];
  test.each(rows)("%s", (text, came) => {
    expect(describeShortfall(wanted, { ...nothing, ...came })).toBe(
      `no mail to ada@x.test in 3000 ms · ${text}`,
    );
  });

  test.each<[AnyFilter, string[], string]>([
    [{ subject: ["bye", "COME?"] }, ["subject"], "subject differs; ? is a wildcard, write \\?"],
    [{ subject: "gone?" }, ["subject"], "subject differs"],
    [{ subject: "come?" }, ["to"], "to differs: ada@x.test"],
    [{ text: "morning?" }, ["to", "text"], "to and text differ; ? is a wildcard, write \\?"],
  ])("a question mark that was meant as it stands: %j", (filter, differs, text) => {
    const message = summaryRecord({ subject: "Welcome?", snippet: "Good morning?" });
    const came = { ...nothing, nearMisses: [{ message, differs }] };
    expect(describeShortfall({ ...wanted, filter }, came)).toContain(`(${text})`);
  });

  test("every clause in its order", () => {
    const all = {
      ...nothing,
      nearMisses: miss(["subject"]),
      rejections: [greylisted, greylisted],
      sessions: [sessionRecord({ tlsError: "TLS alert unknown_ca" })],
    };
    expect(describeShortfall(wanted, all)).toBe(
      'no mail to ada@x.test in 3000 ms · closest: #12 "Welcome" (subject differs) · ' +
        "refused: RCPT 451 4.7.1, rule greylisting, 2× · never reached MAIL: 1 session, TLS alert unknown_ca",
    );
  });

  test("more than three of a kind are counted", () => {
    const rejections = [1, 2, 3, 4, 5].map((n) =>
      transactionRecord({ outcome: "rejected", recipients: [], reply: reply(450 + n) }),
    );
    expect(describeShortfall(wanted, { ...nothing, rejections })).toContain(
      "refused: MAIL 451; MAIL 452; MAIL 453; and 2 more",
    );
  });
});
