/**
 * The README is true: its programs run, its terminal sessions print what they show, its diagram is
 * the engine's table, and what its other blocks name exists.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stateDiagram } from "../src/smtp/mod.ts";
import { runtimes } from "./journeys/program.ts";
import { type Block, fencedBlocks, run, testConsoleBlocks } from "./support/console-blocks.ts";

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
      // Deno finds the package by the name that deno.json gives it, as in a fresh clone.
      if (runner === "deno") await writeFile(path, block.text);
      else await writeFile(path, withPaths(runner === "script" ? asTest(block) : block.text));
      const { command, args } = runner === "deno" ? denoTest(path) : vitest(path);
      const { code, said } = await run(command, args);
      expect(code, said).toBe(0);
    });
  }
});

testConsoleBlocks("README.md", blocks);

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
  const args = ["test", "--allow-net", "--no-check", "--no-prompt", path];
  return { command: runtimes.deno.command, args };
}
