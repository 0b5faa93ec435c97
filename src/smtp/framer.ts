/**
 * Frame first, parse second: octets become command lines or content before anybody reads them, so the
 * boundaries stay right whatever a line says, and the grammar never sees half a line.
 *
 * Received slices wait unread in a queue. A line that lies in one slice is handed out without a copy; the
 * pieces of one that is cut are collected in a buffer of bounded size. What does not fit is counted and
 * dropped, so a client cannot make memory grow.
 */
import type { ContentReader } from "./content.ts";

const LF = 0x0a;
const CR = 0x0d;

/** So much of a line is kept: the longest one that is allowed, an AUTH exchange (RFC 4954 §4, §4.1). */
export const lineKept = 12_288;
/** For the pieces of a line, at first. */
const firstBuffer = 256;
/** Nobody sends this by mistake; waiting for its end would be waiting for ever. */
const flood = 65_536;

const nothing = new Uint8Array();

/** A line without its end, at most {@link lineKept} octets of it. It is read at once: the buffer is used again. */
export class Line {
  readonly buffer: Uint8Array;
  /** Where it lies in the buffer; the octet at `to` is none of it. */
  readonly from: number;
  readonly to: number;
  /** Octets that came, line end included. */
  readonly length: number;
  /** It contains, or ended with, LF without CR before it. */
  readonly hasBareLf: boolean;

  constructor(buffer: Uint8Array, from: number, to: number, length: number, hasBareLf: boolean) {
    this.buffer = buffer;
    this.from = from;
    this.to = Math.min(to, from + lineKept);
    this.length = length;
    this.hasBareLf = hasBareLf;
  }

  get octets(): Uint8Array {
    return this.buffer.subarray(this.from, this.to);
  }
}

/** So many slices that are read lie about before they are thrown away together. */
const keptSlices = 64;

/** Cuts lines and contents out of received slices. */
export class Framer {
  #slices: Uint8Array[] = [];
  #head = 0;
  #at = 0;

  #partial: Uint8Array | null = null;
  #partialLength = 0;
  /** Octets of it that {@link unended} has told. */
  #told = 0;
  #hasBareLf = false;
  #endsInCr = false;

  /** Buffers only; the slice must not be changed afterwards. */
  receive(slice: Uint8Array): void {
    if (slice.length > 0) this.#slices.push(slice);
  }

  /** Nothing waits unread, not even a part of a line. */
  get isEmpty(): boolean {
    return this.#head === this.#slices.length && this.#partialLength === 0;
  }

