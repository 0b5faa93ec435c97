/**
 * Filters as parsed values. A pattern text is a case-insensitive whole-string glob or `/regex/ims`
 * (see `notation/pattern.ts`); an array means any of. All given fields must hold.
 */
export type Patterns = string | readonly string[];

export interface MessageFilter {
  /** An accepted recipient of the envelope. */
  readonly to?: Patterns;
  /** Reverse-path or an address of the From field. */
  readonly from?: Patterns;
  /** A text without wildcard means "contains", here and in `text`. */
  readonly subject?: Patterns;
  readonly text?: Patterns;
  /** By field name, case-insensitive. */
  readonly header?: Readonly<Record<string, Patterns>>;
  /** With its angle brackets or without. */
  readonly messageId?: Patterns;
  readonly inbox?: Patterns;
  readonly tag?: Patterns;
  readonly session?: Patterns;
  /** Remote address of the session. */
  readonly source?: Patterns;
  readonly provider?: Patterns;
  readonly read?: boolean;
  /** True/false: has any or none; a pattern: by file name. */
  readonly attachment?: boolean | Patterns;
  /** ISO 8601, without a zone UTC: `after` is from then on, `before` ends just before it. */
  readonly before?: string;
  readonly after?: string;
  /** Only a greater `seq`. */
  readonly since?: number;
  /** The search line (see `search.ts`). */
  readonly q?: string;
}

export interface TransactionFilter {
  /** Any recipient tried. */
  readonly to?: Patterns;
  readonly from?: Patterns;
  readonly subject?: Patterns;
  readonly messageId?: Patterns;
  readonly inbox?: Patterns;
  readonly session?: Patterns;
  readonly source?: Patterns;
  readonly provider?: Patterns;
  /** With `to`: the outcome of that recipient. */
  readonly outcome?: Patterns;
  readonly before?: string;
  readonly after?: string;
  readonly since?: number;
}

export interface SessionFilter {
  readonly inbox?: Patterns;
  readonly source?: Patterns;
  readonly listener?: Patterns;
  readonly user?: Patterns;
  readonly open?: boolean;
  readonly before?: string;
  readonly after?: string;
}

/** Of messages, in the order in which they are told. */
export const messageFields: readonly (keyof MessageFilter)[] = [
  "to",
  "from",
  "subject",
  "text",
  "header",
  "messageId",
  "inbox",
  "tag",
  "session",
  "source",
  "provider",
  "read",
  "attachment",
  "before",
  "after",
  "since",
  "q",
];

/** Of transactions. */
export const transactionFields: readonly (keyof TransactionFilter)[] = [
  "to",
  "from",
  "subject",
  "messageId",
  "inbox",
  "session",
  "source",
  "provider",
  "outcome",
  "before",
  "after",
  "since",
];

/** Of sessions. */
export const sessionFields: readonly (keyof SessionFilter)[] = [
  "inbox",
  "source",
  "listener",
  "user",
  "open",
  "before",
  "after",
];

/** A filter that cannot be understood: which field, and for `q` the column (from 1). */
export class FilterError extends TypeError {
  override readonly name = "FilterError";
  readonly field: string;
  readonly column: number | null;
  constructor(message: string, field: string, column: number | null = null) {
    super(message);
    this.field = field;
    this.column = column;
  }
}
