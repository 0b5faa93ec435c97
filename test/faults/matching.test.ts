import { describe, expect, test } from "vitest";
import type { FaultMatch } from "../../src/faults/mod.ts";
import type { Phase } from "../../src/smtp/mod.ts";
import { codeOf, engineWith, momentAt, type Sketch } from "./moments.ts";

type Row = readonly [
  phase: Exclude<Phase, "auth-exchange">,
  match: FaultMatch,
  sketch: Sketch,
  matches: boolean,
];

const tried = (recipient: string): Sketch => ({ recipient });
const accepted = (...recipients: string[]): Sketch => ({ transaction: { recipients } });

const rows: readonly Row[] = [
  // Patterns
  ["rcpt", { to: "bob@s.test" }, {}, true],
  ["rcpt", { to: "BOB@S.TEST" }, {}, true],
  ["rcpt", { to: "*@s.test" }, {}, true],
  ["rcpt", { to: "bob" }, {}, false],
  ["rcpt", { to: '"bob"@s.test' }, {}, true],
  ["rcpt", { from: ['"ada"@c.test'] }, {}, true],
  ["rcpt", { user: '"ci"' }, { session: { user: "ci" } }, false],
  ["rcpt", { to: "/^b/" }, {}, true],
  ["rcpt", { to: "/^B/" }, {}, false],
  ["rcpt", { to: ["x", "bob@*"] }, {}, true],
  ["rcpt", { to: { not: "*@s.test" } }, {}, false],
  ["rcpt", { to: { not: ["x", "y"] } }, {}, true],
  // to: at rcpt this recipient, later any accepted one
  ["rcpt", { to: "eve@s.test" }, { ...tried("bob@s.test"), ...accepted("eve@s.test") }, false],
  ["data", { to: "eve@s.test" }, accepted("bob@s.test", "eve@s.test"), true],
  ["end-of-data", { to: { not: "eve@s.test" } }, accepted("bob@s.test", "eve@s.test"), false],
  ["end-of-data", { to: { not: "x@s.test" } }, accepted("bob@s.test", "eve@s.test"), true],
  ["quit", { to: { not: "x@s.test" } }, {}, true],
  ["quit", { to: "*" }, {}, false],
  // from: "" is present
  ["mail", { from: "ada@c.test" }, {}, true],
  ["mail", { from: "" }, { transaction: { from: "" } }, true],
  ["mail", { from: "*" }, { transaction: { from: "" } }, true],
  ["mail", { from: { not: "?*" } }, { transaction: { from: "" } }, true],
  ["rset", { from: "ada@c.test" }, { transaction: {} }, true],
  ["rset", { from: { not: "ada@c.test" } }, {}, true],
  // Absent values match no pattern, so `not` holds
  ["mail", { user: "*" }, {}, false],
  ["mail", { user: { not: "*" } }, {}, true],
  ["mail", { user: "ci" }, { session: { user: "ci" } }, true],
  ["mail", { user: { not: "*" } }, { session: { user: "ci" } }, false],
  ["ehlo", { helo: "*.test" }, {}, true],
  ["auth", { mechanism: "plain" }, { session: { mechanism: "PLAIN" } }, true],
  ["mail", { verb: "SOML" }, { verb: "SOML" }, true],
  ["mail", { verb: "MAIL" }, { verb: "SOML" }, false],
  ["greeting", { tls: false }, {}, true],
  ["greeting", { tls: true }, {}, false],
  ["mail", { tls: true }, { session: { tls: true } }, true],
  // Addresses
  ["greeting", { remoteAddress: "192.0.2.*" }, {}, true],
  ["greeting", { remoteAddress: "192.0.2.0/28" }, {}, true],
  ["greeting", { remoteAddress: "192.0.2.16/28" }, {}, false],
  ["greeting", { remoteAddress: { not: ["10.0.0.0/8", "192.0.2.9"] } }, {}, false],
  // Numbers
  ["rcpt", { recipientIndex: 1 }, {}, true],
  ["rcpt", { recipientIndex: 3 }, accepted("a@s.test", "b@s.test"), true],
  ["rcpt", { recipientIndex: { min: 2 } }, {}, false],
  ["rcpt", { recipientIndex: { max: 2 } }, {}, true],
  ["data", { recipientCount: { min: 1, max: 1 } }, {}, true],
  ["mail", { declaredSize: { min: 0 } }, {}, false],
  ["mail", { declaredSize: { min: 10 } }, { transaction: { declaredSize: 10 } }, true],
  ["end-of-data", { octets: 0 }, {}, true],
  ["end-of-data", { octets: { min: 10, max: 20 } }, { octets: 21 }, false],
  ["greeting", { sessionIndex: 2 }, { session: { index: 2 } }, true],
  ["mail", { transactionIndex: { min: 2 } }, { transaction: { index: 2 } }, true],
  // Parameters: those of MAIL, at RCPT its own too; "" is one without a value
  ["mail", { parameter: { ret: "full" } }, { transaction: { parameters: { RET: "FULL" } } }, true],
  ["mail", { parameter: { RET: "HDRS" } }, { transaction: { parameters: { RET: "FULL" } } }, false],
  ["mail", { parameter: { SMTPUTF8: "*" } }, { transaction: { parameters: { SMTPUTF8: true } } }, true],
  ["mail", { parameter: { SMTPUTF8: "?*" } }, { transaction: { parameters: { SMTPUTF8: true } } }, false],
  ["mail", { parameter: { RET: "*" } }, {}, false],
  ["mail", { parameter: { RET: { not: "*" } } }, {}, true],
  ["rcpt", { parameter: { NOTIFY: "*DELAY*" } }, { recipientParameters: { NOTIFY: "DELAY,FAILURE" } }, true],
  ["rcpt", { parameter: { NOTIFY: { not: "NEVER" } } }, { recipientParameters: { NOTIFY: "NEVER" } }, false],
  ["rcpt", { parameter: { ENVID: "a" } }, { transaction: { parameters: { ENVID: "a" } } }, true],
  ["end-of-data", { parameter: { ENVID: "/^a/" } }, { transaction: { parameters: { ENVID: "ab" } } }, true],
  ["quit", { parameter: { ENVID: "*" } }, {}, false],
  [
    "rcpt",
    { parameter: { RET: "FULL", NOTIFY: "NEVER" } },
    { transaction: { parameters: { RET: "FULL" } }, recipientParameters: { NOTIFY: "DELAY" } },
    false,
  ],
  // Header fields
  ["end-of-data", { header: { subject: "hello*" } }, { headers: { Subject: "Hello World" } }, true],
  ["end-of-data", { header: { subject: "hello" } }, { headers: { Subject: "Hello World" } }, false],
  ["end-of-data", { header: { "X-A": "*" } }, { headers: { Subject: "x" } }, false],
  ["end-of-data", { header: { "X-A": { not: "*" } } }, { headers: { Subject: "x" } }, true],
  ["end-of-data", { header: { a: "1", b: "2" } }, { headers: { A: "1", B: " 2 " } }, true],
  ["end-of-data", { header: { a: "1", b: "2" } }, { headers: { A: "1", B: "3" } }, false],
  // Where and as what the client is there
  ["connect", { listener: "smtp" }, {}, true],
  ["connect", { listener: "smtps" }, { session: { listener: "smtps" } }, true],
  ["mail", { listener: { not: ["smtp", "lmtp"] } }, {}, false],
  ["connect", { openSessions: { min: 11 } }, { openSessions: 10 }, false],
  ["greeting", { openSessions: { min: 11 } }, { openSessions: 11 }, true],
  ["tls", { helo: "c.test", tls: false }, {}, true],
  // What follows the verb; "" is present
  ["noop", { argument: "tea *" }, { argument: "tea please" }, true],
  ["rset", { argument: "" }, { argument: "" }, true],
  ["rset", { argument: "?*" }, { argument: "" }, false],
  ["unknown", { argument: { not: "*" } }, {}, true],
  // Warnings: any may match; not: none of them
  ["end-of-data", { warning: "bare-lf" }, { warnings: ["nul", "bare-lf"] }, true],
  ["end-of-data", { warning: ["bare-lf", "bare-cr"] }, { warnings: ["nul"] }, false],
  ["end-of-data", { warning: { not: "bare-*" } }, { warnings: ["nul", "bare-lf"] }, false],
  ["end-of-data", { warning: { not: "bare-*" } }, {}, true],
  ["mail", { warning: "*" }, {}, false],
  ["connect", { inbox: "a-1" }, { inboxes: ["a-1"] }, true],
  ["rcpt", { inbox: ["A-*", "c-3"] }, { inboxes: ["b-2", "a-1"] }, true],
  ["rcpt", { inbox: "a-1" }, {}, false],
  ["rcpt", { inbox: { not: "a-1" } }, {}, true],
  // The text
  ["end-of-data", { body: "/secret \\d+/" }, { body: "the secret 42 is\r\n" }, true],
  ["end-of-data", { body: { not: "*hello*" } }, { body: "good bye" }, true],
  // On its way
  ["content", { octets: { min: 5 }, to: "bob@*" }, { octets: 5 }, true],
  ["content", { octets: { min: 5 } }, { octets: 6 }, false],
  ["idle", { idle: "1s" }, { idle: 1_000 }, true],
  ["idle", { idle: "1s", from: "*" }, { idle: 1_000 }, false],
  ["idle", { idle: "1s", from: "*" }, { idle: 1_000, transaction: {} }, true],
  // All must hold
  ["rcpt", { to: "bob@*", from: "ada@*" }, {}, true],
  ["rcpt", { to: "bob@*", from: "eve@*" }, {}, false],
  ["rcpt", {}, {}, true],
];

