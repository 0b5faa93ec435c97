import { type PatternInput, writePattern } from "./pattern.ts";

/** Which messages. All given fields must hold. */
export interface MessageFilter {
  /** A recipient the server accepted: envelope, so Cc and Bcc are in. */
  readonly to?: PatternInput;
  /** Reverse-path or From field. */
  readonly from?: PatternInput;
  /** A text without wildcard means "contains", here and in `text`. */
  readonly subject?: PatternInput;
  readonly text?: PatternInput;
  /** By field name, in any case. */
  readonly header?: Readonly<Record<string, PatternInput>>;
  readonly messageId?: PatternInput;
  readonly inbox?: PatternInput;
  readonly tag?: PatternInput;
  /** Session id. */
  readonly session?: PatternInput;
  /** Remote address of the session. */
  readonly source?: PatternInput;
  readonly provider?: PatternInput;
  readonly read?: boolean;
  /** Whether there is one, or its file name. */
  readonly attachment?: boolean | PatternInput;
  readonly before?: string | Date;
  readonly after?: string | Date;
  /** Only a greater `seq`. */
  readonly since?: number;
  /** The search line of the page. */
  readonly q?: string;
}

/** Which transactions. All given fields must hold. */
export interface TransactionFilter {
  /** Any recipient tried. */
  readonly to?: PatternInput;
  readonly from?: PatternInput;
  readonly subject?: PatternInput;
  readonly messageId?: PatternInput;
  readonly inbox?: PatternInput;
  readonly session?: PatternInput;
  readonly source?: PatternInput;
  readonly provider?: PatternInput;
  /** `open`, `accepted`, `rejected`, `aborted` or `reply-lost`; with `to`: of that recipient. */
  readonly outcome?: PatternInput;
  readonly before?: string | Date;
  readonly after?: string | Date;
  /** Only a greater `seq`. */
  readonly since?: number;
}

export interface SessionFilter {
  readonly inbox?: PatternInput;
  /** Remote address. */
  readonly source?: PatternInput;
  readonly listener?: PatternInput;
  readonly user?: PatternInput;
  readonly open?: boolean;
  readonly before?: string | Date;
  readonly after?: string | Date;
}

export type AnyFilter = MessageFilter | TransactionFilter | SessionFilter;

/**
 * A filter as query parameters: a list repeats its parameter, `header` becomes `header.<name>`.
 * @param inbox that it is confined to, and that must be there; null: to none
 * @throws TypeError for an empty list, which would else filter nothing, and for a Date that is none
 */
export function writeFilter(filter: AnyFilter, inbox: string | null = null): URLSearchParams {
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries(filter)) {
    if (field !== "header") append(query, field, value);
    else for (const [name, pattern] of Object.entries(value)) append(query, `header.${name}`, pattern);
  }
  if (inbox !== null) {
    query.delete("inbox");
    query.set("ofInbox", inbox);
  }
  return query;
}

function append(query: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined) return;
  if (Array.isArray(value) && value.length === 0) {
    throw new TypeError(
      `Failed to write the filter: ${name} is an empty list; leave it out, or name a pattern`,
    );
  }
  for (const one of Array.isArray(value) ? value : [value]) query.append(name, write(name, one));
}

function write(name: string, value: unknown): string {
  if (value instanceof RegExp) return writePattern(value);
  if (!(value instanceof Date)) return String(value);
  if (!Number.isNaN(value.getTime())) return value.toISOString();
  throw new TypeError(`Failed to write the filter: ${name} is an invalid Date; correct it, or use ISO 8601`);
}
