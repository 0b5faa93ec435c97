const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;

/** RFC 5321 §4.5.3.1.6: 1000 with CRLF */
export const lineOctets = 998;

const noWords = new Int32Array(0);

/** Set in every octet that is not plain; a borrow from the octet below can only report too much. */
const lowest = 0x0e0e0e0e;
const highBits = 0x80808080;

/**
 * Goes over a slice up to what has to be looked at: all but plain octets (0x0E to 0x7F) and the ends of lines that are not
 * too long, before one that begins without a dot. Nearly all of a content is that, so it is taken sixteen octets at
 * a time.
 */
export class Skimmer {
  readonly #octets: Uint8Array;
  readonly #words: Int32Array;
  /** Octets before the first aligned word. */
  readonly #lead: number;
  /** Where the line begins that is being read; negative in an earlier slice. */
  lineStart: number;
  /** The first empty line is behind: the header is over (RFC 5322 §2.1). */
  isInBody: boolean;

  constructor(octets: Uint8Array, lineStart: number, isInBody: boolean) {
    this.#octets = octets;
    this.lineStart = lineStart;
    this.isInBody = isInBody;
    this.#lead = (4 - (octets.byteOffset & 3)) & 3;
    const whole = (octets.length - this.#lead) >> 2;
    this.#words = whole > 0 ? new Int32Array(octets.buffer, octets.byteOffset + this.#lead, whole) : noWords;
  }

  /** From `at`, which lies within a line. The index of what has to be looked at, or the end. */
  skip(at: number): number {
    const octets = this.#octets;
    const words = this.#words;
    const lead = this.#lead;
    const end = octets.length;
    while (at < end) {
      if (((at - lead) & 3) === 0) {
        let word = (at - lead) >> 2;
        for (; word + 3 < words.length; word += 4) {
          const a = words[word]!;
          const b = words[word + 1]!;
          const c = words[word + 2]!;
          const d = words[word + 3]!;
          const odd = (a - lowest) | a | (b - lowest) | b | (c - lowest) | c | (d - lowest) | d;
          if ((odd & highBits) !== 0) break;
        }
        while (word < words.length && (((words[word]! - lowest) | words[word]!) & highBits) === 0) word += 1;
        at = lead + (word << 2);
        if (at >= end) break;
      }
      const octet = octets[at]!;
      if (octet >= 0x0e && octet <= 0x7f) {
        at += 1;
      } else if (octet === CR && this.#endsPlainly(at)) {
        if (at === this.lineStart) this.isInBody = true;
        at += 2;
        this.lineStart = at;
      } else {
        break;
      }
    }
    return at;
  }

  /** Whether the line that ends at this CR is not too long, and the next one begins without a dot. */
  #endsPlainly(cr: number): boolean {
    const octets = this.#octets;
    if (cr + 2 >= octets.length || octets[cr + 1] !== LF || octets[cr + 2] === DOT) return false;
    return cr - this.lineStart <= lineOctets;
  }
}
