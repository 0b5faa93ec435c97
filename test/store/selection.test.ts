import { describe, expect, test } from "vitest";
import { MemoryStore } from "../../src/store/mod.ts";
import { add, addMany, noLimits } from "./sample.ts";

const idsOf = (records: readonly { id: string }[]): string => records.map(({ id }) => id).join(" ");

async function ofThree(): Promise<MemoryStore> {
  const store = new MemoryStore(noLimits);
  await add(store, { to: ["ada@x.test"], header: "Subject: Welcome" });
  await add(store, { to: ["bob@x.test"], header: "Subject: Invoice" });
  await add(store, { to: ["ada@x.test"], header: "Subject: Invoice" });
  return store;
}

describe("messages: one, some, since", () => {
  test("latest: the newest match, or null", async () => {
    const store = await ofThree();
    expect((await store.latest({}))?.id).toBe("m3");
    expect((await store.latest({ subject: "welcome" }))?.id).toBe("m1");
    expect(await store.latest({ subject: "farewell" })).toBeNull();
  });

  test("matches: one message, false for an unknown id", async () => {
    const store = await ofThree();
    const filter = { to: "ada@x.test" };
    expect(await Promise.all(["m1", "m2", "m3", "m4"].map((id) => store.matches(id, filter)))).toStrictEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test.each([
    [0, {}, 9, "m1 m2 m3"],
    [0, {}, 2, "m1 m2"],
    [0, {}, 0, ""],
    [1, {}, 9, "m2 m3"],
    [1, { to: "ada@x.test" }, 9, "m3"],
    [3, {}, 9, ""],
  ])("messagesSince %d with %j, at most %d, oldest first", async (since, filter, limit, ids) => {
    expect(idsOf(await (await ofThree()).messagesSince(since, filter, limit))).toBe(ids);
  });
});

describe("messages: nearest", () => {
  test("fewest differing fields first, newest first among equals; matches are not near", async () => {
    const store = await ofThree();
    const filter = { to: "ada@x.test", subject: "Welcome", header: { subject: "welcome" } };
    const near = await store.nearest(0, filter, 9);
    expect(near.map(({ message, differs }) => [message.id, differs])).toStrictEqual([
      ["m3", ["subject", "header.subject"]],
      ["m2", ["to", "subject", "header.subject"]],
    ]);
    expect(idsOf((await store.nearest(0, filter, 1)).map(({ message }) => message))).toBe("m3");
    expect(idsOf((await store.nearest(2, filter, 9)).map(({ message }) => message))).toBe("m3");
    expect(await store.nearest(3, filter, 9)).toStrictEqual([]);
  });

  test("every part of a search line counts as one field", async () => {
    const store = await ofThree();
    const [near] = await store.nearest(2, { q: "subject:x from:y", read: true }, 1);
    expect(near?.differs).toStrictEqual(["read", "q"]);
  });

  test("the newest of many equals come first", async () => {
    const store = new MemoryStore(noLimits);
    await addMany(store, 30);
    const near = await store.nearest(0, { to: "nobody@x.test" }, 3);
    expect(idsOf(near.map(({ message }) => message))).toBe("m30 m29 m28");
  });
});

describe("messages: patch", () => {
  test("by ids: unknown ones are left out, duplicates count once", async () => {
    const store = await ofThree();
    expect(await store.patch({ ids: ["m2", "m9", "m2"] }, { read: true })).toStrictEqual(["m2"]);
    expect(store.counts().unread).toBe(2);
    expect(await store.patch({ ids: ["m2"] }, { read: true })).toStrictEqual(["m2"]);
    expect(store.counts().unread).toBe(2);
    await store.patch({ ids: ["m2"] }, { read: false });
    expect(store.counts().unread).toBe(3);
  });

  test("by filter; what is not named stays", async () => {
    const store = await ofThree();
    expect(await store.patch({ filter: { to: "ada@x.test" } }, { tags: ["a", "b", "a"] })).toStrictEqual([
      "m1",
      "m3",
    ]);
    await store.patch({ ids: ["m1"] }, { read: true });
    expect(await store.message("m1")).toMatchObject({ tags: ["a", "b"], read: true });
    expect(await store.message("m3")).toMatchObject({ tags: ["a", "b"], read: false });
    await store.patch({ filter: {} }, { tags: [] });
    expect((await store.message("m3"))?.tags).toStrictEqual([]);
  });

  test("reading a message does not mark it read", async () => {
    const store = await ofThree();
    await store.message("m1");
    expect(store.counts().unread).toBe(3);
  });
});

describe("messages: remove", () => {
  test("by ids", async () => {
    const store = await ofThree();
    await store.patch({ ids: ["m1"] }, { read: true });
    expect(await store.remove({ ids: ["m1", "m9", "m1", "m2"] })).toStrictEqual(["m1", "m2"]);
    expect(await store.message("m1")).toBeNull();
    expect(store.counts()).toMatchObject({ messages: 1, unread: 1, evicted: 0, seq: 3 });
    expect(store.counts().octets).toBe((await store.raw("m3"))?.length);
  });

  test("by filter, and all", async () => {
    const store = await ofThree();
    expect(await store.remove({ filter: { subject: "invoice" } })).toStrictEqual(["m2", "m3"]);
    expect(await store.remove({ filter: {} })).toStrictEqual(["m1"]);
    expect(store.counts()).toMatchObject({ messages: 0, unread: 0, octets: 0 });
  });

  test("what arrives while a search is on its way is neither lost nor counted twice", async () => {
    const store = new MemoryStore(noLimits);
    await addMany(store, 120);
    const listing = store.messages({ text: "hello" }, { limit: 500 });
    await store.remove({ ids: ["m1", "m2"] });
    await addMany(store, 3);
    const { messages, total } = await listing;
    expect(new Set(messages.map(({ id }) => id)).size).toBe(total);
    expect(idsOf(messages)).not.toMatch(/\bm[12]\b/);
    expect((await store.messages({ text: "hello" }, { limit: 500 })).total).toBe(121);
  });
});

test("clear: forgets all, the numbers go on", async () => {
  const store = await ofThree();
  await store.clear();
  expect(store.counts()).toStrictEqual({
    messages: 0,
    unread: 0,
    octets: 0,
    transactions: 0,
    sessions: 0,
    evicted: 0,
    seq: 3,
    transactionSeq: 3,
  });
  expect(await store.message("m1")).toBeNull();
  expect(await add(store)).toStrictEqual({ id: "m4", seq: 4, evicted: [] });
  expect((await store.message("m4"))?.transactionId).toBe("t4");
});

test("a message that goes while it is asked for is there whole or not at all", async () => {
  for (let ticks = 0; ticks < 12; ticks += 1) {
    const store = new MemoryStore(noLimits);
    await add(store, { body: "whole" });
    // What it is about is known, so that it goes at once.
    await store.transactions({}, { limit: 10 });
    const late = async (): Promise<void> => {
      for (let tick = 0; tick < ticks; tick += 1) await null;
      await store.remove({ ids: ["m1"] });
    };
    const [latest, all] = await Promise.all([store.latest({}), store.messagesSince(0, {}, 3), late()]);
    for (const message of [latest, ...all]) expect(message?.text?.trim() ?? "whole").toBe("whole");
  }
});
