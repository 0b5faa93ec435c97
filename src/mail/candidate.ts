/**
 * What in a line has the shape of a one-time code: 4 to 8 digits, two groups of digits (`123 456`, `1234-5678`),
 * three pairs (`12 34 56`), digits one by one (`1 2 3 4 5 6`), groups of capitals and digits (`AB3-9KD`), or one run of both (`7XK9QP`).
 * What the characters next to it show to be a part of something longer is left out here.
 */

export interface Candidate {
  /** Digits joined; with letters as written. */
  readonly code: string;
  readonly shape: "six-digits" | "digits" | "mixed" | "letters";
  readonly start: number;
  readonly end: number;
  /** Nothing else stands in its line. */
  readonly standsAlone: boolean;
  /** It begins its line. */
  readonly leads: boolean;
  /** Points to take off: a year, a date without separators, a number in front of a town. */
  readonly doubt: number;
}

/** At most 200 of a line. */
export function candidatesOf(line: string): Candidate[] {
  const text = withoutUrls(line);
  const runs = runsOf(text);
  const candidates: Candidate[] = [];
  for (let index = 0; index < runs.length && candidates.length < 200; ) {
    const found = shapeAt(text, runs, index);
    const candidate = found === null ? null : makeCandidate(text, runs, index, found);
    if (candidate !== null) candidates.push(candidate);
    index += found?.runs ?? 1;
  }
  return candidates;
}

