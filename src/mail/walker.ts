/**
 * The MIME tree (RFC 2046 §5.1) with exact octets.
 * One pass over the lines, whatever the nesting: the parts that are open form a stack, and a line that begins with `--`
 * is looked up in the table of their boundaries. A boundary of an outer part ends the inner ones.
 * A message in the message is a part whose parts are those of its own tree, numbered as in IMAP (RFC 3501 §6.4.5).
 */
import { ascii, type RawField, scanHeader } from "./header.ts";
import type { Part } from "./letter.ts";
import { makePart, type PartHeader, readPartHeader } from "./part.ts";
import { isKnownTransfer } from "./transfer.ts";

/** A multipart below this many others is not taken apart. */
const maxDepth = 64;
const maxParts = 1000;

export interface Walk {
  readonly root: Part;
  /** The top header, for readers that need it undecoded. */
  readonly fields: readonly RawField[];
  readonly defects: readonly string[];
}

export function walk(raw: Uint8Array): Walk {
  return new Walker(raw).run();
}

/** A part whose end is not known yet. */
interface OpenPart {
  readonly path: string;
  /** The multipart of a message in the message: its parts are those of the message. */
  readonly isLifted: boolean;
  readonly header: PartHeader;
  readonly bodyStart: number;
  /** As the octets of the delimiter line, one character each; null for a leaf. */
  readonly boundary: string | null;
  readonly parts: Part[];
  ended: boolean;
}

class Walker {
  readonly #raw: Uint8Array;
  readonly #open: OpenPart[] = [];
  /** Boundary → index in `#open`. */
  readonly #boundaries = new Map<string, number>();
  readonly #defects = new Set<string>();
  #count = 0;

  constructor(raw: Uint8Array) {
    this.#raw = raw;
  }

  run(): Walk {
    const raw = this.#raw;
    let position = this.#begin("", 0, "text/plain");
    const fields = this.#open[0]!.header.fields;
    while (this.#boundaries.size > 0 && position < raw.length) {
      const lf = raw.indexOf(LF, position);
      const next = lf === -1 ? raw.length : lf + 1;
      const boundary = this.#delimiter(position, lf === -1 ? raw.length : lf);
      position = boundary === null ? next : this.#cut(boundary, position, next);
    }
    return { root: this.#endBelow(0, raw.length)!, fields, defects: [...this.#defects] };
  }

  /** Opens the part whose header begins at `position`, and the message in it; returns where the body begins. */
  #begin(path: string, position: number, defaultType: string, isNested = false): number {
    const block = scanHeader(this.#raw, position, (from, to) => this.#delimiter(from, to) !== null);
    const header = readPartHeader(block.fields, defaultType);
    for (const defect of block.defects) this.#note(defect, path);
    if (header.hasBadType) this.#note("bad-content-type", path);
    const boundary = this.#boundaryOf(header, path);
    if (boundary !== null) this.#boundaries.set(boundary, this.#open.length);
    if (header.encoding !== null && !isKnownTransfer(header.encoding)) this.#note("unknown-encoding", path);
    this.#open.push({
      path: isNested && boundary === null ? below(path, 1) : path,
      isLifted: isNested && boundary !== null,
      header,
      bodyStart: block.end,
      boundary,
      parts: [],
      ended: false,
    });
    this.#count++;
    if (!this.#holdsMessage(header)) return block.end;
    return this.#begin(this.#open.at(-1)!.path, block.end, "text/plain", true);
  }

