/**
 * Command lines (RFC 5321 §4.1.1). A line is understood as far as it goes: what is wrong with it becomes
 * the reply that refuses it, what is odd becomes a warning. Whether a command is allowed now is not asked
 * here.
 */
import {
  type ClientAttributes,
  parseAttributes,
  xclientAttributes,
  xforwardAttributes,
} from "./attributes.ts";
import type { Phase } from "./checkpoint.ts";
import { isValidDomain } from "./mailbox.ts";
import { maskAuth } from "./masking.ts";
import { parseParameters } from "./parameters.ts";
import { attemptedPath, type Path, parsePath } from "./path.ts";
import { isPlainAscii } from "./printable.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import type { Strictness } from "./strictness.ts";
import type { Warning } from "./warnings.ts";

/** ESMTP parameters by upper-case keyword; `true` for one without a value (RFC 5321 §4.1.2). */
export type Parameters = Readonly<Record<string, string | true>>;

/** SEND, SOML and SAML open a transaction just as MAIL does (RFC 821 §3.4, RFC 5321 Appendix F.6). */
export type OpeningVerb = "MAIL" | "SEND" | "SOML" | "SAML";

/** A command line that the grammar understood, or `invalid`. */
export type Command =
  | { readonly kind: "helo"; readonly verb: "HELO" | "EHLO" | "LHLO"; readonly name: string }
  | {
      readonly kind: "mail";
      readonly verb: OpeningVerb;
      readonly path: Path;
      readonly parameters: Parameters;
    }
  | { readonly kind: "rcpt"; readonly verb: "RCPT"; readonly path: Path; readonly parameters: Parameters }
  | { readonly kind: "data"; readonly verb: "DATA" }
  /** `octets` of content follow the line (RFC 3030 §2). */
  | { readonly kind: "bdat"; readonly verb: "BDAT"; readonly octets: number; readonly isLast: boolean }
  | { readonly kind: "rset"; readonly verb: "RSET" }
  | { readonly kind: "noop"; readonly verb: "NOOP"; readonly argument: string }
  | { readonly kind: "quit"; readonly verb: "QUIT" }
  | {
      readonly kind: "vrfy";
      readonly verb: "VRFY";
      readonly argument: string;
      readonly parameters: Parameters;
    }
  | {
      readonly kind: "expn";
      readonly verb: "EXPN";
      readonly argument: string;
      readonly parameters: Parameters;
    }
  | { readonly kind: "help"; readonly verb: "HELP"; readonly argument: string }
  | { readonly kind: "starttls"; readonly verb: "STARTTLS" }
  | {
      readonly kind: "auth";
      readonly verb: "AUTH";
      readonly mechanism: string;
      readonly initial: string | null;
    }
  | { readonly kind: "xclient"; readonly verb: "XCLIENT"; readonly attributes: ClientAttributes }
  | { readonly kind: "xforward"; readonly verb: "XFORWARD"; readonly attributes: ClientAttributes }
  /**
   * Understood as far as the verb, if that; the checkpoint's `proposed` says what is wrong. `path`: what MAIL or RCPT
   * was about, with an address that may be none.
   */
  | {
      readonly kind: "invalid";
      readonly verb: string;
      readonly argument: string;
      readonly path: Path | null;
    };

/** A line after the grammar. */
export interface ParsedCommand {
  readonly phase: Phase;
  readonly command: Command;
  /** Why it is invalid; null when it is not. */
  readonly refusal: Reply | null;
  /** What is odd about it, forgiven or not. */
  readonly warnings: readonly Warning[];
}

/** Notes what is odd, and says the command, or the reply that refuses it. */
type ArgumentParser = (
  argument: string,
  strictness: Strictness,
  warnings: Warning[],
  isUtf8: boolean,
) => Command | Reply;

interface Verb {
  readonly phase: Phase;
  readonly parse: ArgumentParser;
}

const notImplemented: ArgumentParser = () => replies.notImplemented; // RFC 5321 §4.2.4: 502, not 500

