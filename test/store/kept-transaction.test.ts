import { describe, expect, test } from "vitest";
import { LetterShelf } from "../../src/store/letter-shelf.ts";
import { MessageShelf } from "../../src/store/message-shelf.ts";
import { MemoryStore, type Transaction } from "../../src/store/mod.ts";
import { OrdinaryTransaction } from "../../src/store/ordinary-transaction.ts";
import { SharedReplies } from "../../src/store/shared-replies.ts";
import type { StoredMessage } from "../../src/store/stored-message.ts";
import { TransactionShelf } from "../../src/store/transaction-shelf.ts";
import { add, noLimits, octetsOf, startTime, transactionOf } from "./sample.ts";

const path = { raw: "<bob@x.test>", address: "bob@x.test", route: [] };
const route = { raw: "<@a.test:bob@x.test>", address: "bob@x.test", route: ["a.test"] };
const said = { code: 250, enhanced: null, lines: [""] };
const ada = { path, parameters: {}, reply: said, accepted: true, finalReply: null };

const queued = (text: string, more: object = {}): Transaction["reply"] => ({
  code: 250,
  enhanced: "2.0.0",
  lines: [text],
  ...more,
});

/** A message and its transaction, which is like most. */
function ordinary(): { message: StoredMessage; transaction: Transaction } {
  const transaction = transactionOf(new MemoryStore(noLimits), { sessionId: "s1" });
  const raw = [octetsOf({})];
  const { added } = new MessageShelf(noLimits).add({ receivedAt: startTime, raw, transaction }, "10.0.0.7");
  return {
    message: added,
    transaction: { ...transaction, storedId: added.id, reply: queued("Ok: queued as m1") },
  };
}

/** With the fields, if that is ordinary. */
function keep(fields: Partial<Transaction>): { put: Transaction; kept: OrdinaryTransaction | null } {
  const { message, transaction } = ordinary();
  const put = { ...transaction, ...fields };
  return { put, kept: OrdinaryTransaction.of(put, "10.0.0.7", message, new SharedReplies()) };
}

type Values = { readonly [Field in keyof Transaction]?: readonly Transaction[Field][] };

const tableOf = (values: Values): [string, Partial<Transaction>][] =>
  Object.entries(values).flatMap(([field, list]) =>
    list.map((value): [string, Partial<Transaction>] => [
      `${field} ${JSON.stringify(value)}`,
      { [field]: value },
    ]),
  );

const differing: Values = {
  sessionId: [null, "s9"],
  startedAt: ["2031-01-01T00:00:00.000Z"],
  finishedAt: ["2031-01-01T00:00:00.001Z"],
  reversePath: [null, route],
  mailParameters: [{ SIZE: "120", SMTPUTF8: true }],
  recipients: [
    [ada],
    [{ ...ada, path: route }],
    [{ ...ada, reply: null }],
    [{ ...ada, reply: { code: 251, enhanced: "2.1.5", lines: ["will forward"] } }],
  ],
  reply: [
    queued("m1"),
    queued("OK m1"),
    queued("Ok: queued as m1", { code: 252 }),
    queued("Ok: queued as m1", { enhanced: null }),
    queued("Ok: queued as m1", { isUtf8: true }),
  ],
};

/** A value of each field that may not get lost. */
const extraordinary: Required<Omit<Values, "sessionId" | "startedAt" | "reversePath" | "mailParameters">> = {
  id: ["t9", "x1"],
  seq: [9],
  channel: ["lmtp", "http", "api"],
  provider: ["mailgun"],
  inboxes: [["ci"]],
  verb: ["SEND", null],
  finishedAt: [null],
  recipients: [
    [],
    [ada, ada],
    [{ ...ada, accepted: false }],
    [{ ...ada, finalReply: said }],
    [{ ...ada, parameters: { NOTIFY: "NEVER" } }],
  ],
  outcome: ["open", "rejected", "aborted", "reply-lost"],
  reply: [
    null,
    queued("OK"),
    queued("m1 is queued"),
    queued("Ok: queued as m12"),
    queued("", { lines: ["Ok: queued", "as m1"] }),
    queued("", { lines: ["Ok: queued as m1", "m1"] }),
  ],
  size: [0],
  storedId: [null, "m9", "1"],
  content: [{ subject: "Hello", messageId: null }],
  idempotencyKey: ["key"],
  labels: [["slow"]],
  warnings: [["odd"]],
  faults: [[{ ruleId: "r1", phase: "rcpt" }]],
};

describe("ordinary transactions come out equal", () => {
  test.each(tableOf(differing))("%s", (_, fields) => {
    const { put, kept } = keep(fields);
    expect(kept?.whole).toStrictEqual(put);
    expect(kept).toMatchObject({ transaction: put, source: "10.0.0.7" });
    expect(kept?.to).toStrictEqual([put.recipients[0]!.path.address]);
  });

  test("in the order of fields", () => {
    const { put, kept } = keep({});
    expect(JSON.stringify(kept?.whole)).toBe(JSON.stringify(put));
  });
});

