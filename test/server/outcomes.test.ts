/** How transactions come out: what the client said, what a rule did, and what is written down. */
import { afterEach, expect, test } from "vitest";
import { type FaultRule, type Mailproof, startMailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";

let mail: Mailproof | null = null;
afterEach(async () => {
  await mail?.close();
  mail = null;
});

const M = "MAIL FROM:<a@c.test>";
const R = "RCPT TO:<b@s.test>";
const R2 = "RCPT TO:<c@s.test>";
const D = "DATA\r\nSubject: x\r\nMessage-ID: <1@c.test>\r\n\r\nhi\r\n.";

interface Row {
  readonly name: string;
  readonly rule?: FaultRule;
  readonly lines: readonly string[];
  /** The client does not say QUIT but goes. */
  readonly goes?: true;
  /** One per transaction, oldest first: outcome, reply code, reply codes of the recipients, stored or not. */
  readonly come: readonly (readonly [string, number | null, readonly (number | null)[], boolean])[];
}

const table: readonly Row[] = [
  { name: "a delivery", lines: [M, R, D], come: [["accepted", 250, [250], true]] },
  {
    name: "two deliveries",
    lines: [M, R, D, M, R2, D],
    come: [
      ["accepted", 250, [250], true],
      ["accepted", 250, [250], true],
    ],
  },
  {
    name: "MAIL refused",
    rule: { on: "mail", do: "452 4.3.1 Full" },
    lines: [M],
    come: [["rejected", 452, [], false]],
  },
  {
    name: "MAIL refused, and what was pipelined behind it",
    rule: { on: "mail", do: "452 4.3.1 Full" },
    lines: [M, R, "DATA"],
    come: [["rejected", 452, [], false]],
  },
  {
    name: "a MAIL that cannot be understood",
    lines: ["MAIL FROM:<a@b"],
    come: [["rejected", 501, [], false]],
  },
  { name: "MAIL within a transaction", lines: [M, M, R, D], come: [["accepted", 250, [250], true]] },
  {
    name: "the only recipient refused",
    rule: { on: "rcpt", do: "550 5.1.1 No" },
    lines: [M, R, "RSET"],
    come: [["rejected", 550, [550], false]],
  },
  {
    name: "every recipient refused, DATA pipelined",
    rule: { on: "rcpt", do: "451 4.7.1 Later" },
    lines: [M, R, R2, "DATA"],
    come: [["rejected", 451, [451, 451], false]],
  },
  {
    name: "one recipient of two refused",
    rule: { on: "rcpt", match: { to: "c@*" }, do: "550 5.1.1 No" },
    lines: [M, R, R2, D],
    come: [["accepted", 250, [250, 550], true]],
  },
  {
    name: "a recipient that cannot be understood",
    lines: [M, "RCPT TO:<>"],
    come: [["rejected", 501, [501], false]],
  },
  { name: "RSET", lines: [M, R, "RSET"], come: [["aborted", null, [250], false]] },
  {
    name: "EHLO in a transaction",
    lines: [M, R, "EHLO again.test"],
    come: [["aborted", null, [250], false]],
  },
  { name: "nothing after MAIL", lines: [M], come: [["aborted", null, [], false]] },
  {
    name: "DATA refused",
    rule: { on: "data", do: "451 4.3.0 Later" },
    lines: [M, R, "DATA"],
    come: [["rejected", 451, [250], false]],
  },
  {
    name: "DATA refused, then accepted",
    rule: { on: "data", when: { times: 1 }, do: "451 4.3.0 Later" },
    lines: [M, R, "DATA", D],
    come: [["accepted", 250, [250], true]],
  },
  {
    name: "the content refused",
    rule: { on: "end-of-data", do: "554 5.7.1 Spam" },
    lines: [M, R, D],
    come: [["rejected", 554, [250], false]],
  },
  {
    name: "421 to the only recipient",
    rule: { on: "rcpt", do: "421 4.3.2 Going" },
    lines: [M, R],
    come: [["rejected", 421, [421], false]],
  },
  {
    name: "421 to the second recipient",
    rule: { on: "rcpt", match: { to: "c@*" }, do: "421 4.3.2 Going" },
    lines: [M, R, R2],
    come: [["aborted", null, [250, 421], false]],
  },
  {
    name: "421 to the content",
    rule: { on: "end-of-data", do: "421 4.3.2 Going" },
    lines: [M, R, D],
    come: [["rejected", 421, [250], false]],
  },
  {
    name: "the content refused in its middle",
    rule: { on: "content", match: { octets: { min: 38 } }, do: { reply: "552 5.3.4 Too big", end: "fin" } },
    lines: [M, R, D],
    come: [["rejected", 552, [250], false]],
  },
  {
    name: "the content cut off in its middle",
    rule: { on: "content", match: { octets: { min: 38 } }, do: "reset" },
    lines: [M, R, D],
    come: [["aborted", null, [250], false]],
  },
  {
    name: "no reply to the content, not accepted",
    rule: { on: "end-of-data", do: "reset" },
    lines: [M, R, D],
    come: [["aborted", null, [250], false]],
  },
  {
    name: "the reply lost",
    rule: { on: "end-of-data", do: { wire: { truncate: 0 }, end: "reset" } },
    lines: [M, R, D],
    come: [["reply-lost", 250, [250], true]],
  },
  {
    name: "the reply cut",
    rule: { on: "end-of-data", do: { wire: { truncate: 7 }, end: "fin" } },
    lines: [M, R, D],
    come: [["reply-lost", 250, [250], true]],
  },
  {
    name: "other octets for the reply",
    rule: { on: "end-of-data", do: { wire: { raw: "what?\r\n" } } },
    lines: [M, R, D],
    come: [["reply-lost", 250, [250], true]],
  },
  {
    name: "the reply whole, then a reset",
    rule: { on: "end-of-data", do: { end: "reset" } },
    lines: [M, R, D],
    come: [["accepted", 250, [250], true]],
  },
  {
    name: "DATA refused, then half a content",
    goes: true,
    rule: { on: "data", when: { times: 1 }, do: "451 4.3.0 Later" },
    lines: [M, R, "DATA", "DATA", "Subject: half"],
    come: [["aborted", null, [250], false]],
  },
  {
    name: "DATA too early, then a recipient",
    lines: [M, "DATA", R, "RSET"],
    come: [["aborted", null, [250], false]],
  },
  {
    name: "250 for DATA",
    rule: { on: "data", do: "250 huh" },
    lines: [M, R, "DATA"],
    come: [["aborted", null, [250], false]],
  },
  {
    name: "354 for MAIL",
    rule: { on: "mail", do: "354 huh" },
    lines: [M],
    come: [["aborted", 354, [], false]],
  },
  {
    name: "two codes for the content",
    rule: { on: "end-of-data", do: { wire: { raw: "250-ok\r\n550 no\r\n" } } },
    lines: [M, R, D],
    come: [["reply-lost", 250, [250], true]],
  },
  {
    name: "a bare 250 for the content",
    rule: { on: "end-of-data", do: { wire: { raw: "250\r\n" } } },
    lines: [M, R, D],
    come: [["accepted", 250, [250], true]],
  },
  {
    name: "a quoted local part that needs no quotes",
    rule: { on: "rcpt", match: { to: "b@s.test" }, do: "550 5.1.1 No" },
    lines: [M, 'RCPT TO:<"b"@s.test>'],
    come: [["rejected", 550, [550], false]],
  },
];

for (const { name, rule, lines, goes, come } of table) {
  test(name, async () => {
    mail = await startMailproof(rule === undefined ? {} : { faults: [rule] });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send(`${lines.join("\r\n")}\r\n${goes ? "" : "QUIT\r\n"}`);
    if (goes) client.socket.end();
    await client.end();
    const transactions = await mail.waitForTransactions({}, { exactly: come.length, quiet: 50 });
    const found = transactions.map(({ outcome, reply, recipients, storedId }) => [
      outcome,
      reply?.code ?? null,
      recipients.map((tried) => tried.reply?.code ?? null),
      storedId !== null,
    ]);
    expect(found).toEqual(come);
    const stored = (await mail.messages()).map((message) => message.id);
    expect(stored).toEqual(transactions.flatMap(({ storedId }) => storedId ?? []));
    const contents = transactions
      .filter(({ outcome, size }) => size > 0 && outcome !== "aborted")
      .map(({ content }) => content);
    for (const content of contents) expect(content).toEqual({ subject: "x", messageId: "<1@c.test>" });
  });
}
