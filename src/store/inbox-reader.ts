/** What an inbox may be told to be, and the reader of it: all of it is right, or there is no inbox. */
import { longestTimer, parseDuration, suggest } from "../notation/mod.ts";
import type { Patterns } from "./filter.ts";

/** What belongs to an inbox beside what its domain, its user and its listener say; all given fields must hold. */
export interface InboxMatch {
  /** Reverse-path. */
  readonly from?: Patterns;
  /** A recipient that is tried. */
  readonly to?: Patterns;
  readonly user?: Patterns;
  readonly helo?: Patterns;
  readonly remoteAddress?: Patterns;
  /** By field name, case-insensitive; known at the end of data. */
  readonly header?: Readonly<Record<string, Patterns>>;
}

export interface InboxInput {
  /** What it is for; its id begins with it. Default `inbox`. */
  readonly name?: string;
  /** Milliseconds or `"10m"`: it goes when it is older. Default: it stays until it is deleted. */
  readonly ttl?: number | string;
  readonly match?: InboxMatch;
  /** Whether it has a port of its own. Default false. */
  readonly listener?: boolean;
}

/** The same, read; null is what was left out. */
export interface InboxPlan {
  readonly name: string;
  /** Milliseconds. */
  readonly ttl: number | null;
  readonly match: InboxMatch | null;
  readonly listener: boolean;
}

/** What is wrong with an inbox, and where: `match.from`, or `""` for the whole. */
export class InboxError extends TypeError {
  override readonly name = "InboxError";
  readonly field: string;

  constructor(field: string, reason: string) {
    super(`Failed to make the inbox: ${field === "" ? "" : `${field}: `}${reason}`);
    this.field = field;
  }
}

const longestName = 200;

const matchFields: readonly (keyof InboxMatch)[] = ["from", "to", "user", "helo", "remoteAddress", "header"];

/** @throws InboxError for what cannot be, which may be anything; patterns are only looked at when they are compiled */
export function readInbox(value: unknown): InboxPlan {
  const { name = "inbox", ttl, match, listener = false } = readObject(value, "", inputFields);
  if (typeof name !== "string") refuse("name", `${show(name)}; use a text`);
  if (name.length > longestName) refuse("name", `${name.length} characters; use at most ${longestName}`);
  if (typeof listener !== "boolean") refuse("listener", `${show(listener)}; use true or false`);
  return {
    name,
    ttl: ttl === undefined ? null : readTtl(ttl),
    match: match === undefined ? null : readMatch(match),
    listener,
  };
}

const inputFields = ["name", "ttl", "match", "listener"];

function readTtl(value: unknown): number {
  if (typeof value !== "string" && typeof value !== "number") {
    refuse("ttl", `${show(value)}; use milliseconds or 10s, 5m, 2h`);
  }
  let ttl: number;
  try {
    ttl = parseDuration(value);
  } catch (error) {
    refuse("ttl", (error as Error).message);
  }
  if (ttl < 1 || ttl > longestTimer) refuse("ttl", `${show(value)}; use 1ms to 596h`);
  return ttl;
}

function readMatch(value: unknown): InboxMatch {
  const match = readObject(value, "match", matchFields);
  if (Object.values(match).every((field) => field === undefined)) {
    refuse("match", `it is empty; give one of ${matchFields.join(", ")}`);
  }
  const { header, ...others } = match;
  for (const [field, patterns] of Object.entries(others)) checkPatterns(patterns, `match.${field}`);
  if (header !== undefined) {
    const named = Object.entries(readObject(header, "match.header", null));
    // An empty one would match everybody's mail.
    if (named.every(([, patterns]) => patterns === undefined)) {
      refuse("match.header", "it is empty; give the name of a field and a pattern");
    }
    for (const [name, patterns] of named) checkPatterns(patterns, `match.header.${name}`);
  }
  // Checked above, field by field; a copy, so that the caller's later changes do not count.
  return structuredClone(match) as InboxMatch;
}

function checkPatterns(value: unknown, field: string): void {
  const isText = (one: unknown): boolean => typeof one === "string";
  const isRight = isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
  if (value !== undefined && !isRight) {
    refuse(field, `${show(value)}; use a glob, /regex/i, or a list of them`);
  }
}

/** `fields` null: any. */
function readObject(
  value: unknown,
  field: string,
  fields: readonly string[] | null,
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(field, `${show(value)}; use an object`);
  }
  for (const name of Object.keys(value)) {
    if (fields === null || fields.includes(name)) continue;
    refuse(field === "" ? name : `${field}.${name}`, `it is no field here; ${suggest(name, fields)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return String(JSON.stringify(value)).slice(0, 60);
}

function refuse(field: string, reason: string): never {
  throw new InboxError(field, reason);
}
