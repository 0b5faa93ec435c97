/** A short run with fixed seeds; `npm run fuzz` goes on for as long as one likes. */
import process from "node:process";
import { afterAll, expect, test } from "vitest";
import { check, realEngine } from "./check.ts";
import { Coverage } from "./coverage.ts";
import { makeCase } from "./fuzz-case.ts";
import { HeapWatch } from "./heap.ts";
import { describeFinding } from "./report.ts";
import { Servers } from "./servers.ts";

const cases = 800;
const socketCases = 24;

const servers = new Servers();
afterAll(() => servers.close());

test("the engine: one reply per command, whatever comes and however it is cut", () => {
  const coverage = new Coverage();
  const heap = new HeapWatch(10, 64 * 1024 * 1024);
  for (let seed = 1; seed <= cases; seed++) {
    const fuzzCase = makeCase(seed);
    const finding = check(fuzzCase, realEngine, coverage);
    if (finding !== null) expect.fail(describeFinding(seed, finding, fuzzCase));
    const { heapUsed, external } = process.memoryUsage();
    if (seed % 20 === 0) expect(heap.sample(heapUsed + external), "octets of growth").toBeNull();
  }
  // The cases get to where it matters.
  for (const [state, verb, code] of deep) {
    expect(coverage.has(state, verb, code), `${verb} ${state} ${code}`).toBe(true);
  }
  expect(coverage.size).toBeGreaterThan(250);
});

const deep = [
  ["connected", "greeting", 220],
  ["rcpt", "DATA", 354],
  ["answering", "content", 250],
  ["answering", "content", 552],
  ["rcpt", "BDAT", 250],
  ["chunks", "BDAT", 250],
  ["answering", "BDAT", 250],
  ["chunks", "DATA", 503],
  ["rcpt", "RCPT", 452],
  ["rcpt", "MAIL", 503],
  ["ready", "STARTTLS", 220],
  ["ready", "MAIL", 555],
  ["refused", "NOOP", 503],
  ["authenticating", "answer", 235],
  ["authenticating", "answer", 501],
  ["authenticating", "answer", 535],
  ["authenticating", "AUTH", 535],
] as const;

test("a server on a socket", { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= socketCases; seed++) {
    const fuzzCase = servers.adapt(makeCase(seed));
    const finding = await servers.check(fuzzCase);
    if (finding !== null) expect.fail(describeFinding(seed, finding, fuzzCase));
  }
});
