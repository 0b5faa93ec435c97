/** Typed readers of JSON from outside. Each takes the path of its value and refuses with it. */
import { longestTimer, parseDuration, suggest } from "../../notation/mod.ts";
import { FaultRuleError } from "../rule.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** `at("rules[0]", "do")` is `rules[0].do`. */
export function at(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

export function refuse(path: string, reason: string): never {
  throw new FaultRuleError(path, reason);
}

/** No rule is nested deeper: `rules[0].match.header.X.not[0]`. */
const deepest = 8;

/** Whether the value, which may come from anyone, is nested deeper than any rule: too deep to walk through. */
export function isTooDeep(value: unknown, left = deepest): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}

/** The value for a message: short, on one line. */
export function show(value: unknown): string {
  if (isTooDeep(value)) return "a deeply nested value";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with no other fields than these; a field that is undefined counts as absent. */
export function readObject(value: unknown, path: string, fields: readonly string[]): JsonObject {
  if (!isObject(value)) refuse(path, `${show(value)} is not an object; use the fields ${fields.join(", ")}`);
  for (const key of Object.keys(value)) {
    if (!fields.includes(key)) refuse(at(path, key), `unknown field; ${suggest(key, fields)}`);
  }
  return value;
}

export function readText(value: unknown, path: string, longest: number): string {
  if (typeof value !== "string") refuse(path, `${show(value)} is not a text; use a string`);
  if (value.length > longest) refuse(path, `${value.length} characters are too many; use at most ${longest}`);
  return value;
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") refuse(path, `${show(value)} is not a boolean; use true or false`);
  return value;
}

export function readInteger(value: unknown, path: string, least: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  refuse(path, `${show(value)} cannot be used; use a whole number of at least ${least}`);
}

export function readChoice<const Name extends string>(
  value: unknown,
  path: string,
  names: readonly Name[],
): Name {
  if (typeof value !== "string") refuse(path, `${show(value)} is not a text; use one of ${names.join(", ")}`);
  const found = names.find((name) => name === value);
  return found ?? refuse(path, `${show(value)} is unknown; ${suggest(value, names)}`);
}

/** Milliseconds. */
export function readDuration(value: unknown, path: string): number {
  if (typeof value !== "number" && typeof value !== "string") {
    refuse(path, `${show(value)} is not a duration; use a number of milliseconds or 250ms, 10s, 5m, 2h`);
  }
  const milliseconds = readWith(path, () => parseDuration(value));
  if (milliseconds > longestTimer) refuse(path, `${show(value)} is too long; use at most 596h`);
  return milliseconds;
}

/** Milliseconds, more than none. */
export function readSpan(value: unknown, path: string): number {
  const milliseconds = readDuration(value, path);
  if (milliseconds === 0) refuse(path, `${show(value)} is no time at all; use more than 0`);
  return milliseconds;
}

/** What `read` says about a bad value becomes the reason at this path. */
export function readWith<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    return refuse(path, cause instanceof Error ? cause.message : String(cause));
  }
}
