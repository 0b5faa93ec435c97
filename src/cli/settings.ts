/** What the server is started with: flag before environment before config file before default. */
import type { MailproofOptions } from "../options.ts";
import { readConfig } from "./config.ts";
import { readEnvironment } from "./environment.ts";
import { readNamedFile } from "./file.ts";
import { keyOf, type Option, textOf, type Value, type Values, variableOf } from "./option.ts";
import { programOptions, serverOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

export interface ServeSettings {
  readonly server: MailproofOptions;
  /** `--json`, `--quiet`, `--verbose`, `--tls-ca-out`. */
  readonly program: Values;
}

/** A place that says something, and how it names an option. */
interface Source {
  readonly values: Values;
  readonly place: (option: Option) => string;
}

/** Two names of one setting: who says one of them takes back the other. */
const levels = ["strict", "lenient"];

export async function readSettings(flags: Values): Promise<ServeSettings> {
  const options = [...serverOptions, ...programOptions];
  const environment = readEnvironment(options);
  const config = await readConfig(textOf(flags, "config") ?? textOf(environment, "config"), serverOptions);
  const sources: Source[] = [
    { values: flags, place: ({ flag }) => `--${flag}` },
    { values: environment, place: variableOf },
    { values: config.values, place: (option) => `${keyOf(option)} in ${config.path}` },
  ];
  const server: Record<string, unknown> = {};
  for (const option of serverOptions) {
    const value = settle(option, sources);
    if (value !== undefined) server[keyOf(option)] = value;
  }
  const program = new Map<string, Value>();
  for (const { flag } of programOptions) {
    const value = flags.get(flag) ?? environment.get(flag);
    if (value !== undefined) program.set(flag, value);
  }
  return { server, program };
}

function settle(option: Option, sources: readonly Source[]): unknown {
  const asked = levels.includes(option.flag) ? levels : [option.flag];
  const source = sources.find(({ values }) => asked.some((flag) => values.has(flag)));
  const value = source?.values.get(option.flag);
  if (source === undefined || value === undefined) return option.fallback;

  const place = source.place(option);
  if (option.flag === "tls-cert" || option.flag === "tls-key") return pem(String(value), place);
  if (option.flag === "fault") return (value as readonly unknown[]).flatMap((rule) => rulesOf(rule, place));
  return value;
}

/** Flags and variables name a file; a config file may hold the text as well. */
function pem(value: string, place: string): string {
  return value.startsWith("-----BEGIN") ? value : readNamedFile(value, place);
}

/** `@file.json` holds a rule, a list of rules, or `{ "rules": [ … ] }`. */
function rulesOf(rule: unknown, place: string): unknown[] {
  if (typeof rule !== "string" || !rule.startsWith("@")) return [rule];
  const path = rule.slice(1);
  const rules = parseRules(readNamedFile(path, place), path, place);
  if (Array.isArray(rules)) return rules;
  return rules.rules ?? [rules];
}

function parseRules(text: string, path: string, place: string): unknown[] | { rules?: unknown[] } {
  try {
    const rules: unknown = JSON.parse(text);
    if (typeof rules === "object" && rules !== null) return rules;
  } catch (error) {
    throw new UsageError(`Failed to read ${place}: ${path} is no JSON (${(error as Error).message})`);
  }
  throw new UsageError(
    `Failed to read ${place}: ${path} holds no rule; write an object or a list of objects`,
  );
}
