import { beforeAll, describe, expect, test } from "vitest";
import { compileMessageFilter, FilterError, MemoryStore, type MessageFilter } from "../../src/store/mod.ts";
import { compileSessionFilter } from "../../src/store/session-condition.ts";
import { compileTransactionFilter } from "../../src/store/transaction-condition.ts";
import { add, noLimits, sessionOf, startTime } from "./sample.ts";

const store = new MemoryStore(noLimits);

/** m1 to m3. */
beforeAll(async () => {
  sessionOf(store, { remoteAddress: "10.0.0.7" });
  await add(store, {
    from: "bounce+1@shop.test",
    to: ["ada@x.test", "bob@x.test"],
    refused: ["carol@x.test"],
    header: [
      "From: Shop <news@shop.test>",
      "To: undisclosed@x.test",
      "Subject: Welcome, Ada",
      "Message-ID: <one@shop.test>",
      "X-Mailer: First 1.0",
      "x-mailer: Second",
    ].join("\n"),
    body: "Hello\nWorld",
    sessionId: "s1",
    inboxes: ["ci", "all"],
  });
  await add(store, {
    from: "",
    to: ["Ada+tag@X.test"],
    header: 'Subject: =?utf-8?B?w4RwZmVs?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"',
    body: [
      "--b\nContent-Type: text/html\n\n<p>Only &amp; always <i>HTML</i></p>",
      '--b\nContent-Disposition: attachment; filename="Report.PDF"\nContent-Type: application/pdf\n\nx\n--b--',
    ].join("\n"),
    receivedAt: startTime + 1_000,
  });
  await add(store, {
    from: '"o.k"@shop.test',
    to: ["ada@x.test", '"eve"@x.test', '"two words"@x.test'],
    header: "To: eve@x.test\nSubject: 100% *sure*",
    receivedAt: startTime + 2_000,
  });
  await store.patch({ ids: ["m3"] }, { read: true, tags: ["Later", "later", "Later"] });
});

describe("filter: matches", () => {
  const rows: readonly (readonly [filter: MessageFilter, ids: string])[] = [
    [{}, "m3 m2 m1"],
    [{ to: "ada@x.test" }, "m3 m1"],
    [{ to: "ADA@X.TEST" }, "m3 m1"],
    [{ to: "ada" }, ""],
    [{ to: "ada*" }, "m3 m2 m1"],
    [{ to: "carol@x.test" }, ""],
    [{ to: "undisclosed@x.test" }, ""],
    [{ to: ["bob@x.test", "ada+tag@x.test"] }, "m2 m1"],
    [{ to: "/^ADA/i" }, "m3 m2 m1"],
    [{ to: "/^ADA/" }, ""],
    [{ to: "eve@x.test" }, "m3"],
    [{ to: '"eve"@x.test' }, "m3"],
    [{ to: '"ada"@x.test' }, "m3 m1"],
    [{ from: '"news"@shop.test' }, "m1"],
    [{ to: "eve*" }, "m3"],
    [{ to: "two words@x.test" }, ""],
    [{ to: '"two words"@x.test' }, "m3"],
    [{ from: "bounce*@shop.test" }, "m1"],
    [{ from: "news@shop.test" }, "m1"],
    [{ from: "" }, "m2"],
    [{ from: "o.k@shop.test" }, "m3"],
    [{ q: "to:eve@x.test from:o.k@shop.test" }, "m3"],
    [{ q: "bcc:eve" }, ""],
    [{ q: "bcc:words" }, "m3"],
    [{ subject: "welcome" }, "m1"],
    [{ subject: "äpfel" }, "m2"],
    [{ subject: "welcome*" }, "m1"],
    [{ subject: "wel?ome" }, ""],
    [{ subject: "\\*sure\\*" }, "m3"],
    [{ text: "hello\nworld" }, "m1"],
    [{ text: "only & always html" }, "m2"],
    [{ text: "*world*" }, "m1"],
    [{ header: { "X-MAILER": "first*" } }, "m1"],
    [{ header: { "x-mailer": "second" } }, "m1"],
    [{ header: { "x-mailer": "first" } }, ""],
    [{ header: { "x-mailer": "*", subject: "*ada*" } }, "m1"],
    [{ header: { "x-mailer": "*", subject: "*bob*" } }, ""],
    [{ messageId: "<one@shop.test>" }, "m1"],
    [{ messageId: "one@shop.test" }, "m1"],
    [{ messageId: "*" }, "m1"],
    [{ inbox: "ci" }, "m1"],
    [{ inbox: ["x", "all"] }, "m1"],
    [{ tag: "later" }, "m3"],
    [{ session: "s1" }, "m1"],
    [{ session: "*" }, "m1"],
    [{ source: "10.*" }, "m1"],
    [{ provider: "*" }, ""],
    [{ read: true }, "m3"],
    [{ read: false }, "m2 m1"],
    [{ attachment: true }, "m2"],
    [{ attachment: false }, "m3 m1"],
    [{ attachment: "*.pdf" }, "m2"],
    [{ attachment: "*.png" }, ""],
    [{ before: "2030-01-01T00:00:01Z" }, "m1"],
    [{ after: "2030-01-01T00:00:01Z" }, "m3 m2"],
    [{ after: "2030-01-01", before: "2030-01-02" }, "m3 m2 m1"],
    [{ before: "2030-01-01T01:00:01+01:00" }, "m1"],
    [{ since: 1 }, "m3 m2"],
    [{ since: 3 }, ""],
    [{ q: "welcome OR is:read" }, "m3 m1"],
    [{ to: "ada@x.test", q: "welcome" }, "m1"],
    [{ to: "ada@x.test", subject: "welcome", text: "world", read: false, attachment: false, since: 0 }, "m1"],
  ];
  for (const [filter, ids] of rows) {
    test(JSON.stringify(filter), async () => {
      const { messages, total } = await store.messages(filter, { limit: 10 });
      expect(messages.map(({ id }) => id).join(" ")).toBe(ids);
      expect(total).toBe(messages.length);
    });
  }
});

