import { Buffer } from "node:buffer";
import process from "node:process";
import { styleText } from "node:util";
import { readVariable } from "./environment.ts";

export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

/** Where the program writes. */
export interface Terminal {
  /** A line on standard output. */
  out(line: string): void;
  /** A line on standard error. */
  err(line: string): void;
  /** As it is, without a line end; where somebody sees it, with escapes in the place of what a terminal would obey. */
  octets(octets: Uint8Array | string): void;
  /** All of standard input. */
  input(): Promise<Uint8Array>;
  /** Resolves when all that was written to standard output has left this process, or nobody wants it. */
  drained(): Promise<void>;
  /** Resolves at once, unless so much waits to be read that no more is to be written: then when it has been. */
  relieved(): Promise<void>;
  /** Coloured only where somebody sees it. */
  paint(style: Style, text: string): string;
}

/** Octets that may wait for a reader of standard output. */
const mostWaiting = 16 * 1024 ** 2;

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // Whoever closes the pipe wants no more of it; the server lives on (`mailproof --json | head -1`).
  let closed = false;
  stdout.on("error", () => {
    closed = true;
  });
  const coloured = stdout.isTTY === true && readVariable("NO_COLOR") === undefined;
  let waiting: Uint8Array[] = [];
  let octetsWaiting = 0;
  let written = Promise.resolve();
  const write = (text: Uint8Array | string) => {
    if (closed) return;
    const octets = typeof text === "string" ? Buffer.from(text) : text;
    waiting.push(octets);
    octetsWaiting += octets.length;
    // Else it is under way.
    if (octetsWaiting === octets.length) written = writeAll();
  };
  // What comes while something is written goes out together.
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0 && !closed) {
      const octets = Buffer.concat(waiting);
      waiting = [];
      await push(octets).catch(() => {
        closed = true;
      });
      octetsWaiting -= octets.length;
    }
  };
  return {
    out: (line) => write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    octets: (octets) => write(stdout.isTTY === true ? seen(octets) : octets),
    input: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    },
    drained: () => written,
    relieved: () => (octetsWaiting < mostWaiting ? Promise.resolve() : written),
    paint: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  };
}

function seen(octets: Uint8Array | string): string {
  return printableLines(typeof octets === "string" ? octets : new TextDecoder().decode(octets));
}

interface DenoStdout {
  /** Resolves to how many octets were taken. */
  write(octets: Uint8Array): Promise<number>;
}

/** Resolves when they have left this process; may reject when nobody wants them. */
async function push(octets: Uint8Array): Promise<void> {
  const { Deno } = globalThis as { Deno?: { readonly stdout: DenoStdout } };
  if (Deno === undefined) return new Promise((resolve) => process.stdout.write(octets, () => resolve()));
  // `process.stdout` of Deno stops the whole process while nobody reads.
  for (let at = 0; at < octets.length; ) at += await Deno.stdout.write(octets.subarray(at));
}

const unprintable = /[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * What came from outside, safe to show: control characters and those that turn the direction of writing
 * are written as `\x1b`, so that no mail can move the cursor or forge a line.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}

/** The same, line by line. */
export function printableLines(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map((line) => line.split("\t").map(printable).join("\t"))
    .join("\n");
}

/** JSON that means the same and shows no character of that kind. */
export function printableJson(value: unknown, indent?: number): string {
  const escaped = /[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  return JSON.stringify(value, null, indent).replace(
    escaped,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
