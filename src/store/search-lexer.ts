/**
 * Cuts a search line into tokens. A word is literal but for `*` and `?`, which `\` escapes; a phrase is literal; a value may be
 * bare (then it is a pattern), `"quoted"` (literal) or `/regex/ims`.
 */
import { FilterError } from "./filter.ts";

export const searchFields = [
  "from",
  "to",
  "cc",
  "bcc",
  "reply-to",
  "addressed",
  "subject",
  "message-id",
  "header",
  "tag",
  "session",
  "inbox",
  "provider",
  "warning",
  "is",
  "has",
  "before",
  "after",
  "larger",
  "smaller",
  "code",
] as const;

export type SearchField = (typeof searchFields)[number];

export type SearchToken =
  | { readonly kind: "open" | "close" | "or" | "not"; readonly column: number }
  /** To be found anywhere; `folded`: in text whose white space is folded. */
  | {
      readonly kind: "anywhere";
      readonly pattern: string;
      readonly folded: boolean;
      readonly column: number;
    }
  | {
      readonly kind: "field";
      readonly field: SearchField;
      /** As it is meant. */
      readonly value: string;
      /** For `compilePattern`. */
      readonly pattern: string;
      /** Of the value. */
      readonly column: number;
    };

/** A mistake in the search line; columns count characters, from 1. */
export function searchError(column: number, reason: string): FilterError {
  return new FilterError(`Failed to read the search at column ${column}: ${reason}`, "q", column);
}

const longest = 2_000;

const space = /\s+/y;
const fieldForm = /([a-z][a-z-]+):/iy;
const regexForm = /\/(?:\\.|[^\\/])+\/[dgimsuvy]*(?=[\s()]|$)/y;
const wordForm = /[^\s()"]+/y;
const phraseForm = /"((?:\\.|[^\\"])*)"/sy;
const bareForm = /[^\s()"]+/y;

/** @throws FilterError with the column of the mistake. */
export function tokenizeSearch(line: string): SearchToken[] {
  if (line.length > longest) {
    throw searchError(longest + 1, `${line.length} characters; use at most ${longest}`);
  }
  const tokens: SearchToken[] = [];
  let at = 0;

  /** Of the unit at this index. Of a pair of surrogates only the first is counted. */
  const columnOf = (index: number): number => line.slice(0, index).replace(/[\udc00-\udfff]/g, "").length + 1;

  /** The match of a sticky expression here, which is then behind us. */
  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const match = expression.exec(line);
    if (match !== null) at += match[0].length;
    return match;
  };

  const takePhrase = (): string => {
    const match = take(phraseForm);
    if (match === null) throw searchError(columnOf(at), 'the quotation mark is never closed; add a "');
    return match[1]!.replace(/\\(.)/gs, "$1");
  };

  const takeField = (): SearchToken | null => {
    const start = at;
    const match = take(fieldForm);
    if (match === null) return null;
    const name = match[1]!.toLowerCase();
    const field = searchFields.find((known) => known === name);
    if (field === undefined) {
      if (isWordAfterAll(line.slice(at))) {
        at = start;
        return null;
      }
      const advice = `use ${searchFields.join(": ")}: or quote it to search for the text`;
      throw searchError(columnOf(start), `"${match[0]}" is no operator; ${advice}`);
    }
    const column = columnOf(at);
    const regex = take(regexForm);
    if (regex !== null) return { kind: "field", field, value: regex[0], pattern: regex[0], column };
    let value = "";
    let pattern = "";
    for (let bare = take(bareForm); bare !== null || line[at] === '"'; bare = take(bareForm)) {
      if (bare === null) {
        const phrase = takePhrase();
        value += phrase;
        pattern += literal(phrase);
      } else {
        value += bare[0];
        pattern += bare[0];
      }
    }
    if (value === "") throw searchError(column, `${field}: has no value; write it right behind the colon`);
    return { kind: "field", field, value, pattern, column };
  };

  while (at < line.length) {
    if (take(space) !== null) continue;
    const column = columnOf(at);
    const character = line[at]!;
    if (character === "(" || character === ")") {
      tokens.push({ kind: character === "(" ? "open" : "close", column });
      at += 1;
    } else if (character === "-") {
      if (/^-(?:[\s)]|$)/.test(line.slice(at, at + 2))) {
        throw searchError(column, "- excludes nothing; write it right before a word, or quote it");
      }
      tokens.push({ kind: "not", column });
      at += 1;
    } else if (character === '"') {
      const phrase = takePhrase().trim().replace(/\s+/g, " ");
      if (phrase === "") throw searchError(column, "there is nothing between the quotation marks");
      const pattern = literal(phrase);
      tokens.push({ kind: "anywhere", pattern, folded: true, column });
    } else {
      const field = takeField();
      const regex = field === null ? take(regexForm) : null;
      if (field !== null) tokens.push(field);
      else if (regex !== null) tokens.push({ kind: "anywhere", pattern: regex[0], folded: false, column });
      else tokens.push(wordToken(take(wordForm)![0], column));
    }
  }
  return tokens;
}

function wordToken(word: string, column: number): SearchToken {
  if (word === "OR") return { kind: "or", column };
  // A backslash before anything but a wildcard is itself: `C:\dir`.
  const glob = word.replace(/\\(?![*?])/g, "\\\\");
  const pattern = /(?<!\\)[*?]/.test(word) ? `*${glob}*` : glob.replace(/^\//, "\\/");
  return { kind: "anywhere", pattern, folded: false, column };
}

/** `https://x.test` and `Re:` are words, not operators that nobody knows. */
function isWordAfterAll(rest: string): boolean {
  return rest.startsWith("//") || /^(?:[\s()]|$)/.test(rest);
}

/** The pattern that means exactly this text. */
function literal(text: string): string {
  return text.replace(/[\\*?]/g, "\\$&").replace(/^\//, "\\/");
}
