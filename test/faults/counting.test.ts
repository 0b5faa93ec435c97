import { expect, test } from "vitest";
import { Counting, keyLimit, stopwatchAt } from "../../src/faults/counting.ts";
import type { FaultWhen } from "../../src/faults/mod.ts";
import { parseWhen } from "../../src/faults/parsing/when.ts";

function countingOf(when: FaultWhen): Counting {
  return new Counting(parseWhen(when, "when", new Set(["rcpt"])));
}

/** `x` fires, `.` does not; matches of one key, one per second. */
function run(when: FaultWhen, matches: number, chances: readonly number[] = []): string {
  const counting = countingOf(when);
  return Array.from({ length: matches }, (_, nth) =>
    counting.match("", stopwatchAt(nth * 1000), () => chances[nth] ?? 0, true) ? "x" : ".",
  ).join("");
}

test.each<[FaultWhen, string]>([
  [{}, "xxxxxx"],
  [{ times: 2 }, "xx...."],
  [{ skip: 2 }, "..xxxx"],
  [{ skip: 2, times: 1 }, "..x..."],
  [{ every: 2 }, ".x.x.x"],
  [{ every: 3 }, "..x..x"],
  [{ skip: 1, every: 2 }, "..x.x."],
  [{ skip: 1, every: 2, times: 1 }, "..x..."],
  // Matches at 0, 1, 2, … s: younger than 3 s.
  [{ for: "3s" }, "xxx..."],
  [{ for: "3s", skip: 1 }, ".xx..."],
  [{ for: "3s", times: 1 }, "x....."],
  [{ rate: { limit: 3, per: "1m" } }, "...xxx"],
  [{ rate: { limit: 1, per: "1s" } }, "......"],
  [{ rate: { limit: 1, per: 1001 } }, ".xxxxx"],
  [{ rate: { limit: 3, per: "3s" } }, "......"],
  [{ rate: { limit: 3, per: 3001 } }, "...xxx"],
  [{ rate: { limit: 2, per: "1m" }, times: 2 }, "..xx.."],
  [{ rate: { limit: 2, per: "1m" }, skip: 4 }, "....xx"],
])("when %j fires %s", (when, expected) => {
  expect(run(when, expected.length)).toBe(expected);
});

test("probability fires below the draw, and is asked before times", () => {
  const chances = [0.5, 0.49, 0.9, 0.1, 0.2, 0];
  expect(run({ probability: 0.5 }, 6, chances)).toBe(".x.xxx");
  expect(run({ probability: 0.5, times: 2 }, 6, chances)).toBe(".x.x..");
  expect(run({ probability: 0 }, 3, [0, 0, 0])).toBe("...");
  expect(run({ probability: 1 }, 3, [0.999, 0.999, 0])).toBe("xxx");
});

test("keys are counted apart", () => {
  const counting = countingOf({ times: 1 });
  const match = (key: string) => counting.match(key, stopwatchAt(0), () => 0, true);
  expect([match("a"), match("b"), match("a"), match("c"), match("b")]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect([counting.matched, counting.fired]).toEqual([5, 3]);
  expect([counting.firedFor("a"), counting.firedFor("z")]).toEqual([1, 0]);
});

test("a match with nothing left to do is counted but does not fire", () => {
  const counting = countingOf({});
  expect(counting.match("a", stopwatchAt(0), () => 0, false)).toBe(false);
  expect([counting.matched, counting.fired]).toEqual([1, 0]);
});

test("retryAfter: what is left of `for`", () => {
  const counting = countingOf({ for: "5m" });
  counting.match("a", stopwatchAt(1_000), () => 0, true);
  expect(counting.retryAfter("a", stopwatchAt(1_000))).toBe(300_000);
  expect(counting.retryAfter("a", stopwatchAt(100_500))).toBe(200_500);
  expect(counting.retryAfter("a", stopwatchAt(999_999))).toBe(0);
  expect(counting.retryAfter("unseen", stopwatchAt(0))).toBe(0);
});

test("retryAfter: whoever waits so long is under the rate again", () => {
  const counting = countingOf({ rate: { limit: 2, per: "10s" } });
  const match = (now: number) => counting.match("a", stopwatchAt(now), () => 0, true);
  expect([match(0), match(4_000), match(6_000)]).toEqual([false, false, true]);
  const wait = counting.retryAfter("a", stopwatchAt(6_000));
  expect(wait).toBe(8_000);
  expect(match(6_000 + wait)).toBe(false);
});

test("keys are bounded: the oldest is forgotten first", () => {
  const counting = countingOf({ times: 1 });
  const match = (key: string) => counting.match(key, stopwatchAt(0), () => 0, true);
  for (let key = 0; key < keyLimit; key++) match(`k${key}`);
  expect(match("k0")).toBe(false);
  match("one more");
  expect(match("k1")).toBe(false);
  expect(match("k0")).toBe(true);
});

test("nth counts per draw key, bounded too", () => {
  const counting = countingOf({});
  expect([counting.nth("a"), counting.nth("b"), counting.nth("a")]).toEqual([1, 1, 2]);
  for (let key = 0; key < keyLimit; key++) counting.nth(`k${key}`);
  expect(counting.nth("a")).toBe(1);
});
