/** The fixtures as a test of Playwright has them; Playwright runs on Node. */
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../support/console-blocks.ts";

const isNode = !("Deno" in globalThis || "Bun" in globalThis);
const results = join(tmpdir(), `mailproof-playwright-fixtures-${process.pid}`);

test.runIf(isNode)("fixtures of Playwright", { timeout: 60_000 }, async () => {
  const cli = ["node_modules/@playwright/test/cli.js", "test", "-c", "test/entries/playwright"];
  const { said } = await run(process.execPath, [...cli, "--workers", "1", "--output", results]);
  await rm(results, { recursive: true, force: true });
  expect(said).toMatch(/^\s+4 passed/m);
});
