import { describe, expect, test } from "vitest";
import { isTooDeep, Reader, show } from "../../src/notation/mod.ts";

const circular: Record<string, unknown> = {};
circular.self = circular;

describe("a value is shown on one short line", () => {
  test.each<[string, unknown, string]>([
    ["a text", "a\nb", '"a\\nb"'],
    ["a list", [1, "x"], '[1,"x"]'],
    ["an object", { a: null }, '{"a":null}'],
    ["a long text", "x".repeat(99), `"${"x".repeat(56)}…`],
    ["nothing", undefined, "undefined"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a big number", 5n, '"5n"'],
    ["a big number within", { times: 5n }, '{"times":"5n"}'],
    ["what contains itself", circular, "a deeply nested value"],
  ])("%s", (_, value, shown) => {
    expect(show(value)).toBe(shown);
  });
});

test.each([
  [{}, false],
  [JSON.parse(`${"[".repeat(8)}1${"]".repeat(8)}`), false],
  [JSON.parse(`${"[".repeat(9)}1${"]".repeat(9)}`), true],
  [circular, true],
])("whether %o is nested too deep: %s", (value, isDeep) => {
  expect(isTooDeep(value)).toBe(isDeep);
});

describe("what is refused has its path and what to use", () => {
  const read: Reader = new Reader((path, reason) => {
    throw new Error(`${path}: ${reason}`);
  });

  test.each<[string, () => unknown, string]>([
    ["no object", () => read.object([], "a", ["x"]), "a: [] is not an object; use the fields x"],
    [
      "another field",
      () => read.object({ nam: 1 }, "a", ["name"]),
      'a.nam: unknown field; did you mean "name"?',
    ],
    ["of the whole", () => read.object({ z: 1 }, "", ["name"]), "z: unknown field; use one of name"],
    ["no text", () => read.text(7, "a", 5), "a: 7 is not a text; use a string"],
    ["a long text", () => read.text("123456", "a", 5), "a: 6 characters are too many; use at most 5"],
    ["no boolean", () => read.boolean("yes", "a"), 'a: "yes" is not a boolean; use true or false'],
    [
      "a fraction",
      () => read.integer(1.5, "a", 1),
      "a: 1.5 cannot be used; use a whole number of at least 1",
    ],
    ["too little", () => read.integer(0, "a", 1), "a: 0 cannot be used; use a whole number of at least 1"],
    ["no choice", () => read.choice(1, "a", ["on", "off"]), "a: 1 is not a text; use one of on, off"],
    [
      "another choice",
      () => read.choice("offf", "a", ["on", "off"]),
      'a: "offf" is unknown; did you mean "off"?',
    ],
    [
      "no duration",
      () => read.duration(true, "a"),
      "a: true is not a duration; use a number of milliseconds",
    ],
    ["a bad duration", () => read.duration("soon", "a"), 'a: Failed to parse the duration: "soon"'],
    ["a long duration", () => read.duration("597h", "a"), 'a: "597h" is too long; use at most 596h'],
    ["no time", () => read.span("0s", "a"), 'a: "0s" is no time at all; use more than 0'],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(message);
  });

  test("what is right is handed on", () => {
    expect(read.object({ x: 1 }, "a", ["x"])).toEqual({ x: 1 });
    expect([read.text("x", "a", 1), read.boolean(false, "a"), read.integer(0, "a", 0)]).toEqual([
      "x",
      false,
      0,
    ]);
    expect([read.choice("on", "a", ["on"]), read.duration("0s", "a"), read.span("1m", "a")]).toEqual([
      "on",
      0,
      60_000,
    ]);
  });
});
