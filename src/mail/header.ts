/**
 * Header blocks (RFC 5322 §2.2), of a message or of a body part.
 * A block ends at the first empty line, or before the first line that cannot be a field: the rest is body,
 * as Postfix reads it. What goes beyond the limits is skipped; the body is found all the same.
 */
import { decodeWords } from "postal-mime";
import { decodeGuess, repairLatin } from "./charset.ts";
import type { HeaderField } from "./letter.ts";

/** Octets of one header block that are read; what follows is skipped. */
export const maxHeaderOctets = 262_144;
const maxHeaderFields = 2000;

/** A field with its value unfolded, before RFC 2047 is undone: addresses and parameters need that form. */
export interface RawField {
  readonly name: string;
  readonly value: string;
}

export interface HeaderBlock {
  readonly fields: readonly RawField[];
  /** Offset of the first octet of the body. */
  readonly end: number;
  readonly defects: readonly string[];
}

/** The fields of the top header block, in order, duplicates kept; nothing behind the block is looked at. */
export function readHeader(raw: Uint8Array): HeaderField[] {
  return decodeFields(scanHeader(raw.subarray(0, maxHeaderOctets), 0).fields);
}

/** Reads the block that begins at `start`. A line for which `isDelimiter` is true ends it too. */
export function scanHeader(
  octets: Uint8Array,
  start: number,
  isDelimiter: (from: number, to: number) => boolean = () => false,
): HeaderBlock {
  const limit = start + maxHeaderOctets;
  const fields: RawField[] = [];
  const defects = new Set<string>();
  let name = "";
  let valueFrom = 0;
  let valueTo = 0;
  let position = start;

  const finishField = (): void => {
    if (name === "") return;
    if (valueTo > limit) defects.add("header-too-large");
    if (fields.length >= maxHeaderFields) defects.add("too-many-fields");
    else if (valueFrom < limit) {
      fields.push(new WrittenField(name, octets, valueFrom, Math.min(valueTo, limit)));
    }
    name = "";
  };

  while (position < octets.length) {
    const lf = octets.indexOf(LF, position);
    const next = lf === -1 ? octets.length : lf + 1;
    let to = lf === -1 ? octets.length : lf;
    if (to > position && octets[to - 1] === CR) to--;

    if (to === position) {
      position = next;
      break;
    }
    if (isDelimiter(position, to)) break;
    const first = octets[position];
    if ((first === SP || first === TAB) && name !== "") {
      valueTo = to;
    } else {
      finishField();
      const colon = fieldColon(octets, position, to);
      if (colon !== -1) {
        name = ascii(octets.subarray(position, colon)).trimEnd();
        valueFrom = colon + 1;
        valueTo = to;
      } else if (position === start && isMailboxLine(octets, position)) {
        defects.add("mbox-line");
      } else {
        defects.add("not-a-field");
        break;
      }
    }
    position = next;
  }
  finishField();
  return { fields, end: position, defects: [...defects] };
}

/** Most fields of a mail are read by nobody. */
class WrittenField implements RawField {
  readonly name: string;
  readonly #octets: Uint8Array;
  readonly #from: number;
  readonly #to: number;
  #value: string | null = null;

  constructor(name: string, octets: Uint8Array, from: number, to: number) {
    this.name = name;
    this.#octets = octets;
    this.#from = from;
    this.#to = to;
  }

  get value(): string {
    this.#value ??= unfold(this.#octets.subarray(this.#from, this.#to));
    return this.#value;
  }
}

/** Undoes RFC 2047. A line break that an encoded word smuggles in becomes a space. */
export function decodeValue(value: string): string {
  return value.includes("=?") ? repairLatin(decodeWords(value)).replace(/[\r\n]+/g, " ") : value;
}

export function decodeFields(fields: readonly RawField[]): HeaderField[] {
  return fields.map(({ name, value }) => ({ name, value: decodeValue(value) }));
}

/** The first field of that name (lower case), or null: of several the first counts, so that readers agree. */
export function firstValue(fields: readonly RawField[], name: string): string | null {
  return fields.find((field) => isNamed(field, name))?.value ?? null;
}

/** @param name in lower case; most fields differ in length already */
export function isNamed(field: RawField, name: string): boolean {
  return field.name.length === name.length && field.name.toLowerCase() === name;
}

const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
/** RFC 5322 §2.1.1: a name fits into a line. */
const maxNameOctets = 998;

/** Offset of the colon behind a field name (RFC 5322 §2.2; white space before it: §4.5), or -1. */
function fieldColon(octets: Uint8Array, from: number, to: number): number {
  let position = from;
  while (position < to && isNameOctet(octets[position]!)) position++;
  if (position === from || position - from > maxNameOctets) return -1;
  while (position < to && (octets[position] === SP || octets[position] === TAB)) position++;
  return octets[position] === COLON && position < to ? position : -1;
}

function isNameOctet(octet: number): boolean {
  return octet > SP && octet < 0x7f && octet !== COLON;
}

/** `From someone Mon Jan 1 …`: the separator of an mbox file, left in by some scripts. */
function isMailboxLine(octets: Uint8Array, from: number): boolean {
  return ascii(octets.subarray(from, from + 5)) === "From ";
}

/** One character for each octet; to spread them costs ten times as much. */
export function ascii(octets: Uint8Array): string {
  return String.fromCharCode.apply(null, octets as unknown as number[]);
}

/** RFC 5322 §2.2.3: only the line break goes, the white space behind it stays. */
function unfold(octets: Uint8Array): string {
  // RFC 6532 says UTF-8; old senders put their own charset here.
  return trimBlank(decodeGuess(octets).replace(/\r?\n/g, "").replace(/\r+/g, " "));
}

/** Only SP and HTAB: a no-break space is content. */
function trimBlank(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === SP || code === TAB;
}