test("filter: a time without a zone is UTC, wherever the server runs", async () => {
  const zone = process.env.TZ;
  process.env.TZ = "Pacific/Auckland";
  try {
    expect(new Date(2030, 0, 1).getTimezoneOffset()).not.toBe(0);
    for (const [filter, ids] of [
      [{ before: "2030-01-01T00:00:01" }, "m1"],
      [{ after: "2030-01-01T00:00:01.000" }, "m3 m2"],
      [{ after: "2030-01-01T00:00" }, "m3 m2 m1"],
      [{ q: "before:2030-01-01T00:00:01" }, "m1"],
    ] as const) {
      const { messages } = await store.messages(filter, { limit: 10 });
      expect([filter, messages.map(({ id }) => id).join(" ")]).toEqual([filter, ids]);
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

describe("filter: a mistake names the field", () => {
  const rows: readonly (readonly [filter: object, field: string])[] = [
    [{ to: "/(?=a)/" }, "to"],
    [{ to: [] }, "to"],
    [{ to: 5 }, "to"],
    [{ from: "a\\" }, "from"],
    [{ subject: ["ok", "/(/"] }, "subject"],
    [{ header: { "x-a": "/a/g" } }, "header.x-a"],
    [{ header: { "x-a": [] } }, "header.x-a"],
    [{ read: "yes" }, "read"],
    [{ attachment: "/[/" }, "attachment"],
    [{ before: "yesterday" }, "before"],
    [{ after: "2030-02-30T25:00:00Z" }, "after"],
    [{ since: -1 }, "since"],
    [{ since: "3" }, "since"],
    [{ q: "(" }, "q"],
    [{ subjct: "typo" }, "subjct"],
  ];
  for (const [filter, field] of rows) {
    test(JSON.stringify(filter), async () => {
      expect(() => compileMessageFilter(filter)).toThrow(FilterError);
      expect(() => compileMessageFilter(filter)).toThrow(expect.objectContaining({ field }));
      await expect(store.messages(filter, { limit: 1 })).rejects.toThrow(FilterError);
      await expect(store.messagesSince(0, filter, 1)).rejects.toThrow(FilterError);
      await expect(store.matches("m99", filter)).rejects.toThrow(FilterError);
    });
  }

  test("transactions and sessions likewise", () => {
    expect(() => compileTransactionFilter({ outcome: "/(/" })).toThrow(
      expect.objectContaining({ field: "outcome" }),
    );
    for (const outcome of ["bogus", "", ["accepted", "acepted"], "reply lost"]) {
      expect(() => compileTransactionFilter({ outcome, to: "x" })).toThrow(
        expect.objectContaining({ field: "outcome" }),
      );
    }
    expect(() => compileTransactionFilter({ q: "x" } as object)).toThrow(
      expect.objectContaining({ field: "q" }),
    );
    expect(() => compileSessionFilter({ open: 1 } as object)).toThrow(
      expect.objectContaining({ field: "open" }),
    );
    expect(() => compileSessionFilter({ to: "x" } as object)).toThrow(
      expect.objectContaining({ field: "to" }),
    );
  });
});
