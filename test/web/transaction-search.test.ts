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
  ['"colon:inside"', { to: "*colon:inside*" }],
  ['"-ada" session:s1', { to: "*-ada*", session: "s1" }],
  ['subject:"what?"', { subject: "*what\\?*" }],
  ["subject:/two words/i", { subject: "/two words/i" }],
  ["inbox:sign-up-1 provider:resend", { inbox: "*sign-up-1*", provider: "*resend*" }],
  ["after:2026-01-31 before:2026-02-01", { after: "2026-01-31", before: "2026-02-01" }],
];

for (const [find, filter] of rows) {
  test(`transactions: ${JSON.stringify(find)}`, () => {
    expect(transactionFilter(find, null)).toEqual(filter);
    expect(transactionFilter(find, "rejected")).toEqual({ outcome: "rejected", ...filter });
  });
}

const mistakes: readonly (readonly [find: string, column: number, reason: string])[] = [
  ["ada user:ada", 5, '"user:" is no operator here; use to: from: subject:'],
  ["is:rejected", 1, '"is:" is no operator here'],
  ["constructor:x", 1, '"constructor:" is no operator here'],
  ["😀 bob", 3, "to: is searched for already"],
  ["ada bob", 5, "to: is searched for already; give it once"],
  ["from:z from:a", 8, "from: is searched for already"],
  ["to:ada bob", 8, "to: is searched for already"],
  ["-ada", 1, '"-ada" means nothing here; quote it to search for the text'],
  ["(ada", 1, '"(ada" means nothing here'],
  ["from:", 6, "from: has no value; write it right behind the colon"],
  ["from: ada", 6, "from: has no value"],
  ['ada subject:"two', 13, "the quotation mark is never closed"],
  ["outcome:refused", 9, '"refused" is none of outcome:accepted, outcome:rejected'],
];

for (const [find, column, reason] of mistakes) {
  test(`transactions: ${JSON.stringify(find)} is refused at column ${column}`, () => {
    expect(() => transactionFilter(find, null)).toThrow(
      expect.objectContaining({ column, message: expect.stringContaining(reason) }),
    );
  });
}

test("transactions: an outcome is in the line, or chosen beside the list", () => {
  expect(transactionFilter("ada outcome:Rejected", null)).toEqual({ to: "*ada*", outcome: "rejected" });
  expect(transactionFilter("outcome:rejected", "rejected")).toEqual({ outcome: "rejected" });
  expect(() => transactionFilter("ada outcome:rejected", "open")).toThrow(
    "column 5: only open ones are chosen",
  );
});
