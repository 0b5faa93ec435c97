/** Delays, the clock of faults, idling, and going. */
import { expect, test } from "vitest";
import { startMailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

test("a delay holds the reply back until the clock is advanced", async () => {
  const mail = await start({ faults: [{ on: "mail", do: { delay: "1h" } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("MAIL FROM:<a@c.test>\r\n");
  await expect.poll(async () => (await mail.faults.list())[0]?.rule.state.fired).toBe(1);
  expect(client.rest).toBe("");
  await mail.clock.advance("1h");
  expect(await client.reply()).toMatch(/^250/);
  client.close();
});

test.each(["waits", "leaves"])(
  "a greeting that is late is told of at once, to a client that %s",
  async (does) => {
    const mail = await start({ faults: [{ id: "late", on: "greeting", do: { delay: "1h" } }] });
    const client = await RawClient.connect(mail.smtp.port);
    await expect.poll(async () => (await mail.faults.list())[0]?.rule.state.fired).toBe(1);
    if (does === "leaves") client.socket.resetAndDestroy();
    const faults = [{ ruleId: "late", phase: "greeting" }];
    const closedBy = does === "leaves" ? "client" : null;
    await expect.poll(async () => (await mail.sessions())[0]).toMatchObject({ faults, closedBy });
    const wait = mail.waitFor({}, { timeout: 50 });
    await expect(wait).rejects.toThrow(/never reached MAIL: 1 session, .*, rule late/);
    client.close();
  },
);

test("a greeting that is late is told of once", async () => {
  const mail = await start({ faults: [{ on: "greeting", do: { delay: "1h" } }] });
  const client = await RawClient.connect(mail.smtp.port);
  await expect.poll(async () => (await mail.sessions())[0]?.faults).toHaveLength(1);
  await mail.clock.advance("1h");
  expect(await client.reply()).toMatch(/^220 /);
  expect((await mail.sessions())[0]?.faults).toHaveLength(1);
  client.close();
});

test("A23: shutting down says 421 4.3.2 to who can hear it, the real reply to a content that ended, and resets the rest", async () => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { delay: "1h" } }] });
  const idle = await RawClient.greeted(mail.smtp.port);
  const finished = await toContent(mail.smtp.port);
  finished.send("Subject: late\r\n\r\nhi\r\n.\r\n");
  const midway = await toContent(mail.smtp.port);
  midway.send("Subject: half");
  await mail.waitFor({ subject: "late" });
  await mail.close();
  expect(await idle.reply()).toMatch(/^421 4\.3\.2 /);
  expect(await finished.reply()).toMatch(/^250 2\.0\.0 /);
  expect(await finished.reply()).toMatch(/^421 4\.3\.2 /);
  expect(await midway.end()).toBe("reset");
  await expect(RawClient.connect(mail.smtp.port)).rejects.toThrow(/ECONNREFUSED/);
});

test("closing does not wait for a session that is stalled", async () => {
  const mail = await startMailproof({ faults: ["no-greeting"] });
  const client = await RawClient.connect(mail.smtp.port);
  await expect.poll(async () => (await mail.sessions())[0]?.faults).toHaveLength(1);
  await mail.close();
  expect(await client.end()).toBe("reset");
});

test("a client that leaves during a delay leaves a lost reply, at once, and no line that was never sent", async () => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { delay: "1h" } }] });
  const client = await toContent(mail.smtp.port);
  client.send("Subject: late\r\n\r\nhi\r\n.\r\n");
  await mail.waitFor({ subject: "late" });
  client.socket.resetAndDestroy();
  const [transaction] = await mail.waitForTransactions({ subject: "late" });
  expect(transaction).toMatchObject({ outcome: "reply-lost", reply: { code: 250 } });
  const [session] = await mail.sessions();
  expect(session).toMatchObject({ closedBy: "client" });
  expect(await mail.transcript(session?.id ?? "")).not.toContain("S: 250 2.0.0");
});

const lateContent = "Subject: late\r\n\r\nhi\r\n.\r\n";

/** In the middle of a delay; what has been sent is to be there before the reply is due. */
const whileDelayed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250));

