/**
 * Mailboxes (RFC 5321 §4.1.2, widened by RFC 6531 §3.3).
 *
 *     Mailbox    = Local-part "@" ( Domain / address-literal )
 *     Local-part = Dot-string / Quoted-string
 */
import { checkDomain, type DomainFault, isAddressLiteral, isLetterOrDigit } from "./domain.ts";
import type { Warning } from "./warnings.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const atextSpecials = "!#$%&'*+-/=?^_`{|}~";

/** The text of a mailbox taken apart, as sent. `domain` null: there is none. */
export interface Mailbox {
  readonly localPart: string;
  readonly domain: string | null;
}

/**
 * Where the local part that begins at `at` ends: after its closing quote, or before the first character
 * that an atom cannot hold. -1 when it is malformed.
 */
export function endOfLocalPart(text: string, at: number): number {
  return text.charCodeAt(at) === QUOTE ? endOfQuotedString(text, at) : endOfDotString(text, at);
}

function endOfQuotedString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      at += 1;
      code = text.charCodeAt(at);
    }
    // qtextSMTP, quoted-pairSMTP: 32–126, and UTF8-non-ascii
    if (!(code >= 0x20) || (code >= 0x7f && code <= 0x9f)) return -1;
  }
  return -1;
}

function endOfDotString(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (at === from || text.charCodeAt(at - 1) === DOT) return -1;
    } else if (!isAtext(code)) {
      break;
    }
  }
  return at === from || text.charCodeAt(at - 1) === DOT ? -1 : at;
}

function isAtext(code: number): boolean {
  return isLetterOrDigit(code) || code > 0x9f || atextSpecials.includes(String.fromCharCode(code));
}

/** Where the domain or address literal that begins at `at` ends: at a space, `>`, `,` or `:`, or after `]`. */
export function endOfDomain(text: string, at: number): number {
  if (text[at] === "[") {
    const bracket = text.indexOf("]", at);
    return bracket === -1 ? text.length : bracket + 1;
  }
  let end = at;
  while (end < text.length && !" >,:".includes(text[end]!)) end += 1;
  return end;
}

const domainFaults: Readonly<Record<DomainFault, string>> = {
  underscore: "it contains an underscore, which --lenient forgives",
  "empty-label": "a label is empty",
  hyphen: "a label begins or ends with a hyphen",
  character: "it contains what is no letter, digit or hyphen",
};

/** What is wrong with a domain or an address literal, null: nothing; notes an underscore. */
export function faultOfDomain(text: string, forgivesUnderscore: boolean, warnings: Warning[]): string | null {
  if (text.startsWith("[")) return isAddressLiteral(text) ? null : "there is no IP address in the brackets";
  const fault = checkDomain(text);
  if (fault === "underscore") warnings.push("underscore-in-domain");
  return fault === null || (fault === "underscore" && forgivesUnderscore) ? null : domainFaults[fault];
}

/** As {@link faultOfDomain}. */
export function isValidDomain(text: string, forgivesUnderscore: boolean, warnings: Warning[]): boolean {
  return faultOfDomain(text, forgivesUnderscore, warnings) === null;
}

/** RFC 5321 §4.5.1: the one mailbox that needs no domain, in any case. */
export function isPostmaster(localPart: string): boolean {
  return localPart.length === 10 && localPart.toLowerCase() === "postmaster";
}

/** Whether the whole text is a local part, "@" and a domain or address literal. Underscores are forgiven. */
export function isMailbox(text: string): boolean {
  const at = endOfLocalPart(text, 0);
  if (at === -1 || text[at] !== "@" || endOfDomain(text, at + 1) !== text.length) return false;
  return isValidDomain(text.slice(at + 1), true, []);
}

/** Whether the whole text is a local part. */
export function isLocalPart(text: string): boolean {
  return endOfLocalPart(text, 0) === text.length;
}

/** Splits an address at the "@" behind its local part. */
export function splitAddress(address: string): Mailbox {
  const end = endOfLocalPart(address, 0);
  const at = end !== -1 && address[end] === "@" ? end : address.lastIndexOf("@");
  return at === -1
    ? { localPart: address, domain: null }
    : { localPart: address.slice(0, at), domain: address.slice(at + 1) };
}

/**
 * The address without needless quoting (RFC 5321 §4.1.2): `"bob"@s.test` is `bob@s.test`. Its case stays as
 * sent, so the spellings of one mailbox are to be compared without regard to case. `""`, the null
 * reverse-path, stays.
 */
export function canonicalAddress(address: string): string {
  const { localPart, domain } = splitAddress(address);
  if (localPart.charCodeAt(0) !== QUOTE) return address;
  const bare = unquote(localPart);
  const local = endOfDotString(bare, 0) === bare.length ? bare : quote(bare);
  return domain === null ? local : `${local}@${domain}`;
}

function unquote(localPart: string): string {
  let bare = "";
  for (let at = 1; at < localPart.length - 1; at++) {
    if (localPart.charCodeAt(at) === BACKSLASH) at += 1;
    bare += localPart[at];
  }
  return bare;
}

function quote(bare: string): string {
  let quoted = '"';
  for (const character of bare)
    quoted += character === '"' || character === "\\" ? `\\${character}` : character;
  return `${quoted}"`;
}
