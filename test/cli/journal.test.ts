/** What the program hears of its own server. */
import { expect, test } from "vitest";
import { mostPending, readJournal } from "../../src/cli/journal.ts";
import { Journal, journalEvents } from "../../src/store/journal.ts";

const stage = () => {
  const journal = new Journal({ now: () => 0 });
  const ended = new AbortController();
  const events = readJournal(journal, ended.signal);
  return {
    ended,
    append: (count: number) => {
      for (let left = count; left > 0; left--) journal.append({ type: "faults.changed", data: {} });
    },
    next: async () => {
      const { value } = await events.next();
      return value === undefined ? "the end" : `${value.n} ${value.type}`;
    },
  };
};

test("every event from the first on, and after the end those that are left", async () => {
  const { append, next, ended } = stage();
  append(2);
  expect([await next(), await next()]).toEqual(["1 faults.changed", "2 faults.changed"]);
  const third = next();
  append(2);
  ended.abort();
  expect([await third, await next(), await next()]).toEqual([
    "3 faults.changed",
    "4 faults.changed",
    "the end",
  ]);
});

test("what comes in one turn is told whole, though the ring has gone round meanwhile", async () => {
  const { append, next } = stage();
  append(1);
  expect(await next()).toBe("1 faults.changed");
  append(3 * journalEvents);
  for (let n = 2; n <= 3 * journalEvents + 1; n++) expect(await next()).toBe(`${n} faults.changed`);
});

test("of too much the rest is left out: a reset says so in its place, and it goes on from there", async () => {
  const { append, next } = stage();
  append(1);
  expect(await next()).toBe("1 faults.changed");
  append(mostPending + 1);
  for (let n = 2; n <= mostPending; n++) await next();
  append(1);
  expect(await next()).toBe(`${mostPending + 1} faults.changed`);
  expect(await next()).toBe(`${mostPending + 3} reset`);
  append(1);
  expect(await next()).toBe(`${mostPending + 4} faults.changed`);
});

test("who begins when the ring has gone round hears of it first", async () => {
  const { append, next } = stage();
  append(journalEvents + 1);
  expect(await next()).toBe(`${journalEvents + 1} reset`);
  append(1);
  expect(await next()).toBe(`${journalEvents + 2} faults.changed`);
});

test("it ends while it waits", async () => {
  const { next, ended } = stage();
  const end = next();
  ended.abort();
  expect(await end).toBe("the end");
});
