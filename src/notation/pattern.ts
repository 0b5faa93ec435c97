/**
 * Patterns come from outside, so nothing here may take more than linear time in the text: globs are matched
 * by `glob.ts`, regular expressions by re2js, which knows neither look-around nor back-references.
 */
import { RE2JS } from "re2js";
import { any, anyOne, type GlobToken, matchGlob, tokenizeGlob } from "./glob.ts";

/**
 * What a text without wildcard means: equal to the whole value, or contained in it; or an address, which is whole, and
 * the same with needless quotes.
 */
export type BarePattern = "whole" | "contains" | "address";

/** A pattern that cannot be understood, or that would cost too much. */
export class PatternError extends TypeError {
  override readonly name = "PatternError";
}

const longest = 512;

const slashForm = /^\/(.+)\/([dgimsuvy]*)$/s;

/**
 * Compiles a case-insensitive whole-string glob (`*`, `?` one character, `\` escapes) or `/regex/ims`,
 * which finds its match anywhere and minds case unless it has the `i` flag.
 * @param bare what a text without wildcard means; default `"whole"`
 */
export function compilePattern(text: string, bare: BarePattern = "whole"): (value: string) => boolean {
  if (typeof text !== "string") throw refusal(text, "use a text: a glob or /regex/ims");
  const regex = slashForm.exec(text);
  if (regex !== null) return compileRegex(text, regex[1]!, regex[2]!);
  return compileGlob(bare === "address" ? withoutNeedlessQuotes(text) : text, bare);
}

/** An atom of a local part (RFC 5321 §4.1.2), but for wildcards. */
const atom = '[^\\x00-\\x20"(),.:;<>@[\\\\\\]*?\\x7f-\\x9f]+';
const needlesslyQuoted = new RegExp(`^"(${atom}(?:\\.${atom})*)"(?=@|$)`);

/** `bob@s.test` for `"bob"@s.test`: an address, or a pattern of one, as rules and filters compare it. */
export function withoutNeedlessQuotes(address: string): string {
  return address.replace(needlesslyQuoted, "$1");
}

/** Like {@link compilePattern}; of several patterns any may match, and of none no value does. */
export function compilePatterns(
  patterns: string | readonly string[],
  bare: BarePattern = "whole",
): (value: string) => boolean {
  if (!Array.isArray(patterns)) return compilePattern(patterns as string, bare);
  const tests = patterns.map((pattern) => compilePattern(pattern, bare));
  return (value) => tests.some((test) => test(value));
}

/** The same pattern with every `?` plain, as URLs have it; a regular expression stays as it is. */
export function withPlainQuestionMarks(pattern: string): string {
  if (slashForm.test(pattern)) return pattern;
  return pattern.replace(/\\.|\?/gs, (found) => (found === "?" ? "\\?" : found));
}

/**
 * The texts that every match of a pattern contains, in lower case; of a regular expression nothing is known.
 * `suffice`: what contains them matches, where a text without wildcard means `"contains"`.
 */
export function needlesOf(pattern: string): {
  readonly needles: readonly string[];
  readonly suffice: boolean;
} {
  const tokens: readonly GlobToken[] = (slashForm.test(pattern)
    ? null
    : tokenizeGlob(pattern.toLowerCase())) ?? [any];
  const needles = [""];
  for (const token of tokens) {
    if (token === any || token === anyOne) needles.push("");
    else needles.push(needles.pop() + token);
  }
  return { needles: needles.filter((needle) => needle !== ""), suffice: needles.length === 1 };
}

