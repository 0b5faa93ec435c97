import { describe, expect, test } from "vitest";
import { type AnyFilter, writeFilter } from "../../src/sdk/filter.ts";
import { writePattern, writePatterns } from "../../src/sdk/pattern.ts";

describe("a filter becomes query parameters", () => {
  const rows: [AnyFilter, string][] = [
    [{}, ""],
    [{ to: "ada@x.test" }, "to=ada@x.test"],
    [{ to: "ada+tag@x.test" }, "to=ada+tag@x.test"],
    [{ to: ["a@x.test", /^b@/i] }, "to=a@x.test&to=/^b@/i"],
    [{ subject: /welcome/ }, "subject=/welcome/"],
    [{ header: { "X-Kind": ["a", /b/m] } }, "header.X-Kind=a&header.X-Kind=/b/m"],
    [{ read: false, attachment: true }, "read=false&attachment=true"],
    [{ attachment: "*.pdf" }, "attachment=*.pdf"],
    [{ after: new Date(0), before: "2026-01-01" }, "after=1970-01-01T00:00:00.000Z&before=2026-01-01"],
    [{ since: 7 }, "since=7"],
    [{ from: undefined } as object, ""],
  ];
  test.each(rows)("%j", (filter, query) => {
    const pairs = [...writeFilter(filter)].map(([name, value]) => `${name}=${value}`);
    expect(pairs.join("&")).toBe(query);
  });

  test("a plus sign survives the way", () => {
    expect(String(writeFilter({ to: "ada+tag@x.test" }))).toBe("to=ada%2Btag%40x.test");
  });

  test("an empty list is refused, as it would filter nothing", () => {
    expect(() => writeFilter({ to: [] })).toThrow(TypeError);
    expect(() => writeFilter({ header: { "X-Kind": [] } })).toThrow("header.X-Kind is an empty list");
  });
});

test("a Date that is none is refused by the name of its field", () => {
  expect(() => writeFilter({ after: new Date("soon") })).toThrow("after is an invalid Date");
});

describe("a RegExp becomes a text", () => {
  const rows: [RegExp, string][] = [
    [/a.b/, "/a.b/"],
    [/a\/b/i, "/a\\/b/i"],
    [/a/gimsy, "/a/ims"],
    [/\p{L}/u, "/\\p{L}/"],
    [/a/d, "/a/"],
  ];
  test.each(rows)("%s", (pattern, text) => {
    expect(writePattern(pattern)).toBe(text);
  });

  test("the flag v is refused", () => {
    const flag = "v";
    expect(() => writePattern(new RegExp("[a--b]", flag))).toThrow("use only the flags i, m, s, not v");
  });

  test("wherever it stands in a rule", () => {
    const rule = {
      on: "rcpt",
      match: { to: [/a/i, "b"], header: { Subject: { not: /c/ } } },
      do: ["450", null],
    };
    expect(writePatterns(rule)).toEqual({
      on: "rcpt",
      match: { to: ["/a/i", "b"], header: { Subject: { not: "/c/" } } },
      do: ["450", null],
    });
  });
});