test.each([
  ["says QUIT and closes", "QUIT\r\n", true, "reply-lost"],
  ["says RSET and closes", "RSET\r\n", true, "reply-lost"],
  ["closes", "", true, "reply-lost"],
  ["says QUIT, and no more, and reads", "QUIT\r\n", false, "accepted"],
  ["says no more, and reads", "", false, "accepted"],
])("a client that %s before a delayed reply: %j, %j: %s", async (_, said, closes, outcome) => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { delay: "1h" } }] });
  const client = await toContent(mail.smtp.port);
  client.send(`${lateContent}${said}`);
  client.socket.end();
  if (closes) client.socket.once("finish", () => client.close());
  await whileDelayed();
  await mail.clock.advance("1h");
  expect(await mail.waitForTransactions({ subject: "late" })).toMatchObject([{ outcome }]);
  if (!closes) expect(await client.reply()).toMatch(/^250 2\.0\.0 Ok: queued as /);
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("client");
  client.close();
});

test.each(["QUIT\r\n", "RSET\r\n", ""])(
  "a client that waits, says %j and gives up leaves a lost reply, at once",
  async (said) => {
    const mail = await start({ faults: [{ on: "end-of-data", do: { delay: "1h" } }] });
    const client = await toContent(mail.smtp.port);
    client.send(lateContent);
    await whileDelayed();
    client.send(said);
    // Many clients end their side only, and do not look at what still comes.
    client.socket.end();
    expect(await mail.waitForTransactions({ subject: "late" })).toMatchObject([{ outcome: "reply-lost" }]);
    client.close();
  },
);

test("a client that ends its side at once reads on, however far the clock is advanced meanwhile", async () => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { delay: "1h" } }] });
  const client = await toContent(mail.smtp.port);
  client.send(`${lateContent}QUIT\r\n`);
  await mail.waitFor({ subject: "late" });
  await mail.clock.advance("30m");
  client.socket.end();
  await mail.clock.advance("30m");
  expect(await mail.waitForTransactions({ subject: "late" })).toMatchObject([{ outcome: "accepted" }]);
  client.close();
});

test("A03: who talks during a delayed greeting is noticed too", async () => {
  const mail = await start({ faults: [{ on: "greeting", do: { delay: "1h" } }] });
  const client = await RawClient.connect(mail.smtp.port);
  await expect.poll(async () => (await mail.sessions())[0]?.faults).toHaveLength(1);
  client.send("EHLO early.test\r\n");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await mail.clock.advance("1h");
  expect(await client.reply()).toMatch(/^220 /);
  expect(await client.reply()).toMatch(/^250-/);
  await expect.poll(async () => (await mail.sessions())[0]?.warnings).toContain("early-talker");
  client.close();
});

test.each([
  ["the handshake of STARTTLS", "EHLO c.test\r\nSTARTTLS\r\n"],
  ["taking replies", "HELP\r\n".repeat(400_000)],
])("a client that stops in %s is cut when it idles", async (_, said) => {
  const mail = await start({ starttls: "offer", idleTimeout: 300, commandTimeout: 300 });
  const client = await RawClient.connect(mail.smtp.port);
  client.socket.pause();
  client.send(said);
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy, { timeout: 10_000 }).toBe("timeout");
  client.close();
});

test("a client that says nothing under implicit TLS is cut without a word in plain text", async () => {
  const mail = await start({ smtpsPort: 0, idleTimeout: 200 });
  const client = await RawClient.connect(mail.smtps?.port ?? 0);
  await client.end();
  expect(client.rest).toBe("");
  await expect
    .poll(async () => (await mail.sessions())[0])
    .toMatchObject({
      closedBy: "timeout",
      tlsError: "TLS: no handshake in time",
    });
});

test("a reset puts rules of the start back in the time of the reset", async () => {
  const mail = await start({ faults: [{ id: "brief", ttl: "1m", on: "noop", do: "550 no" }] });
  await mail.clock.advance("30s");
  await mail.reset();
  await mail.clock.advance("59s");
  expect(await mail.faults.list()).toHaveLength(1);
  await mail.clock.advance("2s");
  expect(await mail.faults.list()).toEqual([]);
});