  /** RFC 2046 §5.2.1: a message has no transfer encoding of its own; one that has is kept as a leaf. */
  #holdsMessage({ type, encoding }: PartHeader): boolean {
    if (type.value !== "message/rfc822" && type.value !== "message/global") return false;
    const isPlain = encoding === null || ["7bit", "8bit", "binary"].includes(encoding);
    return isPlain && this.#open.length < maxDepth && this.#count < maxParts;
  }

  #boundaryOf(header: PartHeader, path: string): string | null {
    if (!header.type.value.startsWith("multipart/")) return null;
    const boundary = octetString(header.type.parameters.get("boundary") ?? "").trimEnd();
    if (boundary === "") this.#note("no-boundary", path);
    else if (this.#boundaries.has(boundary)) this.#note("boundary-reused", path);
    else if (this.#open.length >= maxDepth) this.#note("nested-too-deep", path);
    else return boundary;
    return null;
  }

  /** The delimiter line of an open part that stands here, or null. RFC 2046 §5.1.1: blanks may follow it. */
  #delimiter(from: number, to: number): Delimiter | null {
    const raw = this.#raw;
    if (raw[from] !== DASH || raw[from + 1] !== DASH || this.#boundaries.size === 0) return null;
    let end = to;
    while (end > from && isBlank(raw[end - 1]!)) end--;
    if (end - from > maxDelimiter) return null;
    const text = ascii(raw.subarray(from + 2, end));
    const depth = this.#boundaries.get(text);
    if (depth !== undefined) return { depth, last: false };
    const closing = text.endsWith("--") ? this.#boundaries.get(text.slice(0, -2)) : undefined;
    return closing === undefined ? null : { depth: closing, last: true };
  }

  /** Acts on a delimiter line from `position` to `next`; returns where reading goes on. */
  #cut({ depth, last }: Delimiter, position: number, next: number): number {
    const multipart = this.#open[depth]!;
    const part = this.#endBelow(depth + 1, this.#lineBreakBefore(position));
    if (part !== null) multipart.parts.push(part);
    if (last) {
      multipart.ended = true;
      this.#boundaries.delete(multipart.boundary!);
      return next;
    }
    if (this.#count >= maxParts) {
      this.#note("too-many-parts", "");
      this.#boundaries.clear();
      return this.#raw.length;
    }
    const path = below(multipart.path, multipart.parts.length + 1);
    // RFC 2046 §5.1.5
    const defaultType = multipart.header.type.value === "multipart/digest" ? "message/rfc822" : "text/plain";
    return this.#begin(path, next, defaultType);
  }

  /** Ends the open parts from `depth` on; returns the outermost of them, which its parent does not have yet. */
  #endBelow(depth: number, end: number): Part | null {
    let part: Part | null = null;
    while (this.#open.length > depth) {
      const { path, isLifted, header, bodyStart, boundary, parts, ended } = this.#open.pop()!;
      if (part !== null) parts.push(part);
      if (boundary !== null && !ended) {
        if (this.#boundaries.delete(boundary)) {
          this.#note(parts.length > 0 ? "missing-end-boundary" : "boundary-not-found", path);
        }
      }
      const body = this.#raw.subarray(bodyStart, Math.max(bodyStart, end));
      if (isLifted && parts.length > 0) {
        this.#open.at(-1)!.parts.push(...parts);
        part = null;
      } else {
        part = makePart(isLifted ? below(path, 1) : path, header, body, parts);
      }
    }
    return part;
  }

  /** RFC 2046 §5.1.1: the line break before a delimiter belongs to the delimiter. */
  #lineBreakBefore(position: number): number {
    const raw = this.#raw;
    if (raw[position - 1] !== LF) return position;
    return raw[position - 2] === CR ? position - 2 : position - 1;
  }

  #note(defect: string, path: string): void {
    this.#defects.add(path === "" ? defect : `${defect} in part ${path}`);
  }
}

function below(path: string, number: number): string {
  return path === "" ? String(number) : `${path}.${number}`;
}

interface Delimiter {
  /** Index of the multipart in the stack. */
  readonly depth: number;
  readonly last: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
/** RFC 2046 allows 70 characters; some senders take more. */
const maxDelimiter = 1024;

function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 0x09 || octet === CR;
}

function octetString(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text.slice(0, maxDelimiter)));
}
