import { describe, expect, test } from "vitest";
import {
  type BarePattern,
  compilePattern,
  compilePatterns,
  needlesOf,
  PatternError,
} from "../../src/notation/mod.ts";

type Row = readonly [pattern: string, value: string, matches: boolean, bare?: BarePattern];

const GLOBS: readonly Row[] = [
  ["ada@x.test", "ada@x.test", true],
  ["ada@x.test", "ADA@X.TEST", true],
  ["ADA@x.test", "ada@x.test", true],
  // In lower case longer than before.
  ["i\u0307", "İ", true],
  ["İ", "i\u0307", true],
  ["ada@x.test", "bada@x.test", false],
  ["ada@x.test", "ada@x.test.org", false],
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["*", "anything\nat all", true],
  ["*@x.test", "@x.test", true],
  ["*@x.test", "a@x.test", true],
  ["*@x.test", "a@y.test", false],
  ["*@x.test", "a@x.test@y.test", false],
  ["ada*", "ada@x.test", true],
  ["a*c*e", "abcde", true],
  ["a*c*e", "abcd", false],
  ["*ab*ab*", "xabab", true],
  ["*ab*ab", "ababab", true],
  ["**a**", "bab", true],
  ["?", "", false],
  ["?", "a", true],
  ["?", "ab", false],
  ["?", "\u{1f600}", true],
  ["??", "\u{1f600}", false],
  ["*??", "a\u{1f600}", true],
  ["a?c", "abc", true],
  ["a?c", "a\nc", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["\\?", "?", true],
  ["\\\\", "\\", true],
  ["\\a", "a", true],
  ["a.c", "abc", false],
  ["GRÜSSE*", "grüsse aus Köln", true],
  ["[a]", "a", false],
  ["/usr/bin", "/usr/bin", true],
  ["//", "//", true],
];

const ADDRESSES: readonly Row[] = [
  ['"bob"@x.test', "bob@x.test", true, "address"],
  ['"bob"@x.test', "BOB@X.test", true, "address"],
  ['"b.o-b+1"@x.test', "b.o-b+1@x.test", true, "address"],
  ['"jõgeva"@x.test', "jõgeva@x.test", true, "address"],
  ['"bob"', "bob", true, "address"],
  ['"bob"@*', "bob@x.test", true, "address"],
  ["bob@x.test", "bob@x.test", true, "address"],
  // Quotes that are needed
  ['"b b"@x.test', '"b b"@x.test', true, "address"],
  ['"b@b"@x.test', '"b@b"@x.test', true, "address"],
  ['".b"@x.test', '".b"@x.test', true, "address"],
  ['"b..b"@x.test', '"b..b"@x.test', true, "address"],
  ['""@x.test', '""@x.test', true, "address"],
  // Wildcards: who asks for quotes means them
  ['"*"@x.test', '"b b"@x.test', true, "address"],
  ['"*"@x.test', "bob@x.test", false, "address"],
  ['/^"bob"/', "bob@x.test", false, "address"],
  ['"bob"@x.test', "bob@x.test", false, "whole"],
];

const CONTAINS: readonly Row[] = [
  ["welcome", "Your WELCOME letter", true, "contains"],
  ["welcome", "farewell", false, "contains"],
  ["", "anything", true, "contains"],
  ["welcome*", "Your welcome letter", false, "contains"],
  ["*welcome*", "Your welcome letter", true, "contains"],
  ["100\\*", "now 100* better", true, "contains"],
  ["100\\*", "now 100 better", false, "contains"],
  ["/^welcome/i", "Welcome back", true, "contains"],
];

const REGEXES: readonly Row[] = [
  ["/welcome/", "a welcome b", true],
  ["/welcome/", "a Welcome b", false],
  ["/welcome/i", "a Welcome b", true],
  ["/^b$/", "a\nb\nc", false],
  ["/^b$/m", "a\nb\nc", true],
  ["/a.b/", "a\nb", false],
  ["/a.b/s", "a\nb", true],
  ["/^A.B$/ims", "x\na\nb", true],
  ["/a\\/b/", "a/b", true],
  ["/a/b/", "a/b", true],
  ["/\\d{6}/", "code 123456", true],
  ["/(?<year>\\d{4})/", "in 2024", true],
  ["/\\u00e9/", "é", true],
  ["/^\\u{1f600}$/", "\u{1f600}", true],
  ["/\\\\u00e9/", "\\u00e9", true],
  ["/\\p{Lu}/", "É", true],
  ["/[/]/", "/", true],
  ["/12\\s€/", "12\u00a0€", true],
  ["/^\\S+$/", "12\u202f€", false],
  ["/^[\\w\\s-.]+$/", "a\u00a0-.", true],
  ["/^[[:alpha:]\\s]+$/", "a\u00a0", true],
  ["/^\\\\s$/", "\\s", true],
  ["/^[[\\]\\s]+$/", "[]\u00a0", true],
  ["/Total[^]*\\s€/", "Total\n12\u00a0€", true],
  ["/[^]\\s/", "plain", false],
  ["/a[]|b/", "a", false],
  ["/^[[]$/", "[", true],
  ["/^[a[^]+\\s$/", "a[^ ", true],
];

const TABLES: readonly (readonly [string, readonly Row[]])[] = [
  ["glob", GLOBS],
  ["contains", CONTAINS],
  ["regex", REGEXES],
  ["address", ADDRESSES],
];

describe.each(TABLES)("pattern: %s", (_, rows) => {
  for (const [pattern, value, matches, bare] of rows) {
    test(`${JSON.stringify(pattern)} on ${JSON.stringify(value)} is ${matches}`, () => {
      expect(compilePattern(pattern, bare)(value)).toBe(matches);
    });
  }
});

test.each(["\\s", "\\S", "[\\s]", "[^\\s]", "[\\S]", "[^\\S]"])(
  "pattern: /%s/ is that of JavaScript",
  (source) => {
    const [ours, theirs] = [compilePattern(`/${source}/`), new RegExp(source)];
    const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    const differ = characters.filter((one) => !/[\ud800-\udfff]/.test(one) && ours(one) !== theirs.test(one));
    expect(differ).toEqual([]);
  },
);

const REFUSED: readonly (readonly [pattern: string, reason: RegExp])[] = [
  ["/(?=a)b/", /look-around/],
  ["/(?!a)b/", /look-around/],
  ["/(?<=a)b/", /look-around/],
  ["/(?<!a)b/", /look-around/],
  ["/(a)\\1/", /back-references/],
  ["/(?<n>a)\\k<n>/", /back-references/],
  ["/a(/", /missing closing \)/],
  ["/[z-a]/", /invalid character class range/],
  ["/a/g", /flags i, m, s, not g/],
  ["/a/iu", /flags i, m, s, not u/],
  ["a\\", /backslash at the end/],
  [`/${"a".repeat(512)}/`, /at most 512 characters, not 514/],
  [`*${"a".repeat(512)}`, /at most 512 characters, not 513/],
];

