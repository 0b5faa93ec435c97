/** Waits of fault time that signals cut short. */
import { describe, expect, test, vi } from "vitest";
import { FaultClock, type Timers } from "../../src/server/clock.ts";

/** Time that stands still. */
const timers: Timers = { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} };

type Ends = Record<"own" | "one" | "other", AbortController>;

function signals(): Ends {
  return { own: new AbortController(), one: new AbortController(), other: new AbortController() };
}

describe("a sleep that goes by several signals", () => {
  test.each<[keyof Ends, string]>([
    ["own", "before"],
    ["one", "before"],
    ["other", "before"],
    ["own", "after"],
    ["one", "after"],
    ["other", "after"],
  ])("ends with its signal %s, that aborts %s it began", async (which, when) => {
    const { own, one, other } = signals();
    const clock = new FaultClock(timers);
    if (when === "before") ({ own, one, other })[which].abort();
    let isOver = false;
    const sleeps = [clock, clock.of(() => [])].map((time) =>
      time.sleep(1_000, own.signal, one.signal, other.signal),
    );
    const all = Promise.all(sleeps).then(() => {
      isOver = true;
    });
    await Promise.resolve();
    if (when === "after") {
      expect(isOver).toBe(false);
      ({ own, one, other })[which].abort();
    }
    await all;
  });

  test("is one of many: they end together, and a signal that lives on is listened to once", async () => {
    const { one } = signals();
    const listened = vi.spyOn(one.signal, "addEventListener");
    const clock = new FaultClock(timers);
    const own = Array.from({ length: 100 }, () => new AbortController());
    const sleeps = own.map(({ signal }) => clock.sleep(1_000, signal, one.signal));
    for (const controller of own.slice(50)) controller.abort();
    await Promise.all(sleeps.slice(50));
    const later = clock.sleep(1_000, new AbortController().signal, one.signal);
    one.abort();
    await Promise.all([...sleeps, later]);
    expect(listened).toHaveBeenCalledTimes(1);
  });
});

test("who measures by inboxes that come and go is never taken back", () => {
  const clock = new FaultClock(timers);
  clock.advance(5_000, "a-1");
  let inboxes: string[] = [];
  const time = clock.of(() => inboxes);
  const times = [[], ["a-1"], [], ["a-1"]].map((now) => {
    inboxes = now;
    return time.now();
  });
  expect(times).toEqual([0, 5_000, 5_000, 10_000]);
  clock.advance(1_000);
  expect(time.now()).toBe(11_000);
});

describe("a stopwatch", () => {
  const of = () => ["a-1"];

  test("time that an inbox turns its clock by has gone for what was counted before, not for what comes after", () => {
    const clock = new FaultClock(timers);
    const before = clock.stopwatch(of).now;
    clock.advance(1_000, "a-1");
    const after = clock.stopwatch(of).now;
    clock.advance(20, "a-1");
    const { elapsed } = clock.stopwatch(of);
    const others = clock.stopwatch(() => ["b-1"]);
    // In the same millisecond the order counts: a clock that stands still moves by one at each turn.
    expect([elapsed(before), elapsed(after)].map((ms) => ms - (ms % 10))).toEqual([1_020, 20]);
    expect([others.elapsed(before), others.elapsed(after)].map((ms) => ms - (ms % 10))).toEqual([0, 0]);
  });

  test("of very many turns the first ones are one", () => {
    const clock = new FaultClock(timers);
    const before = clock.stopwatch(of).now;
    for (let n = 0; n < 300; n += 1) clock.advance(1_000, "a-1");
    expect(clock.stopwatch(of).elapsed(before)).toBeGreaterThanOrEqual(300_000);
    expect(clock.now(of)).toBe(300_000);
  });
});
