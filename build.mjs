#!/usr/bin/env -S deno run -A
/**
 * Sets up a clone, then runs what is asked for, in this process:
 *
 *   node build.mjs [start | test | bench | fuzz] [arguments]
 *
 * Installs what is missing and builds what is stale. Node runs `dist/`, made from `src/`; Deno
 * and Bun run `src/` as it is and need only the dependencies. What was built from which sources is
 * remembered as hashes of names and contents, so a second start has nothing to do.
 *
 * No dependencies: it runs before there are any. The first line is for `deno task`, whose shell would
 * take the word `deno` for the npm package of that name.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { setInterval } from "node:timers";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const runtime = process.versions.deno ? "deno" : process.versions.bun ? "bun" : "node";
const program = runtime === "node" ? "dist/src/cli/main.js" : "src/cli/main.ts";
const entries = {
  start: program,
  test: "test/run.mjs",
  bench: "test/bench/run.mjs",
  fuzz: "test/fuzz/run.mjs",
};

/** Where the hashes of the last builds are kept; they go with node_modules, so new tools build anew. */
const recordFile = "node_modules/.mailproof-build.json";

const task = process.argv[2];
const entry = task === undefined ? null : entries[task];
if (entry === undefined) {
  console.error(
    `Failed to run: ${task}; use one of ${Object.keys(entries).join(", ")}, or nothing to build only`,
  );
  process.exit(2);
}

const install = { node: installWithNpm, deno: installWithDeno, bun: installWithBun }[runtime];
const installed = await install();
if (runtime === "node") await build();

if (installed && runtime === "deno") {
  // Deno looked for the dependencies when this process began.
  process.exit(await run(process.execPath, ["run", "-A", ...process.argv.slice(1)], "inherit"));
}
if (task === "start") endWithTheShell();
if (entry !== null) {
  process.argv.splice(1, 2, path(entry));
  await import(pathToFileURL(path(entry)).href);
}

/**
 * A script runner passes a signal on to its shell, which ends without a word: the server would live on
 * unseen and keep its ports.
 */
function endWithTheShell() {
  const shell = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  setInterval(() => process.ppid !== shell && process.kill(process.pid, "SIGTERM"), 250).unref();
}

/** The versions of the lock file, unless they are installed already. */
async function installWithNpm() {
  const wanted = readJson("package-lock.json").packages;
  const found = readJson("node_modules/.package-lock.json")?.packages;
  const current =
    found &&
    Object.entries(wanted).every(([place, { version, optional, os, cpu }]) => {
      if (place === "" || found[place]?.version === version) return true;
      return found[place] === undefined && (optional || os || cpu); // not for this platform
    });
  if (current) return false;
  const npm = process.env.npm_execpath ?? "";
  const [command, ...first] = basename(npm) === "npm-cli.js" ? [process.execPath, npm] : ["npm"];
  // Not `npm ci`: it insists on optional packages of other platforms, which a registry may lack.
  // The tools that build are devDependencies, also where NODE_ENV says production.
  const args = [...first, "install", "--no-save", "--include=dev", "--no-audit", "--no-fund"];
  await must("dependencies: installing (npm install)", command, args);
  return true;
}

/** Only what is imported: the npm packages of the other runtimes and tools are 300 MB that Deno does not need. */
async function installWithDeno() {
  // Not the examples: each is for a runner of its own. Not the packages that the benches compare.
  const isTest = /^test\/(?!examples\/|bench\/peers\/).*\.test\.ts$/;
  const tests =
    task === "test" ? ["vitest.config.ts", ...filesIn("test").filter((file) => isTest.test(file))] : [];
  if (hasDependencies() && (tests.length === 0 || existsSync(path("node_modules/vitest")))) return false;
  const only = tests.length === 0 ? [] : ["--entrypoint", "src/cli/main.ts", ...tests];
  await must("dependencies: installing (deno install)", process.execPath, [
    "install",
    "--prod",
    "--quiet",
    ...only,
  ]);
  return true;
}

/** Versions are those of package-lock.json; no second lock file is written. */
async function installWithBun() {
  if (hasDependencies() && existsSync(path("node_modules/vitest"))) return false;
  await must("dependencies: installing (bun install)", process.execPath, ["install", "--no-save"]);
  return true;
}

