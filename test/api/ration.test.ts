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

test("who wants more than there can be gets it when all are there", () => {
  const { ration } = open();
  expect([ration.take(15), ration.take(6), ration.take(5)]).toEqual([true, false, true]);
  expect([open().ration.take(1_000), ration.take()]).toEqual([true, false]);
});

test("a wait ends when there are enough, or when it is called off", async () => {
  const { timers, ration } = open();
  takeAll(ration);
  const [calledOff, patient] = [new AbortController(), new AbortController()];
  const ended: string[] = [];
  void ration.wait(calledOff.signal, 2).then(() => ended.push("called off"));
  void ration.wait(patient.signal, 2).then(() => ended.push("enough"));
  calledOff.abort();
  await settle();
  expect(ended).toEqual(["called off"]);
  await timers.pass(150);
  expect(ended).toEqual(["called off"]);
  await timers.pass(50);
  expect(ended).toEqual(["called off", "enough"]);
  expect(timers.pending).toBe(0);
});
