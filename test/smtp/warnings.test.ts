/** What each level does with each deviation: the page says it, and here it is done. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type SessionOptions, type Strictness, type Warning, warningTexts } from "../../src/smtp/mod.ts";
import { codeIn, tableRows } from "../support/tables.ts";
import { Driver } from "./dialogue.ts";

interface Deviation {
  /** Lines before, one by one. */
  readonly after: readonly string[];
  /** The octets that deviate. */
  readonly sent: string;
  readonly options?: Partial<SessionOptions>;
  /** The client does not wait for the greeting. */
  readonly isEarly?: true;
}

const greeted = ["EHLO c.test"];
const inMail = [...greeted, "MAIL FROM:<a@c.test>"];
const inRcpt = [...inMail, "RCPT TO:<b@s.test>"];
const inContent = [...inRcpt, "DATA"];

/** It comes from [the saboteur](../faults/magic.test.ts), and no level refuses it. */
const ofMagic = "magic-without-effect";

const deviations: Readonly<Record<Exclude<Warning, typeof ofMagic>, Deviation>> = {
  "early-talker": { after: [], sent: "HELO c.test\r\n", isEarly: true },
  "missing-helo": { after: [], sent: "MAIL FROM:<a@c.test>\r\n" },
  "odd-helo-name": { after: [], sent: "HELO my_pc\r\n" },
  "unadvertised-verb": { after: ["HELO c.test"], sent: "STARTTLS\r\n", options: { startTls: "offer" } },
  "auth-without-ehlo": { after: ["HELO c.test"], sent: "AUTH PLAIN\r\n" },
  "extra-space": { after: greeted, sent: "MAIL  FROM:<a@c.test>\r\n" },
  "space-before-colon": { after: greeted, sent: "MAIL FROM :<a@c.test>\r\n" },
  "space-after-colon": { after: greeted, sent: "MAIL FROM: <a@c.test>\r\n" },
  "missing-brackets": { after: greeted, sent: "MAIL FROM:a@c.test\r\n" },
  "missing-space-before-parameter": { after: greeted, sent: "MAIL FROM:<a@c.test>SIZE=1\r\n" },
  "trailing-junk": { after: inMail, sent: "RCPT TO:<b@s.test> ;;junk\r\n" },
  "bare-local-part": { after: inMail, sent: "RCPT TO:<bob>\r\n" },
  "underscore-in-domain": { after: inMail, sent: "RCPT TO:<b@my_pc.test>\r\n" },
  "long-path": { after: inMail, sent: `RCPT TO:<${"b".repeat(65)}@s.test>\r\n` },
  "unadvertised-parameter": { after: ["HELO c.test"], sent: "MAIL FROM:<a@c.test> SIZE=1\r\n" },
  "pipelined-after-ehlo": { after: [], sent: "EHLO c.test\r\nNOOP\r\n" },
  "pipelined-after-data": { after: inRcpt, sent: "DATA\r\nhi\r\n.\r\n" },
  "pipelined-after-starttls": {
    after: greeted,
    sent: "STARTTLS\r\nNOOP\r\n",
    options: { startTls: "offer" },
  },
  "pipelined-after-noop": { after: greeted, sent: "VRFY b\r\nRSET\r\n" },
  "pipelined-without-extension": { after: ["HELO c.test"], sent: "NOOP\r\nNOOP\r\n" },
  "lf-command": { after: greeted, sent: "NOOP\nNOOP\r\n" },
  "bare-lf": { after: inContent, sent: "a\nb\r\n.\r\n" },
  "bare-cr": { after: inContent, sent: "a\rb\r\n.\r\n" },
  nul: { after: inContent, sent: "a\0b\r\n.\r\n" },
  "long-line": { after: inContent, sent: `${"x".repeat(999)}\r\n.\r\n` },
  "8bit-without-8bitmime": { after: inContent, sent: "\xe9\r\n.\r\n" },
  "login-initial-response": { after: greeted, sent: "AUTH LOGIN Ym9i\r\n" },
  "space-after-base64": { after: [...greeted, "AUTH LOGIN"], sent: "Ym9i \r\n" },
  "pipelined-after-auth": { after: greeted, sent: "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\nNOOP\r\n" },
  "tls-on-plaintext-port": { after: [], sent: "\x16\x03\x01\x02\x00" },
};

/** `forgiven`, the code of the reply that refuses it, or `closed` where nothing is said. It is named in any case. */
function fate(name: Warning, strictness: Strictness): string {
  if (name === ofMagic) return "forgiven";
  const { after, sent, options, isEarly } = deviations[name];
  const driver = new Driver({ ...options, strictness });
  if (!isEarly) driver.pump();
  for (const line of after) driver.send(`${line}\r\n`);
  const seen = driver.send(sent);
  const named = seen.some((line) => line.startsWith("W: ") && line.slice(3).split(" ").includes(name));
  const refusal = seen
    .map((line) => /^S: ([45]\d\d(?: \d\.\d{1,3}\.\d{1,3})?)/.exec(line)?.[1])
    .find(Boolean);
  if (!named) return `not named: ${seen.join(" / ")}`;
  if (refusal !== undefined) return refusal;
  return seen.at(-1) === "X:" ? "closed" : "forgiven";
}

const page = readFileSync(join(import.meta.dirname, "../../docs/smtp.md"), "utf8");
const table = new Map(
  tableRows(page, "Warnings", "warning").map(([name = "", ...cells]) => [codeIn(name)[0], cells]),
);

test("docs/smtp.md lists every warning, in the order of the code", () => {
  expect([...table.keys()]).toEqual(Object.keys(warningTexts));
});

describe.each(Object.keys(warningTexts) as Warning[])("LENIENT: %s", (name) => {
  const [text, source, ...said] = table.get(name) ?? [];

  test("the page says what the code says of it", () => {
    const sentence = source === "–" ? text : `${text?.slice(0, -1)} (${source}).`;
    expect(sentence).toBe(warningTexts[name]);
  });

  test("each level does what the page says", () => {
    expect(said).toEqual((["strict", "default", "lenient"] as const).map((level) => fate(name, level)));
  });
});
