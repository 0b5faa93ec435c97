/** How many octets may pass, and when. */
import { expect, test } from "vitest";
import { Meter, slowerOf, stepOf } from "../../src/server/meter.ts";

/** Asks at each of these times how many of 1,000 octets may pass. */
function passing(meter: Meter, times: readonly number[]): number[] {
  return times.map((now) => meter.take(now, 1_000));
}

test("without a step all may pass at once", () => {
  expect(new Meter().take(0, 1_000)).toBe(1_000);
});

test("the schedule is absolute: what is asked late is made up for", () => {
  const meter = new Meter();
  meter.set({ octets: 3, every: 100 });
  meter.begin(50);
  expect(passing(meter, [50, 149, 150, 360, 449, 450])).toEqual([3, 0, 3, 6, 0, 3]);
});

test("a silence is no credit", () => {
  const meter = new Meter();
  meter.set({ octets: 1, every: 100 });
  meter.begin(0);
  expect(meter.take(0, 1)).toBe(1);
  meter.begin(10_000);
  expect(passing(meter, [10_000, 10_050])).toEqual([1, 0]);
  expect(meter.wait(10_050)).toBe(50);
});

test("what has no more to pass does not run ahead", () => {
  const meter = new Meter();
  meter.set({ octets: 1, every: 100 });
  meter.begin(0);
  expect(meter.take(1_000_000, 2)).toBe(2);
  expect(meter.wait(1_000_000)).toBe(0);
});

test.each([
  [1024, { octets: 102, every: (102 * 1000) / 1024 }],
  [10, { octets: 1, every: 100 }],
  [3, { octets: 1, every: 1000 / 3 }],
])("%i octets per second", (rate, step) => {
  expect(stepOf(rate)).toEqual(step);
});

test("of two steps the slower one counts", () => {
  const [slow, fast] = [
    { octets: 10, every: 1000 },
    { octets: 2, every: 100 },
  ];
  expect(slowerOf(slow, fast)).toBe(slow);
  expect(slowerOf(fast, slow)).toBe(slow);
  expect(slowerOf(null, fast)).toBe(fast);
  expect(slowerOf(null, null)).toBe(null);
});
