import { describe, expect, test } from "vitest";
import { overhead } from "../../src/store/message-shelf.ts";
import { MemoryStore, StoreFullError } from "../../src/store/mod.ts";
import { add, addMany, noLimits, octetsOf, startTime, transactionOf } from "./sample.ts";

const idsOf = (records: readonly { id: string }[]): string => records.map(({ id }) => id).join(" ");

/** What a message of so many recipients counts beside its content. */
const overheadOf = (recipients: number): number => overhead.message + recipients * overhead.recipient;

async function listed(store: MemoryStore): Promise<string> {
  return idsOf((await store.messages({}, { limit: 500 })).messages);
}

describe("messages: limits", () => {
  test("evict: the oldest go first, and their ids are told", async () => {
    const store = new MemoryStore({ ...noLimits, maxMessages: 2 });
    expect(await add(store)).toStrictEqual({ id: "m1", seq: 1, evicted: [] });
    expect(await add(store)).toStrictEqual({ id: "m2", seq: 2, evicted: [] });
    expect(store.hasRoom(1)).toBe(true);
    expect(await add(store)).toStrictEqual({ id: "m3", seq: 3, evicted: ["m1"] });
    expect(await listed(store)).toBe("m3 m2");
    expect(store.counts()).toMatchObject({ messages: 2, evicted: 1, seq: 3 });
  });

  test("evict: as many as the octets need", async () => {
    const size = octetsOf({}).length;
    const store = new MemoryStore({ ...noLimits, maxBytes: (size + overheadOf(1)) * 3 });
    await addMany(store, 3);
    expect(store.counts().octets).toBe(size * 3);
    // As large as two of them.
    const { evicted } = await add(store, { body: "Hello".padEnd(5 + size + overheadOf(1), ".") });
    expect(evicted).toStrictEqual(["m1", "m2"]);
    expect(store.counts()).toMatchObject({ messages: 2, octets: size * 3 + overheadOf(1), evicted: 2 });
  });

  test.each([
    ["empty messages", [], 10],
    ["recipients, refused ones too", ["b@x.test", "c@x.test"], 10],
  ])("evict: %s count what they cost", async (_, refused, count) => {
    const maxBytes = overheadOf(1 + refused.length) * count;
    const store = new MemoryStore({ ...noLimits, maxBytes });
    const next = async (): Promise<unknown> =>
      store.add({
        receivedAt: startTime,
        raw: [],
        transaction: transactionOf(store, { refused }),
      });
    for (let left = count; left > 0; left--) await next();
    expect(store.counts()).toMatchObject({ messages: count, octets: 0, evicted: 0 });
    expect(await next()).toMatchObject({ evicted: ["m1"] });
    await store.remove({ ids: ["m2"] });
    expect(await next()).toMatchObject({ evicted: [] });
    expect(await next()).toMatchObject({ evicted: ["m3"] });
    await store.clear();
    for (let left = count; left > 0; left--) await next();
    expect(store.counts()).toMatchObject({ messages: count, evicted: 0 });
  });

  test("reject: there is room for a message with its recipients, or not", async () => {
    const maxBytes = 100 + overheadOf(1) + overheadOf(2);
    const store = new MemoryStore({ ...noLimits, maxBytes, whenFull: "reject" });
    await store.add({ receivedAt: startTime, raw: [], transaction: transactionOf(store) });
    expect([store.hasRoom(100, 2), store.hasRoom(101, 2), store.hasRoom(100, 3)]).toStrictEqual([
      true,
      false,
      false,
    ]);
    expect([store.hasRoom(612), store.hasRoom(613)]).toStrictEqual([true, false]);
  });

  test("evict: what alone is too large is refused and costs nobody", async () => {
    const size = octetsOf({}).length;
    const store = new MemoryStore({ ...noLimits, maxBytes: size });
    await add(store);
    expect(store.hasRoom(size)).toBe(true);
    expect(store.hasRoom(size + 1)).toBe(false);
    await expect(add(store, { body: "Hello!" })).rejects.toThrow(StoreFullError);
    expect(await listed(store)).toBe("m1");
  });

  test.each([
    ["messages", { maxMessages: 1 }],
    ["octets", { maxBytes: octetsOf({}).length + 5 }],
  ])("reject: a store full of %s takes no more until something goes", async (_, limits) => {
    const store = new MemoryStore({ ...noLimits, ...limits, whenFull: "reject" });
    await add(store);
    expect(store.hasRoom(10)).toBe(false);
    await expect(add(store)).rejects.toThrow(StoreFullError);
    expect(store.counts()).toMatchObject({ messages: 1, evicted: 0, seq: 1 });
    await store.remove({ ids: ["m1"] });
    expect(store.hasRoom(10)).toBe(true);
    expect((await add(store)).id).toBe("m2");
  });
});

