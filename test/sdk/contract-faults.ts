import { describe, expect, test } from "vitest";
import type { Held } from "./contract.ts";
import { send, sendRefused } from "./sender.ts";

export function faultsContract(held: Held): void {
  describe("faults", () => {
    test("a rule acts, counts and goes", async () => {
      const fault = await held().faults.add({
        on: "rcpt",
        match: { to: /^bob@/i },
        do: "550 5.1.1 No such user",
      });
      await send(held(), { to: "ada@x.test" });
      expect(await fault.fired()).toBe(0);
      expect(await sendRefused(held(), { to: "Bob@x.test" })).toBe(550);
      expect(await fault.fired()).toBe(1);
      await fault.remove();
      await send(held(), { to: "bob@x.test" });
      await fault.remove();
      await expect(fault.fired()).rejects.toMatchObject({ status: 404 });
    });

    test("a preset, changed field by field", async () => {
      const fault = await held().faults.use("unknown-user", { match: { to: "bob@*" }, when: { times: 1 } });
      expect(fault.rule).toMatchObject({
        on: "rcpt",
        match: { to: "bob@*" },
        when: { times: 1 },
        enabled: true,
      });
      await send(held(), { to: "ada@x.test" });
      expect(await sendRefused(held(), { to: "bob@x.test" })).toBe(550);
      await send(held(), { to: "bob@x.test" });
      expect(await fault.fired()).toBe(1);
    });

    test("list, unused, reset, clear", async () => {
      const { faults } = held();
      await faults.add({ id: "a", on: "rcpt", do: "550 5.1.1 No such user" });
      await faults.add({ id: "b", on: "vrfy", do: "252 2.5.1 Perhaps" });
      const ids = async (list: typeof faults.list) => (await list()).map(({ id }) => id).sort();
      await sendRefused(held());
      expect(await ids(faults.list)).toEqual(["a", "b"]);
      expect(await ids(faults.unused)).toEqual(["b"]);
      await faults.reset();
      expect(await ids(faults.unused)).toEqual(["a", "b"]);
      await faults.clear();
      expect(await ids(faults.list)).toEqual([]);
      await send(held());
    });

    test("presets explain themselves", async () => {
      const presets = await held().faults.presets();
      expect(presets.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["greylisting", "reply-lost", "shutdown"]),
      );
      for (const { explain, rules } of presets) {
        expect(explain).toMatch(/^\S.*\.$/);
        expect(rules).not.toEqual([]);
      }
    });

    test("a list is added as one: all its rules, or none", async () => {
      const { faults } = held();
      const [bob, eve] = ["bob", "eve"].map(
        (name) => ({ id: name, on: "rcpt", match: { to: new RegExp(`^${name}@`) }, do: "550" }) as const,
      );
      const fault = await faults.add([bob!, eve!]);
      expect(fault.rules.map(({ id }) => id)).toEqual(["bob", "eve"]);
      for (const to of ["bob@x.test", "eve@x.test"]) expect(await sendRefused(held(), { to })).toBe(550);
      expect(await fault.fired()).toBe(2);
      await fault.remove();
      expect(await faults.list()).toEqual([]);

      await expect(faults.add([bob!, { on: "rcpt", do: ["450 Busy", "hello"] }])).rejects.toMatchObject({
        status: 422,
        path: "rules[1].do[1]",
        message: expect.stringMatching(/^Failed to add the rules: rules\[1\]\.do\[1\]: /),
      });
      await expect(faults.add([])).rejects.toThrow(TypeError);
      expect(await faults.list()).toEqual([]);
    });

    test("a rule that cannot work is refused, and nothing of it is kept", async () => {
      const { faults } = held();
      await expect(faults.add({ on: "rcpt", do: ["450 Busy", "hello"] })).rejects.toMatchObject({
        name: "MailproofError",
        status: 422,
        path: "do[1]",
        problem: { type: "urn:mailproof:problem:bad-rule" },
        message: expect.stringMatching(/^Failed to add the rule: do\[1\]: /),
      });
      await expect(faults.use("greylisting", { ttl: "0s" })).rejects.toMatchObject({
        status: 422,
        path: "ttl",
        message: expect.stringMatching(/^Failed to use the preset "greylisting": ttl: "0s" /),
      });
      await expect(faults.use("nope")).rejects.toMatchObject({ status: 404 });
      expect(await faults.list()).toEqual([]);
    });

    test("the clock of faults goes on, and greylisting is over", async () => {
      await held().faults.use("greylisting");
      expect(await sendRefused(held())).toBe(451);
      expect((await held().clock.advance("5m")).offset).toBe(300_000);
      await send(held());
      await held().waitFor({ to: "ada@x.test" });
    });

    test("a lost reply leaves a stored message", async () => {
      await held().faults.use("reply-lost");
      await expect(send(held())).rejects.toThrow();
      const message = await held().waitFor({ to: "ada@x.test" });
      const [transaction] = await held().waitForTransactions({ outcome: "reply-lost" });
      expect(transaction?.storedId).toBe(message.id);
    });
  });
}
