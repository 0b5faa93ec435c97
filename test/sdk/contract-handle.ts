import process from "node:process";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WaitTimeoutError } from "../../src/sdk/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import type { Held } from "./contract.ts";
import { send, sendRefused } from "./sender.ts";

export function handleContract(held: Held): void {
  describe("the handle", () => {
    test("says where the server is", async () => {
      const { smtp, http, env, tls, providers } = held();
      expect(smtp.url).toBe(`smtp://${smtp.host}:${smtp.port}`);
      expect(env).toEqual({
        SMTP_HOST: smtp.host,
        SMTP_PORT: String(smtp.port),
        SMTP_URL: smtp.url,
        MAILPROOF_URL: http.url,
        RESEND_BASE_URL: `${http.url}/providers/resend`,
        RESEND_API_KEY: providers.resend.key,
      });
      expect(tls.ca).toBe(null);
      expect((await held().info()).name).toBe("mailproof");
      expect((await fetch(new URL("/livez", http.url))).status).toBe(200);
    });

    test("a fetch that the test puts in place for its program is not used", async () => {
      onTestFinished(() => void vi.unstubAllGlobals());
      vi.stubGlobal("fetch", async () => new Response("{}"));
      await send(held());
      expect((await held().waitFor()).subject).toBe("Welcome");
      await expect(held().expectNone({}, { within: 50 })).rejects.toThrow("but 1 came");
    });

    test("clear: the messages are gone, and waits start over", async () => {
      await send(held());
      await held().clear();
      expect(await held().messages()).toEqual([]);
      await expect(held().waitForTransactions({}, { timeout: 50 })).rejects.toThrow(WaitTimeoutError);
    });

    test("clear with a filter: only those are gone, and of an inbox no other's", async () => {
      const inbox = await held().inbox();
      await send(held(), { to: inbox.address() });
      await send(held(), { to: "bob@x.test" });
      await send(held(), { to: "eve@x.test" });
      await inbox.clear({ to: "*" });
      await held().clear({ to: "bob@*" });
      const left = (await held().messages()).map(({ envelope }) => envelope.to);
      expect(left).toEqual([["eve@x.test"]]);
    });

    test("reset: all is gone but the numbers", async () => {
      await held().faults.use("unknown-user", { when: { times: 1 } });
      await sendRefused(held());
      await send(held());
      const { seq } = await held().waitFor();
      await held().reset();
      expect(await held().messages()).toEqual([]);
      expect(await held().transactions()).toEqual([]);
      expect(await held().faults.list()).toEqual([]);
      await send(held());
      expect((await held().waitFor()).seq).toBe(seq + 1);
    });

    test("close: waits end, events end, and it may be repeated", async () => {
      const waiting = held().waitFor({}, { timeout: "5m" });
      const events = held().events()[Symbol.asyncIterator]();
      const next = events.next();
      waiting.catch(() => {});
      await held().info();
      await held().close();
      await held()[Symbol.asyncDispose]();
      await expect(waiting).rejects.toThrow("the Mailproof handle was closed");
      expect(await next).toEqual({ done: true, value: undefined });
      await expect(held().info()).rejects.toThrow("the Mailproof handle was closed");
    });
  });

  describe("many at the same time", () => {
    const outcomes = async (waiting: readonly Promise<unknown>[]) =>
      (await Promise.allSettled(waiting)).map((end) => (end.status === "rejected" ? end.reason : end.value));

    test("waits and event streams all end with the handle, and Node warns of no leak", async () => {
      const warnings = hearWarnings();
      const waits = Array.from({ length: 200 }, () => held().waitFor({ to: "x" }, { timeout: "5m" }));
      const streams = Array.from({ length: 20 }, () => held().events()[Symbol.asyncIterator]().next());
      const ends = outcomes(waits);
      await held().info();
      await held().close();
      const closed = expect.objectContaining({
        message: expect.stringContaining("the Mailproof handle was closed"),
      });
      expect(await ends).toEqual(Array(200).fill(closed));
      expect(await Promise.all(streams)).toEqual(Array(20).fill({ done: true, value: undefined }));
      expect(await warnings()).toEqual([]);
    });

    test("waits with one signal all end with it", async () => {
      const warnings = hearWarnings();
      const controller = new AbortController();
      const { signal } = controller;
      const reason = new Error("enough");
      const ends = outcomes(Array.from({ length: 200 }, () => held().waitFor({}, { signal })));
      await held().info();
      controller.abort(reason);
      expect(new Set(await ends)).toEqual(new Set([reason]));
      expect(await warnings()).toEqual([]);
    });
  });

  describe("events", () => {
    test("as they happen, by type", async () => {
      const since = await held().mark();
      await send(held());
      const types: string[] = [];
      for await (const event of held().events({
        types: ["message.received", "transaction.finished"],
        since,
      })) {
        types.push(event.type);
        if (event.type === "message.received") expect(event.data.message?.subject).toBe("Welcome");
        if (types.length === 2) break;
      }
      expect(types).toEqual(["message.received", "transaction.finished"]);
    });

    test("fake timers do not freeze them", async () => {
      onTestFinished(() => void vi.useRealTimers());
      vi.useFakeTimers();
      const events = held().events()[Symbol.asyncIterator]();
      const next = events.next();
      const metrics = async () => (await fetch(`${held().http.url}/metrics`)).text();
      while (!/^mailproof_held_requests 1$/m.test(await metrics()));
      const client = await RawClient.greeted(held().smtp.port);
      expect((await next).value.type).toBe("session.opened");
      await events.return?.();
      client.close();
    });

    test("without a start: from now on", async () => {
      await send(held(), { subject: "old" });
      const events = held()
        .events({ types: ["message.received"] })
        [Symbol.asyncIterator]();
      let heard = false;
      const next = events.next().finally(() => {
        heard = true;
      });
      while (!heard) await send(held(), { subject: "new" });
      expect((await next).value.data.message.subject).toBe("new");
      await events.return?.();
    });

    test("an abort ends them with its reason", async () => {
      const controller = new AbortController();
      const next = held().events({ signal: controller.signal })[Symbol.asyncIterator]().next();
      const reason = new Error("enough");
      setTimeout(() => controller.abort(reason), 20);
      await expect(next).rejects.toBe(reason);
    });

    test("an unknown type is refused", async () => {
      const types = ["nope"] as unknown as ["reset"];
      await expect(held().events({ types })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        status: 400,
      });
    });
  });
}

/** What the process warns of from now on. Only Node warns of more than ten listeners. */
function hearWarnings(): () => Promise<string[]> {
  const warnings: string[] = [];
  const hear = ({ message }: Error) => void warnings.push(message);
  process.on("warning", hear);
  onTestFinished(() => void process.off("warning", hear));
  return async () => {
    // They are told after all promises that are ready.
    await new Promise((resolve) => setTimeout(resolve));
    return warnings;
  };
}
