import { afterEach, beforeEach, expect, test } from "vitest";
import { type Inbox, type Mailproof, startMailproof } from "../../mod.ts";
import { gatherEvidence } from "../../src/sdk/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { send, sendRefused } from "./sender.ts";

let mail: Mailproof;
let inbox: Inbox;
beforeEach(async () => {
  mail = await startMailproof();
  inbox = await mail.inbox({ name: "shop" });
});
afterEach(() => mail.close());

test("nothing came", async () => {
  expect(await gatherEvidence(inbox)).toEqual({ text: "0 messages", letters: [], transcripts: [] });
});

test("what came, what did not, and the conversation in which it did not", async () => {
  await send(mail, { to: inbox.address("ada") });
  await inbox.faults.add({ id: "no", on: "rcpt", do: "550 5.1.1 No such user" });
  await sendRefused(mail, { to: inbox.address("bob") });
  await send(mail, { to: "eve@x.test", subject: "Not of this inbox" });
  const { text, letters, transcripts } = await gatherEvidence(inbox);
  const [head, dialogue] = text.split("s2.txt:\n");
  expect(head).toBe(`1 message:
  #1 "Welcome" to ada@shop-1.inbox.test
attempts that failed:
  rejected to bob@shop-1.inbox.test (RCPT 550 5.1.1, rule shop-1.no)
`);
  expect(dialogue).toMatch(/^ {2,}\d+ S: 220 .* {2,}\d+ S: 550 5\.1\.1 No such user\n/s);
  expect(letters.map(({ name }) => name)).toEqual(["m1.eml"]);
  expect(new TextDecoder().decode(letters[0]?.octets)).toMatch(/^From: app@x\.test\r\n.*Good morning\r\n$/s);
  expect(transcripts.map(({ name }) => name)).toEqual(["s1.txt", "s2.txt"]);
  expect(transcripts[0]?.text).toContain("C: RCPT TO:<ada@shop-1.inbox.test>");
});

test("a client that said who it is and nothing more", async () => {
  const client = await RawClient.greeted(mail.smtp.port);
  await client.ask(`AUTH PLAIN ${btoa(`\0${inbox.user}\0${inbox.password}`)}`);
  const { text } = await gatherEvidence(inbox);
  client.close();
  expect(text).toMatch(/^0 messages\ns1\.txt:\n.*C: AUTH PLAIN \*{4}\n {2,}\d+ S: 235 [^\n]+$/s);
});

test("a message that is too big to be kept is named", async () => {
  await send(mail, { to: inbox.address(), text: "Good morning\n".repeat(100_000) });
  const { text, letters } = await gatherEvidence(inbox);
  expect(text).toMatch(/^1 message:\n {2}#1 "Welcome" to test@\S+, \d{7} octets, too big to be kept$/);
  expect(letters).toEqual([]);
});

test("of many the newest twenty", async () => {
  for (let n = 1; n <= 21; n++) await send(mail, { to: inbox.address(), subject: `Letter ${n}` });
  const { text, letters } = await gatherEvidence(inbox);
  expect(letters).toHaveLength(20);
  expect(text).toContain('#2 "Letter 2" to');
  expect(text).not.toContain('"Letter 1"');
});
