import { describe, expect, test } from "vitest";
import { draw } from "../../src/faults/draw.ts";
import { FaultEngine, type FaultRule, type Moment } from "../../src/faults/mod.ts";
import { momentAt } from "./moments.ts";

const senders = Array.from({ length: 40 }, (_, index) => `user${index}@c.test`);
const half: FaultRule = {
  id: "half",
  on: ["mail", "rcpt", "end-of-data"],
  when: { probability: 0.5 },
  do: "451",
};

/** Sessions that each send one mail of this sender, as lists of moments. */
function sessions(): Moment[][] {
  return senders.flatMap((from, index) =>
    [1, 2].map((attempt) => {
      const session = { id: `s${index}.${attempt}`, index: index * 2 + attempt };
      const recipient = `to-${from}`;
      return [
        momentAt("mail", { session, transaction: { from } }),
        momentAt("rcpt", { session, transaction: { from }, recipient }),
        momentAt("end-of-data", { session, transaction: { from, recipients: [recipient] } }),
      ];
    }),
  );
}

/** All moments, each session in its own order, the sessions in a mixed-up one. */
function interleave(seed: string): Moment[] {
  const waiting = sessions().map((moments) => [...moments]);
  const order: Moment[] = [];
  for (let step = 0; waiting.length > 0; step++) {
    const chosen = Math.floor(draw("order", seed, step) * waiting.length);
    order.push(waiting[chosen]!.shift()!);
    if (waiting[chosen]!.length === 0) waiting.splice(chosen, 1);
  }
  return order;
}

/** Who was struck, as often as it was, without order. */
function struck(moments: readonly Moment[], rule: FaultRule = half, seed = "seed"): string[] {
  const engine = new FaultEngine({ seed, now: () => 0 });
  engine.add(rule);
  return moments
    .filter((moment) => engine.judge(moment).firings.length > 0)
    .map((moment) => `${moment.phase} ${moment.transaction?.from}`)
    .sort();
}

describe("chance without order", () => {
  const inOrder = sessions().flat();

  test.each<[string, FaultRule]>([
    ["rule", half],
    ["sender", { ...half, when: { probability: 0.5, per: "sender" } }],
    [
      "triplet, at two phases",
      { ...half, on: ["rcpt", "end-of-data"], when: { probability: 0.5, per: "triplet" } },
    ],
  ])("per %s: the set of firings is the same in whatever order sessions come", (_, rule) => {
    const expected = struck(inOrder, rule);
    expect(expected.length).toBeGreaterThan(20);
    for (const shuffle of ["a", "b", "c", "d"]) expect(struck(interleave(shuffle), rule)).toEqual(expected);
  });

  test("another seed or another id is another set", () => {
    expect(struck(inOrder, half, "other")).not.toEqual(struck(inOrder));
    expect(struck(inOrder, { ...half, id: "other" })).not.toEqual(struck(inOrder));
  });

  test("about as many fire as the probability says", () => {
    const share = struck(inOrder).length / inOrder.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
  });

  test("a retry is drawn anew", () => {
    const engine = new FaultEngine({ seed: "seed", now: () => 0 });
    engine.add(half);
    const moment = momentAt("mail");
    const fates = Array.from({ length: 40 }, () => engine.judge(moment).said?.code);
    expect(new Set(fates)).toEqual(new Set([250, 451]));
  });

  test("reset begins the same draws again", () => {
    const engine = new FaultEngine({ seed: "seed", now: () => 0 });
    engine.add(half);
    const fates = () => inOrder.map((moment) => engine.judge(moment).said?.code);
    const first = fates();
    expect(fates()).not.toEqual(first);
    engine.reset();
    expect(fates()).toEqual(first);
  });
});

test.each(["session", "transaction"] as const)("per %s, whatever the server's numbers are", (per) => {
  const struckOf = (first: number): (number | undefined)[] => {
    const engine = new FaultEngine({ seed: "seed", now: () => 0 });
    engine.add({ on: "mail", when: { probability: 0.5, per }, do: "451" });
    return senders.map((from, index) => {
      const session = { id: `s${first + index}`, index: first + index };
      return engine.judge(momentAt("mail", { session, transaction: { id: `t${first + index}`, from } })).said
        ?.code;
    });
  };
  expect(struckOf(100)).toEqual(struckOf(1));
  expect(new Set(struckOf(1)).size).toBe(2);
});

test("a delay is drawn from its range, evenly and by the seed", () => {
  const delays = (seed: string): number[] => {
    const engine = new FaultEngine({ seed, now: () => 0 });
    engine.add({ id: "slow", on: "mail", do: { delay: ["20s", "40s"] } });
    return Array.from({ length: 400 }, () => engine.judge(momentAt("mail")).delay);
  };
  const drawn = delays("seed");
  expect(drawn).toEqual(delays("seed"));
  expect(drawn).not.toEqual(delays("other"));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(20_000);
  expect(Math.min(...drawn)).toBeLessThan(21_000);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(40_000);
  expect(Math.max(...drawn)).toBeGreaterThan(39_000);
  expect(drawn.every(Number.isInteger)).toBe(true);
});
