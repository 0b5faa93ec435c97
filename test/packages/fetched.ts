/**
 * Packages that only these suites want and that are too large for every `npm install`: fetched when first
 * wanted, and kept in `node_modules/.cache`.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./project.ts";

const cache = join(root, "node_modules/.cache/mailproof");

/** The folder of the package; null where it cannot be had, which in CI is a failure. */
export async function fetched(name: string, range: string): Promise<string | null> {
  const place = join(cache, `${name.replace("/", "+")}@${range}`);
  const folder = join(place, "node_modules", name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  // Made beside its place and then moved: suites that run at once may want the same.
  const fresh = mkdtempSync(join(cache, "fresh-"));
  writeFileSync(join(fresh, "package.json"), "{}");
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { code, err } = await run("npm", ["install", ...flags, `${name}@${range}`], fresh);
  if (code === 0 && !existsSync(place)) renameSync(fresh, place);
  else rmSync(fresh, { recursive: true });
  if (existsSync(folder)) return folder;
  if (process.env.CI) throw new Error(`Failed to fetch ${name}@${range}: ${err}`);
  return null;
}

/** Node of this version; null where it cannot be had. */
export async function fetchedNode(version: string): Promise<string | null> {
  const folder = await fetched(`node-${process.platform}-${process.arch}`, version);
  return folder === null ? null : join(folder, "bin/node");
}
