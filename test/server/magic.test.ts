/** Addresses that ask for a fault, over real sockets and without any rule. */
import { expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

const content = `Subject: magic\r\n\r\n${"x".repeat(76)}\r\n`;
const long = `Subject: magic\r\n\r\n${`${"x".repeat(76)}\r\n`.repeat(80)}`;

/** Says each line and hears a reply to it; the content goes where DATA was answered with 354. */
async function converse(port: number, lines: readonly string[], body = content): Promise<string[]> {
  const client = await RawClient.connect(port);
  await client.reply();
  const heard: string[] = [];
  for (const line of ["EHLO c.test", ...lines]) {
    client.send(`${line}\r\n`);
    let said = await client.reply().catch(() => "gone");
    if (said.startsWith("354")) {
      client.send(`${body}.\r\n`);
      said = await client.reply().catch(() => "gone");
    }
    heard.push(said.trim().slice(0, 9));
    if (said === "gone") break;
  }
  client.close();
  return heard.slice(1);
}

const mailTo = (...recipients: string[]): string[] => [
  "MAIL FROM:<a@c.test>",
  ...recipients.map((recipient) => `RCPT TO:<${recipient}>`),
  "DATA",
];

test.each<[what: string, lines: readonly string[], heard: readonly string[]]>([
  [
    "refused at RCPT, and nobody else is hurt",
    mailTo("bob+fault.452-4-2-2@x.test", "ada@x.test"),
    ["250 2.1.0", "452 4.2.2", "250 2.1.5", "250 2.0.0"],
  ],
  [
    "quoted",
    mailTo('"bob+fault.550"@x.test', "ada@x.test"),
    ["250 2.1.0", "550 5.1.1", "250 2.1.5", "250 2.0.0"],
  ],
  [
    "by domain",
    mailTo("x@550.fault.test", "ada@x.test"),
    ["250 2.1.0", "550 5.1.1", "250 2.1.5", "250 2.0.0"],
  ],
  ["refused at the end", mailTo("bob+fault.spam@x.test"), ["250 2.1.0", "250 2.1.5", "550 5.7.1"]],
  ["a sender", ["MAIL FROM:<a+fault.452.at-mail@c.test>"], ["452 4.3.1"]],
  [
    "the transaction before counts no more",
    ["MAIL FROM:<a@c.test>", "RCPT TO:<b+fault.spam@x.test>", "RSET", ...mailTo("bob@x.test")],
    ["250 2.1.0", "250 2.1.5", "250 2.0.0", "250 2.1.0", "250 2.1.5", "250 2.0.0"],
  ],
  [
    "a MAIL out of place does not end it",
    ["MAIL FROM:<a@c.test>", "RCPT TO:<b+fault.spam@x.test>", "MAIL FROM:<a@c.test>", "DATA"],
    ["250 2.1.0", "250 2.1.5", "503 5.5.1", "550 5.7.1"],
  ],
])("%s", async (_, lines, heard) => {
  const mail = await start({});
  expect(await converse(mail.smtp.port, lines)).toEqual(heard);
});

test("a reply that is lost once: the retry makes a duplicate", async () => {
  const mail = await start({});
  const lines = mailTo("bob+fault.reply-lost.x1@x.test");
  expect(await converse(mail.smtp.port, lines)).toEqual(["250 2.1.0", "250 2.1.5", "gone"]);
  expect(await converse(mail.smtp.port, lines)).toEqual(["250 2.1.0", "250 2.1.5", "250 2.0.0"]);
  expect(await mail.messages({ subject: "magic" })).toHaveLength(2);
});

test("a connection that breaks in mid-content, at 4 KiB of it", async () => {
  const mail = await start({});
  const lines = mailTo("bob+fault.drop-mid-data@x.test");
  expect(await converse(mail.smtp.port, lines, content)).toEqual(["250 2.1.0", "250 2.1.5", "250 2.0.0"]);
  expect(await converse(mail.smtp.port, lines, long)).toEqual(["250 2.1.0", "250 2.1.5", "gone"]);
});

test("a firing is told like that of any rule, and what has no effect is a warning", async () => {
  const mail = await start({});
  await converse(mail.smtp.port, mailTo("bob+fault.451@x.test", "bob+fault.greylistng@x.test"));
  const [transaction] = await mail.transactions();
  expect(transaction).toMatchObject({
    faults: [{ ruleId: "magic", phase: "rcpt" }],
    warnings: ["magic-without-effect"],
  });
  const transcript = await mail.transcript(transaction?.sessionId ?? "");
  expect(transcript).toMatch(/\*: magic address .*: 451 4\.3\.0/);
  expect(transcript).toMatch(/\*: warning magic-without-effect: An address asks for a fault/);
});

test("at DATA, said to a client that sends BDAT: a warning", async () => {
  const mail = await start({});
  const lines = ["MAIL FROM:<a@c.test>", "RCPT TO:<bob+fault.451.at-data@x.test>", "BDAT 0 LAST"];
  expect(await converse(mail.smtp.port, lines)).toEqual(["250 2.1.0", "250 2.1.5", "250 2.0.0"]);
  expect((await mail.transactions())[0]?.warnings).toEqual(["magic-without-effect"]);
});

test("each address counts for itself, whoever else the mail is for", async () => {
  const mail = await start({});
  const inbox = await mail.inbox();
  const bob = "bob+fault.spam.x1@x.test";
  const tries = [[bob], [bob, inbox.address("ada")], [inbox.address("ada+fault.spam.x1"), bob]];
  const heard: (string | undefined)[] = [];
  for (const recipients of tries) heard.push((await converse(mail.smtp.port, mailTo(...recipients))).at(-1));
  expect(heard).toEqual(["550 5.7.1", "250 2.0.0", "550 5.7.1"]);
});

test("an inbox that sets its counters to zero begins again, and nobody else does", async () => {
  const mail = await start({});
  const [one, other] = [await mail.inbox(), await mail.inbox()];
  const addresses = [
    one.address("ada+fault.451.x1"),
    other.address("ada+fault.451.x1"),
    "a+fault.451.x1@x.test",
  ];
  const rcpts = async (): Promise<string[]> =>
    (
      await converse(mail.smtp.port, ["MAIL FROM:<a@c.test>", ...addresses.map((to) => `RCPT TO:<${to}>`)])
    ).slice(1);
  const [refused, taken] = ["451 4.3.0", "250 2.1.5"];
  expect(await rcpts()).toEqual([refused, refused, refused]);
  await one.faults.reset();
  expect(await rcpts()).toEqual([refused, taken, taken]);
  await mail.faults.reset();
  expect(await rcpts()).toEqual([refused, refused, refused]);
});

test("off: such addresses are plain ones", async () => {
  const mail = await start({ magic: "off" });
  const lines = mailTo("bob+fault.550@x.test", "bob+fault.spam@x.test");
  expect(await converse(mail.smtp.port, lines)).toEqual(["250 2.1.0", "250 2.1.5", "250 2.1.5", "250 2.0.0"]);
});

test("LMTP: each recipient is answered for itself", async () => {
  const mail = await start({ lmtpPort: 0 });
  const client = await RawClient.connect(mail.lmtp?.port ?? 0);
  await client.reply();
  for (const line of ["LHLO c.test", ...mailTo("bob@x.test", "b+fault.spam@x.test", "eve@x.test")]) {
    await client.ask(line);
  }
  client.send(`${content}.\r\n`);
  const heard = [await client.reply(), await client.reply(), await client.reply()];
  expect(heard.map((said) => said.slice(0, 9))).toEqual(["250 2.0.0", "550 5.7.1", "250 2.0.0"]);
  client.close();
});
