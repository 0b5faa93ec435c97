/** A listener that a rule closes: clients meet a closed port, and sessions that are open live on. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test, vi } from "vitest";
import type { Mailproof } from "../../mod.ts";
import { FaultEngine } from "../../src/faults/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

const refuse = { on: "connect", do: { end: "refuse" } } as const;

/** Whether somebody listens there. */
async function isOpen(port: number): Promise<boolean> {
  try {
    const client = await RawClient.connect(port);
    client.close();
    return true;
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe("ECONNREFUSED");
    return false;
  }
}

async function untilOpen(mail: Mailproof): Promise<void> {
  await expect.poll(() => isOpen(mail.smtp.port)).toBe(true);
}

test("at once, for as long as the rule is there; an open session goes on", async () => {
  const mail = await start();
  const client = await RawClient.greeted(mail.smtp.port);
  const fault = await mail.faults.add(refuse);
  expect(await isOpen(mail.smtp.port)).toBe(false);
  expect(await client.ask("NOOP")).toMatch(/^250/);
  expect(await fault.fired()).toBe(1);
  await fault.remove();
  await untilOpen(mail);
  expect(await client.ask("NOOP")).toMatch(/^250/);
  client.close();
});

test("for a while of fault time", async () => {
  const mail = await start();
  await mail.faults.add({ on: "connect", do: { end: "refuse", for: "1h" } });
  await mail.clock.advance("59m");
  expect(await isOpen(mail.smtp.port)).toBe(false);
  await mail.clock.advance("2m");
  await untilOpen(mail);
});

test("from the start, and after a reset again", async () => {
  const mail = await start({ faults: [refuse] });
  expect(await isOpen(mail.smtp.port)).toBe(false);
  await mail.faults.clear();
  await untilOpen(mail);
  await mail.reset();
  expect(await isOpen(mail.smtp.port)).toBe(false);
});

test("only the listener that is meant", async () => {
  const mail = await start({ lmtpPort: 0 });
  await mail.faults.add({ ...refuse, match: { listener: "lmtp" } });
  expect(await isOpen(mail.lmtp?.port ?? 0)).toBe(false);
  expect(await isOpen(mail.smtp.port)).toBe(true);
});

test("of two rules the one that is left counts", async () => {
  const mail = await start();
  const first = await mail.faults.add(refuse);
  const second = await mail.faults.add({ ...refuse, description: "another" });
  await second.remove();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await isOpen(mail.smtp.port)).toBe(false);
  await first.remove();
  await untilOpen(mail);
});

test("rules that come and go quickly leave it as the last one wants it", async () => {
  const mail = await start();
  for (let turn = 0; turn < 20; turn += 1) await (await mail.faults.add(refuse)).remove();
  await untilOpen(mail);
  await mail.faults.add(refuse);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await isOpen(mail.smtp.port)).toBe(false);
});

test("the journal tells it, of no session", async () => {
  const mail = await start();
  const events = mail.events({ types: ["fault.fired"] });
  const next = events[Symbol.asyncIterator]().next();
  await mail.faults.add({ ...refuse, id: "closed" });
  expect((await next).value).toMatchObject({
    type: "fault.fired",
    data: {
      ruleId: "closed",
      phase: "connect",
      sessionId: null,
      transactionId: null,
      explain: "rule closed: refuses connections until the rule goes (listener smtp)",
    },
  });
});

test("of several listeners each is told by its name", async () => {
  const mail = await start({ lmtpPort: 0 });
  const events = mail.events({ types: ["fault.fired"] })[Symbol.asyncIterator]();
  const next = [events.next(), events.next()];
  await mail.faults.add({ ...refuse, id: "closed", do: { end: "refuse", for: "30s" } });
  expect((await Promise.all(next)).map(({ value }) => value.data.explain)).toEqual([
    "rule closed: refuses connections for 30s (listener smtp)",
    "rule closed: refuses connections for 30s (listener lmtp)",
  ]);
});

test("a port that somebody else has taken meanwhile is waited for, and that is told once", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  const mail = await start();
  const fault = await mail.faults.add(refuse);
  const other = createServer().listen(mail.smtp.port, "127.0.0.1");
  await once(other, "listening");
  expect((other.address() as AddressInfo).port).toBe(mail.smtp.port);
  await fault.remove();
  await expect
    .poll(() => told.mock.calls)
    .toEqual([
      [expect.stringMatching(/^mailproof: listener smtp is not open again yet: PortInUseError: .*$/)],
    ]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  other.close();
  await once(other, "close");
  await expect
    .poll(async () => (await RawClient.connect(mail.smtp.port)).reply(), { timeout: 5_000 })
    .toMatch(/^220/);
  expect(told).toHaveBeenCalledTimes(1);
  told.mockRestore();
});

test("a server that is closed while it is refused stays closed", async () => {
  const mail = await start();
  const fault = await mail.faults.add(refuse);
  const port = mail.smtp.port;
  const removed = fault.remove().catch(() => {});
  await mail.close();
  await removed;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await isOpen(port)).toBe(false);
});

test("what is refused is asked once for all listeners, however many inboxes have", async () => {
  const mail = await start({ lmtpPort: 0 });
  for (let count = 0; count < 3; count += 1) await mail.inbox({ listener: true });
  const asked = vi.spyOn(FaultEngine.prototype, "refusals");
  await mail.faults.add({ on: "rcpt", do: "550 5.1.1 No" });
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockRestore();
});
