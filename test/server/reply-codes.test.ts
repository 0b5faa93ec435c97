/**
 * Every reply code of RFC 821, RFC 5321 and the extensions on the wire: by default where the server says it
 * itself, else by a rule. The page names the same codes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { MailproofOptions } from "../../mod.ts";
import { faultPhases, parseFaultText } from "../../src/faults/mod.ts";
import { tableReply } from "../../src/faults/reply-table.ts";
import type { Phase } from "../../src/smtp/mod.ts";
import * as replies from "../../src/smtp/replies.ts";
import { RawClient } from "../support/raw-client.ts";
import { codeIn, tableRows } from "../support/tables.ts";
import { start } from "./running.ts";

interface Row {
  /** The first line on the wire. */
  readonly says: string;
  /** What is sent, one after the other; the last reply counts. None: the greeting does. */
  readonly lines?: readonly string[];
  readonly options?: MailproofOptions;
  /** It comes by itself, after all of them. */
  readonly unasked?: true;
  /** Without a rule the server never says it. */
  readonly rule?: NonNullable<MailproofOptions["faults"]>[number];
}

const E = "EHLO c.test";
const M = "MAIL FROM:<a@c.test>";
const R = "RCPT TO:<b@s.test>";
const login = [E, `AUTH PLAIN ${btoa("\0bob\0secret")}`];
const directory = {
  users: [
    { address: "ada@s.test", name: "Ada" },
    { address: "bob@s.test", name: "Bob" },
    { address: "bob@t.test", name: "Bob" },
    { address: "\u00fcte@s.test", name: "Ute" },
    { address: "eve@\u00fc.test", name: "" },
    { address: "eve@\u00f6.test", name: "" },
  ],
  lists: [{ name: "empty", members: [] }],
  strictUsers: true,
};
const offer = { starttls: "offer" } as const;

