import { describe, expect, test } from "vitest";
import { FaultEngine, FaultRuleError } from "../../src/faults/mod.ts";
import { followedBy, nested } from "./moments.ts";

const no = "550 5.0.0 No";
const list = followedBy("lst", { on: "rcpt", do: [no] });

/** A rule, the path that is named, and a part of the reason. */
const bad: readonly (readonly [rule: unknown, path: string, reason: string])[] = [
  // The whole
  [null, "", "is not an object"],
  ["rcpt 550", "", "is not an object"],
  [{ do: no }, "on", "needs a phase"],
  [{ on: "rcpt" }, "do", "needs an effect"],
  [{ on: "rcpt", doo: no }, "doo", 'did you mean "do"?'],
  [{ on: "rcpt", do: no, retries: 3 }, "retries", "use one of id, description"],
  [{ on: "rcpt", do: no, id: "a b" }, "id", "use letters"],
  [{ on: "rcpt", do: no, id: "presets" }, "id", "name of a route"],
  [{ on: "rcpt", do: no, id: 7 }, "id", "is not a text"],
  [{ on: "rcpt", do: no, enabled: "yes" }, "enabled", "use true or false"],
  [{ on: "rcpt", do: no, description: 1 }, "description", "is not a text"],
  [{ on: "rcpt", do: no, ttl: "soon" }, "ttl", "Failed to parse the duration"],
  [{ on: "rcpt", do: no, ttl: 0 }, "ttl", "more than 0"],
  // Phases
  [{ on: "rctp", do: no }, "on", 'did you mean "rcpt"?'],
  [{ on: [], do: no }, "on", "empty list"],
  [{ on: ["mail", "tea"], do: no }, "on[1]", '"tea" is unknown; use one of greeting'],
  [{ on: "auth-exchange", do: no }, "on", "is unknown"],
  [{ on: "content", do: no }, "on", "is unknown"],
  [{ on: 3, do: no }, "on", "is not a text"],
  // match
  [{ on: "rcpt", match: "*", do: no }, "match", "is not an object"],
  [{ on: "rcpt", match: { form: "a" }, do: no }, "match.form", 'did you mean "from"?'],
  [{ on: "rcpt", match: { inbox: "a" }, do: no }, "match.inbox", "unknown field"],
  [{ on: "mail", match: { to: "a" }, do: no }, "match.to", "cannot be known at mail; only at rcpt, data"],
  [{ on: "greeting", match: { helo: "a" }, do: no }, "match.helo", "cannot be known at greeting"],
  [{ on: "auth-start", match: { user: "a" }, do: no }, "match.user", "cannot be known at auth-start"],
  [{ on: "rcpt", match: { octets: 5 }, do: no }, "match.octets", "only at bdat, end-of-data"],
  [{ on: "rcpt", match: { to: 5 }, do: no }, "match.to", "is not a pattern"],
  [{ on: "rcpt", match: { to: [] }, do: no }, "match.to", "empty list"],
  [{ on: "rcpt", match: { to: ["a", 1] }, do: no }, "match.to[1]", "is not a pattern"],
  [{ on: "rcpt", match: { to: { nt: "a" } }, do: no }, "match.to.nt", 'did you mean "not"?'],
  [{ on: "rcpt", match: { to: { not: ["a", "/(/"] } }, do: no }, "match.to.not[1]", "regular expression"],
  [{ on: "rcpt", match: { to: "/a(?=b)/" }, do: no }, "match.to", "look-around"],
  [{ on: "rcpt", match: { remoteAddress: "10.0.0.0/33" }, do: no }, "match.remoteAddress", "network"],
  [{ on: "rcpt", match: { tls: "on" }, do: no }, "match.tls", "use true or false"],
  [{ on: "mail", match: { parameter: "SIZE" }, do: no }, "match.parameter", "is not an object"],
  [{ on: "mail", match: { parameter: {} }, do: no }, "match.parameter", "names no parameter"],
  [
    { on: "mail", match: { parameter: { "A=B": "*" } }, do: no },
    "match.parameter.A=B",
    "is no name of a parameter",
  ],
  [{ on: "ehlo", match: { parameter: { SIZE: "*" } }, do: no }, "match.parameter", "cannot be known at ehlo"],
  [{ on: "rcpt", match: { recipientIndex: 0 }, do: no }, "match.recipientIndex", "at least 1"],
  [{ on: "rcpt", match: { recipientIndex: "2" }, do: no }, "match.recipientIndex", "is not a number"],
  [{ on: "mail", match: { declaredSize: {} }, do: no }, "match.declaredSize", 'needs "min" or "max"'],
  [{ on: "mail", match: { declaredSize: { min: 9, max: 5 } }, do: no }, "match.declaredSize", "swap them"],
  [{ on: "mail", match: { declaredSize: { min: 1.5 } }, do: no }, "match.declaredSize.min", "whole number"],
  [{ on: "end-of-data", match: { header: "x" }, do: no }, "match.header", "is not an object"],
  [{ on: "end-of-data", match: { header: {} }, do: no }, "match.header", "no header field"],
  [{ on: "end-of-data", match: { header: { "X Y": "a" } }, do: no }, "match.header.X Y", "no name"],
  [{ on: "end-of-data", match: { header: { X: 1 } }, do: no }, "match.header.X", "is not a pattern"],
  // when
  [{ on: "rcpt", when: 2, do: no }, "when", "is not an object"],
  [{ on: "rcpt", when: { time: 2 }, do: no }, "when.time", 'did you mean "times"?'],
  [{ on: "rcpt", when: { times: 0 }, do: no }, "when.times", "at least 1"],
  [{ on: "rcpt", when: { skip: -1 }, do: no }, "when.skip", "at least 0"],
  [{ on: "rcpt", when: { every: 1.5 }, do: no }, "when.every", "whole number"],
  [{ on: "rcpt", when: { for: "5 minutes" }, do: no }, "when.for", "duration"],
  [{ on: "rcpt", when: { for: "9999h" }, do: no }, "when.for", "too long"],
  [{ on: "rcpt", when: { rate: { limit: 5 } }, do: no }, "when.rate.per", "is not a duration"],
  [{ on: "rcpt", when: { rate: { limit: 0, per: "1m" } }, do: no }, "when.rate.limit", "at least 1"],
  [{ on: "rcpt", when: { rate: { limit: 1e6, per: "1m" } }, do: no }, "when.rate.limit", "too large"],
  [{ on: "rcpt", when: { probability: 5 }, do: no }, "when.probability", "from 0 to 1"],
  [{ on: "rcpt", when: { probability: Number.NaN }, do: no }, "when.probability", "from 0 to 1"],
  [{ on: "rcpt", when: { per: "tripplet" }, do: no }, "when.per", 'did you mean "triplet"?'],
  [{ on: "mail", when: { per: "recipient" }, do: no }, "when.per", '"recipient" cannot be seen at mail'],
  [{ on: ["rcpt", "ehlo"], when: { per: "sender" }, do: no }, "when.per", "cannot be seen at ehlo"],
  [{ on: "rcpt", when: { per: "message-id" }, do: no }, "when.per", "only at end-of-data"],
  [{ on: "any", when: { per: "transaction" }, do: no }, "when.per", "cannot be seen at helo"],
  // do
  [{ on: "rcpt", do: 550 }, "do", "550 is no effect"],
  [{ on: "rcpt", do: [no, null] }, "do[1]", "null is no effect"],
  [{ on: "rcpt", do: [] }, "do", "empty list"],
  [{ on: "rcpt", do: "" }, "do", "is no effect"],
  [{ on: "rcpt", do: "restet" }, "do", 'did you mean "reset"?'],
  [{ on: "rcpt", do: "refuse" }, "do", "is no effect"],
  [{ on: "rcpt", do: "5500 no" }, "do", "is no reply"],
  [{ on: "rcpt", do: "550-no" }, "do", "is no reply"],
  [{ on: "rcpt", do: "150 no" }, "do", "use 200 to 599"],
  [{ on: "rcpt", do: "999" }, "do", "wire.raw"],
  [{ on: "rcpt", do: "550 a\r\n250 b" }, "do", "control characters"],
  [{ on: "rcpt", do: "550 No {recipent}" }, "do", 'did you mean "recipient"?'],
  [{ on: "rcpt", do: {} }, "do", "does nothing"],
  [{ on: "rcpt", do: { replay: no } }, "do.replay", 'did you mean "reply"?'],
  [{ on: "rcpt", do: { label: "x" } }, "do.label", "unknown field"],
  [{ on: "rcpt", do: [no, { reply: {} }] }, "do[1].reply.code", "whole number"],
  [{ on: "rcpt", do: { reply: "no" } }, "do.reply", "is no reply"],
  [
    { on: "rcpt", do: { reply: { code: 550, enhanced: "5.1" } } },
    "do.reply.enhanced",
    "enhanced status code",
  ],
  [{ on: "rcpt", do: { reply: { code: 550, text: [] } } }, "do.reply.text", "empty list"],
  [
    { on: "rcpt", do: { reply: { code: 550, text: ["a", "b\n"] } } },
    "do.reply.text[1]",
    "control characters",
  ],
  [{ on: "rcpt", do: { reply: { code: 42 } } }, "do.reply.code", "use 200 to 599"],
  [{ on: "rcpt", do: { wire: {} } }, "do.wire", "needs raw or truncate"],
  [{ on: "rcpt", do: { wire: { eol: "lf" } } }, "do.wire.eol", "unknown field"],
  [{ on: "rcpt", do: { wire: { raw: 1 } } }, "do.wire.raw", "is not a text"],
  [{ on: "rcpt", do: { wire: { truncate: -1 } } }, "do.wire.truncate", "at least 0"],
  [{ on: "rcpt", do: { end: "half-close" } }, "do.end", "is unknown"],
  [{ on: "rcpt", do: { end: "none" } }, "do.end", "needs a reply 421"],
  [{ on: "rcpt", do: { end: "reset", for: "1s" } }, "do.for", 'needs "end": "stall"'],
  [{ on: "rcpt", do: { end: "stall", for: 0 } }, "do.for", "more than 0"],
  [{ on: "rcpt", do: { delay: -1 } }, "do.delay", "duration"],
  [{ on: "rcpt", do: { delay: ["1s"] } }, "do.delay", "[min, max]"],
  [{ on: "rcpt", do: { delay: ["1s", "x"] } }, "do.delay[1]", "duration"],
  [{ on: "rcpt", do: { delay: ["2s", "1s"] } }, "do.delay", "swap them"],
  [{ on: "unknown", do: no }, "do", "never acts at unknown"],
  [{ on: ["turn", "unknown"], do: ["pass"] }, "do", "never acts at turn and unknown"],
  // then
  [list, "then", 'did you mean "last"?'],
  [followedBy("loop", { on: "rcpt", do: no }), "then", "needs a list in do"],
];

