const noWords = new Int32Array(0);

/** Set in every octet that is not plain; a borrow from the octet below can only report too much. */
const lowest = 0x0e0e0e0e;
const highBits = 0x80808080;

/**
 * Finds what is not plain in a slice: below 0x0E (NUL, LF, CR and harmless ones) or above 0x7F. Nearly all octets
 * of a content are plain, and each is looked at: so sixteen at a time.
 */
export class Skimmer {
  readonly #octets: Uint8Array;
  readonly #words: Int32Array;
  /** Octets before the first aligned word. */
  readonly #lead: number;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.#lead = (4 - (octets.byteOffset & 3)) & 3;
    const whole = (octets.length - this.#lead) >> 2;
    this.#words = whole > 0 ? new Int32Array(octets.buffer, octets.byteOffset + this.#lead, whole) : noWords;
  }

  /** The index of the first octet from `at` that may not be plain. */
  skip(at: number): number {
    const octets = this.#octets;
    const lead = this.#lead;
    while (at < octets.length) {
      if (((at - lead) & 3) === 0) {
        at = lead + (this.#skipWords((at - lead) >> 2) << 2);
        if (at >= octets.length) return at;
      }
      const octet = octets[at]!;
      if (octet < 0x0e || octet > 0x7f) return at;
      at += 1;
    }
    return at;
  }

  #skipWords(word: number): number {
    const words = this.#words;
    for (; word + 3 < words.length; word += 4) {
      const a = words[word]!;
      const b = words[word + 1]!;
      const c = words[word + 2]!;
      const d = words[word + 3]!;
      const odd = (a - lowest) | a | (b - lowest) | b | (c - lowest) | c | (d - lowest) | d;
      if ((odd & highBits) !== 0) break;
    }
    while (word < words.length && (((words[word]! - lowest) | words[word]!) & highBits) === 0) word += 1;
    return word;
  }
}
