/**
 * Paths (RFC 5321 §4.1.2).
 *
 *     Reverse-path = Path / "<>"
 *     Forward-path = Path                  ; or "<Postmaster>", §4.1.1.3
 *     Path         = "<" [ A-d-l ":" ] Mailbox ">"
 *     A-d-l        = "@" Domain *( "," "@" Domain )
 */
import {
  endOfDomain,
  endOfLocalPart,
  faultOfDomain,
  isPostmaster,
  isValidDomain,
  type Mailbox,
} from "./mailbox.ts";
import { escapeControls } from "./printable.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import type { Strictness } from "./strictness.ts";
import type { Warning } from "./warnings.ts";

/** A reverse-path or forward-path (RFC 5321 §4.1.2). */
export interface Path {
  /** As sent, brackets included. */
  readonly raw: string;
  /** The mailbox without route and brackets, as sent; `""` is the null reverse-path. */
  readonly address: string;
  /** Hosts of a source route, first hop first (RFC 5321 Appendix C). */
  readonly route: readonly string[];
}

/** A path at the start of a text, and the index after it. */
export interface ParsedPath {
  readonly path: Path;
  readonly end: number;
}

const encoder = new TextEncoder();

const noRoute: readonly string[] = [];

/** Reads the path that begins at `from`, or says the 501 that refuses it; notes what is odd about it. */
export function parsePath(
  text: string,
  from: number,
  verb: "MAIL" | "RCPT",
  strictness: Strictness,
  warnings: Warning[],
): ParsedPath | Reply {
  const isBracketed = text[from] === "<";
  if (!isBracketed) {
    if (from >= text.length) return replies.badArgument("A path is missing");
    warnings.push("missing-brackets");
    if (strictness === "strict") return replies.badArgument("The path must be in angle brackets");
  }
  let at = isBracketed ? from + 1 : from;

  if (isBracketed && text[at] === ">") {
    if (verb === "RCPT") return refuseAddress("The forward-path is empty", verb); // RFC 5321 §4.1.1.3
    return { path: { raw: "<>", address: "", route: noRoute }, end: at + 1 };
  }

  let route = noRoute;
  while (text[at] === "@") {
    const end = endOfDomain(text, at + 1);
    const host = text.slice(at + 1, end);
    if (!isValidDomain(host, strictness === "lenient", warnings))
      return refuseAddress("Malformed source route", verb);
    route = [...route, host];
    at = end + 1;
    if (text[end] === ":") break;
    if (text[end] !== "," || text[at] !== "@") return refuseAddress("Malformed source route", verb);
  }

  const start = at;
  const localEnd = endOfLocalPart(text, start);
  if (localEnd === -1) return refuseAddress("Malformed local part", verb);
  const hasDomain = text[localEnd] === "@";
  const end = hasDomain ? endOfDomain(text, localEnd + 1) : localEnd;
  const mailbox: Mailbox = {
    localPart: text.slice(start, localEnd),
    domain: hasDomain ? text.slice(localEnd + 1, end) : null,
  };
  if (hasDomain) {
    const fault = faultOfDomain(mailbox.domain!, strictness === "lenient", warnings);
    if (fault !== null) return refuseAddress(`Malformed domain: ${fault}`, verb);
  } else if (isBareAllowed(text, end, isBracketed)) {
    if (verb === "MAIL" || !isPostmaster(mailbox.localPart)) {
      warnings.push("bare-local-part");
      if (strictness !== "lenient") return refuseAddress("The address has no domain", verb);
    }
  } else {
    return refuseAddress("Malformed address", verb);
  }

  if (isBracketed && text[end] !== ">") return replies.badArgument("The path must end with >");
  const rawEnd = isBracketed ? end + 1 : end;
  const raw = text.slice(from, rawEnd);
  if (isTooLong(raw, mailbox)) {
    warnings.push("long-path");
    if (strictness === "strict") return refuseAddress("Path too long", verb); // RFC 5321 §4.5.3.1.10
  }
  return { path: { raw, address: text.slice(start, end), route }, end: rawEnd };
}

/**
 * The path that the argument of a refused MAIL or RCPT was about: what stands behind the colon, as far as it can be told
 * from parameters, and its inside. Safe to show. Null where nothing stands there.
 */
export function attemptedPath(argument: string): Path | null {
  const text = escapeControls(argument, "unicode").replace(/^ *(?:(?:from|to)(?: *:|(?= |$|<)))? */i, "");
  const raw = /^[^<]*<[^>]*>/.exec(text)?.[0] ?? /^[^ ]*/.exec(text)?.[0] ?? "";
  if (raw === "") return null;
  const inside = /<(.*)>$/.exec(raw)?.[1] ?? raw.replace(/^</, "");
  return { raw, address: inside.replace(/^@[^:]*:/, ""), route: noRoute };
}

/** RFC 3463 §3.2: bad sender's, bad destination mailbox address syntax */
function refuseAddress(what: string, verb: "MAIL" | "RCPT"): Reply {
  return replies.badArgument(what, verb === "MAIL" ? "5.1.7" : "5.1.3");
}

/** A local part alone must be the whole path: `"Bob" <b@s.test>` is a header's form and no path. */
function isBareAllowed(text: string, end: number, isBracketed: boolean): boolean {
  return isBracketed ? text[end] === ">" || end === text.length : end === text.length;
}

/** RFC 5321 §4.5.3.1.1–3 */
function isTooLong(raw: string, { localPart, domain }: Mailbox): boolean {
  return exceeds(raw, 256) || exceeds(localPart, 64) || (domain !== null && exceeds(domain, 255));
}

/** In octets of UTF-8, of which a UTF-16 code unit takes at most three. */
function exceeds(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && encoder.encode(text).length > limit);
}
