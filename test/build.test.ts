/** `node build.mjs` builds what is stale, and only that. */
import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
let clone = "";

/** A clone with one source file, a page that counts how often it is built, and the installed tools. */
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), "mailproof-clone-"));
  for (const file of [
    "build.mjs",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.build.json",
  ]) {
    cpSync(join(root, file), join(clone, file));
  }
  mkdirSync(join(clone, "node_modules"));
  for (const name of [
    "typescript",
    "@typescript",
    "@types",
    "undici-types",
    "rolldown",
    "@rolldown",
    "@oxc-project",
    ".package-lock.json",
  ]) {
    symlinkSync(join(root, "node_modules", name), join(clone, "node_modules", name));
  }
  for (const folder of ["src/cli", "src/api", "web"]) mkdirSync(join(clone, folder), { recursive: true });
  write("mod.ts", "export {};\n");
  write("src/cli/main.ts", 'console.log("one", process.argv.slice(2).join(" "));\n');
  write(
    "web/embed.mjs",
    'import { appendFileSync } from "node:fs";\nappendFileSync("src/api/page.gen.ts", "export {};\\n");\n',
  );
});
afterAll(() => rmSync(clone, { recursive: true }));

function write(file: string, content: string): void {
  writeFileSync(join(clone, file), content);
}

function build(...args: string[]): { code: number | null; out: string; steps: string[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["build.mjs", ...args], {
    cwd: clone,
    encoding: "utf8",
  });
  return { code: status, out: stdout, steps: stderr.split("\n").filter((line) => line !== "") };
}

test("build: what is missing is built, what is current is left alone, what has changed is built again", () => {
  const page = "mailproof: page: building (web/embed.mjs)";
  const program = "mailproof: program: building (tsc, rolldown)";
  expect(build()).toEqual({ code: 0, out: "", steps: [page, program] });
  // `npx mailproof` in a clone runs the file itself.
  expect(() => accessSync(join(clone, "dist/src/cli/main.js"), constants.X_OK)).not.toThrow();
  expect(build()).toEqual({ code: 0, out: "", steps: [] });

  write("src/cli/main.ts", 'console.log("two", process.argv.slice(2).join(" "));\n');
  expect(build("start", "--smtp-port", "0")).toEqual({
    code: 0,
    out: "two --smtp-port 0\n",
    steps: [program],
  });
  expect(build("start")).toEqual({ code: 0, out: "two \n", steps: [] });

  write("web/style.css", "a {}");
  expect(build().steps).toEqual([page, program]);

  // Other tools make another page, too.
  write("package-lock.json", `${readFileSync(join(clone, "package-lock.json"), "utf8")}\n`);
  expect(build().steps).toEqual([page, program]);

  write("src/gone.ts", "export {};\n");
  build();
  expect(existsSync(join(clone, "dist/src/gone.d.ts"))).toBe(true);
  rmSync(join(clone, "src/gone.ts"));
  build();
  expect(existsSync(join(clone, "dist/src/gone.d.ts"))).toBe(false);

  rmSync(join(clone, "dist"), { recursive: true });
  expect(build().steps).toEqual([program]);
}, 60_000);

test("build: one that fails says so and leaves the last good one", () => {
  const good = readFileSync(join(clone, "dist/src/cli/main.js"), "utf8");
  write("src/cli/main.ts", "const port: number = 'many';\n");
  const { code, out, steps } = build("start");
  expect(code).not.toBe(0);
  expect(out).toBe("");
  expect(steps.join("\n")).toContain("src/cli/main.ts(1,7): error TS2322");
  expect(steps.at(-1)).toMatch(/^mailproof: program: building \(tsc, rolldown\) failed: /);
  expect(readFileSync(join(clone, "dist/src/cli/main.js"), "utf8")).toBe(good);
});

test("build: an unknown task is refused", () => {
  const { code, steps } = build("strat");
  expect(code).toBe(2);
  expect(steps).toEqual([
    "Failed to run: strat; use one of start, test, bench, fuzz, or nothing to build only",
  ]);
});
