/**
 * Everything that is measured, one suite after the other. Rounds alternate between what is compared, figures are
 * medians, and only ratios mean something on another machine. Tables are Markdown on standard output, progress goes
 * to standard error.
 */
import { spawnSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import { parseArgs } from "node:util";
import { table } from "./figures.mjs";
import { benchFull } from "./full.mjs";
import { benchGrowth } from "./growth.mjs";
import { benchIdle } from "./idle.mjs";
import { benchMemory } from "./memory.mjs";
import { peerVersions } from "./peers.mjs";
import { endAll } from "./processes.mjs";
import { benchReading } from "./reading.mjs";
import { runtimes } from "./runtimes.mjs";
import { findAiosmtpd } from "./servers.mjs";
import { benchSoak } from "./soak.mjs";
import { benchStart } from "./start.mjs";
import { summarize } from "./targets.mjs";
import { benchThroughput } from "./throughput.mjs";
import { benchWaits } from "./waits.mjs";

const suites = [
  {
    name: "throughput",
    says: "messages per second beside other servers, three loads",
    bench: benchThroughput,
  },
  { name: "idle", says: "the same with 1,000 idle connections, and without", bench: benchIdle },
  { name: "full", says: "the same with rules, listeners and a full mailbox, and without", bench: benchFull },
  {
    name: "growth",
    says: "messages per second with 1,000, 10,000 and 100,000 messages held",
    bench: benchGrowth,
  },
  { name: "memory", says: "MB with 100,000 messages held", bench: benchMemory },
  { name: "reading", says: "ms to list and search 100,000 messages", bench: benchReading },
  { name: "waits", says: "ms that a test waits for, beside other packages", bench: benchWaits },
  { name: "start", says: "ms until a server is there", bench: benchStart },
  { name: "soak", says: "MB while 2,000,000 messages pass through 10,000 places", bench: benchSoak },
];

const help = `Usage: npm run bench -- [SUITE…] [options]

${suites.map(({ name, says }) => `  ${name.padEnd(16)} ${says}`).join("\n")}

  --rounds N       of each suite; the figures are their medians (5)
  --only RUNTIME   node, deno or bun (all)
  --messages N     of soak (2000000)
  --quick          one round of a fiftieth of everything, to see that it works; the figures mean nothing
  --help           this text`;

const needsPostfix = ["throughput", "idle", "full", "growth", "memory", "soak"];

const { names, options } = readArguments();
mustFindPostfix();

// What servers of other packages say in this process belongs to the progress.
console.info = console.error;
console.log(describeMachine());

const results = new Map();
for (const { name, bench } of suites.filter((suite) => names.includes(suite.name))) {
  const begun = performance.now();
  try {
    const rows = await bench(options);
    results.set(name, rows);
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.log(`\n## ${name}\n\n${table(rows)}\n\n${seconds} s`);
  } catch (error) {
    console.log(`\n## ${name}\n\nNot measured: ${error.message}`);
    process.exitCode = 1;
  } finally {
    endAll();
  }
}
const summary = summarize(results);
if (summary.length > 0) console.log(`\n## Summary\n\n${table(summary)}`);
// Servers of other packages that ran in this process leave timers behind.
process.exit();

function readArguments() {
  const { values, positionals } = mustParse();
  if (values.help) {
    console.log(help);
    process.exit();
  }
  const known = suites.map(({ name }) => name);
  for (const name of positionals) {
    if (!known.includes(name)) fail(`Failed to run ${name}: no such suite; use ${known.join(", ")}`);
  }
  const chosen = runtimes.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) fail(`Failed to run on ${values.only}: no such runtime; use node, deno or bun`);
  return {
    names: positionals.length > 0 ? positionals : known,
    options: {
      rounds: values.quick ? 1 : count("--rounds", values.rounds),
      isQuick: values.quick,
      runtimes: chosen,
      messages: values.messages && count("--messages", values.messages),
      scaled: (number) => (values.quick ? Math.ceil(number / 50) : number),
    },
  };
}

/** Its absence is an error of who asks for these suites, that of another server a line. */
function mustFindPostfix() {
  // Where Debian has it, for users who are not root.
  process.env.PATH += ":/usr/sbin";
  if (!names.some((name) => needsPostfix.includes(name))) return;
  for (const program of ["smtp-source", "smtp-sink"]) {
    if (spawnSync(program, [], { stdio: "ignore" }).error === undefined) continue;
    fail(`Failed to start ${program}: not found; install Postfix (Debian: apt-get install postfix)`);
  }
}

function describeMachine() {
  const cores = cpus();
  const aiosmtpd = findAiosmtpd();
  const postfix = spawnSync("postconf", ["-dh", "mail_version"], { encoding: "utf8" }).stdout?.trim();
  return [
    `${cores.length} × ${cores[0].model}, ${Math.round(totalmem() / 1e9)} GB, ${type()} ${release()}`,
    options.runtimes.map(versionOf).join(", "),
    [
      `Postfix ${postfix || "not installed (Debian: postfix)"}`,
      ...peerVersions(),
      `aiosmtpd ${aiosmtpd?.version ?? "not installed, not compared (Debian: python3-aiosmtpd)"}`,
    ].join(", "),
    options.isQuick ? "quick: the figures mean nothing" : `rounds: ${options.rounds}`,
  ].join("  \n");
}

function versionOf({ name, command }) {
  const { stdout, error } = spawnSync(command, ["--version"], { encoding: "utf8" });
  if (error !== undefined) fail(`Failed to start ${command}: not found; run npm install, or use --only node`);
  return `${name} ${/\d+\.\d+\.\d+/.exec(stdout)[0]}`;
}

function mustParse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "5" },
        only: { type: "string" },
        messages: { type: "string" },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return fail(`Failed to read the options: ${error.message}`);
  }
}

function count(option, text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  return fail(`Failed to read ${option}: ${text}; use a whole number from 1`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
