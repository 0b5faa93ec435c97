/** How sessions end that are turned away, or whose queue is long. */
import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

test("H05: clients that were turned away do not keep others out", async () => {
  const mail = await start({ maxSessions: 1 });
  const first = await RawClient.greeted(mail.smtp.port);
  const refused = await RawClient.connect(mail.smtp.port);
  expect(await refused.reply()).toMatch(/^421 4\.7\.0 /);
  refused.socket.pause();
  expect(await first.ask("QUIT")).toMatch(/^221/);
  await first.end();
  const next = await RawClient.connect(mail.smtp.port);
  expect(await next.reply()).toMatch(/^220 /);
  for (const client of [first, refused, next]) client.close();
});

test("A23: delayed commands in a row do not keep a session from its 421", async () => {
  const mail = await start();
  const rule = await mail.faults.add({ on: "noop", do: { delay: "1h" } });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("NOOP\r\n".repeat(3));
  await expect.poll(() => rule.fired()).toBe(1);
  const closed = mail.close();
  const said = [await client.reply(), await client.reply(), await client.reply(), await client.reply()];
  expect(said.map((line) => line.slice(0, 9))).toEqual(["250 2.0.0", "250 2.0.0", "250 2.0.0", "421 4.3.2"]);
  await closed;
  client.close();
});

test("H04: contents on their way are bounded together; one that does not fit is read to its end, then 452", async () => {
  const mail = await start({ maxBytes: "1M", maxMessageSize: "1M" });
  const clients = await Promise.all([toContent(mail.smtp.port), toContent(mail.smtp.port)]);
  for (const client of clients) client.send(`${"x".repeat(700_000)}\r\n`);
  const [first, second] = clients;
  await expect.poll(async () => (await mail.transactions({ outcome: "open" })).length).toBe(2);
  // Whoever came second finds no room; who that is the network decides.
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (const client of clients) client.send("MAIL FROM:<x@y.test>\r\n.\r\n");
  const said = [await first!.reply(), await second!.reply()].map((line) => line.slice(0, 9)).sort();
  expect(said).toEqual(["250 2.0.0", "452 4.3.1"]);
  for (const client of clients) expect(await client.ask("NOOP")).toMatch(/^250/);
  for (const client of clients) client.close();
});

test("HIDE: without enhanced codes there are none in a 421 and in what the store refuses either", async () => {
  const mail = await start({
    hideExtensions: ["ENHANCEDSTATUSCODES"],
    maxErrors: 2,
    maxMessages: 1,
    whenFull: "reject",
  });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send("MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\nhi\r\n.\r\n");
  for (const code of ["250", "250", "354", "250"]) expect((await client.reply()).slice(0, 3)).toBe(code);
  expect(await client.ask("MAIL FROM:<a@c.test>")).toBe(
    "452 Insufficient system storage within --max-messages and --max-bytes",
  );
  expect(await client.ask("FOO")).toBe("500 Command not recognized");
  expect(await client.ask("FOO")).toBe("500 Command not recognized");
  expect(await client.reply()).toMatch(/^421 mailproof\.test Too many errors/);
  client.close();
});

test.each([
  ["after it has spoken over TLS: of TLS that says nothing", true, null],
  [
    "and has not said a word over TLS: that is because of the certificate",
    false,
    // Deno tells of a reset under TLS as of an end.
    "Deno" in globalThis ? null : expect.stringMatching(/^TLS/),
  ],
])("a client that resets the connection %s", async (_, speaks, tlsError) => {
  const mail = await start({ smtpsPort: 0 });
  const raw = connect(mail.smtps?.port ?? 0, "127.0.0.1");
  const socket = connectTls({ socket: raw, ca: mail.tls.ca ?? "", servername: "localhost" });
  for (const each of [raw, socket]) each.on("error", () => {});
  await once(socket, "data");
  if (speaks) {
    socket.write("EHLO x.test\r\n");
    await once(socket, "data");
  }
  raw.resetAndDestroy();
  await expect.poll(async () => (await mail.sessions())[0]).toMatchObject({ closedBy: "client", tlsError });
});
