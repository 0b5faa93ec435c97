import { parseArgs } from "node:util";
import { nearest } from "../notation/mod.ts";
import { type Option, synopsisOf, type Value, type Values } from "./option.ts";
import { UsageError } from "./usage-error.ts";
import { readTyped } from "./value.ts";

export interface CommandLine {
  readonly values: Values;
  readonly positionals: readonly string[];
}

/**
 * Reads the arguments of a command. A flag given twice counts the second time, a list collects.
 * `--require-helo=false` takes back what the environment or the config file says.
 * @param foreign options that only the server has, where those of a command are read
 */
export function readFlags(
  args: readonly string[],
  options: readonly Option[],
  foreign: readonly Option[] = [],
): CommandLine {
  const declared = Object.fromEntries(
    options.map(({ flag, kind }) => [
      flag,
      { type: kind === "switch" ? "boolean" : "string", ...(flag === "help" ? { short: "h" } : {}) } as const,
    ]),
  );
  // `deno task start -- --quiet` hands the two dashes on.
  const own = args[0] === "--" ? args.slice(1) : [...args];
  // Not strict: its errors have their own words and their own order.
  const { tokens } = parseArgs({
    args: own,
    options: declared,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });

  const values = new Map<string, Value>();
  const positionals: string[] = [];
  let negative = -1;
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    // No option is a digit: `-5m` is an operand, of which the parser makes a token for each letter.
    const word = own[token.index] ?? "";
    if (/^-\d/.test(word)) {
      if (token.index !== negative) positionals.push(word);
      negative = token.index;
      continue;
    }
    const option = options.find(({ flag }) => flag === token.name);
    if (option === undefined) throw unknownFlag(token.rawName, options, foreign);
    const raw = rawValue(option, token);
    const before = values.get(option.flag);
    values.set(
      option.flag,
      readTyped(option, option.kind === "list" ? [...((before as string[]) ?? []), raw] : raw, token.rawName),
    );
  }
  return { values, positionals };
}

function rawValue(
  option: Option,
  token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
): string | true {
  if (option.kind === "switch") return token.value ?? true;
  const missing = token.value === undefined || (token.inlineValue === false && token.value.startsWith("--"));
  if (missing) throw new UsageError(`Failed to read ${token.rawName}: no value; write ${synopsisOf(option)}`);
  return token.value!;
}

function unknownFlag(name: string, options: readonly Option[], foreign: readonly Option[]): UsageError {
  if (foreign.some(({ flag }) => name === `--${flag}`)) {
    return new UsageError(
      `Unknown option: ${name}; only the server has it, and a command finds that with --url`,
    );
  }
  const near = nearest(
    name.replace(/^-+/, ""),
    options.map(({ flag }) => flag),
  );
  return new UsageError(
    `Unknown option: ${name}; ${near === null ? "see --help" : `did you mean --${near}?`}`,
  );
}
