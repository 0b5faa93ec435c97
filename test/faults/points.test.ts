import { describe, expect, test } from "vitest";
import { engineWith, momentAt } from "./moments.ts";

const at = (id: string, octets?: unknown) => ({
  id,
  on: "content",
  ...(octets === undefined ? {} : { match: { octets } }),
  do: { label: id },
});

describe("content: a rule is asked exactly at its point", () => {
  const engine = engineWith(
    at("first"),
    at("exact", 10),
    at("from", { min: 10 }),
    at("upto", { max: 5 }),
    at("range", { min: 20, max: 30 }),
    { on: "end-of-data", match: { octets: 15 }, do: "550" },
    { ...at("off", 12), enabled: false },
  );

  test.each<[octets: number, next: number | null, labels: string[]]>([
    [0, 1, []],
    [1, 10, ["upto", "first"]],
    [2, 10, []],
    [10, 20, ["from", "exact"]],
    [12, 20, []],
    [20, null, ["range"]],
    [25, null, []],
  ])("at %i octets; the next is %j", (octets, next, labels) => {
    expect(engine.nextStop(octets)).toBe(next);
    expect(engine.judge(momentAt("content", { octets })).labels).toEqual(labels);
  });
});

test("a point of two phases is that of the content; at the other one the range holds", () => {
  const engine = engineWith({
    id: "r",
    on: ["content", "bdat"],
    match: { octets: { min: 10 } },
    do: { label: "x" },
  });
  const fires = (phase: "content" | "bdat", octets: number) =>
    engine.judge(momentAt(phase, { octets })).firings.length;
  expect([fires("content", 10), fires("content", 11)]).toEqual([1, 0]);
  expect([fires("bdat", 9), fires("bdat", 11)]).toEqual([0, 1]);
});

test("idle: a rule is asked exactly after its silence", () => {
  const engine = engineWith(
    { on: "idle", match: { idle: "10s" }, do: "421 4.4.2 Asleep" },
    { on: "idle", match: { idle: 250, tls: false }, do: { wire: { raw: "250 ?\r\n" } } },
  );
  expect([0, 250, 9_999, 10_000].map((idle) => engine.nextIdle(idle))).toEqual([250, 10_000, 10_000, null]);
  const says = (idle: number) => {
    const { said, ending, wire } = engine.judge(momentAt("idle", { idle }));
    return [said?.code ?? null, ending?.kind ?? null, wire?.raw?.length ?? null];
  };
  expect(says(250)).toEqual([null, null, 7]);
  expect(says(9_999)).toEqual([null, null, null]);
  expect(says(10_000)).toEqual([421, "fin", null]);
});

test("without rules there is no point", () => {
  const engine = engineWith(at("r"), { id: "s", on: "idle", match: { idle: 5 }, do: "421" });
  engine.clear();
  expect([engine.nextStop(0), engine.nextIdle(0)]).toEqual([null, null]);
});
