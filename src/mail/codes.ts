/**
 * One-time codes. Every run of characters that has the shape of a code is a candidate; what stands around it decides.
 * What is clearly something else (date, price, phone number, order, postcode) goes; the others get points for words
 * like "code" or "PIN" nearby, for a line of their own and for the usual length. Below {@link enough} it is no code.
 */
import { type Candidate, candidatesOf } from "./candidate.ts";
import { htmlToText } from "./html.ts";
import { type Label, labelsOf } from "./label.ts";
import type { Letter } from "./letter.ts";

/** The one-time codes of subject and body, likeliest first, their digits in ASCII; the HTML is asked where the text has none. */
export function codesOf(letter: Letter): string[] {
  const inText = codesIn(letter.subject, letter.text ?? "");
  if (letter.html === null || (inText.length > 0 && letter.text !== null)) return inText;
  return codesIn(letter.subject, htmlToText(letter.html));
}

const enough = 35;
const maxCodes = 10;
const maxCharacters = 200_000;

function codesIn(subject: string, body: string): string[] {
  const written = [subject, ...body.slice(0, maxCharacters).split("\n")]
    .map((line) => asciiDigits(line.trim()))
    .filter((line) => line !== "");
  const lines = joinLoneDigits(written).map((line) => ({ line, labels: labelsOf(line) }));
  const best = new Map<string, number>();
  for (const [index, { line }] of lines.entries()) {
    for (const candidate of candidatesOf(line)) {
      const points = pointsOf(candidate, lines, index);
      if (points >= enough && points > (best.get(candidate.code) ?? 0)) best.set(candidate.code, points);
    }
  }
  return [...best.entries()]
    .sort(([, one], [, other]) => other - one)
    .slice(0, maxCodes)
    .map(([code]) => code);
}

/** Arabic, Persian, Devanagari, Bengali, Thai and full-width digits; positions stay as they are. */
function asciiDigits(line: string): string {
  return line.replace(/[٠-٩۰-۹०-९০-৯๐-๙０-９]/g, (digit) => {
    const zero = zeros.findLast((zero) => zero <= digit)!;
    return String(digit.charCodeAt(0) - zero.charCodeAt(0));
  });
}

const zeros = ["٠", "۰", "०", "০", "๐", "０"];

/** Digits in boxes, each of which is a block of its own, are a line of digits to a reader. */
function joinLoneDigits(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let afterDigit = false;
  for (const line of lines) {
    const isDigit = /^\d$/.test(line);
    if (isDigit && afterDigit) joined.push(`${joined.pop()} ${line}`);
    else joined.push(line);
    afterDigit = isDigit;
  }
  return joined;
}

interface Line {
  readonly line: string;
  readonly labels: readonly Label[];
}

function pointsOf(candidate: Candidate, lines: readonly Line[], index: number): number {
  const here = lines[index]!;
  const inLine = pointsInLine(candidate, here);
  if (inLine === null) return 0;
  let context = inLine;
  if (candidate.standsAlone) {
    const around = pointsAround(lines, index);
    if (around === null) return 0;
    context = Math.max(context, around);
  } else if (candidate.leads && index > 0) {
    context = Math.max(context, pointsOfIntroduction(lines[index - 1]!));
  }
  // Letters need a word that says so, and so does every number but a lone one of six digits.
  if (context === 0 && !(candidate.standsAlone && candidate.shape === "six-digits")) return 0;
  if (candidate.shape === "letters" && context < neededByLetters) return 0;
  return context + (candidate.standsAlone ? 25 : 0) + shapePoints[candidate.shape] - candidate.doubt;
}

const shapePoints = { "six-digits": 10, digits: 5, mixed: 5, letters: 0 } as const;
const neededByLetters = 55;

/** Characters between a label and the code it speaks of. */
const reach = 80;
const otherReach = 14;
const directReach = 6;

/** @returns null where a word says that this number is something else */
function pointsInLine(candidate: Candidate, { line, labels }: Line): number | null {
  // "Use code BLACK50 for 50% off"
  if (/[A-Z]/i.test(candidate.code) && /\d ?%/.test(line)) return null;
  let best = 0;
  let nearest = Number.POSITIVE_INFINITY;
  let isOther = false;
  for (const label of labels) {
    const isBefore = label.end <= candidate.start;
    if (!isBefore && label.start < candidate.end) continue;
    const gap = isBefore ? line.slice(label.end, candidate.start) : line.slice(candidate.end, label.start);
    if (gap.length > reach || endsSentence(gap)) continue;
    // What stands in front names the number more often than what follows.
    const distance = gap.length + (isBefore ? 0 : 6);
    // `order 77123 is 482913`: another word's number is used up by the first digits behind it.
    const speaks =
      label.kind !== "other" ||
      (gap.length <= otherReach && !/\d/.test(gap) && (isBefore || !hasDigits(line, label.end)));
    // At the same place a phrase comes after its words, and says more.
    if (distance <= nearest && speaks) {
      nearest = distance;
      isOther = label.kind === "other";
    }
    if (label.kind === "other") continue;
    const direct = isBefore && gap.length <= directReach ? 15 : 0;
    best = Math.max(best, (label.kind === "code" ? 60 : 40) - gap.length / 2 + direct);
  }
  return isOther ? null : best;
}

/** What stands behind a word at the end of its line, and leaves it without a number. */
function isShortTail(tail: string): boolean {
  return tail.length <= otherReach && !/\d/.test(tail);
}

function hasDigits(line: string, from: number): boolean {
  return /\d/.test(line.slice(from, from + otherReach));
}

/** For a code on a line of its own: the two lines before, the one after, the subject. */
function pointsAround(lines: readonly Line[], index: number): number | null {
  let best = 0;
  for (const [back, points] of [45, 35].entries()) {
    const { line, labels } = lines[index - 1 - back] ?? { line: "", labels: [] };
    const last = labels.at(-1);
    if (last?.kind === "other" && back === 0 && isShortTail(line.slice(last.end))) return null;
    best = Math.max(best, ...labels.map(({ kind }) => pointsOfKind(kind, points)));
  }
  const after = lines[index + 1]?.labels.find(({ start }) => start <= reach);
  if (after !== undefined) best = Math.max(best, pointsOfKind(after.kind, 40));
  return Math.max(best, ...lines[0]!.labels.map(({ kind }) => pointsOfKind(kind, 25)));
}

function pointsOfKind(kind: Label["kind"], points: number): number {
  if (kind === "code") return points;
  return kind === "action" ? points - 15 : 0;
}

/** `Your code is:` and the code begins the next line. */
function pointsOfIntroduction({ line, labels }: Line): number {
  const last = labels.at(-1);
  if (last?.kind !== "code") return 0;
  const tail = line.slice(last.end);
  return tail.length <= 20 && !/\d|[.!?。]$/.test(tail) ? 40 : 0;
}

/** "Codul dvs. este": Romanian shortens "your". */
function endsSentence(gap: string): boolean {
  return /(?<!\bdvs?)[.!?]\s|[。！？।]/i.test(gap);
}
