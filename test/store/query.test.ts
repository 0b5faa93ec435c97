import { describe, expect, test } from "vitest";
import {
  FilterError,
  messageParameters,
  parseMessageQuery,
  parseSessionQuery,
  parseTransactionQuery,
  sessionParameters,
  transactionParameters,
} from "../../src/store/mod.ts";

describe("query: messages", () => {
  test.each([
    ["", {}],
    ["to=ada@x.test", { to: "ada@x.test" }],
    ["to=a@x.test&to=b@x.test", { to: ["a@x.test", "b@x.test"] }],
    ["to=ada%2Btag@x.test", { to: "ada+tag@x.test" }],
    ["from=%22ada%20l%22@x.test", { from: '"ada l"@x.test' }],
    ["from=", { from: "" }],
    ["subject=two+words", { subject: "two words" }],
    ["text=x&messageId=y&inbox=z", { text: "x", messageId: "y", inbox: "z" }],
    [
      "tag=a&tag=b&session=s1&source=127.*&provider=resend",
      {
        tag: ["a", "b"],
        session: "s1",
        source: "127.*",
        provider: "resend",
      },
    ],
    ["header.X-Mailer=swaks", { header: { "X-Mailer": "swaks" } }],
    ["header.a=1&header.b=2&header.a=3", { header: { a: ["1", "3"], b: "2" } }],
    ["header.X-A=1&header.x-a=2&header.X-a=3", { header: { "X-A": ["1", "2", "3"] } }],
    ["read=true", { read: true }],
    ["read=false", { read: false }],
    ["attachment=true", { attachment: true }],
    ["attachment=false", { attachment: false }],
    ["attachment=*.pdf&attachment=*.png", { attachment: ["*.pdf", "*.png"] }],
    ["before=2030-01-01T01:00:00+01:00", { before: "2030-01-01T01:00:00+01:00" }],
    ["after=2030-01-01T01:00:00.123456+00:00", { after: "2030-01-01T01:00:00.123456+00:00" }],
    ["after=2030-01-01 01:00", { after: "2030-01-01 01:00" }],
    ["before=2030-01-01&after=2029-01-01T00:00:00Z", { before: "2030-01-01", after: "2029-01-01T00:00:00Z" }],
    ["since=12", { since: 12 }],
    ["q=from:ada+-is:read", { q: "from:ada -is:read" }],
    ["limit=5&cursor=x&to=a", { to: "a" }],
  ])("%s", (query, filter) => {
    expect(parseMessageQuery(new URLSearchParams(query))).toStrictEqual(filter);
  });

  test.each([
    ["read=yes", "read"],
    ["read=true&read=true", "read"],
    ["since=-1", "since"],
    ["since=x", "since"],
    ["since=1.5", "since"],
    ["q=a&q=b", "q"],
    ["before=2030-01-01&before=2030-01-02", "before"],
    ["header.=x", "header."],
  ])("%s is refused, naming the parameter", (query, field) => {
    expect(() => parseMessageQuery(new URLSearchParams(query))).toThrow(FilterError);
    expect(() => parseMessageQuery(new URLSearchParams(query))).toThrow(expect.objectContaining({ field }));
  });
});

test("query: transactions", () => {
  const query = new URLSearchParams("to=a%2Bb@x.test&outcome=rejected&outcome=aborted&since=3&text=no");
  expect(parseTransactionQuery(query)).toStrictEqual({
    to: "a+b@x.test",
    outcome: ["rejected", "aborted"],
    since: 3,
  });
});

test("query: sessions", () => {
  const query = new URLSearchParams("source=10.*&open=true&listener=smtps&user=ci&to=no");
  expect(parseSessionQuery(query)).toStrictEqual({
    source: "10.*",
    listener: "smtps",
    user: "ci",
    open: true,
  });
});

test.each([
  ["messages", messageParameters, parseMessageQuery],
  ["transactions", transactionParameters, parseTransactionQuery],
  ["sessions", sessionParameters, parseSessionQuery],
] as const)("query: every named parameter of %s is read, and no other", (_, names, parse) => {
  const value = (name: string): string => (["read", "open"].includes(name) ? "true" : "1");
  const query = new URLSearchParams(names.map((name) => [name, value(name)]));
  query.set("limit", "5");
  expect(Object.keys(parse(query)).sort()).toStrictEqual([...names].sort());
});
