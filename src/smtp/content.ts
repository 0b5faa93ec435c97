/**
 * Content between DATA and its end (RFC 5321 §4.1.1.4, §4.5.2), or of chunks (RFC 3030 §2), which end by
 * count and know no transparency.
 *
 * Only CRLF.CRLF ends it (or .CRLF at once: an empty message); every near miss with a bare CR, a bare LF
 * or a NUL is content, otherwise a second message could be smuggled inside a first one. Transparency is
 * undone by cutting the one leading dot out, so the octets are never looked at as text.
 * Deviations are noted in the same pass. Most octets are plain and skipped a word at a time.
 */
import { Blocks } from "./blocks.ts";
import { lineOctets, Skimmer } from "./skimmer.ts";
import type { Warning } from "./warnings.ts";

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;

/**
 * Pieces are copied together, so that a client of many dots or tiny packets costs little memory; the first is kept
 * as it is, since most contents are one piece. A small content needs no whole block.
 */
const smallOctets = 4096;
const blocks = new Blocks();
/** So much of a content is kept when it is over the limit. */
const headOctets = 65_536;
const heldCr = Uint8Array.of(CR);
const noOctets = new Uint8Array(0);

/** Where the scan stands: inside a line, after its CR, at its start, after its leading dot, after dot and CR. */
type Place = "text" | "cr" | "start" | "dot" | "dot-cr";

/** Reads one content out of any number of received slices. */
export class ContentReader {
  #limit: number;
  #isGivenUp = false;
  #stop = Number.POSITIVE_INFINITY;
  readonly #isChunked: boolean;
  #place: Place = "start";
  /** Octets of the current line that lie in earlier slices. */
  #column = 0;
  #octets = 0;
  #kept = 0;
  #pieces: Uint8Array[] = [];
  #head: Uint8Array | null = null;
  #block: Uint8Array | null = null;
  #blockFrom = 0;
  #blockTo = 0;
  /** Those that have to be given back. */
  #taken: Uint8Array[] = [];
  readonly #deviations = new Set<Warning>();
  #isInBody = false;
  #isBody8bit = false;

  /** A content of more than `limit` octets is read and counted to its end, but only its head is kept. */
  constructor(limit: number, isChunked = false) {
    this.#limit = limit;
    this.#isChunked = isChunked;
  }

  /** Octets so far, transparency undone. */
  get octets(): number {
    return this.#octets;
  }

  get isOverLimit(): boolean {
    return this.#octets > this.#limit;
  }

  /** Octets of it that are held in memory. */
  get held(): number {
    return this.#kept;
  }

  /** There is no room for it: from now on it is read and counted to its end, and only its head is kept. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#limit = 0;
  }

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Reading pauses when so many octets have come; null: at the end only. */
  stopAt(octets: number | null): void {
    this.#stop = octets ?? Number.POSITIVE_INFINITY;
  }

  get stop(): number {
    return this.#stop;
  }

  /** As many octets as it may be given before it has to pause; each octet of a content is one at least. */
  get untilStop(): number {
    return this.#stop - this.#octets;
  }

  get deviations(): ReadonlySet<Warning> {
    return this.#deviations;
  }

  /** There are octets above 127 behind the header. */
  get isBody8bit(): boolean {
    return this.#isBody8bit;
  }

