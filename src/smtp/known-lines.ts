const places = 1024;
/** Octets. Longer lines are rare, and not kept. */
const longest = 256;

interface Known<Value> {
  readonly octets: Uint8Array;
  readonly value: Value;
}

/**
 * What was made of lines lately. A client says the same again and again: what is known by its octets is not made
 * twice, and not kept twice. Each line has one place, where the next of the same sum replaces it.
 */
export class KnownLines<Value> {
  readonly #known: (Known<Value> | undefined)[] = [];

  /** What was made of the octets between the two indices; null: they are not known. */
  find(octets: Uint8Array, from: number, to: number): Value | null {
    if (to - from > longest) return null;
    const known = this.#known[placeOf(octets, from, to)];
    return known !== undefined && isSame(known.octets, octets, from, to) ? known.value : null;
  }

  keep(octets: Uint8Array, from: number, to: number, value: Value): void {
    if (to - from > longest) return;
    // A list that has a value at every index is the fastest to read.
    while (this.#known.length < places) this.#known.push(undefined);
    // A copy: the octets lie in a buffer that would be kept with them.
    this.#known[placeOf(octets, from, to)] = { octets: Uint8Array.from(octets.subarray(from, to)), value };
  }
}

/** FNV-1a, 32 bits. */
function placeOf(octets: Uint8Array, from: number, to: number): number {
  let sum = 0x811c9dc5;
  for (let at = from; at < to; at++) sum = Math.imul(sum ^ octets[at]!, 0x01000193);
  return (sum ^ (sum >>> 16)) & (places - 1);
}

function isSame(known: Uint8Array, octets: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== octets[from + at]) return false;
  return true;
}