describe("what is not ordinary is kept whole", () => {
  test.each(tableOf(extraordinary))("%s", (_, fields) => {
    expect(keep(fields).kept).toBeNull();
  });

  // Known by its number.
  const { seq: _, ...replaceable } = extraordinary;
  test.each(tableOf(replaceable))("and comes out of the store: %s", async (_, fields) => {
    const store = new MemoryStore(noLimits);
    const { id } = await add(store);
    const known = await store.transaction("t1");
    const put = {
      ...structuredClone(known!),
      content: null,
      reply: queued(`Ok: queued as ${id}`),
      ...fields,
    };
    store.putTransaction(structuredClone(put));
    const { transactions } = await store.transactions({}, { limit: 10 });
    expect(transactions).toStrictEqual([{ ...put, content: { subject: "Hello", messageId: null } }]);
  });
});

describe("replies that are said again", () => {
  const shared = (...replies: Transaction["reply"][]): unknown[] => {
    const shelf = new SharedReplies();
    return replies.map((reply, at) => shelf.share(reply!, `m${at + 1}`));
  };

  test("are kept once", () => {
    const [first, second] = shared(queued("Ok: queued as m1"), queued("Ok: queued as m2"));
    expect(first).toStrictEqual(queued("Ok: queued as "));
    expect(second).toBe(first);
  });

  test.each([
    queued("Ok: queued, as m2"),
    queued("Ok: queued as m2", { code: 251 }),
    queued("Ok: queued as m2", { enhanced: "2.6.0" }),
    queued("Ok: queued as m2", { isUtf8: true }),
  ])("are others where they differ: %j", (reply) => {
    const [, second] = shared(queued("Ok: queued as m1"), reply);
    expect(second).toStrictEqual({ ...reply, lines: [reply!.lines[0]!.slice(0, -2)] });
  });
});

/** Shelves with a transaction that is begun, and its message. */
function shelves(): {
  transaction: Transaction;
  messages: MessageShelf;
  transactions: TransactionShelf;
  stored: StoredMessage;
} {
  const transactions = new TransactionShelf({ transactions: 1, entries: 9 }, new LetterShelf(1_000));
  const { transaction } = ordinary();
  const begun = { ...transaction, ...transactions.next(), finishedAt: null, outcome: "open" as const };
  transactions.put(begun, "10.0.0.7");
  const messages = new MessageShelf(noLimits);
  const { added } = messages.add(
    { receivedAt: startTime, raw: [octetsOf({})], transaction: begun },
    "10.0.0.7",
  );
  transactions.pin(added);
  return { transaction, messages, transactions, stored: added };
}

const content = { subject: "Hello", messageId: null };

describe("as long as its message is stored", () => {
  test("it is whole while it is open, then little is kept", async () => {
    const { transaction, transactions, stored } = shelves();
    expect(stored.kept).not.toBeInstanceOf(OrdinaryTransaction);
    transactions.put(transaction, "10.0.0.7");
    expect(stored.kept).toBeInstanceOf(OrdinaryTransaction);
    expect([stored.source, stored.envelope]).toStrictEqual([
      "10.0.0.7",
      { from: "sender@a.test", to: ["ada@x.test"] },
    ]);
    expect(await transactions.get("t1")).toStrictEqual({ ...transaction, content });
    expect(transactions.size).toBe(1);
  });

  test("it may have been finished before", async () => {
    const { transaction, transactions } = shelves();
    const messages = new MessageShelf(noLimits);
    const { id, seq } = transactions.next();
    const finished = { ...transaction, id, seq };
    transactions.put(finished, null);
    const { added } = messages.add(
      { receivedAt: startTime, raw: [octetsOf({})], transaction: finished },
      null,
    );
    transactions.pin(added);
    expect(added.kept).toBeInstanceOf(OrdinaryTransaction);
    // It is none of those that may go.
    transactions.put({ ...transaction, ...transactions.next(), storedId: null }, null);
    expect(await transactions.get(id)).toStrictEqual({ ...finished, content });
  });

  test("after that it is whole again, and goes when its turn has come", async () => {
    const { transaction, messages, transactions, stored } = shelves();
    transactions.put(transaction, "10.0.0.7");
    messages.remove("m1");
    transactions.release(stored);
    stored.kept.describe(new LetterShelf(0).head(stored));
    messages.discard(stored);
    expect(stored.kept).not.toBeInstanceOf(OrdinaryTransaction);
    expect(await transactions.get("t1")).toStrictEqual({ ...transaction, content });
    transactions.put({ ...transaction, ...transactions.next(), storedId: null }, null);
    expect(await transactions.get("t1")).toBeNull();
    expect(transactions.size).toBe(1);
  });

  test("who changes what came out puts it again", async () => {
    const store = new MemoryStore(noLimits);
    await add(store);
    const read = async (): Promise<Transaction> => (await store.transaction("t1"))!;
    const copy = await read();
    copy.labels.push("late");
    copy.mailParameters = { HOLDUNTIL: "2030-01-01T00:00:00Z" };
    expect((await read()).labels).toStrictEqual([]);
    store.putTransaction(copy);
    expect(await read()).toStrictEqual(copy);
    store.putTransaction({ ...copy, labels: [], content: null });
    expect(await read()).toStrictEqual({ ...copy, labels: [] });
    await store.remove({ ids: ["m1"] });
    expect(await read()).toStrictEqual({ ...copy, labels: [] });
  });
});
