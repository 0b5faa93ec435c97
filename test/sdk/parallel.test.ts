/** Fifty tests at the same time on one server, each in its inbox: none sees or disturbs another. */
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import { connectMailproof, type Inbox, type Mailproof, startMailproof } from "../../mod.ts";
import { test } from "../../src/entries/vitest.ts";

const tests = Array.from({ length: 50 }, (_, n) => n);
const letters = 20;

vi.setConfig({ maxConcurrency: tests.length });
let [running, most] = [0, 0];
let server: Mailproof;
beforeAll(async () => {
  server = await startMailproof();
});
afterAll(async () => {
  await server.close();
  expect(most).toBe(tests.length);
});

describe.concurrent("on one server", { timeout: 60_000 }, () => {
  test.for(tests)("test %i has its own mail, rules, counters, clock, environment and end", async (n) => {
    running += 1;
    most = Math.max(most, running);
    // Half of them as a worker in another process would.
    const mail = n % 2 === 0 ? server : await connectMailproof(server.http.url);
    const inbox = await mail.inbox({ name: `test ${n}` });
    const refusals = n % 4;
    const full = await inbox.faults.add({
      id: "full",
      on: "rcpt",
      match: { to: "ada@*" },
      when: { times: refusals + 1 },
      do: "452 4.2.2 Mailbox full",
    });

    // By its user, or by its domain.
    const url = n % 3 === 0 ? inbox.env.SMTP_URL : server.smtp.url;
    const transport = createTransport(`${url}?pool=true&maxConnections=2`);
    const send = (subject: string) =>
      transport.sendMail({ from: "app@x.test", to: inbox.address("ada"), subject, text: "Hello" }).then(
        () => true,
        (error: { responseCode?: number }) => error.responseCode,
      );
    const sent = await Promise.all(Array.from({ length: letters }, (_, k) => send(`${n}-${k}`)));
    expect(sent.filter((outcome) => outcome === 452)).toHaveLength(refusals + 1);
    expect(await full.fired()).toBe(refusals + 1);

    const taken = letters - refusals - 1;
    const messages = await inbox.waitForAll({}, { exactly: taken, quiet: 100, timeout: "30s" });
    expect(messages.every(({ subject }) => subject.startsWith(`${n}-`))).toBe(true);
    expect(await inbox.transactions({ outcome: "rejected" })).toHaveLength(refusals + 1);

    await expectOwnClock(inbox, send);
    await expectOwnEnd(inbox, taken + 1);
    transport.close();
    await inbox.close();
    await expect(inbox.waitFor()).rejects.toThrow("the inbox was closed");
    if (mail !== server) await mail.close();
    running -= 1;
  });
});

/** Were another's clock its own, the second attempt would be taken. */
async function expectOwnClock(inbox: Inbox, send: (subject: string) => Promise<unknown>): Promise<void> {
  await inbox.faults.use("greylisting");
  expect(await send("grey")).toBe(451);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await send("grey")).toBe(451);
  await inbox.clock.advance("5m");
  expect(await send("grey")).toBe(true);
}

async function expectOwnEnd(inbox: Inbox, stored: number): Promise<void> {
  expect(await inbox.messages()).toHaveLength(stored);
  await inbox.clear();
  expect(await inbox.messages()).toEqual([]);
  await inbox.expectNone({}, { within: 50 });
  expect(await inbox.faults.list()).toHaveLength(2);
  await inbox.faults.clear();
  expect(await inbox.faults.list()).toEqual([]);
}
