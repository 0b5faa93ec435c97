import { describe, expect, test, vi } from "vitest";
import { WaitTimeoutError } from "../../src/sdk/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import type { Held } from "./contract.ts";
import { send, sendRefused } from "./sender.ts";

/** Long enough for what is there to be found, short enough to be waited for. */
const soon = { timeout: 100 };

/** How runners stop the time of a test; each resolves to the way back. */
const fakeTimers: [string, () => Promise<() => void>][] = [
  [
    "vitest, as Jest and Sinon do it",
    async () => {
      vi.useFakeTimers();
      return () => vi.useRealTimers();
    },
  ],
];
// Deno and Bun have no mock timers.
if (!("Deno" in globalThis || "Bun" in globalThis)) {
  fakeTimers.push([
    "node:test",
    async () => {
      const { mock } = await import("node:test");
      mock.timers.enable();
      return () => mock.timers.reset();
    },
  ]);
}

export function waitsContract(held: Held): void {
  describe("waitFor", () => {
    test("resolves when the message comes", async () => {
      const waiting = held().waitFor({ to: "ada@x.test", subject: /^welcome$/i });
      await send(held());
      expect((await waiting).subject).toBe("Welcome");
    });

    test("sees what is there already; of several the oldest", async () => {
      await send(held(), { subject: "one" });
      await send(held(), { subject: "two" });
      expect((await held().waitFor({ to: "ada@x.test" })).subject).toBe("one");
      expect((await held().waitFor()).subject).toBe("one");
    });

    test("does not see what came before the mark", async () => {
      const start = await held().mark();
      await send(held(), { subject: "old" });
      await held().mark();
      await expect(held().waitFor({}, soon)).rejects.toThrow(WaitTimeoutError);
      await send(held(), { subject: "new" });
      expect((await held().waitFor()).subject).toBe("new");
      expect((await held().waitFor({}, { since: start })).subject).toBe("old");
      expect((await held().waitFor({}, { since: 0 })).subject).toBe("old");
    });

    test("a mark of a server that was started before says so", async () => {
      const old = { ...(await held().mark()), startedAt: "2026-01-01T00:00:00.000Z" };
      await send(held());
      const again = "Failed to wait: the mark is of a server that was started before";
      await expect(held().waitFor({}, { since: old })).rejects.toThrow(again);
      await expect(held().waitForTransactions({}, { since: old })).rejects.toThrow(again);
      await expect(held().expectNone({ to: "bob@x.test" }, { since: old })).rejects.toThrow(again);
      await held().mark();
      await held().expectNone({}, { within: 20 });
    });

    test.each<[unknown]>([["m1"], [{ seq: 1 }]])("since %j is no mark", async (since) => {
      const wrong = { since } as { since: number };
      const text = `Failed to wait: since is ${JSON.stringify(since)}; give a mark`;
      await expect(held().waitFor({}, wrong)).rejects.toThrow(text);
      await expect(held().waitFor(wrong)).rejects.toThrow(text);
    });

    test("an abort ends it with its reason", async () => {
      const controller = new AbortController();
      const waiting = held().waitFor({}, { signal: controller.signal });
      const reason = new Error("enough");
      setTimeout(() => controller.abort(reason), 10);
      await expect(waiting).rejects.toBe(reason);
      await expect(held().waitFor({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    test.each(fakeTimers)("fake timers do not freeze it: %s", async (_, freeze) => {
      const thaw = await freeze();
      try {
        await expect(held().waitFor({}, { timeout: 50 })).rejects.toThrow("no mail in 50 ms");
        const client = await RawClient.greeted(held().smtp.port);
        const waiting = held().waitFor();
        for (const line of ["MAIL FROM:<a@x.test>", "RCPT TO:<b@x.test>", "DATA"]) await client.ask(line);
        await client.ask("Subject: frozen\r\n\r\n.");
        expect((await waiting).subject).toBe("frozen");
        client.close();
      } finally {
        thaw();
      }
    });

    test("a pattern that cannot run in linear time is refused", async () => {
      await expect(held().waitFor({ subject: /(?=a)b/ })).rejects.toMatchObject({
        name: "MailproofError",
        status: 400,
        message: expect.stringContaining("look-around is not supported"),
      });
    });
  });

  describe("a wait that fails", () => {
    test("shows the nearest message, and gives runners a diff of the fields that differ", async () => {
      await send(held());
      const filter = { to: "ada@*", subject: /reset/i };
      await expect(held().waitFor(filter, soon)).rejects.toMatchObject({
        name: "WaitTimeoutError",
        message: 'no mail to ada@* with subject /reset/i in 100 ms · closest: #1 "Welcome" (subject differs)',
        expected: filter,
        actual: { to: "ada@*", subject: "Welcome" },
      });
    });

    test("shows what was refused, and the rule behind it", async () => {
      const fault = await held().faults.use("greylisting");
      expect(await sendRefused(held())).toBe(451);
      expect(await sendRefused(held())).toBe(451);
      await expect(held().waitFor({ to: "ada@x.test" }, soon)).rejects.toThrow(
        `no mail to ada@x.test in 100 ms · refused: RCPT 451 4.7.1, rule ${fault.id}, 2×`,
      );
    });

    test("shows who never reached MAIL", async () => {
      const client = await RawClient.greeted(held().smtp.port);
      await client.ask("QUIT");
      client.close();
      for await (const { type } of held().events({ since: 0 })) if (type === "session.closed") break;
      await expect(held().waitFor({}, soon)).rejects.toThrow(
        "no mail in 100 ms · never reached MAIL: 1 session, closed by the client after HELO",
      );
    });

    test("shows a login that was refused", async () => {
      await held().faults.add({ id: "no", on: "auth", do: "535 5.7.8 Credentials invalid" });
      const client = await RawClient.greeted(held().smtp.port);
      expect(await client.ask("AUTH PLAIN AGFkYQBzZWNyZXQ=")).toMatch(/^535 /);
      client.close();
      await expect(held().waitFor({}, soon)).rejects.toThrow(
        "no mail in 100 ms · never reached MAIL: 1 session, AUTH PLAIN refused 535 5.7.8, rule no",
      );
    });

    test("shows that nobody came", async () => {
      const failed = held().waitFor({}, soon);
      await expect(failed).rejects.toThrow(`no mail in 100 ms · no client connected to ${held().smtp.url}`);
      await expect(failed).rejects.toMatchObject({ expected: {}, actual: null });
    });

    test("shows only what came after the mark", async () => {
      await held().faults.add({ on: "rcpt", when: { times: 1 }, do: "450 4.2.1 Busy" });
      await sendRefused(held());
      await send(held());
      await held().mark();
      await expect(held().waitFor({ subject: "other" }, soon)).rejects.toThrow(
        `no mail with subject "other" in 100 ms · no client connected to ${held().smtp.url}`,
      );
    });
  });

  describe("waitForAll", () => {
    test("count: resolves to the first ones, oldest first", async () => {
      for (const subject of ["one", "two", "three"]) await send(held(), { subject });
      const messages = await held().waitForAll({ to: "ada@x.test" }, { count: 2 });
      expect(messages.map(({ subject }) => subject)).toEqual(["one", "two"]);
    });

    test("count: too few", async () => {
      await send(held());
      await expect(held().waitForAll({ to: "ada@x.test" }, { count: 2, ...soon })).rejects.toThrow(
        "1 of 2 mails to ada@x.test in 100 ms",
      );
    });

    test("exactly: so many, and then quiet", async () => {
      await send(held());
      await send(held());
      expect(await held().waitForAll({}, { exactly: 2, quiet: "50ms" })).toHaveLength(2);
    });

    test("exactly: one more is told at once", async () => {
      await send(held(), { subject: "one" });
      const failing = expect(held().waitForAll({}, { exactly: 1, quiet: "10s" })).rejects.toMatchObject({
        name: "UnexpectedMailError",
        message: expect.stringMatching(
          /^expected exactly 1 mail in 3000 ms, but 2 came after \d+ ms: #1 "one"; #2 "two"$/,
        ),
      });
      await send(held(), { subject: "two" });
      await failing;
    });

    test("exactly: a retry that its sender made because it heard no reply is told as such", async () => {
      await held().faults.use("reply-lost-once");
      await send(held(), { subject: "Order" }).catch(() => {});
      await held().waitForTransactions({ outcome: "reply-lost" });
      await send(held(), { subject: "Order" });
      await expect(held().waitForAll({}, { exactly: 1 })).rejects.toThrow(
        '#1 "Order" (reply-lost); #2 "Order"',
      );
    });

    test("count and exactly exclude each other", async () => {
      await expect(held().waitForAll({}, { count: 1, exactly: 1 })).rejects.toThrow(TypeError);
    });
  });

  describe("waitForTransactions", () => {
    test("retried twice, then gave up", async () => {
      await held().faults.add({ on: "rcpt", do: "450 4.2.1 Busy" });
      for (let attempt = 0; attempt < 3; attempt++) await sendRefused(held());
      const filter = { to: "ada@x.test", outcome: "rejected" };
      const transactions = await held().waitForTransactions(filter, { exactly: 3, quiet: "50ms" });
      expect(transactions.map(({ reply }) => reply?.code)).toEqual([450, 450, 450]);
    });

    test("too few: tells what came instead", async () => {
      await send(held());
      const filter = { to: "ada@x.test", outcome: "rejected" };
      await expect(held().waitForTransactions(filter, soon)).rejects.toMatchObject({
        message:
          'no transaction to ada@x.test with outcome "rejected" in 100 ms · instead: accepted to ada@x.test',
        actual: { to: "ada@x.test", outcome: "accepted" },
      });
    });

    test("marks count its own numbers", async () => {
      await held().faults.add({ on: "rcpt", when: { times: 1 }, do: "450 4.2.1 Busy" });
      await sendRefused(held());
      await held().mark();
      await send(held());
      expect((await held().waitForTransactions()).map(({ outcome }) => outcome)).toEqual(["accepted"]);
    });
  });

  describe("expectNone", () => {
    test("nothing came", async () => {
      await send(held(), { to: "bob@x.test" });
      await held().expectNone({ to: "ada@x.test" }, { within: 50 });
    });

    test("a message came, before or meanwhile", async () => {
      const failing = expect(held().expectNone({ to: "ada@x.test" }, { within: "10s" })).rejects.toThrow(
        /^expected no (?:mail|attempt) to ada@x\.test in 10000 ms, but 1 came/,
      );
      await send(held());
      await failing;
      await expect(held().expectNone({ text: "morning" }, { within: 50 })).rejects.toThrow(
        /^expected no mail with text "morning" in 50 ms, but 1 came after \d+ ms: #1 "Welcome"$/,
      );
    });

    test("a refused attempt counts, unless it is not to", async () => {
      await held().faults.add({ id: "no", on: "rcpt", do: "550 5.1.1 No such user" });
      await sendRefused(held());
      await held().waitForTransactions({ outcome: "rejected" });
      await expect(held().expectNone({ to: "ada@x.test" }, { within: 50 })).rejects.toThrow(
        /^expected no attempt to ada@x\.test in 50 ms, but 1 came after \d+ ms: rejected to ada@x\.test \(RCPT 550 5\.1\.1, rule no\)$/,
      );
      await held().expectNone({ to: "ada@x.test" }, { within: 50, attempts: false });
    });

    test("an open attempt counts", async () => {
      const client = await RawClient.greeted(held().smtp.port);
      await client.ask("MAIL FROM:<a@x.test>");
      await client.ask("RCPT TO:<ada@x.test>");
      await expect(held().expectNone({ to: "ada@x.test" }, { within: 50 })).rejects.toThrow(
        /but 1 came after \d+ ms: open to ada@x\.test \(after RCPT\)$/,
      );
      client.close();
    });
  });
}
