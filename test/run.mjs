/**
 * The gate: types, lint, and the suites on every runtime. `node test/run.mjs [vitest filters]`
 *
 * On Node it checks everything; run by Deno or Bun, the suites that need nothing but that runtime.
 * A runtime that is absent is named and skipped; in CI it is a failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const filters = process.argv.slice(2);
const rooms = [
  "notation",
  "smtp",
  "fuzz",
  "mail",
  "faults",
  "store",
  "api",
  "providers",
  "sdk",
  "server",
  "entries",
  "cli",
];
const portable = filters.length > 0 ? filters : rooms.map((room) => `test/${room}/`);
const reports = mkdtempSync(join(tmpdir(), "mailproof-test-"));

const vitest = "node_modules/vitest/vitest.mjs";
const vitestOn = {
  Node: (node) => [node, vitest, "run", ...filters],
  Deno: (deno) => [deno, "run", "-A", "npm:vitest", "run", ...portable],
  Bun: (bun) => [bun, "--bun", vitest, "run", ...portable],
};

/** What a step has counted; `failures` and `retried` are texts. */
const nothing = { passed: 0, failed: 0, skipped: 0, remark: null, failures: [], retried: [] };

/** One per step: its name, and what it counted. */
const results = [];

const own = process.versions.deno ? "Deno" : process.versions.bun ? "Bun" : "Node";
if (own === "Node") {
  const tsc = "node_modules/typescript/bin/tsc";
  check("types", process.execPath, [tsc, "-p", "tsconfig.json", "--noEmit"]);
  if (existsSync(join(root, "web/tsconfig.json"))) {
    check("types of the page", process.execPath, [tsc, "-p", "web/tsconfig.json", "--noEmit"]);
  }
  check("lint", process.execPath, ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"]);
}
const deno = own === "Deno" ? process.execPath : own === "Node" ? find("deno") : null;
if (deno !== null) check("JSR package", deno, ["publish", "--dry-run", "--allow-dirty", "--quiet"]);

suites(own, process.execPath);
if (own === "Node") {
  suites("Deno", deno);
  suites("Bun", find("bun"));
}
rmSync(reports, { recursive: true, force: true });
summarize();

function check(name, command, args) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  const isOk = status === 0;
  results.push({ ...nothing, name, failed: isOk ? 0 : 1, remark: isOk ? "ok" : "failed" });
}

function suites(runtime, binary) {
  const name = `suites on ${runtime}`;
  console.log(`\n── ${name}`);
  if (binary === null) {
    const remark = `skipped: no ${runtime.toLowerCase()} on this machine`;
    results.push({ ...nothing, name, failed: process.env.CI ? 1 : 0, remark });
    return;
  }
  const report = join(reports, `${runtime}.json`);
  const [command, ...args] = vitestOn[runtime](binary);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync(command, [...args, ...reporters], { cwd: root, stdio: "inherit" });
  results.push({ ...nothing, name, ...count(report, status) });
}

/** What vitest reports. A suite that could not be loaded and an error outside of a test are one failure at least. */
function count(report, status) {
  if (!existsSync(report)) return { failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  const unloaded = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = numFailedTests + unloaded.length;
  return {
    passed: numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
    failures:
      failed === 0 && status !== 0
        ? ["An error outside of the tests: see above."]
        : testResults.flatMap(failuresOf),
    retried: testResults.flatMap(retriedOf),
  };
}

/** The failed tests of a file, with what they said: the end of the output is what is read, and what CI keeps. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length === 0) return status === "failed" ? [`${file}\n${message}`] : [];
  return failed.map((test) => told(file, test));
}

/** The tests of a file that passed at the second try only, with what they said at the first. */
function retriedOf({ name, assertionResults }) {
  return assertionResults
    .filter((test) => test.status === "passed" && test.failureMessages.length > 0)
    .map((test) => told(relative(root, name), test));
}

function told(file, { fullName, failureMessages }) {
  return `${file} > ${fullName}\n${failureMessages.map(ownFrames).join("\n")}`;
}

/** A failure without the frames of the test runner. */
function ownFrames(message) {
  return message.replaceAll(/\n\s+at .*(node_modules|<anonymous>|native).*/g, "");
}

/** The devDependency, else what is on the path; null where neither runs. */
function find(name) {
  const candidates = [join(root, "node_modules/.bin", name), name];
  return (
    candidates.find((command) => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0) ?? null
  );
}

function summarize() {
  const total = (of) => results.reduce((sum, result) => sum + result[of], 0);
  const line = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
  for (const { name, retried } of results) list(`passed at the second try: ${name}`, "↻", retried);
  for (const { name, failures } of results) list(`failed: ${name}`, "✗", failures);
  console.log("\n── summary");
  for (const result of results) {
    console.log(
      `${result.failed > 0 ? "✗" : "✓"} ${result.name.padEnd(18)} ${result.remark ?? line(result)}`,
    );
  }
  console.log(`\n${line({ passed: total("passed"), failed: total("failed"), skipped: total("skipped") })}`);
  process.exitCode = total("failed") === 0 ? 0 : 1;
}

function list(title, sign, entries) {
  if (entries.length === 0) return;
  console.log(`\n── ${title}`);
  for (const entry of entries) console.log(`${sign} ${entry}\n`);
}
