/** The config file as a program, on each runtime. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { program, spawnProgram } from "./spawned.ts";

const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { deno, bun, node } = process.versions;
const loadsTypeScript = deno !== undefined || bun !== undefined || Boolean(process.features.typescript);

/** Starts a server by this file and sends a mail to somebody who is not in its directory. */
function start(name: string, content: string) {
  const file = join(folder, name);
  writeFileSync(file, content);
  const own = [process.execPath, ...program].map((word) => `'${word}'`).join(" ");
  const script = `${own} directory && ${own} send --to bob@x.test`;
  return { file, spawned: spawnProgram(["exec", "--config", file, "--", "sh", "-c", script]) };
}

const directory = '{ users: [{ address: "ada@x.test" }], strictUsers: true }';

const rows: [string, string, boolean][] = [
  ["a.mjs", `export default { directory: ${directory} };`, true],
  ["a.json", '{ "directory": { "users": [{ "address": "ada@x.test" }], "strictUsers": true } }', true],
  [
    "a.ts",
    `const strict: boolean = true;\nexport default { directory: ${directory}, strict };`,
    loadsTypeScript,
  ],
  ["a.mts", `export default { directory: ${directory} as object };`, loadsTypeScript],
];

test.each(rows)(
  "%s: its directory counts, or one line says what to write instead",
  async (name, content, can) => {
    const { file, spawned } = start(name, content);
    if (can) {
      expect(await spawned.line(/./)).toBe("<ada@x.test>");
      expect(await spawned.exited).toBe(1);
      expect(spawned.complaint()).toMatch(/^mailproof: RCPT TO bob@x\.test: 550 5\.1\.1 .*\n$/);
    } else {
      expect(await spawned.exited).toBe(2);
      const line = `Failed to read ${file}: Node v${node} cannot load TypeScript; use mailproof.config.mjs`;
      expect(spawned.complaint()).toBe(`mailproof: ${line}\n`);
    }
  },
);

test.each([
  ["b.mjs", "export default { directory: [] };", /: \[\]; use an object\n$/],
  ["c.mjs", "export default { directroy: {} };", /: directroy; did you mean directory\?\n$/],
  [
    "d.mjs",
    'export default { directory: { users: [{ address: "ada" }] } };',
    /^mailproof: Failed to set directory in .*d\.mjs: users\[0\]\.address: "ada" is no address.*\n$/,
  ],
  ["e.mjs", "export const smtpPort = 1;", /: it holds no object; export default defineConfig\(\{ … \}\)\n$/],
  [
    "f.mjs",
    "export default {\n  smtpPort: ,\n}",
    deno !== undefined || bun !== undefined
      ? /^mailproof: Failed to read .*f\.mjs: .+, line 2; correct it there\n$/
      : /^mailproof: Failed to read .*f\.mjs: .+; node --check .*f\.mjs shows the line\n$/,
  ],
  [
    "g.mjs",
    "const a = 1;\nthrow new Error('no luck')",
    /^mailproof: Failed to read .*g\.mjs: no luck, line 2; correct it there\n$/,
  ],
])("%s cannot be followed: one line, exit code 2", async (name, content, line) => {
  const { spawned } = start(name, content);
  expect(await spawned.exited).toBe(2);
  expect(spawned.complaint()).toMatch(line);
  expect(spawned.complaint().trimEnd()).not.toContain("\n");
});
