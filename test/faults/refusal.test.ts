import { describe, expect, test } from "vitest";
import { engineWith } from "./moments.ts";

const refusal = { id: "down", on: "connect", do: { end: "refuse", for: "30s" } } as const;
const forGood = { id: "gone", on: "connect", do: { end: "refuse" } } as const;

/** Of each refusal: rule, listeners that are closed, until when. */
function closed(engine: ReturnType<typeof engineWith>): unknown[] {
  return engine
    .refusals()
    .map(({ ruleId, concerns, until }) => [ruleId, ["smtp", "smtps", "lmtp"].filter(concerns), until]);
}

const all = ["smtp", "smtps", "lmtp"];

describe("a rule that refuses connections", () => {
  test("acts from when it is added for as long as it says, and then is spent", () => {
    const engine = engineWith();
    engine.clock.now = 1_000;
    expect(engine.add(refusal)[0]?.state).toEqual({ matched: 1, fired: 1, spent: false });
    expect(closed(engine)).toEqual([["down", all, 31_000]]);
    engine.clock.now = 30_999;
    expect(closed(engine)).toHaveLength(1);
    engine.clock.now = 31_000;
    expect(closed(engine)).toEqual([]);
    expect(engine.get("down")?.state).toEqual({ matched: 1, fired: 1, spent: true });
  });

  test("acts until it goes where it does not say how long", () => {
    const engine = engineWith(forGood);
    engine.clock.now = 1e9;
    expect(closed(engine)).toEqual([["gone", all, Number.POSITIVE_INFINITY]]);
    expect(engine.get("gone")?.state.spent).toBe(false);
    engine.remove("gone");
    expect(closed(engine)).toEqual([]);
  });

  test("goes with its ttl", () => {
    const engine = engineWith({ ...forGood, ttl: "5s" });
    expect(closed(engine)).toEqual([["gone", all, 5_000]]);
    engine.clock.now = 5_000;
    expect(closed(engine)).toEqual([]);
    expect(engine.list()).toEqual([]);
  });

  test.each<[unknown, string[]]>([
    ["smtp", ["smtp"]],
    ["smtp*", ["smtp", "smtps"]],
    [
      ["smtp", "lmtp"],
      ["smtp", "lmtp"],
    ],
    [{ not: "lmtp" }, ["smtp", "smtps"]],
  ])("concerns the listeners of %j", (listener, names) => {
    const engine = engineWith({ ...forGood, match: { listener } });
    expect(closed(engine)).toEqual([["gone", names, Number.POSITIVE_INFINITY]]);
  });

  test("says what it does in a few words", () => {
    const engine = engineWith(forGood, refusal);
    expect(engine.refusals().map(({ explain }) => explain)).toEqual([
      "rule down: refuses connections for 30s",
      "rule gone: refuses connections until the rule goes",
    ]);
  });

  test("is never asked", () => {
    expect(engineWith(refusal).concerns("connect")).toBe(false);
  });

  test("comes into force anew when it is turned on again, or does something else", () => {
    const engine = engineWith(refusal);
    engine.clock.now = 10_000;
    expect(engine.update("down", { description: "Tea" })?.state.fired).toBe(1);
    expect(closed(engine)).toEqual([["down", all, 30_000]]);
    expect(engine.update("down", { enabled: false })?.state).toEqual({ matched: 1, fired: 1, spent: false });
    expect(closed(engine)).toEqual([]);
    expect(engine.update("down", { enabled: true })?.state.fired).toBe(2);
    expect(closed(engine)).toEqual([["down", all, 40_000]]);
    engine.clock.now = 20_000;
    expect(engine.update("down", { do: { end: "refuse", for: "1s" } })?.state.fired).toBe(1);
    expect(closed(engine)).toEqual([["down", all, 21_000]]);
  });

  test("comes into force anew with the base rules", () => {
    const engine = engineWith(refusal);
    engine.keepAsBase();
    engine.clock.now = 50_000;
    engine.restore();
    expect(closed(engine)).toEqual([["down", all, 80_000]]);
  });
});

test("who watches is called once after every change of the rules in force", () => {
  const engine = engineWith();
  const seen: string[][] = [];
  engine.watch(() => seen.push(engine.list().map(({ id }) => id)));
  const changes: readonly (() => unknown)[] = [
    () => engine.add([{ id: "a", on: "rcpt", do: "550" }, refusal]),
    () => engine.update("a", { do: "551" }),
    () => engine.use("spam", { ttl: "1m" }),
    () => engine.remove("a"),
    () => engine.replace({ id: "b", on: "rcpt", do: "550", ttl: "1s" }),
    () => {
      engine.clock.now = 1_000;
      return engine.concerns("rcpt") && engine.refusals();
    },
    () => engine.add({ id: "c", on: "rcpt", do: "550" }),
    () => engine.clear(),
    () => engine.restore(),
  ];
  const counts = changes.map((change) => {
    const before = seen.length;
    change();
    return seen.length - before;
  });
  expect(counts).toEqual(changes.map(() => 1));
  expect(seen.map((ids) => ids.length)).toEqual([2, 2, 3, 2, 1, 0, 1, 0, 0]);
  expect(() => engine.add({ on: "tea" })).toThrow();
  engine.reset();
  expect(seen).toHaveLength(changes.length);
});
