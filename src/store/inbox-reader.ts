/** What an inbox may be told to be, and the reader of it: all of it is right, or there is no inbox. */
import { at, isObject, Reader, show } from "../notation/mod.ts";
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

function refuse(field: string, reason: string): never {
  throw new InboxError(field, reason);
}

const read: Reader = new Reader(refuse);

const longestName = 200;

const matchFields: readonly (keyof InboxMatch)[] = ["from", "to", "user", "helo", "remoteAddress", "header"];

/** @throws InboxError for what cannot be, which may be anything; patterns are only looked at when they are compiled */
export function readInbox(value: unknown): InboxPlan {
  const { name = "inbox", ttl, match, listener = false } = read.object(value, "", inputFields);
  return {
    name: read.text(name, "name", longestName),
    ttl: ttl === undefined ? null : read.span(ttl, "ttl"),
    match: match === undefined ? null : readMatch(match),
    listener: read.boolean(listener, "listener"),
  };
}

const inputFields = ["name", "ttl", "match", "listener"];

function readMatch(value: unknown): InboxMatch {
  const match = read.object(value, "match", matchFields);
  if (Object.values(match).every((field) => field === undefined)) {
    refuse("match", `it is empty; give one of ${matchFields.join(", ")}`);
  }
  const { header, ...others } = match;
  for (const [field, patterns] of Object.entries(others)) checkPatterns(patterns, at("match", field));
  if (header !== undefined) checkHeader(header, "match.header");
  // Checked above, field by field; a copy, so that the caller's later changes do not count.
  return structuredClone(match) as InboxMatch;
}

function checkHeader(value: unknown, path: string): void {
  if (!isObject(value)) refuse(path, `${show(value)} is not an object; use {"X-Name": "pattern"}`);
  // An empty one would match everybody's mail.
  if (Object.values(value).every((patterns) => patterns === undefined)) {
    refuse(path, "it is empty; give the name of a field and a pattern");
  }
  for (const [name, patterns] of Object.entries(value)) checkPatterns(patterns, at(path, name));
}

function checkPatterns(value: unknown, path: string): void {
  const isText = (one: unknown): boolean => typeof one === "string";
  const isRight = isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
  if (value !== undefined && !isRight) {
    refuse(path, `${show(value)} is not a pattern; use a glob, /regex/i, or a list of them`);
  }
}
