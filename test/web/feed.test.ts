import { expect, test } from "vitest";
import { Feed, type FeedPage, freshness } from "../../web/src/model/feed.ts";

interface Row {
  readonly id: string;
  readonly text: string;
}

/** A server's list, newest first, read like the API reads: the cursor is the last row of the page. */
class List {
  rows: Row[];
  reads = 0;

  constructor(...ids: readonly number[]) {
    this.rows = ids.map((id) => ({ id: String(id), text: "old" }));
  }

  readonly load = async ({
    limit,
    cursor,
  }: {
    limit: number;
    cursor: string | null;
  }): Promise<FeedPage<Row>> => {
    this.reads += 1;
    const start = cursor === null ? 0 : this.rows.findIndex(({ id }) => Number(id) < Number(cursor));
    const rows = start < 0 ? [] : this.rows.slice(start, start + limit);
    const more = start >= 0 && start + limit < this.rows.length;
    return { rows, total: this.rows.length, unread: 0, nextCursor: more ? (rows.at(-1)?.id ?? null) : null };
  };

  add(...ids: readonly number[]): void {
    for (const id of ids) this.rows.unshift({ id: String(id), text: "new" });
  }

  remove(id: number): void {
    this.rows = this.rows.filter((row) => row.id !== String(id));
  }
}

const ids = (feed: Feed<Row>): number[] => feed.state.get().rows.map(({ id }) => Number(id));
const down = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n);

async function opened(list: List): Promise<Feed<Row>> {
  const feed = new Feed<Row>();
  await feed.open(list.load);
  return feed;
}

test("open: the first page, with the counts of all", async () => {
  const feed = await opened(new List(...down(250, 1)));
  expect(ids(feed)).toEqual(down(250, 151));
  expect(feed.state.get()).toMatchObject({ total: 250, phase: "ready" });
});

test("sync: new rows come on top, what is below stays, and they are known as new", async () => {
  const list = new List(...down(250, 1));
  const feed = await opened(list);
  await feed.need(200);
  list.add(251, 252);
  await feed.sync();
  expect(ids(feed)).toEqual(down(252, 1));
  expect([...feed.arrivals.keys()].sort()).toEqual(["251", "252"]);
});

test("sync: more new rows than a page are all read, down to where ours begin", async () => {
  const list = new List(...down(120, 1));
  const feed = await opened(list);
  await feed.need(119);
  list.add(...down(900, 121).reverse());
  await feed.sync();
  expect(ids(feed)).toEqual(down(900, 1));
});

test("sync: what changed or went near the top comes right by itself", async () => {
  const list = new List(3, 2, 1);
  const feed = await opened(list);
  list.remove(2);
  list.rows[0] = { id: "3", text: "changed" };
  await feed.sync();
  expect(feed.state.get().rows).toEqual([
    { id: "3", text: "changed" },
    { id: "1", text: "old" },
  ]);
  expect(feed.state.get().total).toBe(2);
});

test("sync: what the server has let go at the bottom goes here too", async () => {
  const list = new List(...down(150, 1));
  const feed = await opened(list);
  await feed.need(149);
  for (let id = 151; id <= 170; id++) {
    list.add(id);
    list.remove(id - 150);
  }
  await feed.sync();
  expect(ids(feed)).toEqual(down(170, 21));
});

test("sync: a row that came long ago is not new any more", async () => {
  const list = new List(1);
  const feed = await opened(list);
  list.add(2);
  await feed.sync();
  feed.arrivals.set("2", Date.now() - freshness);
  list.add(3);
  await feed.sync();
  expect([...feed.arrivals.keys()]).toEqual(["3"]);
});

test("sync: a storm of calls is few reads", async () => {
  const list = new List(1);
  const feed = await opened(list);
  const before = list.reads;
  await Promise.all(Array.from({ length: 100 }, () => feed.sync()));
  expect(list.reads - before).toBe(2);
});

test("sync: what happens while the list is opened is made up for", async () => {
  const feed = new Feed<Row>();
  const list = new List(1);
  let answer = (): void => {};
  const opening = feed.open(async (page) => {
    const found = await list.load(page);
    if (list.reads === 1) await new Promise<void>((resolve) => (answer = resolve));
    return found;
  });
  await Promise.resolve();
  list.add(2);
  await feed.sync();
  answer();
  await opening;
  await expect.poll(() => ids(feed)).toEqual([2, 1]);
});

test("need: reads on until the row is there, each row once", async () => {
  const list = new List(...down(1_400, 1));
  const feed = await opened(list);
  await feed.need(1_399);
  expect(ids(feed)).toEqual(down(1_400, 1));
});

test("remove and change: in place, and the total follows", async () => {
  const feed = await opened(new List(3, 2, 1));
  feed.remove(["2", "9"]);
  feed.change(["1"], (row) => ({ ...row, text: "read" }));
  expect(feed.state.get().rows).toEqual([
    { id: "3", text: "old" },
    { id: "1", text: "read" },
  ]);
  expect(feed.state.get().total).toBe(2);
});

test("open: an answer to the list before is dropped", async () => {
  const feed = new Feed<Row>();
  const slow = new List(9);
  const waiting = feed.open(async (page) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return await slow.load(page);
  });
  await feed.open(new List(1).load);
  await waiting;
  expect(ids(feed)).toEqual([1]);
});

test("open: a refusal keeps the rows that were there", async () => {
  const feed = await opened(new List(2, 1));
  await feed.open(() => Promise.reject(new Error("bad query")));
  expect(ids(feed)).toEqual([2, 1]);
  expect(feed.state.get()).toMatchObject({ phase: "failed", error: { message: "bad query" } });
});

test("reach: what is being read is waited for, and then read on from", async () => {
  const feed = await opened(new List(...down(2_000, 1)));
  const scrolled = feed.need(150);
  await feed.reach(({ id }) => Number(id) <= 700);
  await scrolled;
  expect(ids(feed)).toEqual(down(2_000, 401));
});
