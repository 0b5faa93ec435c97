/** Base64 as SASL uses it (RFC 4648 §4): groups of four, padding only at the end. */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The octets; null when the text is no base64. */
export function decodeBase64(text: string): Uint8Array | null {
  if (!isBase64(text)) return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** The UTF-8 text; null when it is either not. */
export function decodeBase64Text(text: string): string | null {
  const octets = decodeBase64(text);
  if (octets === null) return null;
  try {
    return decoder.decode(octets);
  } catch {
    return null;
  }
}

export function encodeBase64(octets: Uint8Array): string {
  return btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));
}

/** `atob` alone forgives too much. */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  for (let at = 0; at < text.length - padding; at++) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code !== 0x2b && code !== 0x2f) return false;
  }
  return true;
}
