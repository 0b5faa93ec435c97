/**
 * The search line of the transactions and of the sessions: `name:value` and a bare word; all must hold. A value
 * may be bare, `"quoted"` (literal) or `/regex/ims`. What is not understood is refused with its place, as the
 * server does with the search line of the mail; nothing is left out in silence.
 */

/** A mistake in the line; columns count characters, from 1. */
export class SearchError extends Error {
  override readonly name = "SearchError";
  readonly column: number;
  /** @param at the index in the line */
  constructor(line: string, at: number, reason: string) {
    const column = [...line.slice(0, at)].length + 1;
    super(`Failed to read the search at column ${column}: ${reason}`);
    this.column = column;
  }
}

export interface Field {
  /** Of the API. */
  readonly parameter: string;
  /** Whether a text means just that; else it is looked for anywhere in the value. */
  readonly exact?: true;
  /** All values that there are, and what the API calls them. */
  readonly values?: Readonly<Record<string, string>>;
}

const nameForm = /^([a-z][a-z-]*):/i;
/** `https://x.test`, `Re:` and `dead:beef::1` are words, not operators that nobody knows. */
const wordAfterAll = /^(?:[a-z-]+:(?:\/\/|\s|$)|[\da-f:.*]+(?:\s|$))/i;
const valueForm = /^(?:(\/(?:\\.|[^\\/])+\/[a-z]*)(?=\s|$)|"((?:\\.|[^\\"])*)"|([^\s"]\S*))/is;

/**
 * The query parameters of the API for the line.
 * @param wordName the field that a bare word is meant for
 * @throws SearchError
 */
export function readSearch(
  line: string,
  fields: Readonly<Record<string, Field>>,
  wordName: (word: string) => string,
): Record<string, string> {
  const filter: Record<string, string> = {};
  let at = 0;
  while (at < line.length) {
    const start = at;
    const rest = line.slice(at);
    if (/^\s/.test(rest)) {
      at += 1;
      continue;
    }
    const [, written = ""] = nameForm.exec(rest) ?? [];
    const isKnown = Object.hasOwn(fields, written.toLowerCase());
    if (written !== "" && !isKnown && !wordAfterAll.test(rest)) {
      const advice = `use ${Object.keys(fields).join(": ")}: or quote it to search for the text`;
      throw new SearchError(line, start, `"${written}:" is no operator here; ${advice}`);
    }
    if (isKnown) at += written.length + 1;
    const found = valueForm.exec(line.slice(at));
    if (found === null) {
      if (line[at] === '"') throw new SearchError(line, at, 'the quotation mark is never closed; add a "');
      throw new SearchError(line, at, `${written}: has no value; write it right behind the colon`);
    }
    const [whole, regex, phrase, bare = ""] = found;
    if (!isKnown && /^(?:-|\(|OR$)|\)$/.test(bare)) {
      throw new SearchError(line, at, `"${bare}" means nothing here; quote it to search for the text`);
    }
    const name = isKnown ? written.toLowerCase() : wordName(regex ?? phrase ?? bare);
    const field = fields[name]!;
    if (field.parameter in filter) {
      throw new SearchError(line, start, `${name}: is searched for already; give it once, or as a /regex/`);
    }
    if (field.values !== undefined) {
      const value = field.values[(phrase ?? bare).toLowerCase()];
      if (value === undefined) {
        const known = Object.keys(field.values).map((each) => `${name}:${each}`);
        throw new SearchError(line, at, `"${phrase ?? bare}" is none of ${known.join(", ")}`);
      }
      filter[field.parameter] = value;
    } else {
      const text = phrase === undefined ? bare : literal(phrase.replace(/\\(.)/gs, "$1"));
      filter[field.parameter] = regex ?? patternOf(text, field);
    }
    at += whole.length;
  }
  return filter;
}

/** A text without wildcards is looked for anywhere in the value. */
function patternOf(text: string, { exact }: Field): string {
  return exact || /(?<!\\)[*?]/.test(text) ? text : `*${text}*`;
}

/** The pattern that means exactly this text. */
export function literal(text: string): string {
  return text.replace(/[\\*?]/g, "\\$&").replace(/^\//, "\\/");
}