function compileGlob(text: string, bare: BarePattern): (value: string) => boolean {
  const tokens = tokenizeGlob(text.toLowerCase());
  if (tokens === null) throw refusal(text, "write \\\\ for a backslash at the end");
  const literal = tokens.every(isLiteral) ? tokens.join("") : null;
  if (literal === null) {
    refuseLong(text);
    const end = endOf(tokens);
    if (end !== null) return (value) => value.toLowerCase().endsWith(end);
    return (value) => matchGlob(tokens, value.toLowerCase());
  }
  if (bare === "contains") return (value) => value.toLowerCase().includes(literal);
  // In lower case all letters are as long as before, but İ, which becomes an i and a dot (U+0307).
  if (literal.includes("\u0307")) return (value) => value.toLowerCase() === literal;
  return (value) => value.length === literal.length && value.toLowerCase() === literal;
}

function compileRegex(text: string, source: string, flags: string): (value: string) => boolean {
  refuseLong(text);
  let mode = 0;
  for (const flag of flags) {
    if (flag === "i") mode |= RE2JS.CASE_INSENSITIVE;
    else if (flag === "m") mode |= RE2JS.MULTILINE;
    else if (flag === "s") mode |= RE2JS.DOTALL;
    else throw refusal(text, `use only the flags i, m, s, not ${flag}`);
  }
  try {
    const regex = RE2JS.compile(translateEscapes(source), mode);
    return (value) => regex.test(value);
  } catch (cause) {
    throw refusal(text, explain(source, cause));
  }
}

/** What `\s` and `\S` mean in JavaScript, inside a class of RE2. They end in a range: a dash may follow. */
const spaces: Readonly<Record<string, string>> = {
  "\\s": "\\t-\\r \\x{a0}\\x{1680}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}\\x{2000}-\\x{200a}",
  "\\S":
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}" +
    "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}",
};

/** JavaScript has classes of nothing and of everything, where RE2 takes the bracket for a member. */
const emptyClasses: Readonly<Record<string, string>> = {
  "[]": "[^\\x{0}-\\x{10ffff}]",
  "[^]": "[\\x{0}-\\x{10ffff}]",
};

/**
 * The sources of JavaScript regular expressions say `\u00e9` or `\u{e9}` where RE2 says `\x{e9}`, and their `\s` is
 * white space of Unicode, such as prices have, where that of RE2 is ASCII.
 */
function translateEscapes(source: string): string {
  let inClass = false;
  return source.replace(
    /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|.)|\[:\^?\w+:\]|\[\^?\]|[[\]]/gis,
    (found: string, four?: string, braced?: string) => {
      const digits = four ?? braced;
      if (digits !== undefined) return `\\x{${digits}}`;
      if (!inClass && Object.hasOwn(emptyClasses, found)) return emptyClasses[found]!;
      if (/^[[\]]/.test(found) && !found.startsWith("[:")) inClass = found === "[";
      const members = spaces[found];
      if (members === undefined) return found;
      return inClass ? members : `[${members}]`;
    },
  );
}

function explain(source: string, cause: unknown): string {
  if (/\(\?<?[=!]/.test(source)) return "look-around is not supported, as it cannot run in linear time";
  if (/\\(?:[1-9]|k<)/.test(source))
    return "back-references are not supported, as they cannot run in linear time";
  const reason =
    cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, "") : String(cause);
  return `correct the regular expression (${reason})`;
}

/** What must follow where the only wildcard is a star in front, as in `*@x.test`; null: it is not so. */
function endOf([first, ...rest]: readonly GlobToken[]): string | null {
  if (first !== any || !rest.every(isLiteral)) return null;
  const end = rest.join("");
  // A star takes whole characters, never the first half of one.
  return /^[\udc00-\udfff]/.test(end) ? null : end;
}

function isLiteral(token: GlobToken): boolean {
  return token !== any && token !== anyOne;
}

function refuseLong(text: string): void {
  if (text.length > longest) {
    throw refusal(`${text.slice(0, 40)}…`, `use at most ${longest} characters, not ${text.length}`);
  }
}

function refusal(text: unknown, advice: string): PatternError {
  return new PatternError(`Failed to compile the pattern: ${JSON.stringify(text)}; ${advice}`);
}
