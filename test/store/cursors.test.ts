/**
 * Pages while records come and go: whatever the order of arrivals, deletions and reads, what was there from the first
 * page to the last comes once, and nothing comes twice.
 */
import { describe, expect, test } from "vitest";
import { MemoryStore } from "../../src/store/mod.ts";
import { add, noLimits, sessionOf, transactionOf } from "./sample.ts";

/** Mulberry32. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Listed {
  readonly ids: string[];
  readonly nextCursor: string | null;
}

interface Kind {
  readonly name: string;
  /** Returns the id of what arrived. */
  readonly arrive: (store: MemoryStore, isWanted: boolean) => Promise<string>;
  /** Returns the ids of what went. */
  readonly leave: (store: MemoryStore, id: string, draw: number) => Promise<readonly string[]>;
  readonly list: (store: MemoryStore, limit: number, cursor: string | undefined) => Promise<Listed>;
}

const page = (limit: number, cursor: string | undefined) => ({
  limit,
  ...(cursor === undefined ? {} : { cursor }),
});
const idsOf = (records: readonly { readonly id: string }[]): string[] => records.map(({ id }) => id);

function messages(name: string, filter: object): Kind {
  return {
    name,
    arrive: async (store, isWanted) =>
      (await add(store, { header: `Subject: ${isWanted ? "wanted" : "other"}` })).id,
    leave: (store, id, draw) =>
      draw === 0 ? store.remove({ ids: [id] }) : store.remove({ filter: { q: "subject:other" } }),
    list: async (store, limit, cursor) => {
      const found = await store.messages(filter, page(limit, cursor));
      return { ids: idsOf(found.messages), nextCursor: found.nextCursor };
    },
  };
}

/** Those that are finished go when there are too many, or with the message that held them. */
function transactions(name: string, filter: object): Kind {
  return {
    name,
    arrive: async (store, isWanted) => {
      const transaction = transactionOf(store, { from: isWanted ? "wanted@x.test" : "other@x.test" });
      transaction.outcome = "rejected";
      store.putTransaction(transaction);
      return transaction.id;
    },
    leave: async (store, id) => {
      // Told again, which must not move it.
      const transaction = await store.transaction(id);
      if (transaction !== null) store.putTransaction({ ...transaction, labels: ["again"] });
      return [];
    },
    list: async (store, limit, cursor) => {
      const found = await store.transactions(filter, page(limit, cursor));
      return { ids: idsOf(found.transactions), nextCursor: found.nextCursor };
    },
  };
}

function sessions(name: string, filter: object): Kind {
  return {
    name,
    arrive: async (store, isWanted) => sessionOf(store, { user: isWanted ? "wanted" : "other" }).id,
    leave: async (store, id) => {
      const session = await store.session(id);
      if (session !== null) store.putSession({ ...session, closedAt: "2030-01-01T00:00:01.000Z" });
      return [];
    },
    list: async (store, limit, cursor) => {
      const found = await store.sessions(filter, page(limit, cursor));
      return { ids: idsOf(found.sessions), nextCursor: found.nextCursor };
    },
  };
}

const kinds: readonly Kind[] = [
  messages("messages", {}),
  messages("messages of a filter on the record", { to: "ada@*", read: false }),
  messages("messages of a search", { q: "subject:wanted" }),
  transactions("transactions", {}),
  transactions("transactions of a filter", { from: "wanted@*" }),
  sessions("sessions", {}),
  sessions("sessions of a filter", { user: "wanted" }),
];

const onlyWanted = (name: string): boolean => /search|transactions of|sessions of/.test(name);

describe("cursors", () => {
  test.each(kinds)("$name: nothing is skipped, nothing comes twice", async (kind) => {
    for (let seed = 1; seed <= 60; seed++) {
      const below = chance(seed);
      const store = new MemoryStore(noLimits);
      const wanted = new Set<string>();
      const there = new Set<string>();
      const arrive = async (): Promise<void> => {
        const isWanted = below(2) === 0;
        const id = await kind.arrive(store, isWanted);
        there.add(id);
        if (isWanted) wanted.add(id);
      };
      const stir = async (): Promise<void> => {
        for (let steps = below(6); steps > 0; steps--) {
          if (below(2) === 0) await arrive();
          else {
            const any = [...there][below(there.size)] ?? "none";
            for (const gone of await kind.leave(store, any, below(4))) there.delete(gone);
          }
        }
      };
      for (let first = below(40); first > 0; first--) await arrive();
      const atFirst = new Set(there);

      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        // Mail comes and goes while the page is read, too.
        const [found] = await Promise.all([kind.list(store, 1 + below(7), cursor), stir()]);
        seen.push(...found.ids);
        cursor = found.nextCursor ?? undefined;
        await stir();
      } while (cursor !== undefined);

      const always = [...atFirst].filter((id) => there.has(id) && (!onlyWanted(kind.name) || wanted.has(id)));
      expect(new Set(seen).size, `seed ${seed}`).toBe(seen.length);
      expect(
        always.filter((id) => !seen.includes(id)),
        `seed ${seed}`,
      ).toEqual([]);
      const numbers = seen.map((id) => Number(id.slice(1)));
      expect(numbers, `seed ${seed}`).toEqual(numbers.toSorted((one, other) => other - one));
    }
  });

  test("a full store lets the oldest go under a reader's feet: the rest is not skipped", async () => {
    const store = new MemoryStore({ ...noLimits, maxMessages: 10 });
    for (let n = 0; n < 10; n++) await add(store);
    const first = await store.messages({}, { limit: 4 });
    for (let n = 0; n < 3; n++) await add(store);
    const second = await store.messages({}, { limit: 4, cursor: first.nextCursor! });
    expect(idsOf([...first.messages, ...second.messages])).toEqual([
      "m10",
      "m9",
      "m8",
      "m7",
      "m6",
      "m5",
      "m4",
    ]);
    expect(second.nextCursor).toBeNull();
  });

  test("a cursor whose record is gone still holds its place", async () => {
    const store = new MemoryStore(noLimits);
    for (let n = 0; n < 5; n++) await add(store);
    const first = await store.messages({}, { limit: 2 });
    await store.remove({ ids: ["m4", "m3"] });
    expect(idsOf((await store.messages({}, { limit: 2, cursor: first.nextCursor! })).messages)).toEqual([
      "m2",
      "m1",
    ]);
  });
});
