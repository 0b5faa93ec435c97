/**
 * The contents of messages. Small ones lie one after another in blocks: a buffer for each would cost the collector
 * and the allocator more than the copy. A block goes when nothing in it is stored any more; messages come and go
 * in order, mostly. Large contents stay in the pieces that they came in until somebody reads them.
 */

/** Larger contents are kept apart. */
const smallOctets = 16 * 1024;
const blockOctets = 256 * 1024;

/** The octets of one message. */
export interface Content {
  readonly length: number;
  /** All of them, in one piece. */
  octets(): Uint8Array;
}

export class ContentShelf {
  #block = new Uint8Array(0);
  #used = 0;

  put(pieces: readonly Uint8Array[]): Content {
    const length = lengthOf(pieces);
    if (length > smallOctets) return new LargeContent(pieces, length);
    if (length > this.#block.length - this.#used) {
      this.#block = new Uint8Array(blockOctets);
      this.#used = 0;
    }
    const content = new SmallContent(this.#block, this.#used, length);
    copy(pieces, this.#block, this.#used);
    this.#used += length;
    return content;
  }
}

class SmallContent implements Content {
  readonly length: number;
  readonly #block: Uint8Array;
  readonly #from: number;

  constructor(block: Uint8Array, from: number, length: number) {
    this.#block = block;
    this.#from = from;
    this.length = length;
  }

  octets(): Uint8Array {
    return this.#block.subarray(this.#from, this.#from + this.length);
  }
}

class LargeContent implements Content {
  readonly length: number;
  #pieces: readonly Uint8Array[];

  constructor(pieces: readonly Uint8Array[], length: number) {
    this.length = length;
    this.#pieces = fill(pieces, length) ? pieces : [joined(pieces, length)];
  }

  octets(): Uint8Array {
    const [only] = this.#pieces;
    if (only?.length === this.length) return only;
    const whole = joined(this.#pieces, this.length);
    this.#pieces = [whole];
    return whole;
  }
}

/** Whether the buffers that the pieces lie in hold hardly anything else. */
function fill(pieces: readonly Uint8Array[], length: number): boolean {
  const buffers = new Set(pieces.map(({ buffer }) => buffer));
  let held = 0;
  for (const { byteLength } of buffers) held += byteLength;
  return held * 3 <= length * 4;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  copy(pieces, whole, 0);
  return whole;
}

function copy(pieces: readonly Uint8Array[], into: Uint8Array, from: number): void {
  let at = from;
  for (const piece of pieces) {
    into.set(piece, at);
    at += piece.length;
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
