/** What all filters are made of: patterns and instants whose mistakes name the field. */
import { type BarePattern, compilePatterns, PatternError } from "../notation/mod.ts";
import { canonicalAddress } from "../smtp/mod.ts";
import { FilterError, type Patterns } from "./filter.ts";
import type { StoredMessage } from "./stored-message.ts";

export type Test = (value: string) => boolean;

/** @throws FilterError for a pattern that cannot be understood, and for an empty list. */
export function patternTest(field: string, patterns: Patterns, bare: BarePattern = "whole"): Test {
  if (Array.isArray(patterns) && patterns.length === 0) {
    throw new FilterError(
      `Failed to read the filter: ${field} is an empty list; leave it out, or name a pattern`,
      field,
    );
  }
  try {
    return compilePatterns(patterns, bare);
  } catch (cause) {
    if (cause instanceof PatternError) throw new FilterError(cause.message, field);
    throw cause;
  }
}

/** A value that is absent matches no pattern. */
export function holds(test: Test, value: string | null): boolean {
  return value !== null && test(value);
}

/** As it was sent, or without needless quotes: `"bob"@x.test` is the mailbox `bob@x.test` (RFC 5321 §4.1.2). */
export function holdsAddress(test: Test, address: string): boolean {
  return test(address) || (address.startsWith('"') && test(canonicalAddress(address)));
}

/** By the reverse-path or the From field, which most often say the same. */
export function isSender(test: Test, { sender, author }: StoredMessage): boolean {
  return holdsAddress(test, sender) || (author !== null && holdsAddress(test, author));
}

/** With its angle brackets or without them. */
export function holdsMessageId(test: Test, messageId: string | null): boolean {
  if (messageId === null) return false;
  return test(messageId) || test(messageId.replace(/^<(.*)>$/, "$1"));
}

const instantForm = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Milliseconds since the epoch of a date or a date and time as ISO 8601 has it; without a zone it is UTC. */
export function readInstant(field: string, text: string): number {
  // To `Date.parse` a date is UTC, but a time is that of the machine.
  const zoned = /T[\d:.]+$/.test(text) ? `${text}Z` : text;
  const instant = instantForm.test(text) && isDay(text.slice(0, 10)) ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new FilterError(
    `Failed to read the filter: ${field} ${JSON.stringify(text)} is no time; use ISO 8601 such as 2030-01-31 or 2030-01-31T12:00:00Z`,
    field,
  );
}

/** The 30th of February is a day to `Date.parse`, in March. */
function isDay(date: string): boolean {
  const instant = Date.parse(date);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(date);
}

/** @throws FilterError for a field that no filter of this kind has. */
export function refuseUnknownFields(filter: object, known: readonly string[]): void {
  for (const field of Object.keys(filter)) {
    if (!known.includes(field)) {
      throw new FilterError(
        `Failed to read the filter: ${field} is no field; use ${known.join(", ")}`,
        field,
      );
    }
  }
}

export function readFlag(field: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new FilterError(
    `Failed to read the filter: ${field} ${JSON.stringify(value)}; use true or false`,
    field,
  );
}

export function readSeq(field: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new FilterError(
    `Failed to read the filter: ${field} ${JSON.stringify(value)}; use a seq, a whole number from 0`,
    field,
  );
}