/** RFC 5321 §4.2.3 by number, with RFC 4954 §6, RFC 3207 §4 and RFC 7504. */
const rows: readonly Row[] = [
  { says: "211 System status", lines: ["HELP"], rule: { on: "help", do: "211" } },
  { says: "214-2.0.0 ", lines: ["HELP"] },
  { says: "220 mailproof.test ESMTP Mailproof" },
  { says: "220 2.0.0 Ready to start TLS", lines: [E, "STARTTLS"], options: offer },
  { says: "221 2.0.0 Bye", lines: ["QUIT"] },
  { says: "235 2.7.0 Authentication successful", lines: login },
  { says: "250-mailproof.test", lines: [E] },
  { says: "250 2.1.0 Ok", lines: [E, M] },
  { says: "250 2.1.5 Ada <ada@s.test>", lines: ["VRFY ada"], options: { directory } },
  {
    says: "251 2.1.5 User not local; will forward to <x@y.test>",
    lines: [E, M, R],
    rule: "rcpt 251 2.1.5 User not local; will forward to <x@y.test>",
  },
  { says: "252 2.5.0 Cannot verify, but will take a message and try", lines: ["VRFY b"] },
  {
    says: "252 2.6.8 The mailbox can only be shown in UTF-8, ask with SMTPUTF8",
    lines: ["VRFY ute"],
    options: { directory },
  },
  { says: "334 ", lines: [E, "AUTH PLAIN"] },
  { says: "334 VXNlcm5hbWU6", lines: [E, "AUTH LOGIN"] },
  { says: "354 End data with <CR><LF>.<CR><LF>", lines: [E, M, R, "DATA"] },
  {
    says: "421 4.7.0 mailproof.test Line too long, closing transmission channel",
    lines: ["x".repeat(70_000)],
  },
  {
    says: "421 4.4.2 mailproof.test Idle for too long, ",
    lines: [],
    options: { idleTimeout: 100 },
    unasked: true,
  },
  {
    says: "421 4.3.2 mailproof.test Service shutting down and closing transmission channel",
    lines: [E],
    rule: "shutdown",
  },
  { says: "432 4.7.12 A password transition is needed", lines: login, rule: "auth 432" },
  { says: "450 4.2.1 <b@s.test>: Mailbox temporarily unavailable", lines: [E, M, R], rule: "rcpt 450" },
  {
    says: "451 4.3.0 Requested action aborted: local error in processing",
    lines: [E, M, R, "DATA", "Subject: x\r\n."],
    rule: "local-error",
  },
  { says: "452 4.5.3 Too many recipients", lines: [E, M, R, R], options: { maxRecipients: 1 } },
  {
    says: "452 4.3.1 Insufficient system storage within --max-messages and --max-bytes",
    lines: [E, M, R, "DATA", ".", M],
    options: { maxMessages: 1, whenFull: "reject" },
  },
  {
    says: "454 4.7.0 TLS not available due to temporary reason",
    lines: [E, "STARTTLS"],
    options: offer,
    rule: "tls-unavailable",
  },
  { says: "455 4.5.4 Server unable to accommodate parameters", lines: [E, M], rule: "mail 455" },
  { says: "500 5.5.2 Command not recognized", lines: ["FOO"] },
  {
    says: "500 5.5.6 Authentication exchange line is too long",
    lines: [E, `AUTH PLAIN ${"A".repeat(13_000)}`],
  },
  { says: "501 5.5.4 No argument is allowed", lines: ["RSET x"] },
  { says: "501 5.1.7 Malformed domain: a label is empty", lines: [E, "MAIL FROM:<a@b..c>"] },
  { says: "501 5.1.3 The forward-path is empty", lines: [E, M, "RCPT TO:<>"] },
  { says: "501 5.5.2 Cannot decode the base64", lines: [E, "AUTH PLAIN !!!"] },
  { says: "501 5.0.0 Authentication cancelled", lines: [E, "AUTH LOGIN", "*"] },
  { says: "502 5.5.1 Command not implemented", lines: ["TURN"] },
  { says: "503 5.5.1 Need MAIL before RCPT", lines: [E, R] },
  { says: "504 5.5.4 Unrecognized authentication mechanism", lines: [E, "AUTH X-NONE"] },
  { says: "521 mailproof.test does not accept mail", rule: "greeting 521" },
  { says: "523 5.7.10 Encryption needed", lines: [E, "AUTH PLAIN"], rule: "auth-start 523" },
  { says: "530 5.7.0 Authentication required", lines: [E, M], options: { authRequired: true } },
  {
    says: "530 5.7.0 Must issue a STARTTLS command first",
    lines: [E, M],
    options: { starttls: "require" },
  },
  { says: "534 5.7.9 Authentication mechanism is too weak", lines: login, rule: "auth 534" },
  {
    says: "535 5.7.8 Authentication credentials invalid",
    lines: login,
    options: { auths: ["bob:other"] },
  },
  {
    says: "538 5.7.11 Encryption required for requested authentication mechanism",
    lines: [E, "AUTH LOGIN"],
    rule: "auth-needs-tls",
  },
  {
    says: "550 5.1.1 <b@s.test>: Recipient address rejected: User unknown",
    lines: [E, M, R],
    rule: "unknown-user",
  },
  { says: "550 5.1.1 No such user here", lines: [E, M, R], options: { directory } },
  { says: "550 5.2.4 The mailing list has no members", lines: ["EXPN empty"], options: { directory } },
  {
    says: "550 5.6.11 The content contains bare CR or LF",
    lines: [E, M, R, "DATA", "a\nb\r\n."],
    options: { strict: true },
  },
  {
    says: "551 5.1.6 User not local; please try <moved@example.test>",
    lines: [E, M, R],
    rule: "user-moved",
  },
  { says: "552 5.3.4 Message size exceeds fixed limit", lines: [E, `${M} SIZE=99999999999`] },
  { says: "552 5.2.2 <b@s.test>: Mailbox full", lines: [E, M, R], rule: "mailbox-full-hard" },
  { says: "553 5.6.7 Non-ASCII address without SMTPUTF8", lines: [E, "MAIL FROM:<\xc3\xbc@c.test>"] },
  { says: "553-5.1.4 Ambiguous, the possibilities are", lines: ["VRFY bob"], options: { directory } },
  {
    says: "553 5.6.8 Ambiguous, the possibilities can only be shown in UTF-8",
    lines: ["VRFY eve"],
    options: { directory },
  },
  { says: "554 5.5.1 No valid recipients", lines: [E, M, "RCPT TO:<>", "DATA"] },
  { says: "554 mailproof.test No SMTP service here", rule: "not-accepting" },
  { says: "555 5.5.4 Parameter not recognized or not implemented: FOO", lines: [E, `${M} FOO=1`] },
  {
    says: "556 5.1.10 <b@s.test>: Recipient domain accepts no mail (null MX)",
    lines: [E, M, R],
    rule: "rcpt 556",
  },
];

