/** Fault rules as users write them, each with its place, so that a refusal can say which of them it is about. */
import { parseFaultText } from "../faults/mod.ts";
import type { FaultRule } from "../sdk/mod.ts";
import { parseJson, readNamedFile } from "./file.ts";
import { UsageError } from "./usage-error.ts";

export interface PlacedRule {
  /** Not checked yet. */
  readonly rule: FaultRule;
  /** `faults[1]`, or `""` where it stands alone. */
  readonly path: string;
  /** `mailproof.config.json`, `--fault` */
  readonly file: string;
}

/** Reads a text for `--fault`, or an object: a rule, a list of rules, or `{ rules: [ … ] }`. */
export function readRules(item: unknown, path: string, file: string): PlacedRule[] {
  if (typeof item !== "string") return spread(item, path, file);
  if (!item.startsWith("@")) return readText(item, path, file);
  const name = item.slice(1);
  return spread(parseJson(readNamedFile(name, placeOf(path, file)), name), "", name);
}

/**
 * What is wrong with one of the rules that were added together: `Failed to read [1].do in rules.json: …`.
 * Null: it is none of them.
 * @param inner where, as `rules[1].do`; the message begins with it
 */
export function refusedRule(rules: readonly PlacedRule[], inner: string, message: string): UsageError | null {
  const rule = rules[Number(/^rules\[(\d+)\]/.exec(inner)?.[1])];
  if (rule === undefined) return null;
  const { path, file } = rule;
  const reason = message.startsWith(`${inner}: `) ? message.slice(inner.length + 2) : message;
  // Of the path only what is within the rule.
  const within = inner.replace(/^rules\[\d+\]\.?/, "");
  const whole = path !== "" && within !== "" ? `${path}.${within}` : `${path}${within}`;
  return new UsageError(`Failed to read ${placeOf(whole, file)}: ${reason}`);
}

function spread(value: unknown, path: string, file: string): PlacedRule[] {
  if (typeof value !== "object" || value === null) {
    throw new UsageError(
      `Failed to read ${placeOf(path, file)}: it holds no rule; write an object or a list of objects`,
    );
  }
  if ("rules" in value && Array.isArray(value.rules))
    return each(value.rules, path === "" ? "rules" : `${path}.rules`, file);
  return Array.isArray(value) ? each(value, path, file) : [{ rule: value as FaultRule, path, file }];
}

function each(rules: readonly FaultRule[], path: string, file: string): PlacedRule[] {
  return rules.map((rule, index) => ({ rule, path: `${path}[${index}]`, file }));
}

function readText(text: string, path: string, file: string): PlacedRule[] {
  try {
    return parseFaultText(text).map((rule) => ({ rule, path, file }));
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(
      message.replace("Failed to read the fault", `Failed to read ${placeOf(path, file)}`),
    );
  }
}

function placeOf(path: string, file: string): string {
  return path === "" ? file : `${path} in ${file}`;
}
