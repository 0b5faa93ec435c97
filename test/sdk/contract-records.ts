import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { MessageFilter, TransactionFilter } from "../../src/sdk/mod.ts";
import { RawClient } from "../support/raw-client.ts";
import type { Held } from "./contract.ts";
import { send, sendRefused } from "./sender.ts";

export function recordsContract(held: Held): void {
  describe("records come in order of arrival", () => {
    test("messages, by filter", async () => {
      for (const subject of ["one", "two", "three"])
        await send(held(), { subject, to: [`${subject}@x.test`] });
      const subjects = async (filter = {}) => (await held().messages(filter)).map(({ subject }) => subject);
      expect(await subjects()).toEqual(["one", "two", "three"]);
      expect(await subjects({ to: ["three@x.test", /^ONE@/i] })).toEqual(["one", "three"]);
      expect(await subjects({ from: "nobody@x.test" })).toEqual([]);
    });

    test("transactions, refused ones too, and sessions", async () => {
      await held().faults.add({ on: "rcpt", match: { to: "bob@*" }, do: "550 5.1.1 No such user" });
      await send(held());
      await sendRefused(held(), { to: "bob@x.test" });
      const transactions = await held().waitForTransactions({}, { count: 2 });
      expect(await held().transactions()).toEqual(transactions);
      expect(transactions.map(({ outcome }) => outcome)).toEqual(["accepted", "rejected"]);
      const sessions = await held().sessions();
      expect(sessions.map(({ id }) => id)).toEqual(transactions.map(({ sessionId }) => sessionId));
    });
  });

  test("an address with a blank in it is found as it is, one with a plus too", async () => {
    await send(held(), { from: "app+one@x.test", to: "ada+tag@x.test", subject: "plus" });
    const client = await RawClient.greeted(held().smtp.port);
    await client.ask('MAIL FROM:<"app one"@x.test>');
    await client.ask('RCPT TO:<"ada tag"@x.test>');
    await client.ask("DATA");
    await client.ask("Subject: blank\r\n\r\nHi\r\n.");
    client.close();
    const cases: [filter: TransactionFilter, subject: string][] = [
      [{ to: '"ada tag"@x.test' }, "blank"],
      [{ to: ["nobody", /a tag/] }, "blank"],
      [{ from: '"app one"@x.test' }, "blank"],
      [{ from: /p o/ }, "blank"],
      [{ to: "ada+tag@x.test" }, "plus"],
      [{ from: /p\+o/ }, "plus"],
      [{ subject: "plus", to: /^.+$/ }, "plus"],
    ];
    for (const [filter, subject] of cases) {
      const [messages, transactions] = await Promise.all([
        held().messages(filter as MessageFilter),
        held().transactions(filter),
      ]);
      expect(
        [messages.map((message) => message.subject), transactions.map(({ content }) => content?.subject)],
        JSON.stringify(filter),
      ).toEqual([[subject], [subject]]);
    }
    expect(await held().messages({ to: "ada tag@x.test" })).toEqual([]);
  });

  test("a search line finds what the filter finds", async () => {
    await send(held(), { to: "ada@x.test", subject: "Welcome to the shop", headers: { "X-Kind": "first" } });
    // Times are told in milliseconds.
    await setTimeout(5);
    await send(held(), {
      from: "bob@y.test",
      to: "carol@y.test",
      subject: "Invoice",
      text: "Total: 12",
      attachments: [{ filename: "a.pdf", content: "%PDF" }],
    });
    const [, second] = await held().messages();
    const after = second!.receivedAt;
    const pairs: [q: string, filter: MessageFilter, subject: string][] = [
      ["to:ada@x.test", { to: "ada@x.test" }, "Welcome to the shop"],
      ["from:bob@y.test", { from: "bob@y.test" }, "Invoice"],
      ["subject:/^Inv/", { subject: /^Inv/ }, "Invoice"],
      ['subject:"to the"', { subject: "to the" }, "Welcome to the shop"],
      ['"total: 12"', { text: "total: 12" }, "Invoice"],
      ["header:x-kind=first", { header: { "x-kind": "first" } }, "Welcome to the shop"],
      [`message-id:${second!.messageId}`, { messageId: second!.messageId! }, "Invoice"],
      [`session:${second!.sessionId}`, { session: second!.sessionId! }, "Invoice"],
      ["has:attachment is:unread", { attachment: true, read: false }, "Invoice"],
      ["-has:attachment", { attachment: false }, "Welcome to the shop"],
      [`before:${after}`, { before: after }, "Welcome to the shop"],
      [`after:${after}`, { after }, "Invoice"],
    ];
    for (const [q, filter, subject] of pairs) {
      const [found, filtered] = await Promise.all([held().messages({ q }), held().messages(filter)]);
      expect(
        found.map((message) => message.subject),
        q,
      ).toEqual([subject]);
      expect(filtered, q).toEqual(found);
    }
  });

  describe("a message", () => {
    test("has the fields of its letter", async () => {
      await send(held(), {
        from: '"The App" <app@x.test>',
        to: ["ada@x.test", "bob@x.test"],
        subject: "Grüße",
        text: "Your code is 493817.",
        html: '<p>Your code is <b>493817</b>. <a href="https://x.test/confirm?t=1">Confirm</a></p>',
        headers: { "X-Kind": "welcome" },
      });
      const message = await held().waitFor({ header: { "x-kind": "welcome" } });
      expect(message).toMatchObject({
        channel: "smtp",
        envelope: { from: "app@x.test", to: ["ada@x.test", "bob@x.test"] },
        from: { name: "The App", address: "app@x.test" },
        subject: "Grüße",
        text: expect.stringContaining("Your code is 493817."),
        html: expect.stringContaining("<b>493817</b>"),
        read: false,
      });
      expect(message.header("X-KIND")).toBe("welcome");
      expect(message.code()).toBe("493817");
      expect(message.link("confirm")).toBe("https://x.test/confirm?t=1");
      expect(() => message.link("unsubscribe")).toThrow("https://x.test/confirm?t=1");
    });

    test("by id, or the latest; an unknown one is told", async () => {
      await send(held(), { subject: "one" });
      await send(held(), { subject: "two" });
      const [one] = await held().messages();
      expect(await held().message(one!.id)).toEqual(one);
      expect((await held().message("latest")).subject).toBe("two");
      await expect(held().message("nope")).rejects.toMatchObject({ name: "MailproofError", status: 404 });
    });

    test("raw: byte for byte", async () => {
      await send(held(), { text: ".dot\r\n..two" });
      const message = await held().waitFor();
      const raw = new TextDecoder().decode(await message.raw());
      expect(raw.length).toBe(message.size);
      expect(raw).toMatch(/^From: app@x\.test\r\n.*\r\n\r\n\.dot\r\n\.\.two\r\n$/s);
    });

    test("attachment: by name and by index, byte for byte", async () => {
      const content = Uint8Array.from({ length: 3000 }, (_, n) => n % 256);
      await send(held(), { attachments: [{ filename: "a.bin", content }] });
      const message = await held().waitFor({ attachment: "*.bin" });
      expect(await message.attachment("a.bin")).toEqual(content);
      expect(await message.attachment(0)).toEqual(content);
      await expect(message.attachment("b.bin")).rejects.toThrow('it has 0 "a.bin"');
    });
  });

  test("the transcript is the dialogue", async () => {
    await send(held());
    const { sessionId } = await held().waitFor();
    const transcript = await held().transcript(sessionId!);
    expect(transcript).toMatch(/^ *\d+ S: 220 /);
    expect(transcript).toContain(" C: RCPT TO:<ada@x.test>\n");
    await expect(held().transcript("nope")).rejects.toMatchObject({ status: 404 });
  });
}
