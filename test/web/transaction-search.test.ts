import { expect, test } from "vitest";
import { transactionFilter } from "../../web/src/model/transaction-search.ts";

const rows: readonly [find: string, filter: Record<string, string>][] = [
  ["", {}],
  ["ada", { to: "*ada*" }],
  ["ada@x.test from:app", { to: "*ada@x.test*", from: "*app*" }],
  ["to:*@x.test", { to: "*@x.test" }],
  ['subject:"two words"', { subject: "*two words*" }],
  ["message-id:<a@b>", { messageId: "*<a@b>*" }],
  ["/^ada/i", { to: "/^ada/i" }],
  ["SOURCE:127.0.0.1", { source: "*127.0.0.1*" }],
  ["colon:inside", { to: "*colon:inside*" }],
];

for (const [find, filter] of rows) {
  test(`transactions: ${JSON.stringify(find)}`, () => {
    expect(transactionFilter(find, null)).toEqual(filter);
    expect(transactionFilter(find, "rejected")).toEqual({ outcome: "rejected", ...filter });
  });
}
