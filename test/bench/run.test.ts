/** `npm run bench`: what it refuses, and that what it says of a target follows from what was measured. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function bench(...args: string[]) {
  return spawnSync(process.execPath, ["test/bench/run.mjs", ...args], { cwd: root, encoding: "utf8" });
}

const refused = [
  [["strat"], /^Failed to run strat: no such suite; use throughput, idle, /],
  [["--only", "perl", "start"], /^Failed to run on perl: no such runtime; use node, deno or bun/],
  [["--rounds", "0"], /^Failed to read --rounds: 0; use a whole number from 1/],
  [["--messages", "2e6"], /^Failed to read --messages: 2e6; use a whole number from 1/],
  [["--loud"], /^Failed to read the options: .*--loud/],
] as const;

test.each(refused)("%j is refused", (args, message) => {
  const { status, stderr, stdout } = bench(...args);
  expect({ status, stderr, stdout }).toEqual({
    status: 2,
    stderr: expect.stringMatching(message),
    stdout: "",
  });
});

test("a suite prints a table, and the summary what it means", () => {
  const { status, stdout } = bench("start", "--quick", "--only", "node");
  expect(status).toBe(0);
  expect(stdout).toMatch(/\n## start\n\n\| server .*\n\| -.*\n\| Mailproof \| node /);
  expect(stdout).toMatch(
    /\n## Summary\n\n\| what .*\| met .*\n\| -.*\n\| startMailproof\(\) in a warm process/,
  );
});

describe("figures", async () => {
  const { median, ratio, table } = await load("figures.mjs");

  test("the median of an odd and of an even number of rounds", () => {
    expect([median([9, 1, 5]), median([4, 1, 3, 2])]).toEqual([5, 3]);
  });

  test("a ratio is that of rounds, not of medians", () => {
    expect(ratio([10, 50, 40], [10, 100, 50])).toBe(0.8);
  });

  test("a table aligns numbers to the right, and leaves free what a row does not have", () => {
    const rows = [{ server: "a", rate: 12_345.6 }, { server: "bc", rate: 0.12345 }, { server: "d" }];
    expect(table(rows).split("\n")).toEqual([
      "| server |   rate |",
      "| ------ | -----: |",
      "| a      | 12,346 |",
      "| bc     |  0.123 |",
      "| d      |        |",
    ]);
  });
});

describe("targets", async () => {
  const { summarize } = await load("targets.mjs");
  const of = (suite: string, rows: object[]) => summarize(new Map([[suite, rows]]));
  const memory = (runtime: string, settled: number) => ({
    server: "Mailproof",
    runtime,
    "MB settled": settled,
    "limit, MB": 404,
  });

  test("a bound that is a column, on two runtimes of which one misses it", () => {
    expect(of("memory", [memory("node", 404), memory("bun", 405)])).toEqual([
      {
        what: "100,000 messages of 2 KiB, MB",
        measured: "node 404; bun 405",
        target: "≤ node 404; bun 404",
        met: "no: bun",
      },
    ]);
  });

  test("other servers are not compared", () => {
    const maildev = { server: "MailDev", runtime: "node", "MB settled": 9_000 };
    expect(of("memory", [maildev, memory("node", 300)])).toMatchObject([{ measured: "300", met: "yes" }]);
  });

  test("at least is not at most", () => {
    const row = { server: "Mailproof", runtime: "node", load: "4 connections, 1 MiB", "of without": 0.89 };
    expect(of("idle", [row])).toMatchObject([{ target: "≥ 0.9", met: "no" }]);
    expect(of("full", [row])).toMatchObject([{ target: "≥ 0.85", met: "yes" }]);
  });

  test("a suite that did not run is not in the summary", () => {
    expect(summarize(new Map())).toEqual([]);
  });
});

/** Not by a literal: plain JavaScript has no types. */
function load(file: string) {
  return import(new URL(file, import.meta.url).href);
}
