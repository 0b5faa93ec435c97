import process from "node:process";
import { type Option, type Value, type Values, variableOf } from "./option.ts";
import { isGranted } from "./permission.ts";
import { readValue } from "./value.ts";

/** A variable; undefined where it is empty or may not be read. */
export function readVariable(variable: string): string | undefined {
  if (!isGranted({ name: "env", variable })) return undefined;
  return process.env[variable] || undefined;
}

/** What the environment says for these options. */
export function readEnvironment(options: readonly Option[]): Values {
  const values = new Map<string, Value>();
  for (const option of options) {
    const variable = variableOf(option);
    const text = readVariable(variable);
    if (text !== undefined) values.set(option.flag, readValue(option, text, variable));
  }
  return values;
}
