/** Terminal sessions in documents: each is run against the real program, and must print what it shows. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Program, startProgram } from "../journeys/program.ts";

/** What stands between two fences of a document. */
export interface Block {
  /** `ts`, `ts recipe`, `console`, … */
  readonly kind: string;
  readonly line: number;
  readonly text: string;
}

const root = join(import.meta.dirname, "../..");

export function fencedBlocks(markdown: string): Block[] {
  const found: Block[] = [];
  for (const match of markdown.matchAll(/^```([^\n]+)\n(.*?)^```$/gms)) {
    const [, kind = "", text = ""] = match;
    found.push({ kind, text, line: markdown.slice(0, match.index).split("\n").length });
  }
  return found;
}

/** One test for each `console` block, and for each `sh` block, a script that has to succeed; those of one document continue each other, with a server of their own. */
export function testConsoleBlocks(document: string, blocks: readonly Block[]): void {
  describe(`terminal sessions of ${document}`, () => {
    let program: Program;
    const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
    beforeAll(async () => {
      program = await startProgram("node", []);
      // A program, so that other programs can start it.
      const start = `#!/bin/sh\nexec "${process.execPath}" "${root}/dist/src/cli/main.js" "$@"\n`;
      writeFileSync(join(folder, "mailproof"), start, { mode: 0o755 });
    });
    afterAll(async () => {
      await program?.stop();
      rmSync(folder, { recursive: true });
    });

    for (const block of blocks.filter(({ kind }) => kind === "console")) {
      test(`line ${block.line}`, async () => {
        for (const { command, output } of steps(block.text)) {
          const { said } = await run("bash", ["-c", `${prelude()}\n${withPorts(command)}`]);
          expect(said.trim(), command).toMatch(pattern(output));
        }
      });
    }

    for (const block of blocks.filter(({ kind }) => kind === "sh")) {
      test(`line ${block.line}`, async () => {
        const { code, said } = await run("bash", ["-c", `${prelude()}\n${withPorts(block.text)}`]);
        expect(code, said).toBe(0);
      });
    }

    const prelude = (): string => `export PATH="${folder}:$PATH" MAILPROOF_URL="${program.ready.http.url}"`;
    const withPorts = (command: string): string =>
      command
        .replaceAll("127.0.0.1:1025", `127.0.0.1:${program.ready.smtp.port}`)
        .replaceAll("127.0.0.1:8025", new URL(program.ready.http.url).host);
  });
}

/** Runs a program at the root of the project. */
export async function run(
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, NO_COLOR: "1", ...more };
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  return { code, said };
}

/** A command is a line after `$ `, with the lines that its trailing `|` joins; what follows is its output. */
function steps(text: string): { command: string; output: string }[] {
  const joined = text.replace(/\|\n\s+/g, "| ");
  return joined
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = "", ...output] = step.split("\n");
      return { command, output: output.join("\n").trim() };
    });
}

/** What is shown, literally; `…` stands for anything. */
function pattern(output: string): RegExp {
  const literal = output
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"))
    .join(".*?");
  return new RegExp(`^${literal}$`, "s");
}
