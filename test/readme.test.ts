/**
 * The README is true: its programs run, its terminal sessions print what they show, its diagram is
 * the engine's table, and what its other blocks name exists.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stateDiagram } from "../src/smtp/mod.ts";
import { type Program, runtimes, startProgram } from "./journeys/program.ts";

interface Block {
  /** `ts`, `ts recipe`, `console`, … */
  readonly kind: string;
  readonly line: number;
  readonly text: string;
}

const root = join(import.meta.dirname, "..");
const blocks = fencedBlocks(await readFile(join(root, "README.md"), "utf8"));
const ofKind = (kind: string): readonly Block[] => blocks.filter((block) => block.kind === kind);

let folder: string;
beforeAll(async () => {
  // Inside the project, so that the packages are found, and where nothing is looked for.
  folder = await mkdtemp(join(root, "dist", "readme-"));
  await writeFile(join(folder, "vitest.config.mjs"), "export default {};\n");
});
afterAll(() => rm(folder, { recursive: true }));

test("every block is of a kind that is tested here", () => {
  const kinds = new Set(blocks.map((block) => block.kind));
  expect([...kinds].sort()).toEqual(["console", "mermaid", "ts", "ts recipe", "yaml"]);
});

describe("programs", () => {
  for (const block of ofKind("ts")) {
    test(`line ${block.line}`, { timeout: 60_000 }, async () => {
      const runner = /from "vitest"/.test(block.text)
        ? "vitest"
        : /Deno\.test/.test(block.text)
          ? "deno"
          : "script";
      const path = join(folder, `line-${block.line}.test.ts`);
      await writeFile(path, withPaths(runner === "script" ? asTest(block) : block.text));
      const { command, args } = runner === "deno" ? denoTest(path) : vitest(path);
      const { code, said } = await run(command, args);
      expect(code, said).toBe(0);
    });
  }
});

describe("terminal sessions", () => {
  let program: Program;
  beforeAll(async () => {
    program = await startProgram("node", []);
  });
  afterAll(() => program?.stop());

  for (const block of ofKind("console")) {
    test(`line ${block.line}`, async () => {
      for (const { command, output } of steps(block.text)) {
        const { said } = await run("bash", ["-c", `${prelude()}\n${withPorts(command)}`]);
        expect(said.trim(), command).toMatch(pattern(output));
      }
    });
  }

  const prelude = (): string =>
    `mailproof() { "${process.execPath}" dist/src/cli/main.js "$@" --url "${program.ready.http.url}"; }`;
  const withPorts = (command: string): string =>
    command
      .replaceAll("127.0.0.1:1025", `127.0.0.1:${program.ready.smtp.port}`)
      .replaceAll("127.0.0.1:8025", new URL(program.ready.http.url).host);
});

test("the diagram is the engine's table", () => {
  expect(ofKind("mermaid").map((block) => block.text.trim())).toEqual([stateDiagram().trim()]);
});

test("the Compose example names variables that exist", () => {
  const { stdout: help } = spawnSync(process.execPath, ["dist/src/cli/main.js", "--help"], {
    cwd: root,
    encoding: "utf8",
  });
  const named = ofKind("yaml").flatMap((block) => block.text.match(/MAILPROOF_\w+/g) ?? []);
  expect(named.length).toBeGreaterThan(0);
  for (const variable of named) {
    expect(help).toContain(`--${variable.slice("MAILPROOF_".length).toLowerCase().replaceAll("_", "-")} `);
  }
});

function fencedBlocks(markdown: string): Block[] {
  const found: Block[] = [];
  for (const match of markdown.matchAll(/^```([^\n]+)\n(.*?)^```$/gms)) {
    const [, kind = "", text = ""] = match;
    found.push({ kind, text, line: markdown.slice(0, match.index).split("\n").length });
  }
  return found;
}

/** A recipe continues the block that all recipes start from; a block with imports stands alone. */
function asTest(block: Block): string {
  const [recipe] = ofKind("ts recipe");
  const standsAlone = /^import /m.test(block.text);
  const text = standsAlone ? block.text : `${recipe?.text}${block.text}\nawait mail.close();`;
  const lines = text.split("\n");
  const imports = lines.filter((line) => line.startsWith("import "));
  const rest = lines.filter((line) => !line.startsWith("import "));
  return [...imports, 'import { test } from "vitest";', 'test("README", async () => {', ...rest, "});"].join(
    "\n",
  );
}

function withPaths(text: string): string {
  return text.replace('from "mailproof"', `from ${JSON.stringify(join(root, "mod.ts"))}`);
}

function vitest(path: string): { command: string; args: string[] } {
  return {
    command: process.execPath,
    args: [join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", folder, path],
  };
}

function denoTest(path: string): { command: string; args: string[] } {
  const args = [
    "test",
    "--allow-net",
    "--allow-env",
    "--allow-sys",
    "--allow-read",
    "--no-check",
    "--no-prompt",
    path,
  ];
  return { command: runtimes.deno.command, args };
}

async function run(command: string, args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, NO_COLOR: "1" };
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
