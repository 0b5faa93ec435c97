/** Chance that does not hang on order: the same rules strike the same messages, on every run and runtime. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { FaultRule, Mailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

const sometimes = { probability: 0.2 };

const rules: readonly FaultRule[] = [
  { id: "poor", on: "ehlo", when: sometimes, do: { capabilities: { remove: ["PIPELINING"] } } },
  { id: "slow", on: ["mail", "rcpt"], when: sometimes, do: { delay: [1, 20] } },
  { id: "sender", on: "mail", when: sometimes, do: "451 4.3.0 Later" },
  { id: "recipient", on: "rcpt", when: { ...sometimes, per: "recipient" }, do: "450 4.2.1 Busy" },
  { id: "broken", on: "content", when: sometimes, do: "reset" },
  { id: "content", on: "end-of-data", when: { ...sometimes, per: "triplet" }, do: "451 4.3.0 Later" },
  { id: "lost", on: "end-of-data", when: sometimes, do: { wire: { truncate: 0 }, end: "reset" } },
];

const sessions = Array.from({ length: 100 }, (_, index) => index);

/** One session: it goes on with whatever is accepted, and ends when the server ends it. */
async function converse(port: number, index: number): Promise<void> {
  const client = await RawClient.connect(port);
  try {
    await client.reply();
    if (!(await accepts(client, `EHLO c${index}.test`))) return;
    if (!(await accepts(client, `MAIL FROM:<u${index}@c.test>`))) return;
    const first = await accepts(client, `RCPT TO:<b${index}@s.test>`);
    const second = await accepts(client, `RCPT TO:<c${index}@s.test>`);
    if (!first && !second) return;
    await client.ask("DATA");
    await client.ask("Subject: hi\r\n\r\nhello\r\n.");
  } catch {
    // The server ended the connection instead of a reply.
  } finally {
    client.close();
  }
}

async function accepts(client: RawClient, line: string): Promise<boolean> {
  return (await client.ask(line)).startsWith("250");
}

/** Each firing as a line: the rule, the phase, who sent what to whom. Sorted, since order means nothing. */
async function firings(mail: Mailproof): Promise<string[]> {
  const closed = async () => (await mail.sessions()).filter(({ closedAt }) => closedAt !== null);
  await expect.poll(closed, { timeout: 10_000 }).toHaveLength(sessions.length);
  const inTransactions = (await mail.transactions()).flatMap(({ reversePath, recipients, faults }) => {
    const to = recipients.map(({ path, reply }) => `${path.address} ${reply?.code}`).join(" ");
    return faults.map(({ ruleId, phase }) => `${ruleId} ${phase} ${reversePath?.address} > ${to}`);
  });
  const before = (await mail.sessions()).flatMap(({ helo, faults }) =>
    faults.filter(({ phase }) => phase === "ehlo").map(({ ruleId, phase }) => `${ruleId} ${phase} ${helo}`),
  );
  return [...before, ...inTransactions].sort();
}

async function atOnce(port: number): Promise<void> {
  await Promise.all(sessions.map((index) => converse(port, index)));
}

async function oneByOne(port: number): Promise<void> {
  for (const index of sessions) await converse(port, index);
}

test("100 sessions at once are struck by the same rules three times, as one after the other, and everywhere", async () => {
  const seen: string[][] = [];
  for (const talk of [atOnce, atOnce, atOnce, oneByOne]) {
    const mail = await start({ seed: "again", faults: [...rules] });
    await talk(mail.smtp.port);
    seen.push(await firings(mail));
  }
  const [first = [], ...others] = seen;
  for (const other of others) expect(other).toEqual(first);
  const rulesThatFired = new Set(first.map((line) => line.split(" ")[0]));
  expect([...rulesThatFired].sort()).toEqual(rules.map(({ id }) => id).sort());
  // Of every runtime the same.
  const digest = createHash("sha256").update(first.join("\n")).digest("hex");
  expect(first).toHaveLength(164);
  expect(digest).toBe("7ac7572f8645d7ffde1c19427b339ded3a57e72ef7e6a85504797089b4561e43");
});

test("another seed is another set", async () => {
  const seen: string[][] = [];
  for (const seed of ["again", "other"]) {
    const mail = await start({ seed, faults: [...rules] });
    await atOnce(mail.smtp.port);
    seen.push(await firings(mail));
  }
  expect(seen[0]).not.toEqual(seen[1]);
});