describe("a rule that cannot work is refused with path and reason", () => {
  test.each(bad)("%j", (rule, path, reason) => {
    const error = refusalOf(rule);
    expect(error.path).toBe(path);
    expect(error.message).toContain(reason);
    expect(error.message.startsWith(path === "" ? error.message : `${path}: `)).toBe(true);
  });
});

test.each(bad.filter(([rule]) => rule !== null))("in a list it is named by its place: %j", (rule, path) => {
  const expected = path === "" ? "rules[1]" : `rules[1].${path}`;
  expect(refusalOf({ rules: [{ on: "rcpt", do: no }, rule] }).path).toBe(expected);
  expect(refusalOf([{ on: "rcpt", do: no }, rule]).path).toBe(expected);
});

test.each<[unknown, string]>([
  [{ rules: { on: "rcpt", do: no } }, "rules"],
  [{ rules: [], more: 1 }, "more"],
])("%j is no bundle of rules", (input, path) => {
  expect(refusalOf(input).path).toBe(path);
});

test("of a bundle with one bad rule none is added", () => {
  const engine = new FaultEngine({ seed: "s", now: () => 0 });
  expect(() => engine.add({ rules: [{ on: "rcpt", do: no }, { on: "rcpt" }] })).toThrow(FaultRuleError);
  expect(engine.list()).toEqual([]);
});

