/**
 * The README is true: its programs run, its terminal sessions print what they show, its diagram is
 * the engine's table, and what its other blocks name exists.
 */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stateDiagram } from "../src/smtp/mod.ts";
import { type Block, fencedBlocks, testConsoleBlocks } from "./support/console-blocks.ts";
import { testProgramBlocks } from "./support/program-blocks.ts";

const root = join(import.meta.dirname, "..");
const blocks = fencedBlocks(await readFile(join(root, "README.md"), "utf8"));
const ofKind = (kind: string): readonly Block[] => blocks.filter((block) => block.kind === kind);

test("every block is of a kind that is tested here", () => {
  const kinds = new Set(blocks.map((block) => block.kind));
  expect([...kinds].sort()).toEqual(["console", "mermaid", "ts", "ts recipe", "yaml"]);
});

testProgramBlocks("README.md", blocks);
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
