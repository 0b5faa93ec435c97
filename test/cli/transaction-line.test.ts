import { describe, expect, test } from "vitest";
import type { Transaction } from "../../src/api/contract.ts";
import { printable, printableJson, printableLines } from "../../src/cli/terminal.ts";
import { localTime } from "../../src/cli/time.ts";
import {
  entryOf,
  formatSize,
  type TransactionEntry,
  transactionLine,
} from "../../src/cli/transaction-line.ts";
import { recorder } from "./recorder.ts";

const entry: TransactionEntry = {
  at: "2026-01-02T03:04:05.000Z",
  outcome: "accepted",
  from: "ada@a.test",
  to: ["bob@b.test"],
  size: 2048,
  refused: 0,
  remark: "Welcome",
  rules: [],
  warnings: [],
};

test.each<[string, Partial<TransactionEntry>, string]>([
  ["accepted", {}, "accepted    ada@a.test → bob@b.test  2.0 KiB  Welcome"],
  [
    "a recipient refused",
    { refused: 1 },
    "accepted    ada@a.test → bob@b.test  2.0 KiB  Welcome  (1 refused)",
  ],
  [
    "several recipients",
    { to: ["b@b.test", "c@c.test", "d@d.test"] },
    "accepted    ada@a.test → b@b.test +2  2.0 KiB  Welcome",
  ],
  [
    "null reverse-path, no recipient, nothing said",
    { outcome: "aborted", from: "", to: [], size: 0, remark: "" },
    "aborted     <> → nobody",
  ],
  [
    "rules, each once",
    { outcome: "reply-lost", rules: ["slow", "slow", "lost"] },
    "reply-lost  ada@a.test → bob@b.test  2.0 KiB  Welcome  (rule slow, lost)",
  ],
  [
    "of the warnings, the one that tells why no fault came",
    { warnings: ["bare-lf", "magic-without-effect"] },
    "accepted    ada@a.test → bob@b.test  2.0 KiB  Welcome  (warning magic-without-effect)",
  ],
  [
    "forged names",
    { from: "a\n@a.test", remark: "\x1b]0;x\x07" },
    "accepted    a\\x0a@a.test → bob@b.test  2.0 KiB  \\x1b]0;x\\x07",
  ],
])("line: %s", (_, change, line) => {
  const { terminal } = recorder();
  expect(transactionLine({ ...entry, ...change }, terminal)).toBe(`${localTime(entry.at)}  ${line}`);
});

test("printable: control characters and changes of direction are visible, other text stays", () => {
  expect(printable("naïve 日本 😀 \\ ok")).toBe("naïve 日本 😀 \\ ok");
  expect(printable("\0\t\r\n\x7f\x9b\u2028\u202e\u2066")).toBe(
    "\\x00\\x09\\x0d\\x0a\\x7f\\x9b\\u2028\\u202e\\u2066",
  );
  expect(printableLines("a\r\nb\tc\x1b\r")).toBe("a\nb\tc\\x1b\\x0d");
  const subject = "\x1b[2J\r\n\x9b\u202e\x7f naïve 日本";
  expect(printableJson({ subject })).toBe('{"subject":"\\u001b[2J\\r\\n\\u009b\\u202e\\u007f naïve 日本"}');
  expect(JSON.parse(printableJson({ subject }, 2))).toEqual({ subject });
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [52_428_800, "50 MiB"],
])("size: %i octets are %s", (octets, text) => expect(formatSize(octets)).toBe(text));

test("subject: an empty one is told; without a content there is none", () => {
  const remark = (change: Partial<Transaction>) =>
    entryOf({
      outcome: "aborted",
      recipients: [],
      faults: [],
      reply: null,
      ...change,
    } as unknown as Transaction).remark;
  expect(remark({ content: { subject: "", messageId: null } })).toBe("(no subject)");
  expect(remark({ content: null })).toBe("");
});

describe("time", () => {
  const then = new Date(2026, 0, 2, 3, 4, 5);
  test.each([
    ["today", new Date(2026, 0, 2, 23, 59), "03:04:05"],
    ["on another day", new Date(2026, 0, 3, 0, 0), "2026-01-02 03:04:05"],
    ["a year later", new Date(2027, 0, 2, 3, 4), "2026-01-02 03:04:05"],
  ])("%s, local", (_, now, text) => expect(localTime(then.toISOString(), now)).toBe(text));
});