const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ["HELO", { phase: "helo", parse: parseHelo("HELO") }],
  ["EHLO", { phase: "ehlo", parse: parseHelo("EHLO") }],
  ["LHLO", { phase: "lhlo", parse: parseHelo("LHLO") }],
  ["MAIL", { phase: "mail", parse: parseMail("MAIL") }],
  ["RCPT", { phase: "rcpt", parse: parseRcpt }],
  ["DATA", { phase: "data", parse: alone({ kind: "data", verb: "DATA" }) }],
  ["BDAT", { phase: "bdat", parse: parseBdat }],
  ["RSET", { phase: "rset", parse: alone({ kind: "rset", verb: "RSET" }) }],
  ["QUIT", { phase: "quit", parse: alone({ kind: "quit", verb: "QUIT" }) }],
  ["STARTTLS", { phase: "starttls", parse: alone({ kind: "starttls", verb: "STARTTLS" }) }],
  ["NOOP", { phase: "noop", parse: (argument) => ({ kind: "noop", verb: "NOOP", argument }) }],
  ["HELP", { phase: "help", parse: (argument) => ({ kind: "help", verb: "HELP", argument }) }],
  ["VRFY", { phase: "vrfy", parse: parseEnquiry((asked) => ({ kind: "vrfy", verb: "VRFY", ...asked })) }],
  ["EXPN", { phase: "expn", parse: parseEnquiry((asked) => ({ kind: "expn", verb: "EXPN", ...asked })) }],
  ["AUTH", { phase: "auth-start", parse: parseAuth }],
  ["XCLIENT", { phase: "unknown", parse: parseXclient }],
  ["XFORWARD", { phase: "unknown", parse: parseXforward }],
  ["SEND", { phase: "mail", parse: parseMail("SEND") }],
  ["SOML", { phase: "mail", parse: parseMail("SOML") }],
  ["SAML", { phase: "mail", parse: parseMail("SAML") }],
  ["TURN", { phase: "turn", parse: notImplemented }],
  ["ETRN", { phase: "unknown", parse: notImplemented }],
  ["BURL", { phase: "unknown", parse: notImplemented }],
]);

/** Nothing that follows it may be run. */
const http: Verb = { phase: "unknown", parse: () => replies.notHttp };

/** Methods of HTTP, whose requests a browser can be made to send to any port. */
const httpMethods = new Set(["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]);

/** That of MAIL and RCPT, malformed or not; null where there is none. */
export function pathIn(command: Command | null): Path | null {
  return command !== null && "path" in command ? command.path : null;
}

/** A page may choose any word for a method, a verb too. HTTP/2 begins with `PRI * HTTP/2.0` (RFC 9113 §3.4). */
function isHttp(verb: string, argument: string): boolean {
  return httpMethods.has(verb) || /(?:^| )HTTP\/\d(?:\.\d)?$/.test(argument);
}

/** Reads a line without its end. `isUtf8` false: its octets are no valid UTF-8 and stand as one character each. */
export function parseCommand(line: string, strictness: Strictness, isUtf8 = true): ParsedCommand {
  const text = trimEnd(line); // RFC 5321 §4.1.1: trailing white space is tolerated
  const [word, argument] = splitVerb(text);
  const verb = toVerb(word);
  const known = isHttp(verb, argument) ? http : verbs.get(verb);
  const phase = known?.phase ?? "unknown";
  const warnings: Warning[] = [];
  const parsed =
    known === undefined ? replies.unknownCommand : known.parse(argument, strictness, warnings, isUtf8);
  const result = text === line ? parsed : afterTrim(parsed, strictness, warnings);
  if ("kind" in result) return { phase, command: result, refusal: null, warnings };
  const [shownVerb, shownArgument] = splitVerb(maskAuth(text));
  const path = phase === "mail" || phase === "rcpt" ? attemptedPath(argument) : null;
  const invalid: Command = { kind: "invalid", verb: toVerb(shownVerb), argument: shownArgument, path };
  return { phase, command: invalid, refusal: result, warnings };
}

/** Trailing white space is no part of base64 (RFC 4954 §4); elsewhere nobody minds it. */
function afterTrim(parsed: Command | Reply, strictness: Strictness, warnings: Warning[]): Command | Reply {
  if (!("kind" in parsed) || parsed.kind !== "auth" || parsed.initial === null) return parsed;
  warnings.push("space-after-base64");
  return strictness === "strict" ? replies.badBase64 : parsed;
}

/** RFC 5321 §4.1.1: only SP stands behind a verb. */
function splitVerb(text: string): [word: string, argument: string] {
  const space = text.indexOf(" ");
  return space === -1 ? [text, ""] : [text.slice(0, space), text.slice(space + 1)];
}

/** RFC 5321 §2.4. Some letters outside ASCII become ASCII in upper case; they must not make a verb. */
function toVerb(word: string): string {
  return isPlainAscii(word) ? word.toUpperCase() : word;
}

function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === " " || line[end - 1] === "\t")) end -= 1;
  return line.slice(0, end);
}

/** RFC 5321 §4.1.1: DATA, RSET, QUIT take no argument; RFC 3207 §4: nor does STARTTLS. */
function alone(command: Command): ArgumentParser {
  return (argument) => (argument === "" ? command : replies.noArgument);
}

/** RFC 6531 §3.7.4.2: VRFY and EXPN take a string, and SMTPUTF8 behind it. */
function parseEnquiry(
  make: (asked: { argument: string; parameters: Parameters }) => Command,
): ArgumentParser {
  return (argument, _strictness, _warnings, isUtf8) => {
    if (argument === "") return replies.badArgument("An argument is missing");
    const last = argument.lastIndexOf(" ");
    const isMarked = last > 0 && isUtf8 && argument.slice(last + 1).toUpperCase() === "SMTPUTF8";
    return isMarked
      ? make({ argument: trimEnd(argument.slice(0, last)), parameters: { SMTPUTF8: true } })
      : make({ argument, parameters: {} });
  };
}

