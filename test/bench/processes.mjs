/** The processes of a bench. None outlives it, whatever ends it; what a suite leaves behind ends with the suite. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const running = new Set();

process.on("exit", endAll);
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

/** A process whose standard output is read, or nobody reads it. */
export function launch(command, args, { env = {}, stdout = "ignore" } = {}) {
  const child = spawn(command, args, {
    stdio: ["ignore", stdout, "inherit"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Starts a server that says in a line of JSON, be it not the first, where it listens: `{ child, ready }`. */
export async function launchServer(command, args, env) {
  const child = launch(command, args, { env, stdout: "pipe" });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`Failed to start ${[command, ...args].join(" ")}: it ended with ${code}`);
  });
  return { child, ready: await Promise.race([readyLine(child), failed]) };
}

function readyLine(child) {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
    });
  });
}

/** Seconds until it ended well. */
export async function timeToEnd(command, args) {
  const begun = performance.now();
  const [code, signal] = await once(launch(command, args), "exit");
  if (code === 0) return (performance.now() - begun) / 1000;
  throw new Error(`Failed to run ${[command, ...args].join(" ")}: it ended with ${code ?? signal}`);
}

export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

export function endAll() {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
}

/** MB that the process has in memory, as Linux counts them. */
export function memoryOf(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return (Number(kilobytes) * 1024) / 1e6;
}
