/** Inboxes: parts of one server that do not see each other. */
import { describe, expect, test } from "vitest";
import type { Inbox, InboxInput, Mailproof } from "../../src/sdk/mod.ts";
import type { Held } from "./contract.ts";
import { type Letter, send, sendRefused } from "./sender.ts";

export function inboxContract(held: Held): void {
  describe("what belongs to an inbox", () => {
    test.each<[string, InboxInput, (inbox: Inbox, mail: Mailproof) => [Pick<Mailproof, "smtp">, Letter]]>([
      ["an address at its domain", {}, (inbox, mail) => [mail, { to: inbox.address("ada") }]],
      [
        "an address at its domain, in any case",
        {},
        (inbox, mail) => [mail, { to: inbox.address().toUpperCase() }],
      ],
      ["one recipient of several", {}, (inbox, mail) => [mail, { to: ["bob@x.test", inbox.address()] }]],
      ["its SMTP user", {}, (inbox) => [inbox, {}]],
      ["its own listener", { listener: true }, (inbox) => [inbox, {}]],
      [
        "a sender that it matches",
        { match: { from: "shop@*" } },
        (_, mail) => [mail, { from: "shop@x.test" }],
      ],
      [
        "a recipient that it matches",
        { match: { to: ["eve@x.test", "ada@x.test"] } },
        (_, mail) => [mail, {}],
      ],
      ["a recipient that a RegExp matches", { match: { to: [/^ADA@/i] } }, (_, mail) => [mail, {}]],
      [
        "a header field that it matches",
        { match: { header: { "x-run": "7" }, from: "app@x.test" } },
        (_, mail) => [mail, { headers: { "X-Run": "7" } }],
      ],
    ])("%s", async (_, input, how) => {
      const mail = held();
      const [inbox, other] = [await mail.inbox(input), await mail.inbox()];
      await send(...how(inbox, mail));
      const message = await inbox.waitFor();
      expect(message.inboxes).toEqual([inbox.id]);
      expect(message.transaction.inboxes).toEqual([inbox.id]);
      expect(await inbox.sessions()).toHaveLength(1);
      await other.expectNone();
      expect(await other.transactions()).toEqual([]);
      expect(await other.sessions()).toEqual([]);
      await expect(other.message("latest")).rejects.toThrow("Failed to");
      expect((await mail.waitFor()).id).toBe(message.id);
    });

    test("a message for two comes into both", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox({ name: "One" }), await mail.inbox({ name: "Two" })];
      await send(mail, { to: [one.address(), two.address()] });
      expect((await one.waitFor()).id).toBe((await two.waitFor()).id);
    });

    test("a recipient that is refused brings the attempt, but not the mail of the others", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      await two.faults.add({ on: "rcpt", do: "550 5.1.1 No such user" });
      await send(mail, { to: [one.address(), two.address()] });
      expect((await one.waitFor()).inboxes).toEqual([one.id]);
      await two.expectNone({}, { attempts: false });
      expect(await two.waitForTransactions()).toMatchObject([{ inboxes: [one.id, two.id] }]);
    });

    test("the password of its user is the only one", async () => {
      const mail = held();
      const inbox = await mail.inbox();
      const url = inbox.smtp.url.replace(inbox.password, "wrong");
      expect(await sendRefused({ smtp: { ...inbox.smtp, url } })).toBe(535);
      expect(inbox.env).toMatchObject({ SMTP_USER: inbox.user, SMTP_PASSWORD: inbox.password });
    });
  });

  describe("what an inbox has for itself", () => {
    test("rules, their ids and their counters", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      const rule = { id: "full", on: "rcpt", do: "452 4.2.2 Mailbox full", when: { times: 1 } } as const;
      const [first, second] = [await one.faults.add(rule), await two.faults.add(rule)];
      expect(await sendRefused(mail, { to: one.address() })).toBe(452);
      await send(mail, { to: one.address() });
      await send(mail, { to: "bob@x.test" });
      expect([await first.fired(), await second.fired()]).toEqual([1, 0]);
      expect(await two.faults.unused()).toHaveLength(1);
      await two.faults.reset();
      expect(await first.fired()).toBe(1);
      await one.faults.clear();
      expect(await one.faults.list()).toEqual([]);
      expect(await sendRefused(mail, { to: two.address() })).toBe(452);
      expect(await mail.faults.list()).toHaveLength(1);
    });

    test("presets", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      await one.faults.use("mailbox-full");
      expect(await sendRefused(one, { to: one.address() })).toBe(452);
      await send(two, { to: two.address() });
      await two.waitFor();
    });

    test("a clock", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      for (const inbox of [one, two]) {
        await inbox.faults.add({ on: "rcpt", do: "451 4.7.1 Later", when: { for: "5m", per: "triplet" } });
        expect(await sendRefused(mail, { to: inbox.address() })).toBe(451);
      }
      await one.clock.advance("5m");
      await send(mail, { to: one.address() });
      expect(await sendRefused(mail, { to: two.address() })).toBe(451);
      await one.waitFor();
    });

    test("a clock that delays go by", async () => {
      const mail = held();
      const inbox = await mail.inbox();
      await inbox.faults.add({ on: "data", do: { delay: "1h" } });
      const sent = send(mail, { to: inbox.address() });
      await inbox.waitForTransactions({ outcome: "open" });
      await inbox.clock.advance("1h");
      await sent;
      await inbox.waitFor();
    });

    test("a clock that its rules grow old by", async () => {
      const inbox = await held().inbox();
      await inbox.faults.add({ on: "rcpt", do: "550 5.1.1 No", ttl: "1m" });
      await inbox.clock.advance("1m");
      expect(await inbox.faults.list()).toEqual([]);
    });

    test("counting per inbox", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      await mail.faults.add({ on: "rcpt", do: "451 4.7.1 Later", when: { times: 1, per: "inbox" } });
      for (const inbox of [one, two]) {
        expect(await sendRefused(mail, { to: inbox.address() })).toBe(451);
        await send(mail, { to: inbox.address() });
      }
    });

    test("bounces", async () => {
      const mail = held();
      const inbox = await mail.inbox();
      await inbox.faults.add({ on: "end-of-data", do: { bounce: { status: "5.1.1", after: "10m" } } });
      await send(mail, { to: inbox.address() });
      await inbox.waitFor();
      await inbox.clock.advance("10m");
      expect((await inbox.waitFor({ from: "" })).inboxes).toEqual([inbox.id]);
    });

    test("events", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      const since = await mail.mark();
      await send(mail, { to: one.address() });
      await send(mail, { to: two.address() });
      const types = ["message.received", "transaction.finished"] as const;
      const seen: string[] = [];
      for await (const event of two.events({ types, since })) {
        seen.push(event.type);
        if (seen.length === 2) break;
      }
      const [message] = await two.messages();
      expect(seen.toSorted()).toEqual(types);
      expect(message?.inboxes).toEqual([two.id]);
    });

    test("mail that is in another inbox too stays there", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      await send(mail, { to: [one.address(), two.address()] });
      await one.waitFor();
      await one.clear();
      expect(await one.messages()).toEqual([]);
      expect(await two.messages()).toMatchObject([{ inboxes: [two.id] }]);
      await two.clear();
      expect(await mail.messages()).toEqual([]);
    });

    test("clear and reset", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      for (const inbox of [one, two]) {
        await inbox.faults.add({ on: "rset", do: "451 4.3.0 No" });
        await send(mail, { to: inbox.address() });
      }
      await one.clear();
      expect(await one.messages()).toEqual([]);
      expect(await one.faults.list()).toHaveLength(1);
      await two.reset();
      expect(await two.messages()).toEqual([]);
      expect(await two.faults.list()).toEqual([]);
      expect(await one.faults.list()).toHaveLength(1);
    });
  });

  describe("a failed wait of an inbox", () => {
    test("tells nothing of others", async () => {
      const mail = held();
      const [one, two] = [await mail.inbox(), await mail.inbox()];
      await send(mail, { to: two.address(), subject: "Not yours" });
      await two.faults.add({ on: "rcpt", do: "550 5.1.1 No such user" });
      await sendRefused(mail, { to: two.address() });
      const error = await one.waitFor({ subject: "Mine" }, { timeout: 50 }).catch((failed: Error) => failed);
      expect((error as Error).message).toBe(
        'no mail with subject "Mine" in 50 ms · connected: 2 sessions, none of this inbox',
      );
      await send(mail, { to: one.address(), subject: "Another" });
      const near = await one.waitFor({ subject: "Mine" }, { timeout: 50 }).catch((failed: Error) => failed);
      expect((near as Error).message).toContain('closest: #2 "Another" (subject differs)');
    });
  });

  test("a failed wait of an inbox names the rule that closes its port", async () => {
    const mail = held();
    const [one, two] = [await mail.inbox({ listener: true }), await mail.inbox({ listener: true })];
    for (const inbox of [one, two])
      await inbox.faults.add({ id: "down", on: "connect", do: { end: "refuse" } });
    await send(mail);
    await mail.faults.add({
      id: "shared",
      on: "connect",
      match: { listener: "smtp" },
      do: { end: "refuse" },
    });
    await expect(one.waitFor({}, { timeout: 50 })).rejects.toThrow(
      `no mail in 50 ms · connected: 1 session, none of this inbox, for rule ${one.id}.down closes the port`,
    );
    const third = await mail.inbox();
    await expect(third.waitFor({}, { timeout: 50 })).rejects.toThrow("for rule shared closes the port");
  });

  describe("the life of an inbox", () => {
    test("its id comes from its name, and is never given twice", async () => {
      const mail = held();
      const made = [await mail.inbox({ name: "Sign-up: sends a code!" }), await mail.inbox({ name: "日本" })];
      expect(made.map(({ id }) => id.replace(/\d+$/, "N"))).toEqual(["sign-up-sends-a-code-N", "inbox-N"]);
      expect(made[0]?.address("ada")).toBe(`ada@${made[0]?.id}.inbox.test`);
    });

    test("closed, it takes its rules and its port along, and leaves the mail", async () => {
      const mail = held();
      const inbox = await mail.inbox({ listener: true });
      await inbox.faults.add({ on: "greeting", do: { delay: 1 } });
      await send(inbox);
      await inbox.waitFor();
      await inbox.close();
      await inbox.close();
      expect(await mail.faults.list()).toEqual([]);
      expect(await mail.messages({ inbox: inbox.id })).toHaveLength(1);
      await expect(send(inbox)).rejects.toMatchObject({ code: "ESOCKET" });
      await expect(inbox.waitFor()).rejects.toThrow("the inbox was closed");
    });

    test("with a ttl it goes by itself", async () => {
      const mail = held();
      const inbox = await mail.inbox({ ttl: 30 });
      expect(inbox.expiresAt).not.toBeNull();
      await expect(inbox.waitFor()).rejects.toThrow("Failed to find the inbox");
    });

    test.each<[string, (inbox: Inbox) => Promise<unknown>]>([
      ["messages", (inbox) => inbox.messages()],
      ["message", (inbox) => inbox.message("latest")],
      ["transactions", (inbox) => inbox.transactions()],
      ["sessions", (inbox) => inbox.sessions()],
      ["waitFor", (inbox) => inbox.waitFor()],
      ["waitForTransactions", (inbox) => inbox.waitForTransactions()],
      ["expectNone", (inbox) => inbox.expectNone()],
      ["events", (inbox) => inbox.events()[Symbol.asyncIterator]().next()],
      ["clear", (inbox) => inbox.clear()],
      ["reset", (inbox) => inbox.reset()],
      ["faults", (inbox) => inbox.faults.list()],
      ["clock", (inbox) => inbox.clock.advance("1m")],
    ])("when it has gone with a reset of the server, %s says so", async (_, ask) => {
      const mail = held();
      const inbox = await mail.inbox();
      await mail.reset();
      await send(mail, { to: inbox.address() });
      await expect(ask(inbox)).rejects.toThrow(`Failed to find the inbox: "${inbox.id}"`);
    });

    test("what is held when it goes ends with that", async () => {
      const mail = held();
      const inbox = await mail.inbox();
      const ends = [
        inbox.waitFor({}, { timeout: "5m" }),
        inbox.waitForTransactions({}, { timeout: "5m" }),
        inbox.expectNone({}, { within: "5m" }),
        (async () => {
          for await (const _ of inbox.events());
        })(),
      ].map((waiting) => expect(waiting).rejects.toThrow("Failed to find the inbox"));
      await inbox.transactions();
      await mail.reset();
      await Promise.all(ends);
    });

    test("a rule where nobody can tell whose it is is refused, unless the inbox has its own listener", async () => {
      const mail = held();
      const [shared, own] = [await mail.inbox(), await mail.inbox({ listener: true })];
      const rule = { on: "greeting", do: "554 5.3.2 No" } as const;
      await expect(shared.faults.add(rule)).rejects.toMatchObject({
        problem: { path: "match.inbox", status: 422 },
      });
      await own.faults.add(rule);
      expect(await sendRefused(own)).toBe(554);
      await send(mail);
    });

    test.each<[unknown, string]>([
      [{ ttl: "soon" }, "ttl"],
      [{ match: {} }, "match"],
      [{ match: { from: [] } }, "match.from"],
      [{ match: { to: "/(/" } }, "match.to"],
      [{ match: { subject: "x" } }, "match.subject"],
      [{ name: 7 }, "name"],
      [{ listener: "yes" }, "listener"],
    ])("%j is no inbox", async (input, field) => {
      await expect(held().inbox(input as InboxInput)).rejects.toMatchObject({ problem: { field } });
    });
  });
}
