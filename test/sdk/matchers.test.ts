import { expect, test } from "vitest";
import type { Transaction } from "../../src/api/contract.ts";
import { areOneMail, refusalCodes } from "../../src/sdk/attempts.ts";
import { matchers } from "../../src/sdk/matchers.ts";
import "../../src/entries/vitest.ts";
import { messageRecord, recipient, transactionRecord } from "./records.ts";

const content = { subject: "Welcome", messageId: null };

function attempt(from: string | null, to: readonly string[], change: Partial<Transaction> = {}): Transaction {
  const reversePath = from === null ? null : { raw: `<${from}>`, address: from, route: [] };
  return transactionRecord({
    reversePath,
    recipients: to.map((address) => recipient(address)),
    content,
    ...change,
  });
}

const early = { content: null };
const mails: [what: string, attempts: Transaction[], oneMail: boolean][] = [
  ["one", [attempt("a", ["b"])], true],
  ["none", [], true],
  ["the same again", [attempt("a", ["b"]), attempt("a", ["b"])], true],
  ["recipients in another order, one twice", [attempt("a", ["b", "c"]), attempt("a", ["c", "b", "c"])], true],
  ["another sender", [attempt("a", ["b"]), attempt("z", ["b"])], false],
  ["another recipient", [attempt("a", ["b"]), attempt("a", ["c"])], false],
  ["one more recipient", [attempt("a", ["b"]), attempt("a", ["b", "c"])], false],
  ["refused at MAIL first", [attempt("a", [], early), attempt("a", ["b"])], true],
  ["broken off after the first recipient", [attempt("a", ["b"], early), attempt("a", ["b", "c"])], true],
  ["broken off after a strange recipient", [attempt("a", ["x"], early), attempt("a", ["b", "c"])], false],
  ["twice refused at MAIL", [attempt("a", [], early), attempt("a", [], early)], true],
];
test.each(mails)("attempts of one mail: %s", (_, attempts, oneMail) => {
  expect(areOneMail(attempts)).toBe(oneMail);
});

const partly = attempt("a", []);
const refused: [to: string | RegExp | string[] | undefined, change: Partial<Transaction>, codes: number[]][] =
  [
    [undefined, { recipients: [recipient("b", 550)], reply: null }, [550]],
    [undefined, { recipients: [recipient("b", 550), recipient("c")] }, [550]],
    ["B", { recipients: [recipient("b", 550), recipient("c", 451)] }, [550]],
    [/^c$/, { recipients: [recipient("b", 550), recipient("c", 451)] }, [451]],
    ['"b"@x', { recipients: [recipient("b@x", 550), recipient('"b"@x', 451)] }, [550, 451]],
    ["b@x", { recipients: [recipient("b@x", 550), recipient('"b"@x', 451)] }, [550, 451]],
    [["b", "c"], { recipients: [recipient("b", 550), recipient("c", 451)] }, [550, 451]],
    ["b", { reply: { code: 554, enhanced: null, lines: [] }, recipients: [recipient("b")] }, [554]],
    [
      "b",
      { recipients: [{ ...recipient("b"), finalReply: { code: 452, enhanced: null, lines: [] } }] },
      [452],
    ],
  ];
test.each(refused)("codes that refused %s in %j: %j", (to, change, codes) => {
  expect(refusalCodes({ ...partly, ...change }, to)).toEqual(codes);
});

const message = messageRecord({
  links: [{ url: "https://x.test/confirm?t=7", text: "Confirm" }],
  codes: ["481516"],
});
const failures: [check: () => void, text: string][] = [
  [() => expect(message).toHaveSubject("Bye"), 'to have the subject Bye; it has "Welcome"'],
  [
    () => expect(message).toHaveLink("confirm?x"),
    'to have the link confirm?x; it has "https://x.test/confirm?t=7"',
  ],
  [() => expect(message).not.toHaveSubject(/^w/i), 'not to have the subject /^w/i; it has "Welcome"'],
  [
    () => expect(message).toHaveLink("*/reset*"),
    'to have the link */reset*; it has "https://x.test/confirm?t=7"',
  ],
  [() => expect(message).not.toHaveLink(), 'not to have any link; it has "https://x.test/confirm?t=7"'],
  [() => expect(message).toHaveCode("4815"), 'to have the code 4815; it has "481516"'],
  [() => expect(message).toHaveAttachment(), "to have any attachment; it has none"],
];
test.each(failures)("a message that fails, %#: %s", (check, text) => {
  expect(check).toThrow(`expected #12 "Welcome" ${text}`);
});

test("a subject with a question mark", () => {
  const asking = messageRecord({ subject: "Are you there?" });
  expect(asking).toHaveSubject("there\\?");
  expect(() => expect(asking).toHaveSubject("THERE?")).toThrow(
    "to have the subject THERE? (? is a wildcard, write \\?); it has",
  );
});

test("what is no message is a mistake, with and without not", () => {
  expect(() => expect(Promise.resolve(message)).toHaveCode()).toThrow("a promise in expect()");
  expect(() => expect(Promise.resolve(message)).not.toHaveCode()).toThrow("a promise in expect()");
  expect(() => expect(undefined).toHaveLink()).toThrow("undefined in expect()");
});

test("they are plain functions, which any runner can take", () => {
  const { pass, message: text } = matchers.toHaveCode.call({}, message, "481516");
  expect([pass, text()]).toEqual([true, 'expected #12 "Welcome" to have the code 481516; it has "481516"']);
});
