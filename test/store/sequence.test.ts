import { describe, expect, test } from "vitest";
import { LeastRecent } from "../../src/store/least-recent.ts";
import { Sequence } from "../../src/store/sequence.ts";

const record = (seq: number): { seq: number } => ({ seq });
const numbers = (records: Iterable<{ seq: number }>): number[] => [...records].map(({ seq }) => seq);

function sequenceOf(...seqs: number[]): Sequence<{ seq: number }> {
  const sequence = new Sequence<{ seq: number }>();
  for (const seq of seqs) sequence.add(record(seq));
  return sequence;
}

describe("sequence", () => {
  test("orders what arrives out of order", () => {
    const sequence = sequenceOf(5, 2, 9, 7, 1);
    expect(numbers(sequence.ascending())).toStrictEqual([1, 2, 5, 7, 9]);
    expect(numbers(sequence.descending())).toStrictEqual([9, 7, 5, 2, 1]);
  });

  test("steps to the neighbour of a number, there or not", () => {
    const sequence = sequenceOf(2, 4, 6);
    sequence.delete(4);
    expect([1, 2, 3, 4, 5, 6].map((seq) => sequence.after(seq)?.seq)).toStrictEqual([
      2,
      6,
      6,
      6,
      6,
      undefined,
    ]);
    expect([2, 3, 4, 5, 6, 7].map((seq) => sequence.before(seq)?.seq)).toStrictEqual([
      undefined,
      2,
      2,
      2,
      2,
      6,
    ]);
    expect(sequence.has(4)).toBe(false);
    expect(sequence.delete(4)).toBe(false);
    expect(sequence.size).toBe(2);
  });

  test.each([
    [[5, 6], 5],
    [[5, 6], 6],
    [[1, 3, 4], 3],
    [[1, 3, 4], 1],
    [[7], 7],
  ])("of %j the record %i goes and comes again", (seqs, seq) => {
    const sequence = sequenceOf(...seqs);
    sequence.delete(seq);
    sequence.add(record(seq));
    expect(sequence.has(seq)).toBe(true);
    expect(sequence.size).toBe(seqs.length);
    expect(numbers(sequence.ascending())).toStrictEqual(seqs);
    expect(numbers(sequence.descending())).toStrictEqual([...seqs].reverse());
    sequence.delete(seq);
    expect(numbers(sequence.ascending())).toStrictEqual(seqs.filter((one) => one !== seq));
  });

  test("a walk goes on while records come and go", () => {
    const sequence = sequenceOf(1, 2, 3, 4, 5);
    const seen: number[] = [];
    for (const { seq } of sequence.descending()) {
      seen.push(seq);
      if (seq === 4) {
        sequence.delete(4);
        sequence.delete(3);
        sequence.add(record(6));
      }
    }
    expect(seen).toStrictEqual([5, 4, 2, 1]);
  });

  test("agrees with a sorted list, whatever comes and goes", () => {
    const sequence = new Sequence<{ seq: number }>();
    const model = new Set<number>();
    let state = 42;
    const draw = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    for (let step = 1; step <= 4_000; step++) {
      const adds = step < 1_500 || draw(3) === 0;
      const seq = adds ? step : ([...model][draw(model.size)] ?? 0);
      if (adds) {
        sequence.add(record(seq));
        model.add(seq);
      } else {
        expect(sequence.delete(seq)).toBe(model.delete(seq));
      }
    }
    const sorted = [...model].sort((a, b) => a - b);
    expect(sequence.size).toBe(sorted.length);
    expect(numbers(sequence.ascending())).toStrictEqual(sorted);
    expect(numbers(sequence.descending())).toStrictEqual(sorted.reverse());
    sequence.clear();
    expect(numbers(sequence.ascending())).toStrictEqual([]);
    sequence.add(record(3));
    expect(numbers(sequence.ascending())).toStrictEqual([3]);
  });
});

describe("least recent", () => {
  test("goes first, by number of entries", () => {
    const cache = new LeastRecent<number>({ entries: 2, weight: 100 });
    cache.set("a", 1, 1);
    cache.set("b", 2, 1);
    cache.get("a");
    cache.set("c", 3, 1);
    expect(["a", "b", "c"].map((key) => cache.get(key))).toStrictEqual([1, undefined, 3]);
  });

  test("goes first, by weight; what is too heavy stays alone, until the next", () => {
    const cache = new LeastRecent<number>({ entries: 10, weight: 10 });
    cache.set("a", 1, 6);
    cache.set("b", 2, 4);
    cache.set("b", 3, 5);
    expect(["a", "b"].map((key) => cache.get(key))).toStrictEqual([undefined, 3]);
    cache.set("c", 4, 11);
    expect(["b", "c"].map((key) => cache.get(key))).toStrictEqual([undefined, 4]);
    cache.set("d", 5, 10);
    expect(["c", "d"].map((key) => cache.get(key))).toStrictEqual([undefined, 5]);
  });
});
