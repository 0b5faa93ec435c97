/** Programs in documents: each is run as a test of its own, and must pass. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runtimes } from "../journeys/program.ts";
import { type Block, run } from "./console-blocks.ts";

const root = join(import.meta.dirname, "../..");

const entries: readonly (readonly [name: string, file: string])[] = [
  ["mailproof", "mod.ts"],
  ["mailproof/matchers", "src/sdk/matchers.ts"],
  ["mailproof/vitest", "src/entries/vitest.ts"],
  ["mailproof/msw", "src/sdk/msw.ts"],
];

/**
 * One test for each `ts` block. A block with imports stands alone; any other is a recipe, which continues the
 * `ts recipe` block of its document. One with `Deno.test` is run by Deno, all others in one run of Vitest.
 */
export function testProgramBlocks(document: string, blocks: readonly Block[]): void {
  describe(`programs of ${document}`, () => {
    const programs = blocks.filter(({ kind }) => kind === "ts");
    const [recipe] = blocks.filter(({ kind }) => kind === "ts recipe");
    let folder: string;
    let said = "";
    /** What failed, by file; null: nothing. */
    const results = new Map<string, string | null>();

    beforeAll(async () => {
      await mkdir(join(root, "dist"), { recursive: true });
      // Inside the project, so that the packages are found, and where nothing is looked for.
      folder = await mkdtemp(join(root, "dist", "programs-"));
      await writeFile(join(folder, "vitest.config.mjs"), "export default {};\n");
      for (const block of programs) {
        const text = isForDeno(block) ? block.text : withPaths(asTest(block, recipe?.text ?? ""));
        await writeFile(join(folder, fileOf(block)), text);
      }
      const report = join(folder, "report.json");
      const args = ["node_modules/vitest/vitest.mjs", "run", "--root", folder, "--dir", folder];
      const reporters = ["--reporter=json", `--outputFile=${report}`, "--testTimeout=20000"];
      const { said: all } = await run(process.execPath, [...args, ...reporters, "line-"]);
      said = all;
      const { testResults } = JSON.parse(await readFile(report, "utf8")) as Report;
      for (const { name, message, assertionResults } of testResults) {
        const failures = assertionResults.flatMap(({ failureMessages }) => failureMessages);
        const failed = [message, ...failures].filter((text) => text !== "").join("\n");
        results.set(name.slice(folder.length + 1), failed === "" ? null : failed);
      }
    }, 180_000);
    afterAll(() => rm(folder, { recursive: true }));

    for (const block of programs) {
      test(`line ${block.line}`, { timeout: 60_000 }, async () => {
        if (isForDeno(block)) {
          const args = ["test", "--allow-net", "--no-check", "--no-prompt", join(folder, fileOf(block))];
          const { code, said } = await run(runtimes.deno.command, args);
          expect(code, said).toBe(0);
        } else {
          expect(results.get(fileOf(block)) ?? null).toBe(null);
          expect([...results.keys()], said).toContain(fileOf(block));
        }
      });
    }
  });
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly failureMessages: readonly string[] }[];
  }[];
}

/** Deno finds the package by the name that deno.json gives it, as in a fresh clone. */
function isForDeno({ text }: Block): boolean {
  return /Deno\.test/.test(text);
}

/** Vitest does not take what Deno runs. */
function fileOf(block: Block): string {
  return `line-${block.line}.${isForDeno(block) ? "deno" : "test"}.ts`;
}

function asTest({ text, line }: Block, recipe: string): string {
  if (/from "(mailproof\/)?vitest"/.test(text)) return text;
  const standsAlone = /^import /m.test(text);
  const lines = (standsAlone ? text : `${recipe}${text}\nawait mail.close();`).split("\n");
  const imports = lines.filter((one) => one.startsWith("import "));
  const rest = lines.filter((one) => !one.startsWith("import "));
  const opening = ['import { test } from "vitest";', `test("line ${line}", async () => {`];
  return [...imports, ...opening, ...rest, "});"].join("\n");
}

function withPaths(text: string): string {
  return entries.reduce(
    (all, [name, file]) => all.replaceAll(`from "${name}"`, `from ${JSON.stringify(join(root, file))}`),
    text,
  );
}
