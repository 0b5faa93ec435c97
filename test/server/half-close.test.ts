/** Our side of the connection closed by a fault, the client's side still open. */
import { expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

const halfClose = { on: "data", do: { end: "half-close" } } as const;

/** The client of a test answers a FIN with its own; this one goes on talking. */
function keepTalking(client: RawClient): RawClient {
  client.socket.removeAllListeners("end");
  return client;
}

test("the reply arrives, then a FIN, and what the client still sends is understood and kept", async () => {
  const mail = await start({ faults: [halfClose] });
  const client = keepTalking(await toContent(mail.smtp.port));
  client.send("Subject: half\r\n\r\nhi\r\n.\r\nNOOP\r\n");
  const message = await mail.waitFor({ subject: "half" });
  expect(message.transaction).toMatchObject({ outcome: "reply-lost", storedId: message.id });
  const [session] = await mail.sessions();
  expect(session?.closedAt).toBe(null);
  const transcript = await mail.transcript(session?.id ?? "");
  expect(transcript).toMatch(/ S: 354 .*\n.* \*: our side of the connection closed \(FIN\)\n/);
  expect(transcript).toMatch(/ C: \[content: 21 octets\]\n.* C: NOOP\n/);
  client.socket.end();
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("fault");
  expect(client.rest).toBe("");
});

test.each([
  ["idles", { idleTimeout: 150 }],
  ["does not end what it began", { commandTimeout: 150 }],
])("a client that %s is cut", async (_, limits) => {
  const mail = await start({ ...limits, faults: [halfClose] });
  const client = keepTalking(await toContent(mail.smtp.port));
  client.send("Subject: half");
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy, { timeout: 5_000 }).toBe("fault");
  client.close();
});

test("it can be followed by another ending, and by a server that goes", async () => {
  const mail = await start({ faults: [halfClose, { on: "noop", do: "reset" }] });
  const [one, other] = [
    keepTalking(await toContent(mail.smtp.port)),
    keepTalking(await toContent(mail.smtp.port)),
  ];
  one.send(".\r\nNOOP\r\n");
  await expect.poll(async () => (await mail.sessions({ open: true })).length).toBe(1);
  await mail.close();
  other.close();
});

test("a client that asks on without reading is not answered for ever", async () => {
  const mail = await start({ faults: [{ on: "greeting", do: { end: "half-close" } }] });
  const client = keepTalking(await RawClient.connect(mail.smtp.port));
  expect(await client.reply()).toMatch(/^220/);
  client.send(`${"NOOP\r\n".repeat(20_000)}QUIT\r\n`);
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("fault");
  client.close();
});

test("under TLS it leaves no session behind", async () => {
  const mail = await start({ starttls: "offer", faults: [{ on: "noop", do: { end: "half-close" } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("STARTTLS")).toMatch(/^220/);
  await client.secure(mail.tls.ca ?? "");
  await client.ask("EHLO again.test");
  expect(await client.ask("NOOP")).toMatch(/^250/);
  expect(await client.end()).toBe("fin");
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("fault");
});