function hasDependencies() {
  return Object.keys(readJson("package.json").dependencies).every((name) =>
    existsSync(path("node_modules", name)),
  );
}

/** The page (`web/` → `src/api/page.gen.ts`), then the program (`src/` → `dist/`). */
async function build() {
  const record = readJson(recordFile) ?? {};
  // With the lock file, as other tools make another page.
  const ofPage = ["package-lock.json", ...filesIn("web"), "src/api/page.gen.ts"];
  if (record.page !== hash(ofPage)) {
    await must("page: building (web/embed.mjs)", process.execPath, ["web/embed.mjs"]);
    record.page = hash(ofPage);
    remember(record);
  }
  const sources = hash([
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "build.mjs",
    "mod.ts",
    ...filesIn("src"),
  ]);
  if (record.sources !== sources || !existsSync(path(program))) {
    // Built beside the old one and then swapped: a build that fails leaves the last good one, files that are gone go.
    const fresh = "dist.new";
    rmSync(path(fresh), { recursive: true, force: true });
    const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", fresh];
    await must("program: building (tsc, rolldown)", process.execPath, tsc);
    await joinModules(path(fresh));
    // It is a file to read now; `npx mailproof` runs it.
    chmodSync(path(fresh, "src/cli/main.js"), 0o755);
    rmSync(path("dist"), { recursive: true, force: true });
    renameSync(path(fresh), path("dist"));
    remember({ ...record, sources });
  }
}

/**
 * Node looks for each module, reads it and compiles it by itself, which for three hundred of them takes longer than
 * all the rest of a start. The entries of package.json stay where they are, with the declarations; what they share
 * is in `src/chunks`.
 */
async function joinModules(folder) {
  const { rolldown } = await import("rolldown");
  const { exports } = readJson("package.json");
  const files = Object.values(exports).flatMap(({ default: file }) => file?.replace("./dist/", "") ?? []);
  const entries = files.filter((file) => existsSync(join(folder, file)));
  const modules = await rolldown({
    input: Object.fromEntries(entries.map((file) => [file.replace(/\.js$/, ""), join(folder, file)])),
    platform: "node",
    // What is not ours is a dependency, and stays one.
    external: (id) => !/^[./]|^[A-Z]:/.test(id),
  });
  const chunkFileNames = "src/chunks/[name].js";
  const joined = await modules.generate({ entryFileNames: "[name].js", chunkFileNames });
  for (const file of readdirSync(folder, { recursive: true })) {
    if (file.endsWith(".js")) rmSync(join(folder, file));
  }
  mkdirSync(join(folder, "src/chunks"), { recursive: true });
  for (const { fileName, code } of joined.output) writeFileSync(join(folder, fileName), code);
}

function remember(record) {
  mkdirSync(path("node_modules"), { recursive: true });
  writeFileSync(path(recordFile), JSON.stringify(record));
}

function hash(files) {
  const sum = createHash("sha256");
  for (const file of files.filter((name) => existsSync(path(name)))) {
    sum.update(`${file}\0`).update(readFileSync(path(file)));
  }
  return sum.digest("hex");
}

function filesIn(folder) {
  if (!existsSync(path(folder))) return [];
  return readdirSync(path(folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(root.length))
    .sort();
}

/** Says what it does, does it, and ends this process where it fails. */
async function must(what, command, args) {
  console.error(`mailproof: ${what}`);
  const code = await run(command, args, 2);
  if (code === 0) return;
  console.error(`mailproof: ${what} failed: ${basename(command)} ended with ${code}`);
  process.exit(code);
}

/** Its output goes to standard error unless it is the program itself: standard output may be read as JSON. */
function run(command, args, stdout) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ["inherit", stdout, "inherit"],
    shell: process.platform === "win32" && command === "npm",
  });
  // Not child.kill: Deno then reports a child that ended well as killed.
  const pass = (signal) => process.kill(child.pid, signal);
  process.on("SIGINT", pass).on("SIGTERM", pass);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`mailproof: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  }).finally(() => process.off("SIGINT", pass).off("SIGTERM", pass));
}

function readJson(file) {
  return existsSync(path(file)) ? JSON.parse(readFileSync(path(file), "utf8")) : null;
}

function path(...parts) {
  return join(root, ...parts);
}
