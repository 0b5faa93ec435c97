/**
 * ESMTP parameters of MAIL and RCPT (RFC 5321 §4.1.2).
 *
 *     Mail-parameters = esmtp-param *(SP esmtp-param)
 *     esmtp-param     = esmtp-keyword ["=" esmtp-value]
 *     esmtp-keyword   = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
 *     esmtp-value     = 1*(%d33-60 / %d62-126)         ; and UTF8-non-ascii, RFC 6531 §3.3
 */
import type { Parameters } from "./command.ts";
import { isLetterOrDigit } from "./domain.ts";
import { isKnownParameter } from "./extensions.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import type { Strictness } from "./strictness.ts";
import type { Warning } from "./warnings.ts";

interface ParsedParameters {
  readonly parameters: Parameters;
}

const none: ParsedParameters = { parameters: {} };

/** Reads what follows a path at `from`, or says the 501 that refuses it; notes what is odd about it. */
export function parseParameters(
  text: string,
  from: number,
  verb: "MAIL" | "RCPT",
  strictness: Strictness,
  warnings: Warning[],
): ParsedParameters | Reply {
  if (from === text.length) return none;
  if (text[from] !== " ") {
    warnings.push("missing-space-before-parameter");
    if (strictness === "strict") return replies.badArgument("A space must precede the parameters");
  }
  if (text.includes("  ", from)) {
    warnings.push("extra-space");
    if (strictness === "strict") return replies.badArgument("One space must stand between parameters");
  }
  const parameters: Record<string, string | true> = {};
  for (const word of text.slice(from).split(" ")) {
    if (word === "") continue;
    const equals = word.indexOf("=");
    const keyword = (equals === -1 ? word : word.slice(0, equals)).toUpperCase();
    const value = equals === -1 ? true : word.slice(equals + 1);
    const isMalformed = !isKeyword(keyword) || (value !== true && !isValue(value));
    // Lenient: a word alone that nobody knows is no parameter either.
    const isDoubtful = isMalformed || (value === true && strictness === "lenient");
    const isJunk = isDoubtful && !isKnownParameter(verb, keyword);
    if (isJunk && !warnings.includes("trailing-junk")) warnings.push("trailing-junk");
    if (isJunk && strictness === "lenient") continue;
    if (isMalformed) return replies.badArgument("Malformed parameter");
    // RFC 1870 §3, RFC 6152 §2: at most once. One that nobody knows is refused or forgiven as such.
    if (Object.hasOwn(parameters, keyword) && isKnownParameter(verb, keyword))
      return replies.badArgument(`Duplicate parameter: ${keyword}`);
    parameters[keyword] = value;
  }
  return { parameters };
}

function isKeyword(text: string): boolean {
  if (text === "" || text.startsWith("-")) return false;
  for (let at = 0; at < text.length; at++) {
    if (!isLetterOrDigit(text.charCodeAt(at)) && text[at] !== "-") return false;
  }
  return true;
}

function isValue(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x3d || (code >= 0x7f && code <= 0x9f)) return false;
  }
  return text !== "";
}