test.each(rows)("$says", async ({ says, lines = [], unasked, options = {}, rule }) => {
  const mail = await start({ ...options, ...(rule === undefined ? {} : { faults: [rule] }) });
  const client = await RawClient.connect(mail.smtp.port);
  let reply = await client.reply();
  for (const line of lines) reply = await client.ask(line);
  if (unasked) reply = await client.reply();
  const [first = ""] = reply.split("\n");
  expect(says.endsWith(" ") ? `${first} `.slice(0, says.length) : first).toBe(says);
  client.close();
});

const codeOf = (says: string): string => says.slice(0, 3);
const enhancedOf = (says: string): string | undefined =>
  / (\d\.\d{1,3}\.\d{1,3}) /.exec(says.replace("-", " "))?.[1];
const all =
  "211 214 220 221 235 250 251 252 334 354 421 432 450 451 452 454 455 500 501 502 503 504 521 523 530 534 535 538 550 551 552 553 554 555 556";

test("every code of the two RFCs is in the table", () => {
  expect([...new Set(rows.map(({ says }) => codeOf(says)))]).toEqual(all.split(" "));
});

const page = readFileSync(join(import.meta.dirname, "../../docs/smtp.md"), "utf8");
const onPage = tableRows(page, "Reply codes", "code");

test("docs/smtp.md lists every code, said by the server itself or by a rule as it is here", () => {
  expect(onPage.map(([code]) => code)).toEqual(all.split(" "));
  for (const [code, , itself, byRule = ""] of onPage) {
    const own = rows.filter(({ says }) => codeOf(says) === code);
    expect(itself !== "–", `${code} by the server itself`).toBe(own.some(({ rule }) => rule === undefined));
    const rules = codeIn(byRule);
    if (itself === "–") expect(rules, code).not.toEqual([]);
    for (const rule of rules) expect(JSON.stringify(parseFaultText(rule)), rule).toContain(code);
  }
});

const unmarked = ["greeting", "helo", "ehlo", "lhlo"] as const;

test.each(unmarked)("a rule with a bare code gives no enhanced code at %s", (phase) => {
  for (const [code] of onPage) expect(tableReply(Number(code), phase).enhanced, code).toBe(null);
});

test("docs/smtp.md lists the enhanced codes that the server says itself, or where a rule gives none", () => {
  const own = [...Object.values(replies)].flatMap((value) => (typeof value === "function" ? [] : [value]));
  for (const [code, listed = ""] of onPage) {
    const said = [
      ...rows.filter(({ says }) => codeOf(says) === code).map(({ says }) => enhancedOf(says) ?? "–"),
      ...own.filter((reply) => String(reply.code) === code).map(({ enhanced }) => enhanced ?? "–"),
      ...faultPhases
        .filter((phase) => phase !== "any" && !(unmarked as readonly string[]).includes(phase))
        .map((phase) => tableReply(Number(code), phase as Phase).enhanced ?? "–"),
    ];
    expect(listed.split(" ").sort(), code).toEqual([...new Set(said)].sort());
  }
});
