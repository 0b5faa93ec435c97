import { describe, expect, test } from "vitest";
import type { FaultRule } from "../../src/faults/mod.ts";
import { codeOf, engineWith, followedBy, momentAt, outOfOrder } from "./moments.ts";

const rcpt = momentAt("rcpt");
const noise = (id: string, effect: FaultRule["do"], more: Partial<FaultRule> = {}): FaultRule => ({
  id,
  on: "rcpt",
  do: effect,
  ...more,
});

/** `[matched, fired]` by id. */
function counts(engine: ReturnType<typeof engineWith>): Record<string, readonly [number, number]> {
  return Object.fromEntries(engine.list().map(({ id, state }) => [id, [state.matched, state.fired]]));
}

describe("several rules at one moment", () => {
  test("the newest decides; those behind it are neither asked nor counted", () => {
    const engine = engineWith(noise("old", "550"), noise("middle", "451"), noise("new", "452"));
    expect(codeOf(engine, rcpt)).toBe(452);
    expect(counts(engine)).toEqual({ new: [1, 1], middle: [0, 0], old: [0, 0] });
  });

  test("of a bundle the last one is the newest", () => {
    const engine = engineWith({ rules: [noise("first", "550"), noise("last", "451")] });
    expect(engine.list().map(({ id }) => id)).toEqual(["first", "last"]);
    expect(codeOf(engine, rcpt)).toBe(451);
  });

  test("a rule that does not fire gives way to an older one", () => {
    const engine = engineWith(noise("old", "550"), noise("new", "452", { when: { times: 1 } }));
    expect([codeOf(engine, rcpt), codeOf(engine, rcpt), codeOf(engine, rcpt)]).toEqual([452, 550, 550]);
    expect(counts(engine)).toEqual({ new: [3, 1], old: [2, 2] });
  });

  test("delays of all that fire add up, wherever they stand", () => {
    const engine = engineWith(
      noise("oldest", { delay: 1 }),
      noise("silent", { reply: "451", delay: 100 }),
      noise("verdict", { reply: "550 No", delay: 10 }),
      noise("newest", { delay: 1000 }),
    );
    const verdict = engine.judge(rcpt);
    expect([verdict.said?.code, verdict.delay]).toEqual([550, 1011]);
    expect(verdict.firings.map(({ ruleId }) => ruleId)).toEqual(["newest", "verdict", "oldest"]);
    expect(counts(engine)).toEqual({ newest: [1, 1], verdict: [1, 1], silent: [0, 0], oldest: [1, 1] });
  });

  test("pass is the normal reply, shields from older rules and counts as fired", () => {
    const engine = engineWith(
      noise("slow", { delay: 5 }),
      noise("all", "550"),
      noise("but-bob", "pass", { match: { to: "bob@*" } }),
    );
    const bob = engine.judge(rcpt);
    expect([bob.said, bob.delay]).toEqual([rcpt.proposed, 5]);
    expect(bob.firings.map(({ ruleId }) => ruleId)).toEqual(["but-bob", "slow"]);
    expect(codeOf(engine, momentAt("rcpt", { recipient: "eve@s.test" }))).toBe(550);
    expect(counts(engine)).toEqual({ "but-bob": [1, 1], all: [1, 1], slow: [2, 2] });
  });

  test("where the server refuses only endings and delays are asked and counted", () => {
    const engine = engineWith(
      noise("slow", { delay: 5 }),
      noise("down", "421"),
      noise("full", "452"),
      noise("shield", "pass"),
    );
    const verdict = engine.judge(momentAt("rcpt", { proposed: outOfOrder }));
    expect([verdict.said?.code, verdict.delay, verdict.ending?.kind]).toEqual([421, 5, "fin"]);
    expect(counts(engine)).toEqual({ shield: [0, 0], full: [0, 0], down: [1, 1], slow: [1, 1] });
  });
});

describe("a list of effects", () => {
  const list: FaultRule = { id: "list", on: "rcpt", do: ["451", { delay: 7 }, "452"] };
  const codes = (rule: unknown, matches: number): (number | null)[] => {
    const engine = engineWith(rule);
    return Array.from({ length: matches }, () => codeOf(engine, rcpt));
  };

  test.each<[string, unknown, number[]]>([
    ["passes by default", list, [451, 250, 452, 250, 250]],
    ["passes", followedBy("pass", list), [451, 250, 452, 250, 250]],
    ["repeats the last", followedBy("last", list), [451, 250, 452, 452, 452]],
    ["loops", followedBy("loop", list), [451, 250, 452, 451, 250, 452, 451]],
    ["is capped by times", followedBy("loop", { ...list, when: { times: 2 } }), [451, 250, 250]],
    ["counts firings, not matches", { ...list, when: { every: 2 } }, [250, 451, 250, 250, 250, 452]],
    ["goes on per key", { ...list, when: { per: "sender" } }, [451, 250, 452, 250]],
  ])("%s", (_, rule, expected) => {
    expect(codes(rule, expected.length)).toEqual(expected);
  });

  test("that is done steps aside: an older rule is asked", () => {
    const engine = engineWith({ id: "old", on: "rcpt", do: "550" }, { id: "new", on: "rcpt", do: ["451"] });
    expect([codeOf(engine, rcpt), codeOf(engine, rcpt), codeOf(engine, rcpt)]).toEqual([451, 550, 550]);
    expect(counts(engine)).toEqual({ new: [3, 1], old: [2, 2] });
  });

  test("is asked by the effect of this firing: its delay acts behind a verdict, its reply does not", () => {
    const engine = engineWith({ id: "list", on: "rcpt", do: [{ delay: 7 }, "451"] }, noise("new", "550"));
    expect([engine.judge(rcpt).delay, engine.judge(rcpt).delay]).toEqual([7, 0]);
    expect(counts(engine)).toEqual({ new: [2, 2], list: [1, 1] });
  });

  test("at a refusal only an ending that is next acts", () => {
    const refused = momentAt("rcpt", { proposed: outOfOrder });
    const engine = engineWith({ id: "list", on: "rcpt", do: ["reset", "451", "reset"] });
    const endings = [refused, refused, rcpt, refused].map(
      (moment) => engine.judge(moment).ending?.kind ?? null,
    );
    expect(endings).toEqual(["reset", null, null, "reset"]);
  });
});

test("a rule on several phases shares its counters", () => {
  const engine = engineWith({ id: "both", on: ["mail", "rcpt"], when: { times: 2 }, do: "451" });
  const codes = (["mail", "rcpt", "mail", "rcpt"] as const).map((phase) => codeOf(engine, momentAt(phase)));
  expect(codes).toEqual([451, 451, 250, 250]);
});

test("a bare code takes the text of the phase where it is said", () => {
  const engine = engineWith({ on: ["mail", "rcpt"], do: "452" });
  expect(engine.judge(momentAt("mail")).said?.lines).toEqual(["Insufficient system storage"]);
  expect(engine.judge(momentAt("rcpt")).said?.lines).toEqual(["Too many recipients"]);
});

test("no rule at a phase: the plain verdict, and the engine is not concerned", () => {
  const engine = engineWith(noise("r", "550"), { id: "off", on: "mail", do: "550", enabled: false });
  expect([engine.concerns("rcpt"), engine.concerns("mail"), engine.concerns("ehlo")]).toEqual([
    true,
    false,
    false,
  ]);
  expect(codeOf(engine, momentAt("mail"))).toBe(250);
});
