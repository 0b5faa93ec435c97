/** Starts the real program as a child process, on any runtime, and waits until it is ready. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

export interface Ready {
  readonly version: string;
  readonly pid: number;
  readonly smtp: { readonly host: string; readonly port: number; readonly url: string };
  readonly smtps?: { readonly host: string; readonly port: number; readonly url: string };
  readonly lmtp?: { readonly host: string; readonly port: number; readonly url: string };
  readonly http: { readonly url: string };
  readonly seed: string;
}

export interface Program {
  readonly ready: Ready;
  readonly child: ChildProcess;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
}

/** How the program is started on each runtime; under Deno with no permission but the network. */
export const runtimes = {
  node: { command: process.execPath, args: ["dist/src/cli/main.js"] },
  deno: { command: "node_modules/.bin/deno", args: ["run", "--allow-net", "--no-prompt", "src/cli/main.ts"] },
  bun: { command: "node_modules/.bin/bun", args: ["src/cli/main.ts"] },
} as const;

export type Runtime = keyof typeof runtimes;

/** Ports are free ones. Rejects with what the program said if it ends before it is ready. */
export async function startProgram(runtime: Runtime, flags: readonly string[]): Promise<Program> {
  const { command, args } = runtimes[runtime];
  const serve = ["serve", "--smtp-port", "0", "--http-port", "0", "--json", "--quiet", ...flags];
  const child = spawn(command, [...args, ...serve], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), once(child, "exit")]);
  if (typeof first[0] !== "string") throw new Error(`Failed to start on ${runtime}: ${complaint}`);
  return {
    ready: JSON.parse(first[0]),
    child,
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const [code] = await exited;
      return code;
    },
  };
}

const found = new Map<string, boolean>();

/**
 * Whether an outside program can be run, or a file is there. In CI everything must be, so that nothing is
 * skipped unseen.
 */
export function available(program: string): boolean {
  const known = found.get(program);
  if (known !== undefined) return known;
  const there = program.includes("/")
    ? existsSync(program)
    : spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
  if (!there && process.env.CI) throw new Error(`Failed to find ${program}: CI needs it; see .ci/run`);
  if (!there) console.warn(`skipped: ${program} is not on this machine`);
  found.set(program, there);
  return there;
}
