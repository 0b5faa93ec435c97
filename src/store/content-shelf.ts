/**
 * The contents of messages, one behind the other in blocks. What was received is copied once and dies young; a
 * buffer of its own for each message would be for the collector to look after, one by one. The blocks are shared
 * memory, which no collector counts: for every few megabytes that it counts V8 goes through the whole heap, and at
 * a megabyte for each message that took a third of the time. So the blocks are looked after here. One is free, and is
 * used again, when nothing in it is stored any more; it is never given back. Messages go in the order in which they
 * came, mostly; where few stay among many that go, those are moved together.
 */

const blockOctets = 64 * 1024;
/** Octets that are not worth a move. */
const slack = 4 * 1024 * 1024;

interface Block {
  readonly octets: Uint8Array;
  /** Octets of it that are stored. */
  live: number;
  /** Where the content goes on that did not fit. */
  next: Block | null;
}

/** Where the octets of one message are. */
export interface Content {
  readonly block: Block;
  readonly from: number;
  readonly length: number;
}

export class ContentShelf {
  #blocks = new Set<Block>();
  #free: Block[] = [];
  /** Octets of all contents. */
  #live = 0;
  /** The one that is written to. */
  #current: Block | null = null;
  #used = blockOctets;

  /** Octets of all blocks, those that are free too. */
  get held(): number {
    return this.#blocks.size * blockOctets;
  }

  /** Less than a third of what is in use is contents: it is time to have all of them {@link moved}. */
  get isSparse(): boolean {
    return this.held - this.#free.length * blockOctets > 3 * this.#live + slack;
  }

  /** Copies what is in the pieces. */
  put(pieces: readonly Uint8Array[]): Content {
    let block = this.#open();
    const content = { block, from: this.#used, length: lengthOf(pieces) };
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; ) {
        const before = block;
        block = this.#open();
        if (block !== before) before.next = block;
        const room = blockOctets - this.#used;
        const part = piece.length - at > room || at > 0 ? piece.subarray(at, at + room) : piece;
        block.octets.set(part, this.#used);
        block.live += part.length;
        this.#live += part.length;
        this.#used += part.length;
        at += part.length;
      }
    }
    return content;
  }

  /** It will not be read any more; once for each content. */
  free(content: Content): void {
    for (const { block, from, to } of partsOf(content)) {
      block.live -= to - from;
      if (to === blockOctets) block.next = null;
      // What was there before a clear is counted no more.
      if (!this.#blocks.has(block)) continue;
      this.#live -= to - from;
      if (block.live === 0 && block !== this.#current) this.#free.push(block);
    }
  }

  /** Where the content is from now on: among others, if it was in a block that is empty for the greater part. */
  moved(content: Content): Content {
    const parts = partsOf(content);
    if (!parts.some(({ block }) => block !== this.#current && block.live < blockOctets / 2)) return content;
    const place = this.put(parts.map(({ block, from, to }) => block.octets.subarray(from, to)));
    this.free(content);
    return place;
  }

  /** No content will be read any more. */
  clear(): void {
    // New ones of the same memory: contents from before may still be freed, and mean the old ones.
    this.#blocks = new Set(Array.from(this.#blocks, ({ octets }) => newBlock(octets)));
    this.#free = [...this.#blocks];
    this.#live = 0;
    this.#current = null;
    this.#used = blockOctets;
  }

  /** The block with room for an octet at least. */
  #open(): Block {
    if (this.#current !== null && this.#used < blockOctets) return this.#current;
    if (this.#current?.live === 0) this.#free.push(this.#current);
    this.#current = this.#free.pop() ?? this.#another();
    this.#used = 0;
    return this.#current;
  }

  #another(): Block {
    const block = newBlock(new Uint8Array(new SharedArrayBuffer(blockOctets)));
    this.#blocks.add(block);
    return block;
  }
}

function newBlock(octets: Uint8Array): Block {
  return { octets, live: 0, next: null };
}

/** A copy, in one piece, of so many octets at most. */
export function readContent({ block, from, length }: Content, most = length): Uint8Array {
  const whole = new Uint8Array(Math.min(length, most));
  let at = 0;
  for (const { block: each, from: start, to } of partsOf({ block, from, length: whole.length })) {
    whole.set(each.octets.subarray(start, to), at);
    at += to - start;
  }
  return whole;
}

/** Octets of all pieces. */
export function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

/** What of a content lies in one block. */
interface Part {
  readonly block: Block;
  readonly from: number;
  readonly to: number;
}

function partsOf({ block, from, length }: Content): readonly Part[] {
  const parts: Part[] = [];
  let at = from;
  let left = length;
  for (let next: Block | null = block; next !== null && left > 0; next = next.next) {
    const to = Math.min(blockOctets, at + left);
    parts.push({ block: next, from: at, to });
    left -= to - at;
    at = 0;
  }
  return parts;
}