describe("messages: what is kept", () => {
  test("raw: octet for octet", async () => {
    const store = new MemoryStore(noLimits);
    const raw = new Uint8Array([0, 255, 13, 10, 10, 13, 46, 0]);
    await store.add({ receivedAt: startTime, raw: [raw], transaction: transactionOf(store) });
    expect(await store.raw("m1")).toStrictEqual(new Uint8Array([0, 255, 13, 10, 10, 13, 46, 0]));
    expect(await store.raw("m2")).toBeNull();
  });

  test.each(["", "1", "01", "1.0", "2", "s1", "m01", "t01", "m2", "t2"])("%j is no id", async (id) => {
    const store = new MemoryStore(noLimits);
    await add(store);
    expect(await store.message(id)).toBeNull();
    expect(await store.transaction(id)).toBeNull();
    expect(await store.remove({ ids: [id] })).toStrictEqual([]);
  });

  test("summary: from envelope, header and body", async () => {
    const store = new MemoryStore(noLimits);
    const sample = {
      from: "bounce@a.test",
      to: ["b@x.test", "a@x.test", "b@x.test"],
      refused: ["c@x.test"],
      header: "From: Ada <ada@a.test>\nTo: b@x.test\nDate: Tue, 1 Jan 2030 10:00:00 +0100\nSubject: Hi",
      body: "One\ntwo",
      inboxes: ["ci"],
      warnings: ["bare-lf"],
    };
    await add(store, sample);
    expect((await store.messages({}, { limit: 1 })).messages[0]).toStrictEqual({
      id: "m1",
      seq: 1,
      receivedAt: "2030-01-01T00:00:00.000Z",
      channel: "smtp",
      provider: null,
      sessionId: null,
      transactionId: "t1",
      inboxes: ["ci"],
      envelope: { from: "bounce@a.test", to: ["b@x.test", "a@x.test", "b@x.test"] },
      from: { name: "Ada", address: "ada@a.test" },
      to: [{ name: "", address: "b@x.test" }],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: "Hi",
      date: "2030-01-01T09:00:00.000Z",
      messageId: null,
      snippet: "One two",
      size: octetsOf(sample).length,
      attachmentCount: 0,
      tags: [],
      read: false,
      warnings: ["bare-lf"],
    });
  });

  test("message: body, attachments with digest, tree, links, codes and the transaction", async () => {
    const store = new MemoryStore(noLimits);
    await add(store, {
      header: 'Subject: Code\nSubject: Again\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"',
      body: [
        "--b\nContent-Type: text/plain\n\nYour code is 482913, see https://x.test/verify",
        "--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv",
        "Content-Transfer-Encoding: base64\n\nYWJj\n--b--",
      ].join("\n"),
    });
    const message = await store.message("m1");
    expect(message).toMatchObject({
      html: null,
      attachments: [
        {
          index: 0,
          filename: "a.csv",
          contentType: "text/csv",
          size: 3,
          contentId: null,
          disposition: "attachment",
          sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        },
      ],
      mime: { path: "", contentType: "multipart/mixed", parts: [{ path: "1" }, { path: "2", size: 3 }] },
      codes: ["482913"],
      nextHop: null,
      heldUntil: null,
      attachmentCount: 1,
      transaction: { id: "t1", storedId: "m1", content: { subject: "Code", messageId: null } },
    });
    expect(message?.text).toContain("Your code is 482913");
    expect(message?.headers.slice(0, 2)).toStrictEqual([
      { name: "Subject", value: "Code" },
      { name: "Subject", value: "Again" },
    ]);
    expect(message?.links.map(({ url }) => url)).toStrictEqual(["https://x.test/verify"]);
    expect(await store.part("m1", { attachment: 0 })).toStrictEqual({
      contentType: "text/csv",
      filename: "a.csv",
      octets: new TextEncoder().encode("abc"),
    });
    expect(await store.part("m1", { path: "2" })).toMatchObject({ filename: "a.csv" });
    expect(await store.part("m1", { path: "1" })).toMatchObject({ contentType: "text/plain" });
    expect(await store.part("m1", { path: "" })).toMatchObject({ contentType: "multipart/mixed" });
    for (const at of [{ path: "3" }, { attachment: 1 }, { attachment: -1 }]) {
      expect(await store.part("m1", at)).toBeNull();
    }
    expect(await store.part("m2", { attachment: 0 })).toBeNull();
    expect(await store.message("m2")).toBeNull();
  });

  test("in LMTP a recipient that is refused after the content is not in the envelope", async () => {
    const store = new MemoryStore(noLimits);
    const transaction = transactionOf(store, { to: ["a@x.test", "b@x.test"] });
    transaction.recipients[0]!.finalReply = { code: 552, enhanced: null, lines: [""] };
    transaction.recipients[0]!.accepted = false;
    transaction.recipients[1]!.finalReply = { code: 250, enhanced: null, lines: [""] };
    await store.add({ receivedAt: startTime, raw: [octetsOf({})], transaction });
    expect((await store.message("m1"))?.envelope.to).toStrictEqual(["b@x.test"]);
  });
});

