/** What the server is started with: flag before environment before config file before default. */
import type { MailproofOptions } from "../options.ts";
import { readConfig } from "./config.ts";
import { readEnvironment } from "./environment.ts";
import { readNamedFile } from "./file.ts";
import { keyOf, type Option, textOf, type Value, type Values, variableOf } from "./option.ts";
import { configOptions, fileOptions, programOptions, serverOptions } from "./options.ts";
import { type PlacedRule, readRules } from "./rules.ts";

export interface ServeSettings {
  /** Without the rules. */
  readonly server: MailproofOptions;
  readonly rules: readonly PlacedRule[];
  /** `--json`, `--quiet`, `--verbose`, `--tls-ca-out`. */
  readonly program: Values;
  /** The config file; null: there is none. */
  readonly config: string | null;
  /** By its key, how the user named an option: `--auth`, `MAILPROOF_AUTH`, `auths in mailproof.config.json`. */
  readonly places: ReadonlyMap<string, string>;
}

/** A place that says something, and how it names an option. */
interface Source {
  readonly values: Values;
  readonly place: (option: Option) => string;
  /** Of the config file. */
  readonly file?: string | null;
}

/** Two names of one setting: who says one of them takes back the other. */
const levels = ["strict", "lenient"];

export async function readSettings(flags: Values): Promise<ServeSettings> {
  const environment = readEnvironment([...serverOptions, ...programOptions]);
  const config = await readConfig(textOf(flags, "config") ?? textOf(environment, "config"), configOptions);
  const sources: Source[] = [
    { values: flags, place: ({ flag }) => `--${flag}` },
    { values: environment, place: variableOf },
    { values: config.values, place: (option) => `${keyOf(option)} in ${config.path}`, file: config.path },
  ];
  const server: Record<string, unknown> = {};
  const program = new Map<string, Value>();
  const places = new Map<string, string>();
  const rules: PlacedRule[] = [];
  for (const option of [...serverOptions, ...fileOptions, ...programOptions]) {
    const { flag, fallback } = option;
    const source = sourceOf(option, sources);
    const value = source?.values.get(flag) ?? fallback;
    if (value === undefined) continue;
    const place = source?.place(option) ?? `--${flag}`;
    places.set(keyOf(option), place);
    if (programOptions.includes(option)) program.set(flag, value);
    else if (flag === "fault") rules.push(...rulesOf(value as readonly unknown[], place, source?.file));
    else
      server[keyOf(option)] = flag === "tls-cert" || flag === "tls-key" ? pem(String(value), place) : value;
  }
  return { server, rules, program, config: config.path, places };
}

function sourceOf({ flag }: Option, sources: readonly Source[]): Source | undefined {
  const asked = levels.includes(flag) ? levels : [flag];
  return sources.find(({ values }) => asked.some((name) => values.has(name)));
}

/** Flags and variables name a file; a config file may hold the text as well. */
function pem(value: string, place: string): string {
  return value.startsWith("-----BEGIN") ? value : readNamedFile(value, place);
}

function rulesOf(items: readonly unknown[], place: string, file: string | null | undefined): PlacedRule[] {
  return items.flatMap((item, index) =>
    typeof file === "string" ? readRules(item, `faults[${index}]`, file) : readRules(item, "", place),
  );
}
