import { describe, expect, test } from "vitest";
import { MemoryStore, type Transaction, type TransactionFilter } from "../../src/store/mod.ts";
import { add, addMany, noLimits, type Sample, sessionOf, startTime, transactionOf } from "./sample.ts";

const idsOf = (records: readonly { id: string }[]): string => records.map(({ id }) => id).join(" ");

function put(store: MemoryStore, sample: Sample, fields: Partial<Transaction> = {}): Transaction {
  const transaction = { ...transactionOf(store, sample), ...fields };
  store.putTransaction(transaction);
  return transaction;
}

/** t1 stored, t2 refused wholly, t3 broken off, t4 open, t5 a sender that was not understood. */
async function ofFive(): Promise<MemoryStore> {
  const store = new MemoryStore(noLimits);
  sessionOf(store, { remoteAddress: "10.0.0.7" });
  await add(store, {
    to: ["ada@x.test"],
    refused: ["bob@x.test"],
    header: "Subject: Welcome\nMessage-ID: <one@a.test>",
    sessionId: "s1",
    inboxes: ["ci"],
  });
  put(store, { to: [], refused: ["ada@x.test"], from: "" }, { outcome: "rejected" });
  put(
    store,
    { to: ["ada@x.test"], receivedAt: startTime + 1_000 },
    { outcome: "rejected", content: { subject: "Refused", messageId: "<two@a.test>" } },
  );
  const open = put(
    store,
    { to: ["ada@x.test"], refused: ["bob@x.test"] },
    { outcome: "open", finishedAt: null },
  );
  open.recipients[1]!.reply = null;
  put(store, { to: [] }, { outcome: "aborted", reversePath: null });
  return store;
}

describe("transactions: filter", () => {
  const rows: readonly (readonly [filter: TransactionFilter, ids: string])[] = [
    [{}, "t5 t4 t3 t2 t1"],
    [{ to: "ada@x.test" }, "t4 t3 t2 t1"],
    [{ to: "bob@x.test" }, "t4 t1"],
    [{ outcome: "rejected" }, "t3 t2"],
    [{ outcome: ["open", "aborted"] }, "t5 t4"],
    [{ outcome: "REJECTED" }, "t3 t2"],
    [{ outcome: ["none*", "/^ab/"] }, "t5"],
    [{ to: "ada@x.test", outcome: "accepted" }, "t1"],
    [{ to: "bob@x.test", outcome: "rejected" }, "t1"],
    [{ to: "bob@x.test", outcome: "accepted" }, ""],
    [{ to: "bob@x.test", outcome: "open" }, "t4"],
    [{ to: "ada@x.test", outcome: "rejected" }, "t3 t2"],
    [{ from: "sender@a.test" }, "t4 t3 t1"],
    [{ from: "" }, "t2"],
    [{ from: "*" }, "t4 t3 t2 t1"],
    [{ subject: "welcome" }, "t1"],
    [{ subject: "*e*" }, "t3 t1"],
    [{ messageId: "two@a.test" }, "t3"],
    [{ messageId: "<one@a.test>" }, "t1"],
    [{ inbox: "ci" }, "t1"],
    [{ session: "s1" }, "t1"],
    [{ source: "10.0.0.*" }, "t1"],
    [{ provider: "*" }, ""],
    [{ after: "2030-01-01T00:00:01Z" }, "t3"],
    [{ before: "2030-01-01T00:00:01Z", to: "ada@x.test" }, "t4 t2 t1"],
    [{ since: 3 }, "t5 t4"],
  ];
  for (const [filter, ids] of rows) {
    test(JSON.stringify(filter), async () => {
      const { transactions, total } = await (await ofFive()).transactions(filter, { limit: 10 });
      expect(idsOf(transactions)).toBe(ids);
      expect(total).toBe(transactions.length);
    });
  }

  test.each([
    { to: "bob@s.test" },
    { to: '"bob"@s.test' },
    { to: "BOB@*", outcome: "accepted" },
    { from: "amy@s.test" },
  ])("needless quotes are no difference: %j", async (filter) => {
    const store = new MemoryStore(noLimits);
    put(store, { from: '"amy"@s.test', to: ['"bob"@s.test'] });
    expect((await store.transactions(filter, { limit: 1 })).total).toBe(1);
  });

  test("in LMTP the reply after the content decides for each recipient", async () => {
    const store = new MemoryStore(noLimits);
    const transaction = put(store, { to: ["ada@x.test", "bob@x.test"] });
    transaction.recipients[1]!.finalReply = { code: 452, enhanced: null, lines: [""] };
    transaction.recipients[1]!.accepted = false;
    const count = async (to: string, outcome: string): Promise<number> =>
      (await store.transactions({ to, outcome }, { limit: 1 })).total;
    expect(await count("ada@x.test", "accepted")).toBe(1);
    expect(await count("bob@x.test", "accepted")).toBe(0);
    expect(await count("bob@x.test", "rejected")).toBe(1);
  });
});

