import { expect, test } from "vitest";
import { draw, hash53 } from "../../src/faults/draw.ts";

const names = Array.from({ length: 20_000 }, (_, index) => `user${index}@example.test`);

test("draw: the same parts give the same number, on every runtime", () => {
  expect(hash53("")).toBe(hash53(""));
  expect(draw("seed", "rule", 1)).toBe(draw("seed", "rule", 1));
  expect([hash53(""), hash53("a"), hash53("mailproof"), hash53("ü\u0000€")]).toEqual([
    586745923166447, 7235150790197512, 1891891601057800, 8603104259859232,
  ]);
});

test("draw: every part counts, and so does where one ends", () => {
  const draws = [
    draw("seed", "rule", "mail", "a", 1),
    draw("seee", "rule", "mail", "a", 1),
    draw("seed", "rulf", "mail", "a", 1),
    draw("seed", "rule", "rcpt", "a", 1),
    draw("seed", "rule", "mail", "b", 1),
    draw("seed", "rule", "mail", "a", 2),
    draw("seed", "rule", "maila", "", 1),
  ];
  expect(new Set(draws).size).toBe(draws.length);
});

test.each([
  ["keys", names.map((name) => draw("seed", "rule", "mail", name, 1))],
  ["counts", names.map((_, index) => draw("seed", "rule", "mail", "a", index))],
  ["seeds", names.map((_, index) => draw(String(index), "rule", "mail", "a", 1))],
])("draw: spreads evenly over %s", (_, draws) => {
  const buckets = new Array<number>(100).fill(0);
  for (const value of draws) {
    expect(value >= 0 && value < 1).toBe(true);
    buckets[Math.floor(value * 100)]! += 1;
  }
  // Chi-squared with 99 degrees of freedom: 160 is passed by chance once in 10,000.
  const chi = buckets.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  expect(chi).toBeLessThan(160);
});

test("draw: neighbours are independent", () => {
  const draws = names.map((_, index) => draw("seed", "rule", "mail", "a", index) - 0.5);
  const covariance =
    draws.slice(1).reduce((sum, value, index) => sum + value * draws[index]!, 0) / draws.length;
  expect(Math.abs(covariance * 12)).toBeLessThan(0.03);
});

test("hash53: no two of 20,000 addresses collide, and the low bits are spread too", () => {
  const hashes = names.map(hash53);
  expect(new Set(hashes).size).toBe(names.length);
  const odd = hashes.filter((hash) => hash % 2 === 1).length;
  expect(Math.abs(odd / names.length - 0.5)).toBeLessThan(0.02);
  expect(hashes.every((hash) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
});
