/** Rules at `idle`: what is said, and done, because a client says nothing. */
import { expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

test("a silent client hears what a rule says, when it has been silent for so long", async () => {
  const mail = await start();
  await mail.faults.add({ on: "idle", match: { idle: "30s" }, do: "421 4.4.2 {hostname} Nobody there?" });
  const client = await RawClient.greeted(mail.smtp.port);
  await mail.clock.advance("29s");
  expect(await client.ask("NOOP")).toBe("250 2.0.0 Ok");
  await mail.clock.advance("29s");
  expect(await client.ask("NOOP")).toBe("250 2.0.0 Ok");
  await mail.clock.advance("30s");
  await client.end();
  expect(client.rest).toBe("421 4.4.2 mailproof.test Nobody there?\r\n");
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("fault");
  expect((await mail.sessions())[0]?.faults).toMatchObject([{ phase: "idle" }]);
});

test("it is unasked, said once in each silence, and nothing comes of it", async () => {
  const mail = await start();
  const fault = await mail.faults.add({ on: "idle", match: { idle: "1s" }, do: "250 2.0.0 Hello?" });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("MAIL FROM:<a@c.test>\r\n");
  expect(await client.reply()).toMatch(/^250 2\.1\.0/);
  for (const silence of [1, 2]) {
    await mail.clock.advance("1s");
    expect(await client.reply()).toBe("250 2.0.0 Hello?");
    await mail.clock.advance("1h");
    expect(await client.ask("RCPT TO:<b@s.test>")).toMatch(/^250 2\.1\.5/);
    expect(await fault.fired()).toBe(silence);
  }
  client.close();
});

test("several rules are asked one after the other, those that are added meanwhile too", async () => {
  const mail = await start();
  await mail.faults.add({ on: "idle", match: { idle: "2s" }, do: "250 2.0.0 Two" });
  const client = await RawClient.greeted(mail.smtp.port);
  await mail.faults.add({ on: "idle", match: { idle: "1s" }, do: "250 2.0.0 One" });
  await mail.clock.advance("1s");
  expect(await client.reply()).toBe("250 2.0.0 One");
  await mail.clock.advance("1s");
  expect(await client.reply()).toBe("250 2.0.0 Two");
  client.close();
});

test("in mid-content too", async () => {
  const mail = await start();
  await mail.faults.add({ on: "idle", match: { idle: "5s", from: "a@c.test" }, do: "reset" });
  const client = await toContent(mail.smtp.port);
  client.send("Subject: hi\r\n");
  await expect.poll(async () => (await mail.transactions())[0]?.outcome).toBe("open");
  await mail.clock.advance("5s");
  await client.end();
  const [transaction] = await mail.waitForTransactions({ from: "a@c.test" });
  expect(transaction).toMatchObject({ outcome: "aborted", faults: [{ phase: "idle" }] });
});
