/** What the program hears of its own server. */
import { expect, test } from "vitest";
import { readJournal } from "../../src/cli/journal.ts";
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

test("who takes nothing while the ring goes round hears a reset, and goes on from there", async () => {
  const { append, next } = stage();
  append(1);
  expect(await next()).toBe("1 faults.changed");
  append(journalEvents + 1);
  expect(await next()).toBe(`${journalEvents + 2} reset`);
  append(1);
  expect(await next()).toBe(`${journalEvents + 3} faults.changed`);
});

test("it ends while it waits", async () => {
  const { next, ended } = stage();
  const end = next();
  ended.abort();
  expect(await end).toBe("the end");
});