  /** Octets that wait unread in received slices. */
  get waiting(): number {
    let octets = -this.#at;
    for (let index = this.#head; index < this.#slices.length; index += 1)
      octets += this.#slices[index]!.length;
    return octets;
  }

  /** The first octets of what comes next begin with these; null when it is too early to tell. */
  beginsWith(first: number, second: number): boolean | null {
    if (this.#partialLength > 0) return false;
    const slice = this.#slices[this.#head];
    if (slice === undefined) return null;
    if (slice[this.#at] !== first) return false;
    const next = this.#at + 1 < slice.length ? slice[this.#at + 1] : this.#slices[this.#head + 1]?.[0];
    return next === undefined ? null : next === second;
  }

  /**
   * The next line, null when it is not there yet, `"flood"` when it is endless.
   * Only CRLF ends a line (RFC 5321 §2.3.8), and LF alone where `lfEnds`.
   */
  line(lfEnds: boolean): Line | "flood" | null {
    for (let slice = this.#slices[this.#head]; slice !== undefined; slice = this.#slices[this.#head]) {
      const from = this.#at;
      const lf = slice.indexOf(LF, from);
      const end = lf === -1 ? slice.length : lf + 1;
      const hasCr = lf > from ? slice[lf - 1] === CR : this.#endsInCr;
      const isWhole = lf !== -1 && (hasCr || lfEnds);
      if (lf !== -1 && !hasCr) this.#hasBareLf = true;
      if (isWhole && this.#partialLength === 0) {
        this.#advance(slice, end);
        return this.#finish(slice, from, end - (hasCr ? 2 : 1), end - from);
      }
      this.#collect(slice.subarray(from, end));
      this.#advance(slice, end);
      if (isWhole) {
        const length = this.#partialLength;
        return this.#finish(this.#partial!, 0, length - (hasCr ? 2 : 1), length);
      }
      // The last octet may be the CR of a line end that is still within bounds.
      if (this.#partialLength > flood + 1) return "flood";
    }
    return null;
  }

  /**
   * What has come of a line that has not ended, at most {@link lineKept} octets of it, each of them once. `toLf`: up to
   * its last LF, since more may come.
   */
  unended(toLf: boolean): Uint8Array {
    const kept = Math.min(this.#partialLength, lineKept);
    if (this.#partial === null || kept === this.#told) return nothing;
    const untold = this.#partial.subarray(this.#told, kept);
    const end = toLf ? untold.lastIndexOf(LF) + 1 : untold.length;
    this.#told += end;
    return untold.subarray(0, end);
  }

  /** Hands over what waits, up to the end of data or to where the reader pauses; null: neither was in it. */
  content(reader: ContentReader): "end" | "stop" | null {
    for (let slice = this.#slices[this.#head]; slice !== undefined; slice = this.#slices[this.#head]) {
      const until = this.#at + reader.untilStop;
      const isCut = until < slice.length;
      const end = reader.take(isCut ? slice.subarray(0, until) : slice, this.#at);
      this.#advance(slice, end !== -1 ? end : isCut ? until : slice.length);
      if (end !== -1) return "end";
      if (reader.untilStop <= 0) return "stop";
    }
    return null;
  }

  /** Hands over at most so many octets of what waits, to nobody where there is no reader; returns how many. */
  chunk(reader: ContentReader | null, most: number): number {
    let taken = 0;
    for (let slice = this.#slices[this.#head]; slice !== undefined; slice = this.#slices[this.#head]) {
      const end = Math.min(slice.length, this.#at + most - taken);
      if (end === this.#at) break;
      reader?.take(slice.subarray(this.#at, end), 0);
      taken += end - this.#at;
      this.#advance(slice, end);
    }
    return taken;
  }

  /** Throws away all that waits. */
  forget(): void {
    this.#slices = [];
    this.#head = 0;
    this.#at = 0;
    this.#partialLength = 0;
    this.#told = 0;
    this.#hasBareLf = false;
    this.#endsInCr = false;
  }

  #finish(buffer: Uint8Array, from: number, to: number, length: number): Line | "flood" {
    const line = new Line(buffer, from, to, length, this.#hasBareLf);
    this.#partialLength = 0;
    this.#told = 0;
    this.#hasBareLf = false;
    this.#endsInCr = false;
    return length > flood + 2 ? "flood" : line;
  }

  #collect(piece: Uint8Array): void {
    if (piece.length === 0) return;
    const room = lineKept - this.#partialLength;
    if (room > 0)
      this.#bufferOf(this.#partialLength + piece.length).set(piece.subarray(0, room), this.#partialLength);
    this.#partialLength += piece.length;
    this.#endsInCr = piece[piece.length - 1] === CR;
  }

  /** The buffer with room for so many octets; it grows, since most clients cut no line, or a short one. */
  #bufferOf(length: number): Uint8Array {
    const buffer = this.#partial;
    if (buffer !== null && (buffer.length >= length || buffer.length === lineKept)) return buffer;
    const grown = new Uint8Array(Math.min(lineKept, Math.max(firstBuffer, 2 * length)));
    if (buffer !== null) grown.set(buffer);
    this.#partial = grown;
    return grown;
  }

  #advance(slice: Uint8Array, to: number): void {
    if (to < slice.length) {
      this.#at = to;
      return;
    }
    this.#at = 0;
    this.#head += 1;
    const isRead = this.#head === this.#slices.length;
    if (!isRead && this.#head < keptSlices) return;
    // The last one is taken off alone: to empty the list would cost it its room for the next.
    if (isRead && this.#head === 1) this.#slices.pop();
    else this.#slices.splice(0, this.#head);
    this.#head = 0;
  }
}
