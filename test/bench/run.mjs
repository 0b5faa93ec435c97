/**
 * Messages per second: Postfix's smtp-source against Mailproof on each runtime and against Postfix's
 * smtp-sink, which keeps nothing. All in one run, in alternating rounds; figures are medians, and
 * only the ratios mean something on another machine.
 *
 *   npm run bench                 all loads, 5 rounds
 *   npm run bench -- --rounds 3   fewer rounds
 *   npm run bench -- --only node  one runtime
 *   npm run bench -- --rules      each runtime also with 1,000 fault rules, of which none matches
 *   npm run bench -- --waits      instead: what a test waits for, beside other packages of npm
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { idleRules } from "./idle-rules.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    rules: { type: "boolean", default: false },
    waits: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);

if (values.waits) {
  const { benchWaits } = await import("./waits.mjs");
  await benchWaits(rounds);
  process.exit();
}

const loads = [
  { name: "10 open connections, 2 KiB", args: ["-d", "-s", "10", "-l", "2048"], messages: 30_000 },
  { name: "a connection per message, 2 KiB", args: ["-s", "10", "-l", "2048"], messages: 10_000 },
  { name: "4 connections, 1 MiB", args: ["-d", "-s", "4", "-l", "1048576"], messages: 400 },
];

const serve = ["serve", "--smtp-port", "0", "--http-port", "0", "--json", "--quiet"];
const runtimes = [
  { name: "node", command: process.execPath, args: ["dist/src/cli/main.js"] },
  { name: "deno", command: "node_modules/.bin/deno", args: ["run", "--allow-net", "src/cli/main.ts"] },
  { name: "bun", command: "node_modules/.bin/bun", args: ["src/cli/main.ts"] },
].filter(({ name }) => values.only === undefined || name === values.only);
const servers = [
  { name: "smtp-sink", start: startSink },
  ...runtimes.flatMap(({ name, command, args }) => {
    const start = (rules) => startMailproof(command, [...args, ...serve], rules);
    const plain = { name, start: () => start([]) };
    const ruled = { name: `${name}, 1,000 rules`, start: () => start(idleRules(1_000)) };
    return values.rules ? [plain, ruled] : [plain];
  }),
];

for (const program of ["smtp-source", "smtp-sink"]) {
  if (spawnSync(program, [], { stdio: "ignore" }).error !== undefined) {
    console.error(`Failed to start ${program}: not found; install Postfix (Debian: apt-get install postfix)`);
    process.exit(1);
  }
}

const rows = [];
for (const load of loads) {
  const rates = new Map(servers.map((server) => [server.name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const server of servers) {
      const running = await server.start();
      // What is measured is a server that runs: first the runtime compiles what it finds to be hot.
      await send(load, running.port, Math.ceil(load.messages / 4));
      rates.get(server.name).push(load.messages / (await send(load, running.port, load.messages)));
      await running.stop();
    }
    process.stderr.write(`${load.name}: round ${round + 1} of ${rounds}\n`);
  }
  const sink = median(rates.get("smtp-sink"));
  for (const server of servers) {
    const rate = median(rates.get(server.name));
    rows.push({
      load: load.name,
      server: server.name,
      "messages/s": Math.round(rate),
      "of smtp-sink": (rate / sink).toFixed(2),
    });
  }
}
console.table(rows);

/** Seconds that smtp-source took. */
async function send(load, port, messages) {
  const begun = performance.now();
  const source = spawn("smtp-source", [...load.args, "-m", String(messages), `127.0.0.1:${port}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(source, "exit");
  if (code !== 0) throw new Error(`Failed to send ${load.name}: smtp-source ended with ${code}`);
  return (performance.now() - begun) / 1000;
}

async function startMailproof(command, args, rules) {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const ready = JSON.parse(line);
  if (rules.length > 0) await addRules(ready.http.url, rules);
  return { port: ready.smtp.port, stop: () => stop(child) };
}

async function addRules(url, rules) {
  const body = JSON.stringify({ rules });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/api/faults`, { method: "PUT", headers, body });
  if (!response.ok) throw new Error(`Failed to add the rules: ${await response.text()}`);
}

async function startSink() {
  const port = await freePort();
  const args = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child = spawn("smtp-sink", [...args, `127.0.0.1:${port}`, "1000"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { port, stop: () => stop(child) };
}

async function stop(child) {
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
