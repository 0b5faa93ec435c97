/** Content-Transfer-Encoding (RFC 2045 §6): from the octets on the wire to those that were meant. */

/** 7bit, 8bit, binary and anything unknown are kept byte for byte. */
export function decodeTransfer(octets: Uint8Array, encoding: string | null): Uint8Array {
  if (encoding === "base64") return decodeBase64(octets);
  if (encoding === "quoted-printable") return decodeQuotedPrintable(octets);
  return octets;
}

export function isKnownTransfer(encoding: string): boolean {
  return ["7bit", "8bit", "binary", "base64", "quoted-printable"].includes(encoding);
}

const skip = 0xff;
const PAD = 0xfe;
const sextets = new Uint8Array(256).fill(skip);
for (const [value, char] of [
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
].entries()) {
  sextets[char.charCodeAt(0)] = value;
}
sextets[0x3d] = PAD;

/** RFC 2045 §6.8: octets outside the alphabet are skipped. Padding ends a group, and another one may follow. */
function decodeBase64(octets: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(Math.floor((octets.length * 3) / 4) + 2);
  let length = 0;
  let group = 0;
  let count = 0;
  for (let index = 0; index < octets.length; index++) {
    const sextet = sextets[octets[index]!]!;
    if (sextet < 64) {
      group = (group << 6) | sextet;
      count++;
    }
    if (count === 4) {
      decoded[length++] = group >> 16;
      decoded[length++] = group >> 8;
      decoded[length++] = group;
      group = 0;
      count = 0;
    } else if (sextet === PAD || index === octets.length - 1) {
      if (count === 3) {
        decoded[length++] = group >> 10;
        decoded[length++] = group >> 2;
      } else if (count === 2) decoded[length++] = group >> 4;
      group = 0;
      count = 0;
    }
  }
  return decoded.subarray(0, length);
}

const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const TAB = 0x09;
const EQUALS = 0x3d;

/** RFC 2045 §6.7. A `=` that begins neither an octet nor a soft line break stands for itself. */
function decodeQuotedPrintable(octets: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(octets.length);
  let length = 0;
  // Blanks at the end of a line were added on the way and go (rule 3); this is where they would begin.
  let solid = 0;
  let index = 0;
  while (index < octets.length) {
    const octet = octets[index]!;
    if (octet === EQUALS) {
      const soft = softBreakEnd(octets, index + 1);
      const high = hexDigit(octets[index + 1]);
      const low = hexDigit(octets[index + 2]);
      if (soft !== -1) index = soft;
      else if (high >= 0 && low >= 0) {
        decoded[length++] = (high << 4) | low;
        index += 3;
      } else {
        decoded[length++] = octet;
        index++;
      }
      solid = length;
    } else if (octet === SP || octet === TAB) {
      decoded[length++] = octet;
      index++;
    } else {
      if (octet === LF || (octet === CR && octets[index + 1] === LF)) length = solid;
      decoded[length++] = octet;
      if (octet === CR && octets[index + 1] === LF) {
        decoded[length++] = LF;
        index++;
      }
      solid = length;
      index++;
    }
  }
  return decoded.subarray(0, solid);
}

/** Where the next line begins if only blanks stand between here and the line end (or the end of all); else -1. */
function softBreakEnd(octets: Uint8Array, from: number): number {
  let index = from;
  while (octets[index] === SP || octets[index] === TAB) index++;
  if (octets[index] === CR && octets[index + 1] === LF) return index + 2;
  if (octets[index] === LF) return index + 1;
  return index >= octets.length ? index : -1;
}

function hexDigit(octet: number | undefined): number {
  if (octet === undefined) return -1;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
