import { describe, expect, test } from "vitest";
import { compileMessageFilter, FilterError } from "../../src/store/mod.ts";
import { parseSearch, type SearchNode } from "../../src/store/search.ts";

/** A node in prefix form: `(all a (not b))`. */
function write(node: SearchNode): string {
  switch (node.kind) {
    case "all":
    case "any":
      return `(${[node.kind, ...node.nodes.map(write)].join(" ")})`;
    case "not":
      return `(not ${write(node.node)})`;
    case "anywhere":
      return node.folded ? `"${node.pattern}"` : node.pattern;
    case "field":
      return `${node.field}=${node.pattern}`;
  }
}

describe("search: grammar", () => {
  test.each([
    ["", "(all)"],
    ["  \t ", "(all)"],
    ["a", "a"],
    ["a b  c", "(all a b c)"],
    ["a OR b", "(any a b)"],
    ["a b OR c d", "(any (all a b) (all c d))"],
    ["a OR b OR c", "(any a b c)"],
    ["a (b OR c) d", "(all a (any b c) d)"],
    ["(a)", "a"],
    ["((a b) c)", "(all (all a b) c)"],
    ["a(b)c", "(all a b c)"],
    ["-a", "(not a)"],
    ["-a b", "(all (not a) b)"],
    ["-a OR b", "(any (not a) b)"],
    ["-(a OR b)", "(not (any a b))"],
    ["--a", "(not (not a))"],
    ["a-b", "a-b"],
    ["or a", "(all or a)"],
    ["ORDER", "ORDER"],
    ['"OR"', '"OR"'],
    ['"two  words"', '"two words"'],
    ['-"two words"', '(not "two words")'],
    ['a"b"c', '(all a "b" c)'],
    ['"a \\"b\\" \\\\ c"', '"a "b" \\\\ c"'],
    ['"100*?"', '"100\\*\\?"'],
    ["wel*me", "*wel*me*"],
    ["C:\\dir", "C:\\\\dir"],
    ["\\*bold\\*", "\\*bold\\*"],
    ["what\\?", "what\\?"],
    ["\\*wel*me", "*\\*wel*me*"],
    ["a\\\\*", "a\\\\\\*"],
    ["end\\", "end\\\\"],
    ["/usr/bin", "\\/usr/bin"],
    ["/a (b|c)/i d", "(all /a (b|c)/i d)"],
    ["from:ada", "from=ada"],
    ["FROM:ada", "from=ada"],
    ["-from:ada", "(not from=ada)"],
    ['from:"Ada L*"', "from=Ada L\\*"],
    ["subject:/a (b|c)/i", "subject=/a (b|c)/i"],
    ['header:x-mailer="a b"', "header=x-mailer=a b"],
    ["to:*@x.test", "to=*@x.test"],
    [
      "inbox:sign-up-* provider:resend warning:bare-lf",
      "(all inbox=sign-up-* provider=resend warning=bare-lf)",
    ],
    ["reply-to:a message-id:b", "(all reply-to=a message-id=b)"],
    ["(from:a OR to:b) c", "(all (any from=a to=b) c)"],
    ["https://x.test/a", "https://x.test/a"],
    ["Re: hello", "(all Re: hello)"],
    ["12:30", "12:30"],
  ])("%s", (line, expected) => {
    expect(write(parseSearch(line))).toBe(expected);
  });
});

describe("search: a mistake is refused with its column", () => {
  test.each([
    ["(", 1, /never closed/],
    ["a (b", 3, /never closed/],
    [")", 1, /closes nothing/],
    ["a )", 3, /closes nothing/],
    ["(a))", 4, /closes nothing/],
    ["()", 1, /nothing between/],
    ["a (  )", 3, /nothing between/],
    ["OR", 1, /both sides/],
    ["a OR", 3, /both sides/],
    ["OR a", 1, /both sides/],
    ["a OR OR b", 3, /both sides/],
    ["(a OR )", 4, /both sides/],
    ["-", 1, /excludes nothing/],
    ["a - b", 3, /excludes nothing/],
    ["(-)", 2, /excludes nothing/],
    ["-OR", 1, /excludes nothing/],
    ['"abc', 1, /never closed; add a "/],
    ['a from:"abc', 8, /never closed; add a "/],
    ["from:", 6, /has no value/],
    ["a from: ada", 8, /has no value/],
    ["from:(ada)", 6, /has no value/],
    ["form:ada", 1, /"form:" is no operator/],
    ["a is:red", 6, /use is:read, is:unread or is:tagged/],
    ["has:cheese", 5, /use has:attachment or has:inline/],
    ["larger:big", 8, /50M/],
    ["smaller:-1", 9, /50M/],
    ["before:yesterday", 8, /ISO 8601/],
    ["after:2030-13-01", 7, /ISO 8601/],
    ["after:2030-02-30", 7, /ISO 8601/],
    ["before:2030-02-29T10:00Z", 8, /ISO 8601/],
    ["before:2030-01-01T25:00Z", 8, /ISO 8601/],
    ["before:2030-1-1", 8, /ISO 8601/],
    ['""', 1, /nothing between the quotation marks/],
    ['a -"  "', 4, /nothing between the quotation marks/],
    ['from:""', 6, /has no value/],
    ["-from:", 7, /has no value/],
    ["-()", 2, /nothing between/],
    ["from:ada)", 9, /closes nothing/],
    ["a OR (b OR", 9, /both sides/],
    ["tag:/[/", 5, /missing closing/],
    ["subject:/x/g", 9, /only the flags i, m, s/],
    ["a /(a)\\1/", 3, /back-references/],
    ["unread:true", 1, /"unread:" is no operator/],
    ["header:=x", 8, /needs a field name/],
    ["subject:/(/", 9, /missing closing/],
    ["a /(?=b)/", 3, /look-around/],
    [`${"(".repeat(30)}a${")".repeat(30)}`, 22, /nested too deep/],
    [`${"-".repeat(30)}a`, 22, /nested too deep/],
    ['😀 "', 3, /never closed/],
    ['"😀" from:"', 10, /never closed/],
    ["😀😀 is:red", 7, /use is:read/],
    ["(😀", 1, /never closed/],
    ["😀 warning:", 11, /has no value/],
    ["form:ada", 1, /session: inbox: provider: warning: is:/],
    ["a".repeat(2_001), 2_001, /at most 2000/],
  ])("%s at %d", (line, column, reason) => {
    expect(() => compileMessageFilter({ q: line })).toThrow(FilterError);
    expect(() => compileMessageFilter({ q: line })).toThrow(expect.objectContaining({ field: "q", column }));
    expect(() => compileMessageFilter({ q: line })).toThrow(reason);
    expect(() => compileMessageFilter({ q: line })).toThrow(
      `Failed to read the search at column ${column}: `,
    );
  });
});