describe("messages: pages", () => {
  test.each([{}, { subject: "hello" }])(
    "with the filter %j: all once, newest first, counts of all",
    async (filter) => {
      const store = new MemoryStore(noLimits);
      await addMany(store, 5);
      await store.patch({ ids: ["m2", "m5"] }, { read: true });
      const first = await store.messages(filter, { limit: 2 });
      expect(first).toMatchObject({ total: 5, unread: 3, nextCursor: expect.any(String) });
      const second = await store.messages(filter, { limit: 2, cursor: first.nextCursor! });
      const third = await store.messages(filter, { limit: 2, cursor: second.nextCursor! });
      expect([first, second, third].map(({ messages }) => idsOf(messages))).toStrictEqual([
        "m5 m4",
        "m3 m2",
        "m1",
      ]);
      expect(second).toMatchObject({ total: 5, unread: 3 });
      expect(third.nextCursor).toBeNull();
    },
  );

  test("a full last page has no next one", async () => {
    const store = new MemoryStore(noLimits);
    await addMany(store, 2);
    expect((await store.messages({}, { limit: 2 })).nextCursor).toBeNull();
    expect((await store.messages({ to: "*" }, { limit: 2 })).nextCursor).toBeNull();
  });

  test.each([{}, { subject: "hello" }])(
    "with the filter %j: a cursor stays right while mail comes and goes",
    async (filter) => {
      const store = new MemoryStore(noLimits);
      await addMany(store, 6);
      const first = await store.messages(filter, { limit: 2 });
      expect(idsOf(first.messages)).toBe("m6 m5");
      await addMany(store, 3);
      await store.remove({ ids: ["m5", "m4", "m2"] });
      const second = await store.messages(filter, { limit: 2, cursor: first.nextCursor! });
      expect(idsOf(second.messages)).toBe("m3 m1");
      expect(second.total).toBe(6);
      expect(second.nextCursor).toBeNull();
    },
  );

  test.each(["", "x", "m5", "NQ==", "LTE", "MS41", "ÿ€"])("the cursor %j is refused", async (cursor) => {
    const store = new MemoryStore(noLimits);
    await expect(store.messages({}, { limit: 2, cursor })).rejects.toThrow(
      expect.objectContaining({ field: "cursor" }),
    );
  });

  test.each([0, 501, 1.5, Number.NaN])("a limit of %d is a RangeError", async (limit) => {
    await expect(new MemoryStore(noLimits).messages({}, { limit })).rejects.toThrow(RangeError);
  });
});