describe("match", () => {
  test.each(rows)("at %s %j and %j: %s", (phase, match, sketch, matches) => {
    const engine = engineWith({ on: phase, match, do: { delay: 5 } });
    expect(engine.judge(momentAt(phase, sketch)).delay).toBe(matches ? 5 : 0);
  });
});

test("what costs something is asked for last, and only if a rule wants to know", () => {
  const engine = engineWith({
    on: "end-of-data",
    match: { body: "*", header: { subject: "*" }, openSessions: 1, to: "bob@*" },
    do: "550",
  });
  const asked: string[] = [];
  const note =
    <Value>(what: string, read: () => Value) =>
    () => {
      asked.push(what);
      return read();
    };
  const moment = momentAt("end-of-data", { headers: { subject: "x" } });
  const watched = {
    ...moment,
    session: { ...moment.session, openSessions: note("openSessions", () => 1) },
    headers: note("header", moment.headers!),
    body: note("body", moment.body!),
  };
  const elsewhere = { ...moment.transaction!, recipients: ["eve@s.test"] };
  expect(engine.judge({ ...watched, transaction: elsewhere }).firings).toEqual([]);
  expect(asked).toEqual([]);
  expect(codeOf(engine, watched)).toBe(550);
  expect(asked).toEqual(["openSessions", "header", "body"]);
});

