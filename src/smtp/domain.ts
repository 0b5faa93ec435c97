/**
 * Domains and address literals (RFC 5321 §4.1.2, §4.1.3), read from left to right without backtracking.
 *
 *     Domain          = sub-domain *("." sub-domain)
 *     sub-domain      = (let-dig [Ldh-str]) / U-label        ; U-label: RFC 6531 §3.3
 *     address-literal = "[" ( IPv4 / "IPv6:" IPv6 ) "]"
 */

/** How a text fails to be a domain: `"underscore"` is the deviation that real hosts show. */
export type DomainFault = "underscore" | "empty-label" | "hyphen" | "character";

/** Checks a domain name; null when there is nothing to say. */
export function checkDomain(text: string): DomainFault | null {
  let labelStart = 0;
  let hasUnderscore = false;
  for (let at = 0; at <= text.length; at++) {
    const isEnd = at === text.length;
    const code = isEnd ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (at === labelStart) return "empty-label";
      if (text.charCodeAt(at - 1) === HYPHEN) return "hyphen";
      labelStart = at + 1;
    } else if (code === HYPHEN) {
      if (at === labelStart) return "hyphen";
    } else if (code === UNDERSCORE) {
      hasUnderscore = true;
    } else if (!isLetterOrDigit(code) && code <= 0x9f) {
      return "character";
    }
  }
  return hasUnderscore ? "underscore" : null;
}

/** Checks an address literal, brackets included. Only the IPv6 tag is registered. */
export function isAddressLiteral(text: string): boolean {
  if (!text.startsWith("[") || !text.endsWith("]")) return false;
  const inner = text.slice(1, -1);
  return inner.slice(0, 5).toLowerCase() === "ipv6:" ? isIPv6(inner.slice(5)) : isIPv4(inner);
}

function isIPv4(text: string): boolean {
  const parts = text.split(".", 5);
  return parts.length === 4 && parts.every((part) => isNumber(part, 3, isDigit) && Number(part) <= 255);
}

function isIPv6(text: string): boolean {
  const halves = text.split("::", 3);
  if (halves.length > 2) return false;
  const groups = halves.map((half, at) => countGroups(half, at === halves.length - 1));
  if (groups.includes(-1)) return false;
  const count = groups.reduce((sum, half) => sum + half, 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}

/** 16-bit groups of a part without "::", an IPv4 address at the very end counts as two; -1 when malformed. */
function countGroups(text: string, isTail: boolean): number {
  if (text === "") return 0;
  const parts = text.split(":", 9);
  const last = parts.at(-1)!;
  const hasIPv4 = isTail && last.includes(".");
  if (hasIPv4 && !isIPv4(last)) return -1;
  const hex = hasIPv4 ? parts.slice(0, -1) : parts;
  return hex.every((part) => isNumber(part, 4, isHexDigit)) ? hex.length + (hasIPv4 ? 2 : 0) : -1;
}

function isNumber(text: string, digits: number, isOne: (code: number) => boolean): boolean {
  if (text.length === 0 || text.length > digits) return false;
  for (let at = 0; at < text.length; at++) if (!isOne(text.charCodeAt(at))) return false;
  return true;
}

const DOT = 0x2e;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** RFC 5321 Let-dig. */
export function isLetterOrDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
