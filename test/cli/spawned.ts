/** The program as a child process: what a terminal or a script sees of it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface Spawned {
  readonly child: ChildProcess;
  /** The next line of standard output that matches; lines before it are skipped. */
  line(pattern: RegExp): Promise<string>;
  /** What came on standard error so far. */
  complaint(): string;
  /** Sends the signal; resolves to the exit code when the process has ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  exited: Promise<number | null>;
}

/** Of the runtime that runs this test. */
export const program = process.versions.deno
  ? ["run", "-A", "src/cli/main.ts"]
  : [process.versions.bun ? "src/cli/main.ts" : "dist/src/cli/main.js"];

export function spawnProgram(args: readonly string[], env: Record<string, string> = {}): Spawned {
  const child = spawn(process.execPath, [...program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    exited,
    complaint: () => complaint,
    async line(pattern) {
      while (true) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`The program ended before it said ${pattern}: ${complaint}`);
        if (pattern.test(value)) return value;
      }
    },
    async end(signal = "SIGTERM") {
      // Not child.kill: Deno then reports a child that ended well as killed.
      if (child.pid !== undefined) process.kill(child.pid, signal);
      return await exited;
    },
  };
}

export interface Ready {
  readonly version: string;
  readonly pid: number;
  readonly smtp: { readonly host: string; readonly port: number; readonly url: string };
  readonly smtps?: { readonly port: number; readonly url: string };
  readonly http: { readonly url: string };
  readonly seed: string;
}

/** Started on free ports, ready, and telling its events as JSON. */
export async function spawnReady(...args: string[]): Promise<Spawned & { readonly ready: Ready }> {
  const spawned = spawnProgram(["serve", "--smtp-port", "0", "--http-port", "0", "--json", ...args]);
  return { ...spawned, ready: JSON.parse(await spawned.line(/./)) };
}
