import { compilePattern, withPlainQuestionMarks } from "../notation/mod.ts";

/** A case-insensitive whole-string glob, `/regex/ims`, or a RegExp. In a list any may match. */
export type PatternInput = string | RegExp | readonly (string | RegExp)[];

/**
 * A RegExp as the text `/source/flags` that rules and filters are written in; a text stays as it is.
 * The flags d, g and y say nothing about whether a text matches, and the server always reads whole
 * characters as u does, so they are dropped.
 * @throws TypeError for the flag v, which has a syntax of its own
 */
export function writePattern(pattern: string | RegExp): string {
  if (typeof pattern === "string") return pattern;
  if (pattern.flags.includes("v")) {
    throw new TypeError(`Failed to write the pattern: ${pattern}; use only the flags i, m, s, not v`);
  }
  return `/${pattern.source}/${pattern.flags.replace(/[dguy]/g, "")}`;
}

/** A copy of plain JSON data in which every RegExp is written as text. */
export function writePatterns(value: unknown): unknown {
  if (value instanceof RegExp) return writePattern(value);
  if (Array.isArray(value)) return value.map(writePatterns);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, writePatterns(inner)]));
}

/** Tests texts on this side; a text without wildcard means "contains". */
export function matcher(pattern: string | RegExp): (value: string) => boolean {
  if (typeof pattern === "string") return compilePattern(pattern, "contains");
  // With g or y a RegExp remembers where it was.
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  return (value) => stateless.test(value);
}

/** Tests URLs: there `*` is the only wildcard, for `?` begins their query. */
export function urlMatcher(pattern: string | RegExp): (url: string) => boolean {
  return matcher(typeof pattern === "string" ? withPlainQuestionMarks(pattern) : pattern);
}

/** What to do where a pattern would be contained in the value, were its `?` no wildcard; null: it is not so. */
export function questionMarkHint(pattern: unknown, value: string): string | null {
  const isMeant = (one: unknown): boolean =>
    typeof one === "string" && one.includes("?") && value.toLowerCase().includes(one.toLowerCase());
  return [pattern].flat().some(isMeant) ? "? is a wildcard, write \\?" : null;
}