describe("a value that is nested too deep to walk through is refused", () => {
  const deep = nested(100_000);
  const no = "550 5.0.0 No";
  const circle: unknown[] = [];
  circle.push(circle);

  test.each<[string, unknown]>([
    ["", deep],
    ["id", { on: "rcpt", do: no, id: deep }],
    ["on[0]", { on: deep, do: no }],
    ["do[0]", { on: "rcpt", do: deep }],
    ["do[0]", { on: "rcpt", do: circle }],
    ["do.reply", { on: "rcpt", do: { reply: deep } }],
    ["do.delay", { on: "rcpt", do: { delay: deep } }],
    ["match", { on: "rcpt", do: no, match: deep }],
    ["match.to[0]", { on: "rcpt", do: no, match: { to: deep } }],
    ["match.to.not[0]", { on: "rcpt", do: no, match: { to: { not: deep } } }],
    ["when.per", { on: "rcpt", do: no, when: { per: deep } }],
    ["rules[0]", { rules: deep }],
  ])("at %j", (path, rule) => {
    expect(refusalOf(rule)).toMatchObject({ path: path === "" ? "rules[0]" : path });
    const engine = new FaultEngine({ seed: "s", now: () => 0 });
    engine.add({ id: "r", on: "rcpt", do: no });
    expect(() => engine.update("r", rule)).toThrow(FaultRuleError);
  });
});

function refusalOf(input: unknown): FaultRuleError {
  try {
    new FaultEngine({ seed: "s", now: () => 0 }).add(input);
  } catch (cause) {
    if (cause instanceof FaultRuleError) return cause;
    throw cause;
  }
  throw new Error("The rule was accepted");
}
