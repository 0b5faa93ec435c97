import { runProgram } from "../../src/cli/program.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program in this process and keeps what it writes. */
export async function run(...args: string[]): Promise<Outcome> {
  return await runWith("", ...args);
}

/** The same with something on standard input. */
export async function runWith(input: string, ...args: string[]): Promise<Outcome> {
  const { terminal, written } = recorder(input);
  const code = await runProgram(args, terminal);
  return { code, ...written() };
}

/** A terminal without colour. */
export function recorder(input = ""): { terminal: Terminal; written: () => { out: string; err: string } } {
  let out = "";
  let err = "";
  const terminal: Terminal = {
    out: (line) => {
      out += `${line}\n`;
    },
    err: (line) => {
      err += `${line}\n`;
    },
    octets: (octets) => {
      out += typeof octets === "string" ? octets : new TextDecoder().decode(octets);
    },
    input: async () => new TextEncoder().encode(input),
    drained: async () => {},
    relieved: async () => {},
    paint: (_, text) => text,
  };
  return { terminal, written: () => ({ out, err }) };
}
