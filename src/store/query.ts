/** Filters as URL query parameters. What is no filter parameter is left to the caller. */
import { parseFlag } from "../notation/mod.ts";
import {
  FilterError,
  type MessageFilter,
  messageFields,
  type Patterns,
  type SessionFilter,
  sessionFields,
  type TransactionFilter,
  transactionFields,
} from "./filter.ts";

/** Beside these, every name that begins with `header.`. */
export const messageParameters: readonly string[] = messageFields.filter((field) => field !== "header");

export const transactionParameters: readonly string[] = transactionFields;

export const sessionParameters: readonly string[] = sessionFields;

/** A repeated pattern means any of. @throws FilterError with the parameter's name. */
export function parseMessageQuery(query: URLSearchParams): MessageFilter {
  return present<MessageFilter>({
    to: patterns(query, "to"),
    from: patterns(query, "from"),
    subject: patterns(query, "subject"),
    text: patterns(query, "text"),
    header: headers(query),
    messageId: patterns(query, "messageId"),
    inbox: patterns(query, "inbox"),
    tag: patterns(query, "tag"),
    session: patterns(query, "session"),
    source: patterns(query, "source"),
    provider: patterns(query, "provider"),
    read: flag(query, "read"),
    attachment: attachment(query),
    before: time(query, "before"),
    after: time(query, "after"),
    since: seq(query, "since"),
    q: single(query, "q"),
  });
}

/** Like {@link parseMessageQuery}. */
export function parseTransactionQuery(query: URLSearchParams): TransactionFilter {
  return present<TransactionFilter>({
    to: patterns(query, "to"),
    from: patterns(query, "from"),
    subject: patterns(query, "subject"),
    messageId: patterns(query, "messageId"),
    inbox: patterns(query, "inbox"),
    session: patterns(query, "session"),
    source: patterns(query, "source"),
    provider: patterns(query, "provider"),
    outcome: patterns(query, "outcome"),
    before: time(query, "before"),
    after: time(query, "after"),
    since: seq(query, "since"),
  });
}

/** Like {@link parseMessageQuery}. */
export function parseSessionQuery(query: URLSearchParams): SessionFilter {
  return present<SessionFilter>({
    inbox: patterns(query, "inbox"),
    source: patterns(query, "source"),
    listener: patterns(query, "listener"),
    user: patterns(query, "user"),
    open: flag(query, "open"),
    before: time(query, "before"),
    after: time(query, "after"),
  });
}

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** Without the fields that are undefined. */
function present<T extends object>(fields: Optional<T>): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function patterns(query: URLSearchParams, name: string): Patterns | undefined {
  const values = query.getAll(name);
  return values.length > 1 ? values : values[0];
}

/** Written by hand, `12:00:00+01:00` arrives with a space. */
function time(query: URLSearchParams, name: string): string | undefined {
  return single(query, name)?.replace(/^(\S+T\S+) (\d\d:\d\d)$/, "$1+$2");
}

function headers(query: URLSearchParams): Record<string, Patterns> | undefined {
  // By the name in lower case: as it was written first, and its patterns.
  const fields = new Map<string, [name: string, patterns: string[]]>();
  for (const [parameter, pattern] of query) {
    if (!parameter.startsWith("header.")) continue;
    const name = parameter.slice("header.".length);
    if (name === "")
      throw new FilterError("Failed to read the filter: header. has no name; use header.<name>", parameter);
    const field = fields.get(name.toLowerCase());
    if (field === undefined) fields.set(name.toLowerCase(), [name, [pattern]]);
    else field[1].push(pattern);
  }
  if (fields.size === 0) return undefined;
  return Object.fromEntries(
    Array.from(fields.values(), ([name, all]) => [name, all.length > 1 ? all : all[0]!]),
  );
}

function attachment(query: URLSearchParams): boolean | Patterns | undefined {
  const value = patterns(query, "attachment");
  if (value === "true") return true;
  return value === "false" ? false : value;
}

function single(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  if (values.length > 1) {
    throw new FilterError(
      `Failed to read the filter: ${name} is there ${values.length} times; use it once`,
      name,
    );
  }
  return values[0];
}

function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = single(query, name);
  if (value === undefined) return undefined;
  const said = parseFlag(value);
  if (said !== null) return said;
  throw new FilterError(
    `Failed to read the filter: ${name} ${JSON.stringify(value)}; use true or false`,
    name,
  );
}

function seq(query: URLSearchParams, name: string): number | undefined {
  const value = single(query, name);
  if (value === undefined) return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new FilterError(
    `Failed to read the filter: ${name} ${JSON.stringify(value)}; use a seq, a whole number from 0`,
    name,
  );
}
