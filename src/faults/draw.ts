/**
 * Chance without order. A draw is a hash of what it is about, never the next number of a stream,
 * so it comes out the same in whatever order parallel sessions arrive.
 */

const separator = "\u0000";

/** A whole number below 2^53 that is spread evenly: two 32-bit murmur-style lanes with different constants. */
export function hash53(text: string): number {
  let high = 0x9e3779b9 ^ text.length;
  let low = 0x85ebca6b;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(rotate(high ^ Math.imul(unit, 0xcc9e2d51), 13), 0x1b873593);
    low = Math.imul(rotate(low ^ Math.imul(unit, 0x1b56c4e9), 17), 0x7fb5d329) + high;
  }
  high = finish(high ^ (low >>> 15));
  low = finish(low ^ high);
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** A number from 0 (included) to 1 (not) that depends on nothing but these parts. */
export function draw(...parts: readonly (string | number)[]): number {
  return hash53(parts.join(separator)) / 2 ** 53;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The last step of MurmurHash3: each bit of the input sways each bit of the output. */
function finish(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
