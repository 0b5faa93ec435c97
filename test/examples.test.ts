/**
 * The worked examples run, each by its own runner, and fail as promised where the application is wrong: its mail
 * has another subject, and its worker does not try again.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { startMailproof } from "../mod.ts";
import { runtimes } from "./journeys/program.ts";
import { run } from "./support/console-blocks.ts";

const root = join(import.meta.dirname, "..");
const broken = { SHOP_SUBJECT: "Goodbye", SHOP_ATTEMPTS: "1" };

const missed =
  /no mail to ada@\S+ with subject \/\^welcome\/i in 3000 ms · closest: #1 "Goodbye" \(subject differs\)/;
const notRetried =
  /1 of 3 transactions to bob@\S+ in 3000 ms · came: rejected to bob@\S+ \(RCPT 452 4\.2\.2, rule \S*mailbox-full-\w+\)/;
/** What was asked for and what is nearest to it, for runners that print both. */
const inFull =
  /expected: ?\{?\s+to: \S+ada@.*subject: ?(?:\/\^welcome\/i)?.*actual: ?\{?\s+to: \S+ada@\S+\s+subject: .Goodbye./s;

/** Of Playwright, which would put them into the project. */
const results = join(tmpdir(), `mailproof-playwright-${process.pid}`);

interface Example {
  readonly file: string;
  readonly command: readonly string[];
  readonly passed: RegExp;
  readonly failed: readonly RegExp[];
}

const { deno, bun } = runtimes;
const examples: Record<string, Example> = {
  Vitest: {
    file: "vitest/shop.test.ts",
    command: [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--root", "test/examples/vitest"],
    passed: /Tests {2}2 passed \(2\)/,
    failed: [
      missed,
      /- {3}"subject": \/\^welcome\/i,\s+\+ {3}"subject": "Goodbye"/,
      /inbox a-new-member-gets-a-code-and-a-link-\d+: 1 message:\s+#1 "Goodbye" to ada@/,
      notRetried,
      /0 messages\s+attempts that failed:\s+rejected to bob@.* S: 452 4\.2\.2 /s,
    ],
  },
  Playwright: {
    file: "playwright/shop.spec.ts",
    command: [
      process.execPath,
      "node_modules/@playwright/test/cli.js",
      "test",
      "-c",
      "test/examples/playwright",
      "--output",
      results,
    ],
    passed: /1 passed/,
    failed: [
      missed,
      /attachment #1: mail \(text\/plain\) ─+\s+1 message:\s+#1 "Goodbye" to ada@/,
      /attachment #3: s1\.txt \(text\/plain\) ─+\s+\d+ S: 220 /,
    ],
  },
  "node:test": {
    file: "node/shop.test.mjs",
    command: [process.execPath, "--test", "test/examples/node/"],
    passed: /# pass 2\n/,
    failed: [missed, inFull, notRetried],
  },
  "Deno.test": {
    file: "deno/shop_test.ts",
    command: [
      deno.command,
      "test",
      "--no-check",
      "--no-prompt",
      "--allow-net",
      `--allow-env=${Object.keys(broken)}`,
      "test/examples/deno/",
    ],
    passed: /2 passed/,
    failed: [missed, notRetried],
  },
  "bun:test": {
    file: "bun/shop.test.ts",
    command: [bun.command, "test", "./test/examples/bun/"],
    passed: /2 pass\n/,
    failed: [missed, inFull, notRetried],
  },
};

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** In CI it must not be. */
const isAbsent = (runner: string): boolean =>
  runner === "Playwright" && !process.env.CI && !existsSync(chromium);

afterAll(() => rm(results, { recursive: true, force: true }));

async function runExample(
  runner: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; said: string }> {
  const [program = "", ...args] = examples[runner]!.command;
  return await run(program, args, env);
}

describe.each(Object.keys(examples).filter((runner) => !isAbsent(runner)))("%s", (runner) => {
  const { file, passed, failed } = examples[runner]!;

  test("the example passes", { timeout: 60_000 }, async () => {
    const { code, said } = await runExample(runner);
    expect(said).toMatch(passed);
    expect(code, said).toBe(0);
  });

  test("it fails as promised where the shop is wrong", { timeout: 60_000 }, async () => {
    const { code, said } = await runExample(runner, broken);
    for (const text of failed) expect(said).toMatch(text);
    expect(code).not.toBe(0);
  });

  test("docs/testing.md shows it as it is", async () => {
    const [doc, ...shown] = await Promise.all(
      ["docs/testing.md", `test/examples/${file}`, "test/examples/app/shop.mjs"].map((path) =>
        readFile(join(root, path), "utf8"),
      ),
    );
    for (const text of shown) expect(doc).toContain(text);
  });
});

test("a reporter of Vitest finds the mail of a test that failed", { timeout: 60_000 }, async () => {
  const report = join(results, "vitest.json");
  await mkdir(results, { recursive: true });
  const [program = "", ...args] = examples.Vitest!.command;
  await run(program, [...args, "--reporter=json", `--outputFile=${report}`, "-t", "a new member"], broken);
  const { testResults } = JSON.parse(await readFile(report, "utf8"));
  const { mailproof } = testResults[0].assertionResults[0].meta;
  expect(mailproof.text).toContain('#1 "Goodbye" to ada@');
  expect(mailproof.files).toEqual([
    { name: "m1.eml", text: expect.stringContaining("\r\nSubject: Goodbye\r\n") },
    { name: "s1.txt", text: expect.stringContaining("S: 250 2.0.0 Ok: queued as m1") },
  ]);
});

test.each(["Vitest", "Playwright"].filter((runner) => !isAbsent(runner)))(
  "%s with MAILPROOF_URL uses that server, in an inbox that is gone afterwards",
  { timeout: 60_000 },
  async (runner) => {
    const mail = await startMailproof();
    const { code, said } = await runExample(runner, { MAILPROOF_URL: mail.http.url });
    const [message] = await mail.messages();
    const { inboxes } = await (await fetch(`${mail.http.url}/api/inboxes`)).json();
    await mail.close();
    expect(code, said).toBe(0);
    expect(message?.envelope.to[0]).toMatch(/^ada@a-new-member-\S+\.inbox\.test$/);
    expect(inboxes).toEqual([]);
  },
);