/** A run of ASCII letters and digits. */
interface Run {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function runsOf(text: string): Run[] {
  return Array.from(text.matchAll(/[A-Za-z0-9]+/g), (match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const hasUrl = /@|:\/\/|www\./i;

/** Positions stay as they are. */
function withoutUrls(line: string): string {
  // Else the search below looks from each letter at as many as an address may have.
  if (!hasUrl.test(line)) return line;
  return line.replace(/[a-z]{2,10}:\/\/[!-~]*|www\.[!-~]*|[\w.+-]{1,64}@[\w.-]{1,255}/gi, (match) =>
    " ".repeat(match.length),
  );
}

interface Found {
  readonly code: string;
  readonly shape: Candidate["shape"];
  /** How many runs it takes up. */
  readonly runs: number;
}

function shapeAt(text: string, runs: readonly Run[], index: number): Found | null {
  return spacedDigits(text, runs, index) ?? groups(text, runs, index) ?? single(runs[index]!.text);
}

/** `4 8 2 9 1 3`, as mails show digits in boxes. */
function spacedDigits(text: string, runs: readonly Run[], index: number): Found | null {
  const joins = (at: number): boolean =>
    isDigit(runs[at - 1]) && isDigit(runs[at]) && separator(text, runs, at) === " ";
  // A row of more than eight is counted no further, and none of its ends is a code.
  if (joins(index)) return null;
  let count = 1;
  while (count <= 8 && joins(index + count)) count++;
  if (count < 4 || count > 8) return null;
  const code = runs.slice(index, index + count).map((run) => run.text);
  return { code: code.join(""), shape: count === 6 ? "six-digits" : "digits", runs: count };
}

function isDigit(run: Run | undefined): boolean {
  return run !== undefined && /^\d$/.test(run.text);
}

function isPair(run: Run | undefined): boolean {
  return run !== undefined && /^\d\d$/.test(run.text);
}

function groups(text: string, runs: readonly Run[], index: number): Found | null {
  const [first, second, third] = [runs[index], runs[index + 1], runs[index + 2]];
  if (first === undefined || second === undefined) return null;
  const between = separator(text, runs, index + 1);
  if (between !== " " && between !== "-") return null;
  if (/^\d+$/.test(first.text + second.text)) {
    if (isPair(first) && isPair(second) && isPair(third) && between === " ") {
      if (separator(text, runs, index + 2) !== " ") return null;
      return { code: first.text + second.text + third!.text, shape: "six-digits", runs: 3 };
    }
    if (first.text.length !== second.text.length || ![3, 4].includes(first.text.length)) return null;
    const shape = first.text.length === 3 ? "six-digits" : "digits";
    return { code: first.text + second.text, shape, runs: 2 };
  }
  if (between !== "-") return null;
  const isTriple = third !== undefined && separator(text, runs, index + 2) === "-" && isGroup(third.text);
  const parts = [first.text, second.text, ...(isTriple ? [third.text] : [])];
  const code = parts.join("-");
  // Google's `G-482913`
  if (/^[A-Z]-\d{6}$/.test(code)) return { code, shape: "mixed", runs: 2 };
  if (!parts.every(isGroup) || new Set(parts.map((part) => part.length)).size > 1) return null;
  return { code, shape: /\d/.test(code) ? "mixed" : "letters", runs: parts.length };
}

function isGroup(text: string): boolean {
  return /^[A-Z0-9]{3,5}$/.test(text);
}

function single(text: string): Found | null {
  if (/^\d{4,8}$/.test(text))
    return { code: text, shape: text.length === 6 ? "six-digits" : "digits", runs: 1 };
  if (text.length < 5 || text.length > 8 || !/[A-Za-z]/.test(text)) return null;
  if (/^[A-Z0-9]+$/.test(text) && /\d/.test(text)) return { code: text, shape: "mixed", runs: 1 };
  // `a1b2c3` and `KXWQPL` may be words or names; they need a label right in front.
  return /\d/.test(text) || /^[A-Z]{6,8}$/.test(text) ? { code: text, shape: "letters", runs: 1 } : null;
}

/** Blanks of any width are one kind, and dashes with the middle dot another. */
function separator(text: string, runs: readonly Run[], index: number): string {
  return text
    .slice(runs[index - 1]!.end, runs[index]!.start)
    .replace(/[\u00a0\u2002-\u200a\u202f\u3000]/, " ")
    .replace(/[‐‑‒–·]/, "-");
}

function makeCandidate(text: string, runs: readonly Run[], index: number, found: Found): Candidate | null {
  const start = runs[index]!.start;
  const end = runs[index + found.runs - 1]!.end;
  const before = text.slice(Math.max(0, start - 24), start);
  const after = text.slice(end, end + 24);
  const isNumber = /^\d+$/.test(found.code);
  if (isPartOfMore(before, after)) return null;
  if (isNumber && (isPartOfNumber(text, runs, index, found.runs) || isMeasured(before, after))) return null;
  const leads = /^[^\p{L}\p{N}]*$/u.test(text.slice(Math.max(0, start - 200), start)) && start <= 200;
  const standsAlone =
    leads && /^[^\p{L}\p{N}]*$/u.test(text.slice(end, end + 200)) && text.length - end <= 200;
  return {
    ...found,
    start,
    end,
    leads,
    standsAlone,
    doubt: isNumber ? doubtOf(found.code, before, after) : 0,
  };
}

/** A letter touches it, or a joining character with more behind it: `1,299.00`, `2024-01-15`, `10:30`, `v1.2`. */
function isPartOfMore(before: string, after: string): boolean {
  if (/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}_#№+]$/u.test(before)) return true;
  if (/[\p{L}\p{N}][-./\\_'’]$/u.test(before) || /\d[,:]$/.test(before)) return true;
  if (/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}_]/u.test(after)) return true;
  return /^[-./\\_'’][\p{L}\p{N}]/u.test(after) || /^[,:]\d/.test(after);
}

/** More digits stand beside it, as in phone and card numbers. */
function isPartOfNumber(text: string, runs: readonly Run[], index: number, count: number): boolean {
  const isDigits = (run: Run | undefined): boolean => run !== undefined && /^\d{2,}$/.test(run.text);
  const first = index;
  const next = index + count;
  const joins = (gap: string): boolean => /^(?: |\) ?|-| - )$/.test(gap);
  if (isDigits(runs[first - 1]) && joins(separator(text, runs, first))) return true;
  return isDigits(runs[next]) && joins(separator(text, runs, next));
}

const units = new RegExp(
  [
    "^\\s?(?:[$€£¥₹₩%°]|円|元|원|분|분간|分|秒|小时|日|年|月)",
    "^\\s?(?:usd|eur|gbp|chf|kr|zł|kč|руб|px|pt|kg|km|mb|gb|kb|ms|min|mins|h|hrs?|secs?)(?![\\p{L}])",
    "^\\s(?:minut|hour|second|day|week|month|year|stunde|sekunde|tage|woche|monat|jahr|hora|segundo|día|heure|jour|or[ae]|giorni)",
    "^\\s(?:people|users|points|reviews|items|customers|followers|words|characters|bytes|punkte|personen|st\\.|street|avenue|ave)",
  ].join("|"),
  "iu",
);

/** A price or a quantity. */
function isMeasured(before: string, after: string): boolean {
  return /(?:[$€£¥₹₩]|USD|EUR|GBP|CHF)\s?$/.test(before) || units.test(after);
}

const monthWord =
  /(?:jan|feb|fév|mar|mär|apr|abr|avr|may|mai|mag|jun|juin|giu|jul|juil|lug|aug|août|ago|sep|set|oct|okt|ott|nov|dec|dez|déc|dic)[\p{L}.]*[ ,]*$/iu;

function doubtOf(digits: string, before: string, after: string): number {
  if (/^(?:19|20)\d\d$/.test(digits)) {
    const isYear = monthWord.test(before) || /(?:©|\(c\)|copyright|since|\d[.,]?)\s*$/i.test(before);
    return isYear || /^\s?[-–]/.test(after) ? 100 : 25;
  }
  if (/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits)) return 25;
  if (digits.length !== 5) return 0;
  if (/\b[A-Z]{2}[ -]$/.test(before)) return 100;
  return /^ [\p{Lu}][\p{Ll}]/u.test(after) ? 30 : 0;
}
