import { expect, test } from "vitest";
import type { AnyFilter } from "../../src/sdk/filter.ts";
import { likeMessage, likeTransaction } from "../../src/sdk/wait-error.ts";
import { recipient, summaryRecord, transactionRecord } from "./records.ts";

const message = summaryRecord({
  envelope: { from: "app@x.test", to: ["ada@x.test", "bob@x.test"] },
  tags: ["a"],
});

const nearest: [AnyFilter, string[], object][] = [
  [{ to: "ada@*", subject: /reset/ }, ["subject"], { to: "ada@*", subject: "Welcome" }],
  [{ to: "eve@*", from: "app@*" }, ["to"], { to: ["ada@x.test", "bob@x.test"], from: "app@*" }],
  [
    { tag: "b", attachment: true, read: true },
    ["tag", "attachment", "read"],
    { tag: "a", attachment: false, read: false },
  ],
  [{ text: "bye", provider: "x" }, ["text", "provider"], { text: "Good morning", provider: "" }],
  [{ header: { "X-A": "1", "X-B": "2" } }, ["header.x-b"], { header: { "X-A": "1", "X-B": null } }],
  [{ q: "is:read" }, ["q"], { q: null }],
];
test.each(nearest)("the nearest message for %j, where %j differ: %j", (filter, differs, actual) => {
  expect(likeMessage(filter, { message, differs })).toEqual(actual);
});

const transaction = transactionRecord({
  outcome: "rejected",
  recipients: [recipient("ada@x.test", 550), recipient("bob@x.test")],
  content: { subject: "Welcome", messageId: null },
});

const newest: [AnyFilter, object][] = [
  [{ to: "eve@*" }, { to: ["ada@x.test", "bob@x.test"] }],
  [
    { outcome: "accepted", subject: "Bye" },
    { outcome: "rejected", subject: "Welcome" },
  ],
  [{ before: "2026-01-01" }, { before: "2026-01-01" }],
];
test.each(newest)("the newest transaction for %j: %j", (filter, actual) => {
  expect(likeTransaction(filter, transaction)).toEqual(actual);
});