/** RFC 5321 §4.1.1.1, §4.1.3. Real hosts call themselves many things, so most of them are only noted. */
function parseHelo(verb: "HELO" | "EHLO" | "LHLO"): ArgumentParser {
  return (argument, strictness, warnings) => {
    const name = argument.trimStart();
    if (name === "") return replies.badArgument("A host name is missing");
    if (!isPlainAscii(name) || !isValidDomain(name, false, [])) {
      warnings.push("odd-helo-name");
      if (strictness === "strict" || hasAsciiControl(name))
        return replies.badArgument("The host name is malformed");
    }
    return { kind: "helo", verb, name };
  };
}

function hasAsciiControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function parseMail(verb: OpeningVerb): ArgumentParser {
  return (argument, strictness, warnings, isUtf8) => {
    const parsed = parsePathAndParameters(verb, "FROM", argument, strictness, warnings, isUtf8);
    if ("code" in parsed) return parsed;
    const { path, parameters } = parsed;
    return { kind: "mail", verb, path, parameters };
  };
}

function parseRcpt(
  argument: string,
  strictness: Strictness,
  warnings: Warning[],
  isUtf8: boolean,
): Command | Reply {
  const parsed = parsePathAndParameters("RCPT", "TO", argument, strictness, warnings, isUtf8);
  if ("code" in parsed) return parsed;
  const { path, parameters } = parsed;
  return { kind: "rcpt", verb: "RCPT", path, parameters };
}

/** RFC 5321 §4.1.1.2, §4.1.1.3: no spaces around the colon, yet clients send them (Outlook after it). */
function parsePathAndParameters(
  verb: OpeningVerb | "RCPT",
  keyword: "FROM" | "TO",
  argument: string,
  strictness: Strictness,
  warnings: Warning[],
  isUtf8: boolean,
): { path: Path; parameters: Parameters } | Reply {
  const syntax = (): Reply => replies.badArgument(`Syntax: ${verb} ${keyword}:<address>`);
  const before = skipSpaces(argument, 0);
  const keywordEnd = before + keyword.length;
  if (argument.slice(before, keywordEnd).toUpperCase() !== keyword) return syntax();
  const colon = skipSpaces(argument, keywordEnd);
  if (argument[colon] !== ":") return syntax();
  const start = skipSpaces(argument, colon + 1);
  if (before > 0) warnings.push("extra-space");
  if (colon > keywordEnd) warnings.push("space-before-colon");
  if (start > colon + 1) warnings.push("space-after-colon");
  if (warnings.length > 0 && strictness === "strict") return syntax();

  // RFC 6531 §3.3: an address is UTF-8 or ASCII.
  if (!isUtf8) return replies.badArgument("The line is not valid UTF-8", verb === "RCPT" ? "5.1.3" : "5.1.7");
  const side = verb === "RCPT" ? "RCPT" : "MAIL";
  const parsed = parsePath(argument, start, side, strictness, warnings);
  if ("code" in parsed) return parsed;
  const rest = parseParameters(argument, parsed.end, side, strictness, warnings);
  return "code" in rest ? rest : { path: parsed.path, parameters: rest.parameters };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at += 1;
  return at;
}

/** RFC 3030 §2: chunk-size *( SP end-marker ) */
function parseBdat(argument: string): Command | Reply {
  const [, digits, last] = /^([0-9]+)(?: +(LAST))?$/i.exec(argument) ?? [];
  if (digits === undefined) return replies.badArgument("Syntax: BDAT octets [LAST]");
  const octets = Number(digits);
  if (!Number.isSafeInteger(octets)) return replies.endlessChunk;
  return { kind: "bdat", verb: "BDAT", octets, isLast: last !== undefined };
}

/** RFC 4954 §4: AUTH mechanism [initial-response] */
function parseAuth(argument: string): Command | Reply {
  const [mechanism, initial, ...more] = argument.split(/[ \t]+/).filter((word) => word !== "");
  if (mechanism === undefined) return replies.badArgument("A mechanism is missing");
  if (more.length > 0) return replies.badArgument("Syntax: AUTH mechanism [initial-response]");
  return { kind: "auth", verb: "AUTH", mechanism: mechanism.toUpperCase(), initial: initial ?? null };
}

function parseXclient(argument: string): Command | Reply {
  const attributes = parseAttributes(argument, xclientAttributes);
  if (attributes === null) return replies.badArgument("Syntax: XCLIENT attribute=value");
  return { kind: "xclient", verb: "XCLIENT", attributes };
}

function parseXforward(argument: string): Command | Reply {
  const attributes = parseAttributes(argument, xforwardAttributes);
  if (attributes === null) return replies.badArgument("Syntax: XFORWARD attribute=value");
  return { kind: "xforward", verb: "XFORWARD", attributes };
}