  /** Reads on from `from`. The index after the end of data, or -1 when it is not in this slice; chunks have none. */
  take(slice: Uint8Array, from: number): number {
    const skimmer = new Skimmer(slice, from - this.#column, this.#isInBody);
    const end = slice.length;
    let place = this.#place;
    let kept = from;
    let at = from;
    while (at < end) {
      if (place === "text") {
        at = skimmer.skip(at);
        if (at >= end) break;
      }
      const octet = slice[at]!;
      if (place === "text") {
        if (octet === CR) place = "cr";
        else if (octet === LF) this.#deviations.add("bare-lf");
        else if (octet === NUL) this.#deviations.add("nul");
        else if (octet > 0x7f && !this.#isBody8bit) {
          this.#deviations.add("8bit-without-8bitmime");
          this.#isBody8bit = skimmer.isInBody;
        }
        at += 1;
      } else if (place === "cr" && octet === LF) {
        const octets = at - 1 - skimmer.lineStart;
        if (octets > lineOctets) this.#deviations.add("long-line");
        else if (octets === 0) skimmer.isInBody = true;
        place = "start";
        at += 1;
        skimmer.lineStart = at;
      } else if (place === "start" && octet === DOT && !this.#isChunked) {
        this.#keep(slice.subarray(kept, at));
        place = "dot";
        at += 1;
        kept = at;
        skimmer.lineStart = at;
      } else if (place === "dot" && octet === CR) {
        place = "dot-cr";
        at += 1;
      } else if (place === "dot-cr" && octet === LF) {
        return at + 1;
      } else {
        // Not what this place waits for, so it is text after all.
        if (place === "cr" || place === "dot-cr") this.#deviations.add("bare-cr");
        if (place === "dot-cr" && kept === at) this.#keep(heldCr);
        place = "text";
      }
    }
    // A CR after a leading dot may belong to the end of data; it is held until the next octet tells.
    this.#keep(slice.subarray(kept, place === "dot-cr" ? Math.max(kept, end - 1) : end));
    this.#place = place;
    this.#column = end - skimmer.lineStart;
    this.#isInBody = skimmer.isInBody;
    return -1;
  }

  /** The last chunk has come: its last line need not have an end. */
  finish(): void {
    if (this.#place === "cr") this.#deviations.add("bare-cr");
    if (this.#column > lineOctets) this.#deviations.add("long-line");
  }

  /** All that is kept so far, in few pieces; they may lie in larger buffers. */
  get pieces(): readonly Uint8Array[] {
    this.#closeBlock();
    return this.#pieces;
  }

  /** All that is kept so far, in one piece. */
  join(): Uint8Array {
    const [only] = this.pieces;
    if (only?.length === this.#kept) return only;
    const joined = this.#copyFirst(this.#kept);
    this.#replace([joined]);
    return joined;
  }

  /** It was read, or nobody wants it: its pieces are not valid any more. */
  release(): void {
    this.#replace([]);
    this.#kept = 0;
  }

  /** The first 64 KiB of it: the same array until more has come, that of {@link join} where that is no longer. */
  head(): Uint8Array {
    this.#head ??= this.#cutHead();
    return this.#head;
  }

  #cutHead(): Uint8Array {
    const [first = noOctets] = this.pieces;
    const octets = Math.min(this.#kept, headOctets);
    if (first.length === octets) return first;
    return first.length > octets ? first.subarray(0, octets) : this.#copyFirst(octets);
  }

  #copyFirst(octets: number): Uint8Array {
    const copy = new Uint8Array(octets);
    let at = 0;
    for (const piece of this.pieces) {
      copy.set(piece.subarray(0, octets - at), at);
      at += piece.length;
      if (at >= octets) break;
    }
    return copy;
  }

  #keep(piece: Uint8Array): void {
    this.#octets += piece.length;
    if (!this.isOverLimit) {
      this.#store(piece);
      return;
    }
    if (this.#kept > headOctets) {
      this.#replace([this.#copyFirst(headOctets)]);
      this.#kept = headOctets;
    }
    this.#store(piece.subarray(0, headOctets - this.#kept));
  }

  #store(piece: Uint8Array): void {
    if (this.#kept === 0 && piece.length > 0) this.#pieces.push(piece);
    else this.#copy(piece);
    this.#kept += piece.length;
    this.#head = null;
  }

  #copy(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const block = this.#openBlock();
      const room = block.length - this.#blockTo;
      const part = piece.length > room || at > 0 ? piece.subarray(at, at + room) : piece;
      block.set(part, this.#blockTo);
      this.#blockTo += part.length;
      at += part.length;
    }
  }

  /** One that has room. */
  #openBlock(): Uint8Array {
    if (this.#block !== null && this.#blockTo < this.#block.length) return this.#block;
    this.#closeBlock();
    const isSmall = this.#octets <= smallOctets;
    this.#block = isSmall ? new Uint8Array(smallOctets) : blocks.take();
    if (!isSmall) this.#taken.push(this.#block);
    this.#blockFrom = 0;
    this.#blockTo = 0;
    return this.#block;
  }

  #closeBlock(): void {
    if (this.#block === null || this.#blockFrom === this.#blockTo) return;
    this.#pieces.push(this.#block.subarray(this.#blockFrom, this.#blockTo));
    this.#blockFrom = this.#blockTo;
  }

  #replace(pieces: Uint8Array[]): void {
    this.#pieces = pieces;
    this.#head = null;
    this.#block = null;
    blocks.giveBack(this.#taken);
    this.#taken = [];
  }
}
