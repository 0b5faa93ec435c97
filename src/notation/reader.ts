/**
 * Typed readers of values from outside: JSON, a config file, the call of a program. Each takes the path of its value,
 * `rules[0].do` or `""` for the whole, and refuses with it.
 */
import { longestTimer, parseDuration } from "./duration.ts";
import { suggest } from "./nearest.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** `at("rules[0]", "do")` is `rules[0].do`. */
export function at(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nothing that is read is nested deeper: `rules[0].match.header.X.not[0]`. */
const deepest = 8;

/** Whether the value, which may come from anyone, is nested deeper than what is read: too deep to walk through. */
export function isTooDeep(value: unknown, left = deepest): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}

/** The value for a message: short, on one line. */
export function show(value: unknown): string {
  if (isTooDeep(value)) return "a deeply nested value";
  const text = JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner));
  return shorten(text ?? String(value));
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Reads what a room is told. A field that is undefined counts as absent. */
export class Reader {
  readonly #refuse: (path: string, reason: string) => never;

  /** @param refuse throws what the room throws */
  constructor(refuse: (path: string, reason: string) => never) {
    this.#refuse = refuse;
  }

  /** With no other fields than these. */
  object(value: unknown, path: string, fields: readonly string[]): JsonObject {
    if (!isObject(value))
      this.#refuse(path, `${show(value)} is not an object; use the fields ${fields.join(", ")}`);
    for (const key of Object.keys(value)) {
      if (!fields.includes(key)) this.#refuse(at(path, key), `unknown field; ${suggest(key, fields)}`);
    }
    return value;
  }

  text(value: unknown, path: string, longest: number): string {
    if (typeof value !== "string") this.#refuse(path, `${show(value)} is not a text; use a string`);
    if (value.length > longest) {
      this.#refuse(path, `${value.length} characters are too many; use at most ${longest}`);
    }
    return value;
  }

  boolean(value: unknown, path: string): boolean {
    if (typeof value !== "boolean") this.#refuse(path, `${show(value)} is not a boolean; use true or false`);
    return value;
  }

  integer(value: unknown, path: string, least: number): number {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    return this.#refuse(path, `${show(value)} cannot be used; use a whole number of at least ${least}`);
  }

  choice<const Name extends string>(value: unknown, path: string, names: readonly Name[]): Name {
    if (typeof value !== "string") {
      this.#refuse(path, `${show(value)} is not a text; use one of ${names.join(", ")}`);
    }
    const found = names.find((name) => name === value);
    return found ?? this.#refuse(path, `${show(value)} is unknown; ${suggest(value, names)}`);
  }

  /** Milliseconds. */
  duration(value: unknown, path: string): number {
    if (typeof value !== "number" && typeof value !== "string") {
      this.#refuse(
        path,
        `${show(value)} is not a duration; use a number of milliseconds or 250ms, 10s, 5m, 2h`,
      );
    }
    const milliseconds = this.with(path, () => parseDuration(value));
    if (milliseconds > longestTimer) this.#refuse(path, `${show(value)} is too long; use at most 596h`);
    return milliseconds;
  }

  /** Milliseconds, more than none. */
  span(value: unknown, path: string): number {
    const milliseconds = this.duration(value, path);
    if (milliseconds === 0) this.#refuse(path, `${show(value)} is no time at all; use more than 0`);
    return milliseconds;
  }

  /** What `read` says about a bad value becomes the reason at this path. */
  with<Value>(path: string, read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      return this.#refuse(path, cause instanceof Error ? cause.message : String(cause));
    }
  }
}
