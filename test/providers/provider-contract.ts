/**
 * What holds for the official `resend` client, however it reaches Mailproof: by its base URL, or through MSW with
 * nothing changed.
 */
import type { Resend } from "resend";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Mailproof } from "../../mod.ts";
import { send } from "../sdk/sender.ts";

export interface Client {
  readonly mail: Mailproof;
  readonly resend: Resend;
  close(): Promise<void>;
}

const plain = { from: "App <app@example.com>", to: "ada@example.com", subject: "Hello", text: "Hi" };

export function providerContract(name: string, open: () => Promise<Client>): void {
  describe(name, () => {
    let client: Client;
    beforeEach(async () => {
      client = await open();
    });
    afterEach(() => client.close());

    test("an email is a message like any other", async () => {
      const { mail, resend } = client;
      const picture = Uint8Array.from({ length: 256 }, (_, octet) => octet);
      const { data, error } = await resend.emails.send({
        from: "Äda App <app@example.com>",
        to: ["Bob <bob@example.com>", "eve@example.com"],
        cc: "cc@example.com",
        bcc: ["bcc@example.com"],
        replyTo: "help@example.com",
        subject: "Wëlcome",
        text: "Your code is 481516",
        html: '<p>Hi <img src="cid:logo"></p>',
        headers: { "X-Entity-Ref-ID": "42" },
        tags: [{ name: "kind", value: "welcome" }],
        attachments: [
          { filename: "all.bin", content: Buffer.from(picture) },
          { filename: "logo.png", content: Buffer.from("png"), contentId: "logo", contentType: "image/png" },
          { filename: "far.pdf", path: "https://example.com/far.pdf" },
        ],
      });
      expect(error).toBe(null);
      const message = await mail.waitFor({ to: "bcc@example.com", provider: "resend", tag: "kind:welcome" });
      expect(message).toMatchObject({
        channel: "http",
        provider: "resend",
        sessionId: null,
        envelope: {
          from: "app@example.com",
          to: ["bob@example.com", "eve@example.com", "cc@example.com", "bcc@example.com"],
        },
        from: { name: "Äda App", address: "app@example.com" },
        to: [
          { name: "Bob", address: "bob@example.com" },
          { name: "", address: "eve@example.com" },
        ],
        cc: [{ address: "cc@example.com" }],
        bcc: [],
        replyTo: [{ address: "help@example.com" }],
        subject: "Wëlcome",
        messageId: `<${data?.id}@example.com>`,
        codes: ["481516"],
        transaction: { channel: "http", provider: "resend", outcome: "accepted", reply: { code: 200 } },
      });
      expect(message.header("X-Entity-Ref-ID")).toBe("42");
      expect(await message.attachment("all.bin")).toEqual(picture);
      expect(message.attachments).toMatchObject([
        { filename: "logo.png", contentType: "image/png", contentId: "logo" },
        { filename: "all.bin", size: 256 },
        { filename: "far.pdf", contentType: "text/uri-list" },
      ]);
      expect(new TextDecoder().decode(await message.attachment("far.pdf"))).toBe(
        "https://example.com/far.pdf\r\n",
      );
    });

    test("one wait sees mail of both doors", async () => {
      const { mail, resend } = client;
      await send(mail, { from: "app@example.com", to: ["ada@example.com"], subject: "By SMTP" });
      await resend.emails.send({ ...plain, subject: "By HTTP" });
      const both = await mail.waitForAll({ to: "ada@example.com" }, { count: 2 });
      expect(both.map(({ subject, channel }) => [subject, channel])).toEqual([
        ["By SMTP", "smtp"],
        ["By HTTP", "http"],
      ]);
    });

    test("a key that repeats gives the first id, and keeps one message", async () => {
      const { mail, resend } = client;
      const send = (subject: string) =>
        resend.emails.send({ ...plain, subject }, { idempotencyKey: "welcome/1" });
      const [first, second] = [await send("Once"), await send("Once")];
      expect(second.data).toEqual(first.data);
      expect((await send("Twice")).error).toMatchObject({
        statusCode: 409,
        name: "invalid_idempotent_request",
      });
      expect(await mail.messages()).toHaveLength(1);
      const tries = await mail.transactions();
      expect(
        tries.map(({ outcome, idempotencyKey, storedId }) => [outcome, idempotencyKey, storedId]),
      ).toEqual([
        ["accepted", "welcome/1", "m1"],
        ["accepted", "welcome/1", "m1"],
        ["rejected", "welcome/1", null],
      ]);
    });

    test("429, and when to come back", async () => {
      const { mail, resend } = client;
      const fault = await mail.faults.add({
        on: "http",
        match: { provider: "resend", to: "ada@*", header: { subject: "Hello" } },
        when: { times: 1 },
        do: { http: { status: 429, retryAfter: "2s" }, label: "limited" },
      });
      const refused = await resend.emails.send(plain);
      expect(refused.error).toMatchObject({ statusCode: 429, name: "rate_limit_exceeded" });
      expect(refused.headers).toMatchObject({
        "retry-after": "2",
        "ratelimit-remaining": "0",
        "ratelimit-reset": "2",
      });
      expect((await resend.emails.send(plain)).error).toBe(null);
      expect(await fault.fired()).toBe(1);
      const [first, second] = await mail.waitForTransactions({ to: "ada@example.com" }, { count: 2 });
      expect(first).toMatchObject({
        outcome: "rejected",
        reply: { code: 429 },
        labels: ["limited"],
        faults: [{ ruleId: fault.id, phase: "http" }],
        content: { subject: "Hello" },
        recipients: [{ accepted: false }],
      });
      expect(second).toMatchObject({ outcome: "accepted", storedId: "m1" });
    });

    test("an error although the message is kept: a retry under the same key is no duplicate", async () => {
      const { mail, resend } = client;
      await mail.faults.add({ on: "http", when: { times: 1 }, do: { http: { status: 500, stored: true } } });
      const send = () => resend.emails.send(plain, { idempotencyKey: "k" });
      expect((await send()).error).toMatchObject({ statusCode: 500, name: "application_error" });
      expect((await send()).error).toBe(null);
      expect(await mail.messages()).toHaveLength(1);
      expect((await mail.transactions()).map(({ outcome }) => outcome)).toEqual(["reply-lost", "accepted"]);
    });

    test("the connection is cut: nothing is kept", async () => {
      const { mail, resend } = client;
      await mail.faults.add({ on: "http", when: { times: 1 }, do: "reset" });
      const { error } = await resend.emails.send(plain);
      expect(error).toMatchObject({ name: "application_error", statusCode: null });
      await mail.expectNone({ to: "ada@example.com" }, { within: 0, attempts: false });
      expect(await mail.transactions()).toMatchObject([
        { outcome: "aborted", reply: null, content: { subject: "Hello" } },
      ]);
    });

    test("a stall ends with its rule; the clock ends a delay", async () => {
      const { mail, resend } = client;
      const stall = await mail.faults.add({ on: "http", do: "stall" });
      const held = resend.emails.send(plain);
      await expect.poll(() => stall.fired()).toBe(1);
      await stall.remove();
      expect((await held).error).toMatchObject({ statusCode: null });

      const slow = await mail.faults.add({ on: "http", do: { delay: "1h" } });
      const late = resend.emails.send(plain);
      await expect.poll(() => slow.fired()).toBe(1);
      await mail.clock.advance("1h");
      expect((await late).error).toBe(null);
    });

    test("a batch is many messages", async () => {
      const { mail, resend } = client;
      const batch = [1, 2, 3].map((n) => ({ ...plain, subject: `No. ${n}` }));
      const { data } = await resend.batch.send(batch);
      expect(data?.data).toHaveLength(3);
      const messages = await mail.waitForAll({ provider: "resend" }, { exactly: 3 });
      expect(messages.map(({ subject }) => subject)).toEqual(["No. 1", "No. 2", "No. 3"]);

      const mixed = [plain, { ...plain, to: "nobody" }];
      expect((await resend.batch.send(mixed)).error).toMatchObject({
        statusCode: 422,
        name: "validation_error",
      });
      const permissive = await resend.batch.send(mixed, { batchValidation: "permissive" });
      expect(permissive.data).toMatchObject({ data: [{ id: expect.any(String) }], errors: [{ index: 1 }] });
      expect(await mail.messages()).toHaveLength(4);
    });

    test("what was sent can be read, moved and canceled", async () => {
      const { mail, resend } = client;
      const id = async (more: object = {}) => (await resend.emails.send({ ...plain, ...more })).data!.id;
      const [now, soon] = [
        await id({ replyTo: ["help@example.com"] }),
        await id({ scheduledAt: "in 1 hour" }),
      ];
      expect((await resend.emails.get(now)).data).toMatchObject({
        object: "email",
        id: now,
        from: "App <app@example.com>",
        to: ["ada@example.com"],
        reply_to: ["help@example.com"],
        cc: null,
        subject: "Hello",
        text: "Hi\n",
        html: null,
        last_event: "delivered",
        scheduled_at: null,
      });
      expect((await resend.emails.get(soon)).data).toMatchObject({ last_event: "scheduled" });
      const later = new Date(Date.now() + 7_200_000).toISOString();
      expect((await resend.emails.update({ id: soon, scheduledAt: later })).data).toEqual({
        object: "email",
        id: soon,
      });
      expect(await mail.message("m2")).toMatchObject({ heldUntil: later, tags: [] });
      expect((await resend.emails.cancel(soon)).data).toEqual({ object: "email", id: soon });
      expect((await resend.emails.get(soon)).data).toMatchObject({ last_event: "canceled" });
      expect(await mail.messages({ tag: "canceled" })).toMatchObject([{ id: "m2" }]);
      expect((await resend.emails.cancel(now)).error).toMatchObject({ statusCode: 422 });
      expect((await resend.emails.list({ limit: 1 })).data).toMatchObject({
        has_more: true,
        data: [{ id: soon }],
      });
      expect((await resend.emails.list({ limit: 1, after: soon })).data).toMatchObject({
        has_more: false,
        data: [{ id: now }],
      });
      await mail.clear();
      expect((await resend.emails.get(now)).error).toMatchObject({ statusCode: 404, name: "not_found" });
    });

    test("a template's variables are the text", async () => {
      const { mail, resend } = client;
      const { error } = await resend.emails.send({
        from: "app@example.com",
        to: "ada@example.com",
        template: { id: "welcome", variables: { CODE: 482913, LINK: "https://example.com/start" } },
      });
      expect(error).toBe(null);
      const message = await mail.waitFor({ header: { "X-Resend-Template": "welcome" } });
      expect(message.link()).toBe("https://example.com/start");
      expect(message.text).toContain("CODE: 482913");
    });
  });
}
