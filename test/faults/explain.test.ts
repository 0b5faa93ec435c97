import { expect, test } from "vitest";
import type { FaultRule } from "../../src/faults/mod.ts";
import { engineWith, followedBy } from "./moments.ts";

const two: FaultRule = { on: "mail", do: ["450 4.0.0 A", "pass"] };

test.each<[unknown, string]>([
  [
    {
      on: "rcpt",
      match: { to: "*@full.test" },
      when: { times: 2, per: "recipient" },
      do: "452 4.2.2 Mailbox full",
    },
    'At RCPT, if the recipient matches *@full.test, the server says "452 4.2.2 Mailbox full", at most 2 times, counted per recipient.',
  ],
  [
    { on: ["mail", "rcpt", "end-of-data"], when: { probability: 0.05 }, do: "451" },
    'At MAIL, RCPT and the end of data, the server says "451 4.3.0 Requested action aborted: local error in processing", with a chance of 5 %.',
  ],
  [
    {
      on: "greeting",
      match: { tls: false, remoteAddress: ["10.0.0.0/8", "::1"], sessionIndex: 3 },
      do: "stall",
    },
    "At the greeting, if TLS is off, the remote address matches 10.0.0.0/8 or ::1 and the ordinal of the session is 3, the server says nothing, then stalls for 1h.",
  ],
  [
    {
      on: "end-of-data",
      match: { octets: { min: 5, max: 9 }, header: { "X-A": { not: "b" } } },
      do: { wire: { truncate: 0 }, end: "reset" },
    },
    "At the end of data, if the size of the content is 5 to 9 and the header field X-A does not match b, the server withholds the reply, then resets the connection.",
  ],
  [
    { on: "rcpt", match: { parameter: { NOTIFY: "*DELAY*", ENVID: "a" } }, do: "pass" },
    "At RCPT, if the parameter NOTIFY matches *DELAY* and the parameter ENVID matches a, the server replies as normal.",
  ],
  [
    {
      on: "any",
      when: { skip: 1, every: 2, for: "5m", rate: { limit: 3, per: "1m" }, times: 1 },
      do: { delay: ["1s", "2s"] },
    },
    "At every command and the end of data, the server waits 1s to 2s, but not at the first match, only at one match in 2, until 5m after the first match, once 3 matches came within 1m, at most once.",
  ],
  [two, 'At MAIL, the server first says "450 4.0.0 A", next replies as normal, and after that steps aside.'],
  [
    followedBy("last", two),
    'At MAIL, the server first says "450 4.0.0 A", next replies as normal, and after that repeats the last of these.',
  ],
  [
    followedBy("loop", two),
    'At MAIL, the server first says "450 4.0.0 A", next replies as normal, and after that begins again.',
  ],
  [
    { on: "rcpt", match: { to: { not: ["postmaster", "postmaster@*"] } }, do: "550 5.1.1 No" },
    'At RCPT, if the recipient does not match postmaster or postmaster@*, the server says "550 5.1.1 No".',
  ],
  [
    { on: "unknown", match: { helo: { not: ["a", "b"] } }, do: "reset" },
    "At an unknown command, if the HELO name does not match a or b, the server says nothing, then resets the connection.",
  ],
  [
    { on: "content", match: { octets: { min: 4096 }, to: "bob@*" }, do: "reset" },
    "At octet 4096 of the content, if the recipient matches bob@*, the server says nothing, then resets the connection.",
  ],
  [
    { on: "idle", match: { idle: "30s" }, do: { reply: "421 4.4.2 Idle", wire: { padTo: 500 } } },
    'At silence, if the client has been silent for 30s, the server says "421 4.4.2 Idle" but fills the reply up to 500 octets, then closes the connection.',
  ],
  [
    {
      on: "greeting",
      match: { listener: "smtp", openSessions: { min: 3 }, warning: undefined },
      do: { wire: { eol: "lf", garble: 1 } },
    },
    "At the greeting, if the listener matches smtp and the number of open sessions is at least 3, the server ends its lines with LF alone but corrupts 1 octet of the reply.",
  ],
  [
    {
      on: "end-of-data",
      match: { warning: ["bare-lf", "nul"], body: "*tea*", argument: undefined },
      do: "550 No",
    },
    'At the end of data, if a warning matches bare-lf or nul and the text matches *tea*, the server says "550 No".',
  ],
  [
    { on: "connect", match: { listener: "smtps" }, do: { end: "refuse", for: "30s" } },
    "At the connection, if the listener matches smtps, the server refuses connections for 30s.",
  ],
  [
    { on: "connect", do: { drip: { octets: 2, every: "1s" }, throttle: { read: 1024, write: 1024 } } },
    "At the connection, the server from now on sends 2 octets every 1s, then from now on reads 1024 octets and sends 1024 octets a second.",
  ],
  [
    { on: "ehlo", do: { capabilities: { remove: ["STARTTLS", "auth"], add: ["SIZE 5"] } } },
    "At EHLO, the server offers no STARTTLS or AUTH but offers SIZE 5.",
  ],
  [
    { on: "tls", do: [{ tls: { handshake: "alert" } }, { tls: { certificate: "expired" } }] },
    "At the TLS handshake, the server first sends a fatal alert after the ClientHello, next shows a certificate that has expired, and after that steps aside.",
  ],
  [
    {
      on: "end-of-data",
      do: { bounce: { status: "5.1.1", diagnostic: "smtp; 550 No", after: "1s" }, label: "x" },
    },
    'At the end of data, the server bounces the message after 1s with 5.1.1 (smtp; 550 No), then labels the transaction "x".',
  ],
  [{ on: "rcpt", do: "452 4.2.2" }, 'At RCPT, the server says "452 4.2.2 Mailbox full".'],
  [
    { on: "rcpt", ttl: "30s", when: { times: 1 }, do: "550 No" },
    'At RCPT, the server says "550 No", at most once, until the rule is 30s old.',
  ],
  [
    { on: "data", do: { end: "half-close" } },
    "At DATA, the server closes its side of the connection but listens on.",
  ],
])("%j", (rule, sentence) => {
  expect(engineWith(rule).list()[0]?.explain).toBe(sentence);
});

test.each<[to: NonNullable<FaultRule["match"]>["to"], explained: string]>([
  ["full", "matches full (not one whole address)"],
  ["a@x.test, b@x.test", "matches a@x.test, b@x.test (not one whole address)"],
  ["a@x.test,b@x.test", "matches a@x.test,b@x.test (not one whole address)"],
  ["<a@x.test>", "matches <a@x.test> (not one whole address)"],
  ["@x.test", "matches @x.test (not one whole address)"],
  ['"a b"@x.test', 'matches "a b"@x.test'],
  [{ not: ["full", "*@x.test"] }, "does not match full (not one whole address) or *@x.test"],
  [
    ["a@x.test", "full*", "f?ll", "/^full/", "Postmaster"],
    "matches a@x.test, full*, f?ll, /^full/ or Postmaster",
  ],
  ["", "matches "],
  ['"a, b"@x.test', 'matches "a, b"@x.test'],
])("a recipient that is hardly one is told: %j", (to, explained) => {
  const [report] = engineWith().add({ on: "rcpt", match: { to }, do: "452" });
  expect(report?.explain).toContain(`, if the recipient ${explained}, the server `);
});

test("of a name that is none the same is said nowhere else", () => {
  const [report] = engineWith().add({ on: "rcpt", match: { user: "full" }, do: "452" });
  expect(report?.explain).toContain(", if the user matches full, the server ");
});