test("where a phase cannot know a field the rule does not match, negated or not", () => {
  const engine = engineWith({ on: ["greeting", "mail", "rcpt"], match: { to: { not: "eve@*" } }, do: "450" });
  expect(codeOf(engine, momentAt("greeting"))).toBe(250);
  expect(codeOf(engine, momentAt("mail"))).toBe(250);
  expect(codeOf(engine, momentAt("rcpt"))).toBe(450);
});

test("any is every command line and the end of data, and nothing else", () => {
  const engine = engineWith({ on: "any", do: "421" });
  const commands = [
    "helo",
    "ehlo",
    "starttls",
    "auth-start",
    "mail",
    "rcpt",
    "data",
    "end-of-data",
    "rset",
    "noop",
    "vrfy",
    "expn",
    "help",
    "turn",
    "quit",
    "unknown",
  ] as const;
  for (const phase of commands) {
    expect([phase, engine.concerns(phase), codeOf(engine, momentAt(phase))]).toEqual([phase, true, 421]);
  }
  for (const phase of ["connect", "greeting", "tls", "auth-exchange", "auth", "content", "idle"] as const) {
    expect([phase, engine.concerns(phase)]).toEqual([phase, false]);
  }
});

// The content of DATA ends without a command.
test.each<[FaultMatch, Sketch, boolean]>([
  [{ verb: "BDAT" }, { verb: "BDAT" }, true],
  [{ verb: { not: "DATA" } }, { verb: "BDAT" }, true],
  [{ argument: "* LAST" }, { verb: "BDAT", argument: "5 LAST" }, true],
  [{ verb: "*" }, {}, false],
  [{ verb: { not: "BDAT" } }, {}, false],
])("a rule for any with %j, at an end of data with %j: %s", (match, sketch, matches) => {
  const engine = engineWith({ on: "any", match, do: "550" });
  expect(codeOf(engine, momentAt("end-of-data", sketch))).toBe(matches ? 550 : 250);
});
