/** Replies that leave slowly, input that is read slowly: in fault time. */
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

const greeting = "220 mailproof.test ESMTP";

test("a drip lets an octet go each second of fault time, and advancing the clock lets all go that is due", async () => {
  const mail = await start({ faults: [{ on: "connect", do: { drip: { octets: 1, every: "1h" } } }] });
  const client = await RawClient.connect(mail.smtp.port);
  await expect.poll(() => client.rest).toBe("2");
  await mail.clock.advance("1h");
  await expect.poll(() => client.rest).toBe("22");
  await mail.clock.advance("5h");
  await expect.poll(() => client.rest).toBe(greeting.slice(0, 7));
  await mail.clock.advance("500h");
  expect(await client.reply()).toContain(greeting);
  client.close();
});

test("it is absolute: no octet is lost or doubled, whatever the steps are", async () => {
  const mail = await start({ faults: [{ on: "connect", do: { drip: { octets: 3, every: "7ms" } } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  const help = await client.ask("HELP");
  expect(help).toMatch(/^214[- ]/);
  expect(await client.ask("QUIT")).toMatch(/^221 2\.0\.0 /);
  expect(await client.end()).toBe("fin");
});

test("the slower of drip and throttle counts, and what follows waits for what was said", async () => {
  const mail = await start({
    faults: [
      { on: "mail", do: { drip: { octets: 1, every: "1h" } } },
      { on: "mail", do: { throttle: { write: 1_000_000 } } },
    ],
  });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\n");
  await expect.poll(() => client.rest).toBe("2");
  const [session] = await mail.sessions();
  expect(await mail.transcript(session?.id ?? "")).not.toContain("RCPT");
  await mail.clock.advance("1000h");
  expect(await client.reply()).toMatch(/^250 2\.1\.0/);
  await mail.clock.advance("1000h");
  expect(await client.reply()).toMatch(/^250 2\.1\.5/);
  client.close();
});

test("an ending comes behind the octets", async () => {
  const drip = { octets: 1, every: "1h" };
  const mail = await start({ faults: [{ on: "noop", do: { reply: "421 4.3.2 Bye", drip } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("NOOP\r\n");
  await expect.poll(() => client.rest).toBe("4");
  await mail.clock.advance("100h");
  expect(await client.reply()).toBe("421 4.3.2 Bye");
  expect(await client.end()).toBe("fin");
});

test("a client that leaves while its 250 drips leaves a lost reply and no session", async () => {
  const mail = await start({ faults: [{ on: "end-of-data", do: { drip: { octets: 1, every: "1h" } } }] });
  const client = await toContent(mail.smtp.port);
  client.send("Subject: slow\r\n\r\nhi\r\n.\r\n");
  await expect.poll(() => client.rest).toBe("2");
  client.socket.resetAndDestroy();
  const [transaction] = await mail.waitForTransactions({ subject: "slow" });
  expect(transaction).toMatchObject({ outcome: "reply-lost" });
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("client");
});

test("a server that goes lets the rest go at once", async () => {
  const mail = await start({ faults: [{ on: "connect", do: { drip: { octets: 1, every: "1h" } } }] });
  const client = await RawClient.connect(mail.smtp.port);
  await expect.poll(() => client.rest).toBe("2");
  await mail.close();
  expect(await client.reply()).toContain(greeting);
  expect(await client.reply()).toMatch(/^421 4\.3\.2 /);
  expect(await client.end()).toBe("fin");
});

test("what is read slowly is heard slowly, and its end behind it", async () => {
  const mail = await start({ faults: [{ on: "ehlo", do: { throttle: { read: 1 } } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("NOOP\r\nNOOP\r\n");
  client.socket.end();
  await setTimeout(50);
  expect(client.rest).toBe("");
  await mail.clock.advance("5s");
  expect(await client.reply()).toMatch(/^250/);
  expect(client.rest).toBe("");
  await mail.clock.advance("6s");
  expect(await client.reply()).toMatch(/^250/);
  expect(await client.end()).toBe("fin");
});

test("what is read slowly is not taken off the network", async () => {
  const mail = await start({ faults: [{ on: "data", do: { throttle: { read: 1 } } }] });
  const client = await toContent(mail.smtp.port);
  let sent = 0;
  while (sent < 64 * 1024 * 1024 && client.socket.writableLength < 8 * 1024 * 1024) {
    client.send("x".repeat(64 * 1024));
    sent += 64 * 1024;
    await setTimeout(1);
  }
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  client.close();
  await mail.close();
});

test("a client that is read slowly is not late", async () => {
  const mail = await start({
    commandTimeout: 100,
    idleTimeout: 100,
    faults: [{ on: "ehlo", do: { throttle: { read: 20 } } }],
  });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("NOOP longer than a tenth of a second")).toMatch(/^250/);
  client.close();
});

test("a pace holds across STARTTLS", async () => {
  const mail = await start({
    starttls: "offer",
    faults: [{ on: "starttls", do: { drip: { octets: 40, every: "1h" } } }],
  });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("STARTTLS")).toMatch(/^220/);
  await client.secure(mail.tls.ca ?? "");
  await mail.clock.advance("1h");
  client.send("EHLO again.test\r\n");
  await expect.poll(() => client.rest.length).toBe(40);
  await mail.clock.advance("100h");
  expect(await client.reply()).toMatch(/^250-mailproof\.test/);
  client.close();
});

test("a client that has said all and only reads on gets every octet", async () => {
  const mail = await start({ faults: [{ on: "connect", do: { drip: { octets: 5, every: "2ms" } } }] });
  const client = await RawClient.connect(mail.smtp.port);
  client.send("EHLO c.test\r\nNOOP\r\nQUIT\r\n");
  client.socket.end();
  expect(await client.end()).toBe("fin");
  expect(client.rest).toMatch(/^220 .*\r\n250 2\.0\.0 Ok\r\n221 2\.0\.0 .*\r\n$/s);
});
