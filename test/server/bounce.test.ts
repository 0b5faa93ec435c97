/** A message that is accepted, and reported as undelivered later. */
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

const bounce = { status: "5.1.1", diagnostic: "smtp; 550 5.1.1 User unknown", after: "1h" } as const;
const rule = { on: "end-of-data", do: { bounce } } as const;

async function send(
  port: number,
  mail: string,
  recipients: readonly string[],
  content = "Subject: hi\r\n",
): Promise<void> {
  const client = await RawClient.greeted(port);
  expect(await client.ask(`MAIL FROM:${mail}`)).toMatch(/^250/);
  for (const recipient of recipients) expect(await client.ask(`RCPT TO:${recipient}`)).toMatch(/^250/);
  expect(await client.ask("DATA")).toMatch(/^354/);
  expect(await client.ask(`${content}\r\nbody\r\n.`)).toMatch(/^250/);
  client.close();
}

const report = { to: "a@c.test", subject: "Undelivered Mail Returned to Sender" };

test("the report comes when its time is there, as mail of its own to the sender", async () => {
  const mail = await start({ faults: [rule] });
  await send(mail.smtp.port, "<a@c.test> RET=FULL ENVID=QQ314159", ["<b@s.test> ORCPT=rfc822;bob@old.test"]);
  await setTimeout(50);
  expect(await mail.messages()).toHaveLength(1);
  await mail.clock.advance("1h");
  const message = await mail.waitFor(report);
  expect(message).toMatchObject({
    channel: "smtp",
    sessionId: null,
    envelope: { from: "", to: ["a@c.test"] },
    from: { name: "Mail Delivery System", address: "MAILER-DAEMON@mailproof.test" },
    transaction: {
      outcome: "accepted",
      reversePath: { raw: "<>", address: "" },
      reply: { code: 250 },
      storedId: message.id,
      sessionId: null,
    },
  });
  expect(message.transaction.size).toBe(message.size);
  expect(message.mime.parts.map((part) => part.contentType)).toEqual([
    "text/plain",
    "message/delivery-status",
    "message/rfc822",
  ]);
  expect(message.deliveryStatus).toMatchObject([
    { recipient: "b@s.test", originalRecipient: "bob@old.test", action: "failed" },
  ]);
  const raw = Buffer.from(await message.raw()).toString("latin1");
  expect(raw).toContain("Original-Envelope-Id: QQ314159\r\n");
  expect(raw).toContain("Original-Recipient: rfc822; bob@old.test\r\n");
  expect(raw).toContain("\r\n\r\nSubject: hi\r\n\r\nbody\r\n");
});

test("the report is dated in fault time", async () => {
  const mail = await start({
    faults: [{ on: "end-of-data", do: { bounce: { status: "5.1.1", after: "2h" } } }],
  });
  await mail.clock.advance("24h");
  await send(mail.smtp.port, "<a@c.test>", ["<b@s.test>"]);
  await mail.clock.advance("2h");
  const message = await mail.waitFor(report);
  const raw = Buffer.from(await message.raw()).toString("latin1");
  const dated = (name: string): number =>
    Date.parse(new RegExp(`^${name}: (.*)\r$`, "m").exec(raw)?.[1] ?? "");
  const hour = 60 * 60 * 1000;
  expect(dated("Arrival-Date")).toBeGreaterThan(Date.now() + 23 * hour);
  // Seconds are all that a date tells.
  expect(dated("Last-Attempt-Date") - dated("Arrival-Date")).toBeGreaterThanOrEqual(2 * hour - 1_000);
  expect(dated("Date")).toBe(dated("Last-Attempt-Date"));
});

test.each<[string, string, string[], string[] | string]>([
  ["every recipient", "<a@c.test>", ["<b@s.test>", "<c@s.test>"], ["b@s.test", "c@s.test"]],
  ["no report on what may be one", "<>", ["<b@s.test>"], "the reverse-path is null"],
  ["NOTIFY=NEVER", "<a@c.test>", ["<b@s.test> NOTIFY=NEVER"], "NOTIFY asks for none"],
  ["NOTIFY without FAILURE", "<a@c.test>", ["<b@s.test> NOTIFY=SUCCESS,DELAY"], "NOTIFY asks for none"],
  ["some", "<a@c.test>", ["<b@s.test> NOTIFY=NEVER", "<c@s.test> NOTIFY=FAILURE"], ["c@s.test"]],
])("who is told of: %s", async (_, from, recipients, told) => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { bounce: { status: "5.1.1" } } }] });
  await send(mail.smtp.port, from, recipients);
  const [session] = await mail.sessions();
  const transcript = await mail.transcript(session?.id ?? "");
  if (typeof told === "string") {
    expect(transcript).toMatch(new RegExp(`bounces the message.*\\n.*no report will come: ${told}`));
    await setTimeout(50);
    expect(await mail.messages()).toHaveLength(1);
  } else {
    expect(transcript).not.toContain("no report will come");
    const message = await mail.waitFor(report);
    const raw = Buffer.from(await message.raw()).toString("latin1");
    expect([...raw.matchAll(/^Final-Recipient: rfc822; (.*)\r$/gm)].map(([, address]) => address)).toEqual(
      told,
    );
    expect(raw).toContain("Content-Type: text/rfc822-headers\r\n");
  }
});

