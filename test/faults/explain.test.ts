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
])("%j", (rule, sentence) => {
  expect(engineWith(rule).list()[0]?.explain).toBe(sentence);
});
