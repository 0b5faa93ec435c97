import { describe, expect, test } from "vitest";
import { Journal, type JournalEntry, type JournalEvent } from "../../src/store/mod.ts";

const entry = (offset: number): JournalEntry => ({ type: "clock.advanced", data: { offset, inbox: null } });
const now = (): number => Date.UTC(2030, 0, 1);
const numbers = (events: readonly JournalEvent[] | null): number[] | null =>
  events?.map(({ n }) => n) ?? null;

function filled(count: number, capacity = 10): Journal {
  const journal = new Journal({ capacity, now });
  for (let offset = 1; offset <= count; offset++) journal.append(entry(offset));
  return journal;
}

describe("journal: ring", () => {
  test("numbers from 1, with the time", () => {
    let instant = Date.UTC(2030, 0, 1);
    const journal = new Journal({ now: () => instant });
    expect(journal.last).toBe(0);
    expect(journal.append(entry(5))).toBe(1);
    instant += 1;
    expect(journal.append(entry(6))).toBe(2);
    expect(journal.last).toBe(2);
    expect(journal.since(0)).toStrictEqual([
      { n: 1, at: "2030-01-01T00:00:00.000Z", type: "clock.advanced", data: { offset: 5, inbox: null } },
      { n: 2, at: "2030-01-01T00:00:00.001Z", type: "clock.advanced", data: { offset: 6, inbox: null } },
    ]);
  });

  test.each([
    [0, 0, []],
    [3, 0, [1, 2, 3]],
    [3, 2, [3]],
    [3, 3, []],
    [3, 4, null],
    [10, 0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [11, 0, null],
    [11, 1, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    [25, 14, null],
    [25, 15, [16, 17, 18, 19, 20, 21, 22, 23, 24, 25]],
    [25, 24, [25]],
  ])("of %d events in a ring of 10, since %d", (count, n, expected) => {
    expect(numbers(filled(count).since(n))).toStrictEqual(expected);
  });

  test("keeps 2,000 unless told otherwise", () => {
    const journal = new Journal({ now });
    for (let offset = 0; offset <= 2_000; offset++) journal.append(entry(offset));
    expect(journal.since(0)).toBeNull();
    expect(journal.since(1)).toHaveLength(2_000);
  });

  test.each([0, -1, 1.5])("a capacity of %d is refused", (capacity) => {
    expect(() => new Journal({ capacity, now })).toThrow(RangeError);
  });
});

describe("journal: listeners", () => {
  test("hear every event at once, until they leave", () => {
    const journal = new Journal({ now });
    const heard: number[] = [];
    journal.append(entry(0));
    const leave = journal.subscribe(({ n }) => heard.push(n));
    journal.append(entry(0));
    expect(heard).toStrictEqual([2]);
    journal.append(entry(0));
    leave();
    leave();
    journal.append(entry(0));
    expect(heard).toStrictEqual([2, 3]);
  });

  test("one that throws is reported and hurts nobody else", () => {
    const reported: unknown[] = [];
    const heard: number[] = [];
    const journal = new Journal({ now, report: (error) => reported.push(error) });
    const mistake = new Error("mistake");
    journal.subscribe(() => {
      throw mistake;
    });
    journal.subscribe(({ n }) => heard.push(n));
    expect(journal.append(entry(0))).toBe(1);
    expect(journal.append(entry(0))).toBe(2);
    expect(heard).toStrictEqual([1, 2]);
    expect(reported).toStrictEqual([mistake, mistake]);
  });

  test("one that leaves while an event is told hears it no more", () => {
    const journal = new Journal({ now });
    const heard: number[] = [];
    journal.subscribe(() => leave());
    const leave = journal.subscribe(({ n }) => heard.push(n));
    journal.append(entry(0));
    expect(heard).toStrictEqual([]);
  });

  test("one that comes while an event is told hears the next one first", () => {
    const journal = new Journal({ now });
    const heard: number[] = [];
    let isFirst = true;
    journal.subscribe(() => {
      if (isFirst) journal.subscribe(({ n }) => heard.push(n));
      isFirst = false;
    });
    journal.append(entry(0));
    journal.append(entry(0));
    expect(heard).toStrictEqual([2]);
  });

  test("an event appended by a listener is heard by all in the same order", () => {
    const journal = new Journal({ now });
    const first: number[] = [];
    const second: number[] = [];
    journal.subscribe(({ n }) => {
      first.push(n);
      if (n === 1) journal.append(entry(0));
    });
    journal.subscribe(({ n }) => second.push(n));
    journal.append(entry(0));
    expect(first).toStrictEqual([1, 2]);
    expect(second).toStrictEqual([1, 2]);
  });

  test("the same function twice hears twice", () => {
    const journal = new Journal({ now });
    const heard: number[] = [];
    const listener = ({ n }: JournalEvent): unknown => heard.push(n);
    const leave = journal.subscribe(listener);
    journal.subscribe(listener);
    journal.append(entry(0));
    leave();
    journal.append(entry(0));
    expect(heard).toStrictEqual([1, 1, 2]);
  });
});
