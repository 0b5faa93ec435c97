import { expect, test } from "vitest";
import { Ration } from "../../src/api/ration.ts";
import { ManualTimers, settle } from "./manual-timers.ts";

/** 10 in a second, and 20 at once. */
function open(): { timers: ManualTimers; ration: Ration } {
  const timers = new ManualTimers();
  return { timers, ration: new Ration(timers, 10, 20) };
}

const takeAll = (ration: Ration): number => {
  let taken = 0;
  while (ration.take()) taken += 1;
  return taken;
};

test.each([
  { waited: 0, then: 0 },
  { waited: 99, then: 0 },
  { waited: 100, then: 1 },
  { waited: 1_000, then: 10 },
  { waited: 60_000, then: 20 },
])("after all were taken and $waited ms there are $then", async ({ waited, then }) => {
  const { timers, ration } = open();
  expect(takeAll(ration)).toBe(20);
  await timers.pass(waited);
  expect(takeAll(ration)).toBe(then);
});

test("who wants many takes them in advance, at most all that there can be, and what follows waits for it", async () => {
  const { timers, ration } = open();
  expect([ration.take(15), ration.take(15), ration.take()]).toEqual([true, true, false]);
  await timers.pass(1_000);
  expect(ration.take()).toBe(false);
  await timers.pass(100);
  expect([ration.take(1_000), ration.take()]).toEqual([true, false]);
  await timers.pass(2_000);
  expect(takeAll(ration)).toBe(1);
});

test("a clock that is set back takes nothing away", () => {
  let now = 1_000_000;
  const timers = new ManualTimers();
  timers.now = () => now;
  const ration = new Ration(timers, 10, 20);
  takeAll(ration);
  now -= 500_000;
  expect(ration.take()).toBe(false);
  now += 100;
  expect(takeAll(ration)).toBe(1);
});

test("a wait ends when there are enough, or when it is called off", async () => {
  const { timers, ration } = open();
  takeAll(ration);
  const [calledOff, patient] = [new AbortController(), new AbortController()];
  const ended: string[] = [];
  void ration.wait(calledOff.signal).then(() => ended.push("called off"));
  void ration.wait(patient.signal).then(() => ended.push("enough"));
  calledOff.abort();
  await settle();
  expect(ended).toEqual(["called off"]);
  await timers.pass(50);
  expect(ended).toEqual(["called off"]);
  await timers.pass(50);
  expect(ended).toEqual(["called off", "enough"]);
  expect(timers.pending).toBe(0);
});
