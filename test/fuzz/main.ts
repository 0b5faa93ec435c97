/**
 * `npm run fuzz`: cases from one seed on, until it is stopped or finds something.
 *
 *   npm run fuzz                              until it is stopped
 *   npm run fuzz -- --for 10m                 for so long; or --cases 100000
 *   npm run fuzz -- --seed 123                this one case, with its input
 *   npm run fuzz -- --seed 123 --cases 1000   from this one on
 *
 * Every 64th case is run over a real socket too. Exits 1 on a finding, with the smallest case that shows it.
 */
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseDuration } from "../../src/notation/mod.ts";
import { check, realEngine } from "./check.ts";
import { Coverage } from "./coverage.ts";
import { type FuzzCase, makeCase } from "./fuzz-case.ts";
import { HeapWatch } from "./heap.ts";
import type { Finding } from "./play.ts";
import { describeCase, describeFinding } from "./report.ts";
import { Servers } from "./servers.ts";
import { shrink } from "./shrink.ts";

const socketEvery = 64;
const heapBound = 64 * 1024 * 1024;
/** Milliseconds. */
const progressEvery = 2000;

const { values } = parseArgs({
  options: { seed: { type: "string" }, cases: { type: "string" }, for: { type: "string" } },
});

const isOne = values.seed !== undefined && values.cases === undefined && values.for === undefined;
const first = wholeNumber("seed", values.seed) ?? Math.floor(Math.random() * 2 ** 31);
const most = isOne ? 1 : (wholeNumber("cases", values.cases) ?? Number.POSITIVE_INFINITY);
const until = Date.now() + (values.for === undefined ? Number.POSITIVE_INFINITY : parseDuration(values.for));

const coverage = new Coverage();
const servers = new Servers();
const heap = new HeapWatch(20, heapBound);
const began = performance.now();
let done = 0;
let sockets = 0;
let isStopped = false;
process.once("SIGINT", () => {
  isStopped = true;
});

process.exitCode = await run();
await servers.close();

async function run(): Promise<number> {
  if (isOne) console.log(`The case of seed ${first}:\n${describeCase(makeCase(first))}\n`);
  else console.log(`Fuzzing from seed ${first}`);
  let toldAt = began;
  for (; done < most && Date.now() < until && !isStopped; done++) {
    const found = await runSeed(first + done, isOne || (first + done) % socketEvery === 0);
    if (found !== null) {
      console.log(`\n${found}`);
      return 1;
    }
    if (done % 64 === 0) await setImmediate();
    if (performance.now() - toldAt < progressEvery) continue;
    toldAt = performance.now();
    console.log(progress());
    const { heapUsed, external } = process.memoryUsage();
    const growth = heap.sample(heapUsed + external);
    if (growth !== null) {
      console.log(`\nmemory: ${Math.round(growth / 2 ** 20)} MB more than at the beginning`);
      return 1;
    }
  }
  console.log(`${coverage.report()}\n\n${progress()}\nreply codes: ${coverage.codes.join(" ")}`);
  return 0;
}

/** What was found, in words; null: nothing. */
async function runSeed(seed: number, isOverSocket: boolean): Promise<string | null> {
  const fuzzCase = makeCase(seed);
  const finding = check(fuzzCase, realEngine, coverage);
  if (finding !== null) return await explain(seed, finding, fuzzCase, check);
  if (!isOverSocket) return null;
  sockets += 1;
  const adapted = servers.adapt(fuzzCase);
  const overSocket = await servers.check(adapted);
  if (overSocket === null) return null;
  return await explain(seed, overSocket, adapted, (one) => servers.check(one), 300);
}

async function explain(
  seed: number,
  finding: Finding,
  fuzzCase: FuzzCase,
  again: (fuzzCase: FuzzCase) => Finding | null | Promise<Finding | null>,
  tries = 3000,
): Promise<string> {
  console.log(`seed ${seed}: ${finding.message}\nmaking it smaller …`);
  const smallest = await shrink(fuzzCase, async (one) => (await again(one))?.kind ?? null, tries);
  return describeFinding(seed, (await again(smallest)) ?? finding, smallest);
}

function progress(): string {
  const seconds = (performance.now() - began) / 1000;
  const heapNow = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
  return [
    `${done} cases, ${sockets} over sockets`,
    `${Math.round(done / seconds)} per second`,
    `${coverage.size} of verb × state × code`,
    `heap ${heapNow} MB`,
    `next seed ${first + done}`,
  ].join(" · ");
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new RangeError(`Failed to read --${name}: ${JSON.stringify(text)}; use a whole number`);
}