test("only those whom the rule means are reported", async () => {
  const mail = await start({
    faults: [{ on: "end-of-data", match: { to: "gone@*" }, do: { bounce: { status: "5.1.1" } } }],
  });
  await send(mail.smtp.port, "<a@c.test>", ["<here@s.test>", "<gone@s.test>"]);
  const message = await mail.waitFor(report);
  const raw = Buffer.from(await message.raw()).toString("latin1");
  expect(raw).toContain("Final-Recipient: rfc822; gone@s.test\r\n");
  expect(raw).not.toContain("rfc822; here@s.test");
});

test("a delay is told to who wants to know of it", async () => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { bounce: { status: "4.4.1" } } }] });
  await send(mail.smtp.port, "<a@c.test>", ["<b@s.test> NOTIFY=DELAY", "<c@s.test> NOTIFY=FAILURE"]);
  const message = await mail.waitFor({ to: "a@c.test", subject: "Delivery delayed" });
  const raw = Buffer.from(await message.raw()).toString("latin1");
  expect(raw).toContain("Final-Recipient: rfc822; b@s.test\r\nAction: delayed\r\nStatus: 4.4.1\r\n");
  expect(raw).not.toContain("c@s.test");
});

test("in LMTP about the recipient that the rule means", async () => {
  const faults = [
    { on: "end-of-data", match: { to: "c@s.test" }, do: { bounce: { status: "5.2.1" } } },
  ] as const;
  const mail = await start({ lmtpPort: 0, faults: [...faults] });
  const client = await RawClient.connect(mail.lmtp?.port ?? 0);
  await client.reply();
  for (const line of [
    "LHLO c.test",
    "MAIL FROM:<a@c.test>",
    "RCPT TO:<b@s.test>",
    "RCPT TO:<c@s.test>",
    "DATA",
  ]) {
    expect(await client.ask(line)).toMatch(/^[23]/);
  }
  expect(await client.ask("Subject: hi\r\n\r\nbody\r\n.")).toMatch(/^250/);
  expect(await client.reply()).toMatch(/^250/);
  const message = await mail.waitFor(report);
  const raw = Buffer.from(await message.raw()).toString("latin1");
  expect(raw).toContain("Final-Recipient: rfc822; c@s.test\r\n");
  expect(raw).not.toContain("rfc822; b@s.test");
  client.close();
});

test("an address beyond ASCII is written back to as one", async () => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { bounce: { status: "5.1.1" } } }] });
  const sender = Buffer.from("<jõe@c.test>").toString("latin1");
  await send(mail.smtp.port, `${sender} SMTPUTF8 BODY=8BITMIME`, ["<b@s.test>"]);
  const message = await mail.waitFor({ to: "jõe@c.test" });
  expect(message.to).toEqual([{ name: "", address: "jõe@c.test" }]);
  expect(message.mime.parts.map((part) => part.contentType)).toEqual([
    "text/plain",
    "message/global-delivery-status",
    "message/global-headers",
  ]);
  expect(message.transaction.mailParameters).toEqual({ SMTPUTF8: true, BODY: "8BITMIME" });
});

test("a message that was deleted meanwhile is reported without what it held", async () => {
  const mail = await start({ faults: [rule] });
  await send(mail.smtp.port, "<a@c.test>", ["<b@s.test>"]);
  await mail.clear();
  await mail.clock.advance("1h");
  const message = await mail.waitFor(report);
  expect(message.mime.parts).toHaveLength(2);
});

test("many reports may be on their way", async () => {
  const warnings: string[] = [];
  const hear = (warning: Error): void => void warnings.push(warning.name);
  process.on("warning", hear);
  const mail = await start({ faults: [rule] });
  for (let n = 0; n < 15; n += 1) await send(mail.smtp.port, "<a@c.test>", ["<b@s.test>"]);
  await mail.clock.advance("1h");
  await mail.waitForAll(report, { count: 15 });
  process.off("warning", hear);
  expect(warnings).toEqual([]);
});

test("a reset forgets what is on its way", async () => {
  const mail = await start();
  await mail.faults.add(rule);
  await send(mail.smtp.port, "<a@c.test>", ["<b@s.test>"]);
  await mail.reset();
  await mail.clock.advance("2h");
  await setTimeout(50);
  expect(await mail.messages()).toEqual([]);
});

test("a message that the server refuses is not reported", async () => {
  const mail = await start({
    maxMessageSize: 10,
    faults: [{ on: "end-of-data", do: { bounce: { status: "5.1.1" } } }],
  });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\n");
  for (const code of ["250", "250", "354"]) expect(await client.reply()).toMatch(new RegExp(`^${code}`));
  expect(await client.ask(`Subject: ${"x".repeat(100)}\r\n\r\n.`)).toMatch(/^552/);
  await setTimeout(50);
  expect(await mail.messages()).toEqual([]);
  client.close();
});
