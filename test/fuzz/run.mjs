/** Starts the fuzzer. Node runs no TypeScript before 22.18, so there it is made one plain file first. */
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const entry = fileURLToPath(new URL("main.ts", import.meta.url));
const isNode = process.versions.deno === undefined && process.versions.bun === undefined;
await import(isNode ? pathToFileURL(await bundle()).href : "./main.ts");

async function bundle() {
  const { build } = await import("vite");
  const outDir = fileURLToPath(new URL("../../node_modules/.mailproof-fuzz", import.meta.url));
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      ssr: entry,
      outDir,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "fuzz.mjs" } },
    },
  });
  return join(outDir, "fuzz.mjs");
}