describe("transactions: read", () => {
  test.each([{}, { outcome: "*" }])("pages with the filter %j", async (filter) => {
    const store = await ofFive();
    const first = await store.transactions(filter, { limit: 3 });
    expect(idsOf(first.transactions)).toBe("t5 t4 t3");
    put(store, {});
    const second = await store.transactions(filter, { limit: 3, cursor: first.nextCursor! });
    expect([idsOf(second.transactions), second.total, second.nextCursor]).toStrictEqual(["t2 t1", 6, null]);
  });

  test.each([
    [0, {}, 9, "t1 t2 t3 t4 t5"],
    [2, {}, 2, "t3 t4"],
    [0, { outcome: "rejected" }, 1, "t2"],
    [0, {}, 0, ""],
    [5, {}, 9, ""],
  ])("since %d with %j, at most %d, oldest first", async (since, filter, limit, ids) => {
    expect(idsOf(await (await ofFive()).transactionsSince(since, filter, limit))).toBe(ids);
  });

  test("content is filled from the stored message, and outlives it", async () => {
    const store = await ofFive();
    await addMany(store, 1, { header: "Subject: Second" });
    await store.remove({ filter: {} });
    expect((await store.transaction("t1"))?.content).toStrictEqual({
      subject: "Welcome",
      messageId: "<one@a.test>",
    });
    expect((await store.transaction("t6"))?.content).toStrictEqual({ subject: "Second", messageId: null });
    expect((await store.transaction("t2"))?.content).toBeNull();
    expect(await store.transaction("t9")).toBeNull();
  });

  test("content outlives an evicted message that somebody looked at", async () => {
    const store = new MemoryStore({ ...noLimits, maxMessages: 2 });
    await add(store, { header: "Subject: Unread" });
    await add(store, { header: "Subject: Looked at" });
    await store.messages({}, { limit: 1 });
    await addMany(store, 2);
    expect((await store.transaction("t1"))?.content).toBeNull();
    expect((await store.transaction("t2"))?.content).toStrictEqual({ subject: "Looked at", messageId: null });
  });

  test("put again replaces", async () => {
    const store = await ofFive();
    const before = await store.transaction("t4");
    store.putTransaction({ ...before!, outcome: "aborted", finishedAt: before!.startedAt });
    expect((await store.transaction("t4"))?.outcome).toBe("aborted");
    expect(store.counts()).toMatchObject({ transactions: 5, transactionSeq: 5 });
  });
});

describe("transactions: what is kept", () => {
  test("the newest 10,000, the open ones, and those of stored messages", async () => {
    const store = new MemoryStore(noLimits);
    await add(store);
    put(store, {}, { outcome: "open", finishedAt: null });
    for (let left = 10_001; left > 0; left--) put(store, {}, { outcome: "rejected" });
    expect(store.counts().transactions).toBe(10_002);
    expect((await store.transaction("t1"))?.storedId).toBe("m1");
    expect((await store.transaction("t2"))?.outcome).toBe("open");
    expect(await store.transaction("t3")).toBeNull();
    expect((await store.transaction("t4"))?.outcome).toBe("rejected");

    await store.remove({ ids: ["m1"] });
    expect(await store.transaction("t1")).toBeNull();
    expect(store.counts().transactions).toBe(10_001);
  });

  test("fewer of those with many recipients and faults", async () => {
    const store = new MemoryStore(noLimits);
    const many = {
      refused: Array.from({ length: 20_000 }, (_, index) => `${index}@x.test`),
      to: [],
    };
    const faults = Array.from({ length: 20_000 }, () => ({ ruleId: "r", phase: "rcpt" }));
    await add(store, many);
    put(store, many, { outcome: "open", finishedAt: null });
    for (let left = 3; left > 0; left--) put(store, many, { faults });
    expect(store.counts().transactions).toBe(4);
    expect(await store.transaction("t3")).toBeNull();
    expect(await store.transaction("t4")).not.toBeNull();
    put(store, {});
    expect(store.counts().transactions).toBe(5);
    await store.remove({ ids: ["m1"] });
    expect(store.counts().transactions).toBe(4);
    expect(await store.transaction("t1")).toBeNull();
  });

  test("after clear, one that began before stays out, unless its message is stored", async () => {
    const store = new MemoryStore(noLimits);
    const refused = put(store, {}, { finishedAt: null });
    const late = put(store, {}, { finishedAt: null });
    expect(store.putTransaction(refused)).toBe(true);
    await store.clear();
    expect(store.putTransaction(refused)).toBe(false);
    expect(await store.transaction("t1")).toBeNull();
    await store.add({ receivedAt: startTime, raw: [], transaction: late });
    expect((await store.message("m1"))?.transaction.id).toBe("t2");
    expect(store.putTransaction(late)).toBe(true);
    expect(store.putTransaction(transactionOf(store))).toBe(true);
  });
});
