/**
 * Parameters of delivery status notifications (RFC 3461): RET and ENVID on MAIL, NOTIFY and ORCPT on RCPT.
 * Addresses of type `utf-8` in ORCPT are those of RFC 6533 §3.
 */
import type { ParameterCheck } from "./parameter-values.ts";
import { hasControl, isPlainAscii } from "./printable.ts";
import * as replies from "./replies.ts";
import { decodeXtext } from "./xtext.ts";

const malformedEnvid = replies.badArgument("Malformed ENVID");
const malformedNotify = replies.badArgument("Malformed NOTIFY");
const malformedOrcpt = replies.badArgument("Malformed ORCPT");

/** §4.4: xtext of at most 100 characters; what it stands for is printable ASCII. */
export const checkEnvid: ParameterCheck = (value) => {
  if (value === true || value.length > 100) return malformedEnvid;
  return isPrintable(decodeXtext(value)) ? null : malformedEnvid;
};

/** §4.1: NEVER alone, or a list of the others. */
export const checkNotify: ParameterCheck = (value) => {
  if (value === true) return malformedNotify;
  return /^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*)$/i.test(value)
    ? null
    : malformedNotify;
};

/** §4.2: addr-type ";" xtext, at most 500 characters. */
export const checkOrcpt: ParameterCheck = (value, { hiddenExtensions }, { mail }) => {
  const decoded = value === true || value.length > 500 ? null : decodeOrcpt(value);
  if (decoded === null) return malformedOrcpt;
  if (!decoded.toLowerCase().startsWith("utf-8;")) return null;
  if (hiddenExtensions.has("SMTPUTF8")) return replies.badArgument("ORCPT of type utf-8 needs SMTPUTF8");
  // RFC 6533 §3: in a transaction of ASCII only the escaped form may be sent.
  return isPlainAscii(String(value)) || mail.SMTPUTF8 === true ? null : replies.notAscii;
};

/** The address type and the address as they were before they were encoded; null where malformed. */
export function decodeOrcpt(value: string): string | null {
  const [, type = "", encoded = ""] = /^([!#-'*+\-/-9=?A-Z^-~]+);(.+)$/s.exec(value) ?? [];
  if (encoded === "") return null;
  const address =
    type.toLowerCase() === "utf-8" ? decodeUtf8Address(encoded) : printable(decodeXtext(encoded));
  return address === null ? null : `${type};${address}`;
}

/** RFC 6533 §3: `\x{HEX}` stands for a character; `+`, `=`, `\` and what is no printable ASCII may stand so. */
function decodeUtf8Address(encoded: string): string | null {
  const rest = encoded.replace(escaped, "");
  if (/[\\+=]/.test(rest) || hasControl(rest)) return null;
  const decoded = encoded.replace(escaped, (_, hex: string) => {
    const code = Number.parseInt(hex, 16);
    const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : "\0";
  });
  return hasControl(decoded) ? null : decoded;
}

const escaped = /\\x\{([0-9A-Fa-f]{2,6})\}/g;

/** §4.2, §4.4: only graphic characters and white space of ASCII are encoded. */
function isPrintable(text: string | null): boolean {
  return text !== null && /^[\t -~]+$/.test(text);
}

function printable(text: string | null): string | null {
  return isPrintable(text) ? text : null;
}
