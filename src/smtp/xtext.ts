/**
 * xtext (RFC 3461 §4): how a parameter carries octets that its grammar has no place for.
 *
 *     xtext   = *( xchar / hexchar )
 *     xchar   = any of %d33-126 except "+" and "="
 *     hexchar = "+" 2HEXDIG                 ; upper case
 */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const wellFormed = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/;

/** The text that xtext stands for, its octets read as UTF-8; null where it is malformed. */
export function decodeXtext(text: string): string | null {
  if (!wellFormed.test(text)) return null;
  if (!text.includes("+")) return text;
  const octets: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "+") {
      octets.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      octets.push(text.charCodeAt(at));
    }
  }
  try {
    return decoder.decode(Uint8Array.from(octets));
  } catch {
    return null; // no UTF-8
  }
}
