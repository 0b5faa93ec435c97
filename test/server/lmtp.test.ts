/** LMTP (RFC 2033) and chunks (RFC 3030) over real sockets: what is said, kept and written down. */
import { describe, expect, test } from "vitest";
import type { Mailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

async function lmtp(mail: Mailproof): Promise<RawClient> {
  const client = await RawClient.connect(mail.lmtp?.port ?? 0);
  expect(await client.reply()).toBe("220 mailproof.test LMTP Mailproof");
  client.send("LHLO c.test\r\n");
  expect(await client.reply()).toMatch(/^250/);
  return client;
}

async function replies(client: RawClient, count: number): Promise<string[]> {
  const said: string[] = [];
  for (let at = 0; at < count; at += 1) said.push(await client.reply());
  return said;
}

const envelope =
  "MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nRCPT TO:<full@s.test>\r\nRCPT TO:<d@s.test>\r\n";
const content = "DATA\r\nSubject: three\r\n\r\nhi\r\n.\r\n";

describe("LMTP", () => {
  test("LMTP: every recipient gets a reply of its own, and the message has those that were accepted", async () => {
    const mail = await start({ lmtpPort: 0 });
    await mail.faults.add({ on: "end-of-data", match: { to: "full@*" }, do: "452 4.2.2 Mailbox full" });
    const client = await lmtp(mail);
    client.send(envelope + content);
    const said = await replies(client, 8);
    expect(said.map((line) => line.slice(0, 3))).toEqual("250 250 250 250 354 250 452 250".split(" "));
    const message = await mail.waitFor({ subject: "three" });
    expect(said.slice(5)).toEqual([
      `250 2.0.0 Ok: queued as ${message.id}`,
      "452 4.2.2 Mailbox full",
      `250 2.0.0 Ok: queued as ${message.id}`,
    ]);
    expect(message.channel).toBe("lmtp");
    expect(message.envelope.to).toEqual(["b@s.test", "d@s.test"]);
    const { transaction } = message;
    expect(transaction.outcome).toBe("accepted");
    expect(transaction.recipients.map(({ finalReply }) => finalReply?.code)).toEqual([250, 452, 250]);
    expect(await mail.waitForTransactions({ to: "full@s.test", outcome: "rejected" })).toHaveLength(1);
    client.close();
  });

  test("LMTP: refused for every recipient, nothing is stored", async () => {
    const mail = await start({ lmtpPort: 0 });
    await mail.faults.add({ on: "end-of-data", do: ["550 5.7.1 No", "451 4.3.0 Later", "554 5.6.0 Bad"] });
    const client = await lmtp(mail);
    client.send(envelope + content);
    const said = await replies(client, 8);
    expect(said.slice(5)).toEqual(["550 5.7.1 No", "451 4.3.0 Later", "554 5.6.0 Bad"]);
    const [transaction] = await mail.waitForTransactions({ outcome: "rejected" });
    expect(transaction?.content?.subject).toBe("three");
    expect(transaction?.recipients.map(({ finalReply }) => finalReply?.code)).toEqual([550, 451, 554]);
    expect(await mail.messages()).toEqual([]);
    client.close();
  });

  test("LMTP: behind an ending nobody is asked, and nobody gets the message", async () => {
    const mail = await start({ lmtpPort: 0 });
    const behind = await mail.faults.add({ on: "end-of-data", match: { to: "d@*" }, do: "452" });
    await mail.faults.add({ on: "end-of-data", match: { to: "full@*" }, do: { delay: 20, end: "fin" } });
    const client = await lmtp(mail);
    client.send(envelope + content);
    const said = await replies(client, 7);
    expect(said.slice(5)).toEqual([expect.stringMatching(/^250/), expect.stringMatching(/^250/)]);
    await client.end();
    const message = await mail.waitFor({ subject: "three" });
    expect(message.envelope.to).toEqual(["b@s.test", "full@s.test"]);
    const [transaction] = await mail.waitForTransactions({ outcome: "accepted" });
    expect(transaction?.recipients.map(({ finalReply }) => finalReply?.code ?? null)).toEqual([
      250,
      250,
      null,
    ]);
    expect(await behind.fired()).toBe(0);
  });

  test("LMTP: a crash before acceptance keeps nothing, whoever is still to be answered", async () => {
    const mail = await start({ lmtpPort: 0 });
    const crash = { reply: "none", end: "reset" } as const;
    await mail.faults.add({ on: "end-of-data", when: { times: 1 }, do: crash });
    const client = await lmtp(mail);
    client.send(`${envelope}DATA\r\n`);
    await replies(client, 5);
    client.send(content.slice("DATA\r\n".length));
    expect(await client.end()).toBe("reset");
    const [transaction] = await mail.waitForTransactions({ from: "a@c.test" });
    expect(transaction).toMatchObject({ outcome: "aborted", storedId: null });
  });

  test("LMTP: who hears nothing, or no 250, does not get the message", async () => {
    const mail = await start({ lmtpPort: 0 });
    await mail.faults.add({ on: "end-of-data", match: { to: "full@*" }, do: { reply: "none" } });
    const client = await lmtp(mail);
    client.send(envelope + content);
    await replies(client, 7);
    const message = await mail.waitFor({ subject: "three" });
    expect(message.envelope.to).toEqual(["b@s.test", "d@s.test"]);
    expect(message.transaction.recipients.map(({ accepted }) => accepted)).toEqual([true, false, true]);
    expect(await mail.messages({ to: "full@s.test" })).toEqual([]);
    client.close();
  });

  test("LMTP: a content that is too large is refused for each, and is one mistake", async () => {
    const mail = await start({ lmtpPort: 0, maxMessageSize: 10, maxErrors: 2 });
    const client = await lmtp(mail);
    client.send(envelope + content);
    const said = await replies(client, 8);
    expect(said.slice(5)).toEqual(Array(3).fill("552 5.3.4 Message size exceeds fixed limit"));
    expect(await client.ask("NOOP")).toMatch(/^250/);
    client.close();
  });

  test("LMTP: a store that is full refuses all recipients", async () => {
    const mail = await start({ lmtpPort: 0, maxMessages: 1, whenFull: "reject" });
    const client = await lmtp(mail);
    client.send(envelope + content);
    expect(await replies(client, 8)).toContainEqual(expect.stringMatching(/queued/));
    client.send("MAIL FROM:<a@c.test>\r\n");
    expect(await client.reply()).toMatch(/^452 4\.3\.1/);
    client.close();
  });
});

describe("chunks", () => {
  test("K1: what is sent in chunks is kept octet for octet, and the transcript tells how it came", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("MAIL FROM:<a@c.test> BODY=BINARYMIME\r\nRCPT TO:<b@s.test>\r\n");
    client.send("BDAT 19\r\nSubject: chunks\r\n\r\nBDAT 5 LAST\r\n\0.\r\n\xff");
    expect((await replies(client, 4)).map((line) => line.slice(0, 3))).toEqual(["250", "250", "250", "250"]);
    const message = await mail.waitFor({ subject: "chunks" });
    expect(await message.raw()).toEqual(
      Uint8Array.from("Subject: chunks\r\n\r\n\0.\r\n\xff", (octet) => octet.charCodeAt(0)),
    );
    expect(message.warnings).toEqual([]);
    const transcript = await mail.transcript(message.sessionId ?? "");
    expect(transcript).toContain("C: BDAT 19\n");
    expect(transcript).toContain("C: BDAT 5 LAST\n");
    client.close();
  });

  test("a rule that chooses BDAT meets the last chunk, too", async () => {
    const mail = await start();
    await mail.faults.use("shutdown", { match: { verb: "BDAT" } });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nBDAT 5 LAST\r\nhello");
    expect((await replies(client, 3)).map((line) => line.slice(0, 3))).toEqual(["250", "250", "421"]);
    expect(await client.end()).toBe("fin");
  });

  test("K4: a refused chunk ends the transaction as rejected, with its subject", async () => {
    const mail = await start();
    await mail.faults.add({ on: "bdat", match: { octets: { min: 10 } }, do: "451 4.3.0 Later" });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nBDAT 14\r\nSubject: one\r\n");
    expect((await replies(client, 3))[2]).toBe("451 4.3.0 Later");
    const [transaction] = await mail.waitForTransactions({ outcome: "rejected" });
    expect(transaction).toMatchObject({ size: 14, reply: { code: 451 }, content: { subject: "one" } });
    client.close();
  });

  test("K8: a client that vanishes in a chunk leaves nothing but a trace", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nBDAT 100 LAST\r\nhalf");
    await replies(client, 2);
    client.close();
    const [transaction] = await mail.waitForTransactions({ outcome: "aborted" });
    expect(transaction).toMatchObject({ size: 4, storedId: null });
    expect(await mail.messages()).toEqual([]);
  });
});
