/** Makes text of unknown origin safe to show or to send: what could act on a terminal becomes `\xNN`. */

const encoder = new TextEncoder();

/** True for HT and 0x20–0x7E only, the characters of a reply text (RFC 5321 §4.2). */
export function isPlainAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7e || (code < 0x20 && code !== 0x09)) return false;
  }
  return true;
}

/**
 * Octets that must not be shown become `\xNN`, octet by octet of their UTF-8 form:
 * controls (C0, DEL, C1), and for `ascii` everything above 0x7E too.
 */
export function escapeControls(text: string, keep: "ascii" | "unicode"): string {
  let shown = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const plain = (code >= 0x20 && code <= 0x7e) || code === 0x09;
    shown +=
      plain || (keep === "unicode" && code > 0x9f) ? character : escapeOctets(encoder.encode(character));
  }
  return shown;
}

/** Every octet outside 0x20–0x7E and HT as `\xNN`: for input that is no valid UTF-8. */
export function showOctets(octets: Uint8Array): string {
  let shown = "";
  for (const octet of octets) {
    const plain = (octet >= 0x20 && octet <= 0x7e) || octet === 0x09;
    shown += plain ? String.fromCharCode(octet) : escapeOctets([octet]);
  }
  return shown;
}

function escapeOctets(octets: Iterable<number>): string {
  let escaped = "";
  for (const octet of octets) escaped += `\\x${octet.toString(16).padStart(2, "0")}`;
  return escaped;
}

/** Whether a text has characters that act on a terminal or a log: C0, DEL and C1. */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}