test.each([...REFUSED])("pattern: %s is refused", (pattern, reason) => {
  expect(() => compilePattern(pattern)).toThrow(PatternError);
  expect(() => compilePattern(pattern)).toThrow(reason);
});

test("pattern: a long text without wildcard is fine", () => {
  expect(compilePattern("a".repeat(5000))("A".repeat(5000))).toBe(true);
});

test("H11: pattern: an unfriendly glob and regex end on a long text", () => {
  const text = `${"a".repeat(100_000)}!`;
  expect(compilePattern("*a*a*a*a*a*a*a*a*b")(text)).toBe(false);
  expect(compilePattern("/(a+)+$/")(text)).toBe(false);
});

test("pattern: PatternError is a TypeError", () => {
  expect(new PatternError("x")).toBeInstanceOf(TypeError);
  expect(() => compilePattern(5 as unknown as string)).toThrow(PatternError);
});

test("patterns: any of a list; an empty list matches nothing", () => {
  expect(compilePatterns(["a", "b*"])("bc")).toBe(true);
  expect(compilePatterns(["a", "b*"])("c")).toBe(false);
  expect(compilePatterns([])("")).toBe(false);
  expect(compilePatterns("ell", "contains")("hello")).toBe(true);
  expect(compilePatterns(["x", "ell"], "contains")("hello")).toBe(true);
});

describe("needles: what every match contains", () => {
  test.each<[string, string[], boolean]>([
    ["Welcome", ["welcome"], true],
    ["a b", ["a b"], true],
    ["", [], true],
    ["100\\*", ["100*"], true],
    ["*wel*Shop?", ["wel", "shop"], false],
    ["*", [], false],
    ["?", [], false],
    ["/welcome/i", [], false],
    ["\\/welcome/", ["/welcome/"], true],
  ])("%j", (pattern, needles, suffice) => {
    expect(needlesOf(pattern)).toStrictEqual({ needles, suffice });
  });
});
