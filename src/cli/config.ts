import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { nearest } from "../notation/mod.ts";
import { parseJson, readNamedFile } from "./file.ts";
import { keyOf, type Option, type Value, type Values } from "./option.ts";
import { isGranted } from "./permission.ts";
import { UsageError } from "./usage-error.ts";
import { readValue } from "./value.ts";

const endings = [".ts", ".mts", ".js", ".mjs", ".json"];
const names = endings.map((ending) => `mailproof.config${ending}`);

export interface ConfigFile {
  /** As it was named or found; null: there is none. */
  readonly path: string | null;
  readonly values: Values;
}

/** Reads the file that is named, else the one in the working directory, if it may be looked for. */
export async function readConfig(named: string | undefined, options: readonly Option[]): Promise<ConfigFile> {
  const path =
    named ?? names.find((name) => isGranted({ name: "read", path: name }) && existsSync(name)) ?? null;
  if (path === null) return { path, values: new Map() };

  const ending = extname(path);
  if (!endings.includes(ending)) {
    const given = ending === "" ? "no ending" : `the ending ${ending}`;
    throw new UsageError(`Failed to read ${path}: ${given}; use ${endings.join(", ")}`);
  }
  const isJson = ending === ".json";
  const config = isJson ? parseJson(readNamedFile(path, "the config file"), path) : await load(path);
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    const advice = isJson ? 'write { "smtpPort": 2525 }' : "export default defineConfig({ … })";
    throw new UsageError(`Failed to read ${path}: it holds no object; ${advice}`);
  }
  const values = new Map<string, Value>();
  for (const [key, raw] of Object.entries(config)) {
    const option = options.find((one) => keyOf(one) === key);
    if (option === undefined) throw unknownKey(key, path, options);
    if (raw !== undefined) values.set(option.flag, readValue(option, raw, `${key} in ${basename(path)}`));
  }
  return { path, values };
}

/** The default export of a module. */
async function load(path: string): Promise<unknown> {
  // Says clearly what is wrong with the file itself, also for Deno's permissions.
  readNamedFile(path, "the config file");
  try {
    const module: { default?: unknown } = await import(pathToFileURL(resolve(path)).href);
    return module.default;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
      throw new UsageError(
        `Failed to read ${path}: Node ${process.version} cannot load TypeScript; use mailproof.config.mjs`,
      );
    }
    throw new UsageError(`Failed to read ${path}: ${message.split("\n", 1)[0]}${placeIn(path, error)}`);
  }
}

/** Where in the file, as far as the runtime says so; of a syntax error Node tells that on its command line alone. */
function placeIn(path: string, error: unknown): string {
  const { name, stack = "", position } = error as Error & { readonly position?: { readonly line: number } };
  const [, after = ""] = stack.split(`/${basename(path)}:`);
  const line = position?.line ?? Number.parseInt(after, 10);
  if (line > 0) return `, line ${line}; correct it there`;
  return name === "SyntaxError" ? `; node --check ${path} shows the line` : "";
}

function unknownKey(key: string, path: string, options: readonly Option[]): UsageError {
  const near = nearest(key, options.map(keyOf));
  const advice = near === null ? "see mailproof --help" : `did you mean ${near}?`;
  return new UsageError(`Unknown key in ${path}: ${key}; ${advice}`);
}
