/**
 * What a trusted peer says about the client that it stands for: the arguments of XCLIENT and XFORWARD
 * (XCLIENT_README and XFORWARD_README of Postfix).
 *
 *     xclient-command = "XCLIENT" 1*( SP name "=" value )
 *     value           = xtext / "[UNAVAILABLE]" / "[TEMPUNAVAIL]"
 */
import { isAddressLiteral } from "./domain.ts";
import { hasControl } from "./printable.ts";
import { decodeXtext } from "./xtext.ts";

/** By upper-case name; null: the peer does not know it. */
export type ClientAttributes = Readonly<Record<string, string | null>>;

/** Whether a value that is known can be one of this attribute. */
type AttributeCheck = (value: string) => boolean;

const unknownValues = new Set(["[UNAVAILABLE]", "[TEMPUNAVAIL]"]);
const longestValue = 255;

const isProtocol: AttributeCheck = (value) => /^E?SMTP$/i.test(value);
const isPort: AttributeCheck = (value) => /^[0-9]{1,5}$/.test(value) && Number(value) < 65_536;
const isAddress: AttributeCheck = (value) =>
  isAddressLiteral(`[${value}]`) || isAddressLiteral(`[IPv6:${value}]`);
const isText: AttributeCheck = () => true;

/** In the order in which EHLO lists them. */
export const xclientAttributes: ReadonlyMap<string, AttributeCheck> = new Map([
  ["NAME", isText],
  ["ADDR", isAddress],
  ["PORT", isPort],
  ["PROTO", isProtocol],
  ["HELO", isText],
  ["LOGIN", isText],
  ["DESTADDR", isAddress],
  ["DESTPORT", isPort],
]);

export const xforwardAttributes: ReadonlyMap<string, AttributeCheck> = new Map([
  ["NAME", isText],
  ["ADDR", isAddress],
  ["PORT", isPort],
  ["PROTO", isText],
  ["HELO", isText],
  ["IDENT", isText],
  ["SOURCE", (value) => /^(?:LOCAL|REMOTE)$/i.test(value)],
]);

/** Null where it is malformed. The last of several values of one name counts. */
export function parseAttributes(
  argument: string,
  known: ReadonlyMap<string, AttributeCheck>,
): ClientAttributes | null {
  const words = argument.split(" ").filter((word) => word !== "");
  if (words.length === 0) return null;
  const attributes: Record<string, string | null> = {};
  for (const word of words) {
    const equals = word.indexOf("=");
    const name = word.slice(0, Math.max(equals, 0)).toUpperCase();
    const check = known.get(name);
    if (check === undefined) return null;
    const text = word.slice(equals + 1);
    const value = unknownValues.has(text.toUpperCase()) ? null : decodeValue(text, name);
    if (value === undefined || (value !== null && !check(value))) return null;
    attributes[name] = value;
  }
  return attributes;
}

/** Undefined where it is malformed: no xtext, empty, too long, or with characters that act on a log. */
function decodeValue(text: string, name: string): string | undefined {
  const value = decodeXtext(text);
  if (value === null || value === "" || value.length > longestValue || hasControl(value)) return undefined;
  const isIPv6 = name.endsWith("ADDR") && /^ipv6:/i.test(value);
  return isIPv6 ? value.slice("ipv6:".length) : value;
}
