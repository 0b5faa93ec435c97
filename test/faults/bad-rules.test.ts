import { describe, expect, test, vi } from "vitest";
import { anything, FaultEngine, type FaultRule, FaultRuleError } from "../../src/faults/mod.ts";
import { badRules as bad } from "./bad-rules.ts";
import { nested } from "./moments.ts";

const no = "550 5.0.0 No";

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

test("without TLS a rule for the handshake is refused, and the flags are named", () => {
  const engine = new FaultEngine({
    seed: "s",
    now: () => 0,
    premises: { ...anything, offersTls: false, listeners: () => ["smtp"] },
  });
  const rules = [
    { on: "tls", do: { tls: { certificate: "expired" } } },
    { on: "tls", do: "reset" },
  ];
  for (const rule of rules) {
    expect(() => engine.add([{ on: "rcpt", do: no }, rule])).toThrow(
      "rules[1].on: no listener offers TLS, so there is no handshake; start with --starttls offer or --smtps-port",
    );
  }
  expect(engine.add({ on: ["tls", "connect"], do: "reset" })).toHaveLength(1);
});

describe("a rule for a command that the server refuses", () => {
  const premises = { ...anything, offersStartTls: false, listeners: () => ["smtp", "smtps"] };
  const engine = () => new FaultEngine({ seed: "s", now: () => 0, premises });
  test.each<[on: FaultRule["on"], doing: FaultRule["do"], start: string]>([
    ["starttls", "454", "--starttls offer"],
    ["starttls", ["454", "pass"], "--starttls offer"],
    [["starttls", "turn"], { reply: "none" }, "--starttls offer"],
    ["lhlo", "451", "--lmtp-port"],
    [["starttls", "lhlo"], "451", "--starttls offer and --lmtp-port"],
  ])("at %j, %j is refused, and the flag is named", (on, doing, start) => {
    const where = [on].flat().join(" and ");
    const reason = `never acts at ${where}, where the server itself refuses`;
    expect(() => engine().add({ on, do: doing })).toThrow(`do: ${reason}`);
    expect(() => engine().add({ on, do: doing })).toThrow(`or start with ${start}`);
  });
  test.each<[on: FaultRule["on"], doing: FaultRule["do"]]>([
    ["starttls", "reset"],
    ["starttls", "421"],
    ["lhlo", { delay: 5 }],
    [["starttls", "ehlo"], "454"],
    ["any", "454"],
  ])("at %j, %j is taken", (on, doing) => {
    expect(engine().add({ on, do: doing })).toHaveLength(1);
  });
});

test("a rule for a listener that there is not is refused, and those that there are are named", () => {
  const premises = { ...anything, listeners: () => ["smtp", "smtps"] };
  const engine = new FaultEngine({ seed: "s", now: () => 0, premises });
  const rule = { on: "rcpt", match: { listener: "lmtp" }, do: no };
  expect(() => engine.add(rule)).toThrow('match.listener: "lmtp" means no listener; there is smtp, smtps');
  expect(engine.add({ ...rule, match: { listener: ["lmtp", "smtp*"] } })).toHaveLength(1);
  expect(engine.add({ ...rule, match: { listener: { not: "lmtp" } } })).toHaveLength(1);
});

test("a rule for a provider that there is not is refused, and those that there are are named", () => {
  const engine = new FaultEngine({
    seed: "s",
    now: () => 0,
    premises: { ...anything, providers: ["resend"] },
  });
  const rule = { on: "http", do: { http: { status: 429 } } };
  expect(() => engine.add({ ...rule, match: { provider: "sendgrid" } })).toThrow(
    'match.provider: "sendgrid" means no provider; there is resend',
  );
  for (const provider of ["resend", "re*", { not: "sendgrid" }]) {
    expect(engine.add({ ...rule, match: { provider } })).toHaveLength(1);
  }
});

test.each<[number, object]>([
  [0, { on: "rcpt", match: { to: "ada@*" }, do: no }],
  [0, { on: "connect", do: { end: "refuse" } }],
  [1, { on: "rcpt", match: { listener: "smtp" }, do: no }],
  [1, { on: "connect", match: { inbox: "smtp" }, do: { end: "refuse" } }],
])("the listeners are named %i times for %j", (times, rule) => {
  const listeners = vi.fn(() => ["smtp"]);
  const engine = new FaultEngine({ seed: "s", now: () => 0, premises: { ...anything, listeners } });
  engine.add(rule);
  expect(listeners).toHaveBeenCalledTimes(times);
});

describe("a rule of an inbox", () => {
  const places = new Map([
    ["own-1", "connect"],
    ["named-2", "helo"],
    ["shared-3", "auth"],
  ] as const);
  const premises = { ...anything, inboxFrom: (inbox: string) => places.get(inbox as "own-1") ?? null };
  const engine = new FaultEngine({ seed: "s", now: () => 0, premises });

  test.each<[string, string, string | null]>([
    ["own-1", "connect", null],
    ["named-2", "connect", "at connect nobody can tell"],
    ["named-2", "ehlo", null],
    ["shared-3", "ehlo", "at ehlo nobody can tell"],
    ["shared-3", "auth-start", "at auth-start nobody can tell"],
    ["shared-3", "auth", null],
    ["shared-3", "any", "at helo nobody can tell"],
    ["gone-4", "rcpt", 'there is no inbox "gone-4"'],
    ["gone-*", "connect", null],
  ])("of %s at %s", (inbox, on, reason) => {
    const add = (): unknown => engine.add({ on, match: { inbox }, do: { end: "reset" } });
    if (reason === null) expect(add()).toHaveLength(1);
    else expect(add).toThrow(`match.inbox: ${reason}`);
  });

  test("may close the listener of the inbox, if it has one", () => {
    const listeners = (): readonly string[] => ["smtp", "own-1"];
    const engine = new FaultEngine({ seed: "s", now: () => 0, premises: { ...premises, listeners } });
    const refusal = { on: "connect", do: { end: "refuse" } };
    engine.add(refusal, "own-1");
    const [closed] = engine.refusals();
    expect(listeners().filter((name) => closed?.concerns(name))).toEqual(["own-1"]);
    expect(() => engine.add({ ...refusal, match: { inbox: "b-*" } })).toThrow(
      'match.inbox: "b-*" means no listener',
    );
  });

  test("may be put into it by whoever adds it", () => {
    const rules = [{ id: "full", on: "rcpt", match: { to: "a@*" }, do: no }];
    expect(engine.add({ rules }, "own-1")).toMatchObject([
      { id: "own-1.full", match: { to: "a@*", inbox: "own-1" } },
    ]);
    expect(() => engine.add([{ on: "rcpt" }], "own-1")).toThrow("rules[0].do");
    expect(() => engine.add(7, "own-1")).toThrow(FaultRuleError);
  });
});

describe("a value that is nested too deep to walk through is refused", () => {
  const deep = nested(100_000);
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
