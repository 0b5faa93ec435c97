/**
 * From the framer to the grammar: cuts the next command line, bounds it, makes it text, and shows it in a
 * form that is safe for a transcript. Lines that cannot be read as a command are refused here.
 */
import type { Phase } from "./checkpoint.ts";
import { type Command, parseCommand } from "./command.ts";
import type { SessionOptions } from "./facts.ts";
import { type Framer, type Line, lineKept } from "./framer.ts";
import { KnownLines } from "./known-lines.ts";
import { maskAuth, type Secrecy, secrecyOf } from "./masking.ts";
import { escapeControls, isPlainAscii, showOctets } from "./printable.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import type { Strictness } from "./strictness.ts";
import type { Warning } from "./warnings.ts";

/** RFC 5321 §4.5.3.1.4 asks for 512; extensions add to it, so there is room for all of them. */
const commandOctets = 2048;
/** So much of an over-long line is shown. */
const shownOctets = 200;

/** A line after the grammar. */
export interface CommandLine {
  readonly phase: Phase;
  readonly command: Command;
  /** Why the command is invalid. Null for one that is valid, and where silence is the answer. */
  readonly refusal: Reply | null;
  /** Null: there is no line to show. */
  readonly shown: string | null;
  readonly secrecy: Secrecy;
  readonly warnings: readonly Warning[];
  /** Nothing that follows is read. */
  readonly isLast: boolean;
}

/** Lines that mean the same whenever they are said. None that holds credentials is kept. */
const kept: ReadonlySet<Command["kind"]> = new Set(["helo", "mail", "rcpt", "data", "rset", "quit"]);

const known: Readonly<Record<Strictness, KnownLines<CommandLine>>> = {
  strict: new KnownLines(),
  default: new KnownLines(),
  lenient: new KnownLines(),
};

/** The next command line, null when it is not there yet. */
export function readCommandLine(
  framer: Framer,
  { strictness, hostname }: Pick<SessionOptions, "strictness" | "hostname">,
  isSecure: boolean,
): CommandLine | null {
  if (!isSecure) {
    const isTls = framer.beginsWith(0x16, 0x03); // RFC 8446 §5.1: a handshake record of version 3
    if (isTls === null) return null;
    if (isTls)
      return { ...unreadable(null, "\\x16\\x03…"), warnings: ["tls-on-plaintext-port"], isLast: true };
  }
  const line = framer.line(strictness === "lenient");
  if (line === null) return null;
  if (line === "flood") return { ...unreadable(replies.flood(hostname), null), isLast: true };
  if (line.hasBareLf) return understand(line, strictness);
  const { buffer, from, to } = line;
  const before = known[strictness].find(buffer, from, to);
  if (before !== null) return before;
  const understood = understand(line, strictness);
  if (kept.has(understood.command.kind)) known[strictness].keep(buffer, from, to, understood);
  return understood;
}

function understand(line: Line, strictness: Strictness): CommandLine {
  const isLong = isAuth(line.octets);
  if (line.length > (isLong ? lineKept : commandOctets)) {
    const refusal = isLong ? replies.authLineTooLong : replies.lineTooLong;
    const beginning = String.fromCharCode(...line.octets.subarray(0, shownOctets));
    const shown = `${showLine(beginning, false)}… (${line.length} octets)`;
    return unreadable(refusal, shown, secrecyOf(beginning, false));
  }
  const { text, isUtf8 } = decodeText(line.octets);
  const shown = showLine(text, isUtf8);
  if (line.hasBareLf && strictness !== "lenient") {
    return { ...unreadable(replies.lineEnd, shown, secrecyOf(text, false)), warnings: ["lf-command"] };
  }
  const parsed = parseCommand(text, strictness, isUtf8);
  const warnings: readonly Warning[] = line.hasBareLf ? ["lf-command", ...parsed.warnings] : parsed.warnings;
  const { phase, command, refusal } = parsed;
  // Nobody can wait for the end of a chunk without bounds, and what follows it cannot be told from it.
  const isLast = refusal === replies.notHttp || refusal === replies.endlessChunk;
  const secrecy = secrecyOf(text, refusal !== replies.unknownCommand);
  return { phase, command, refusal, shown, secrecy, warnings, isLast };
}

function unreadable(refusal: Reply | null, shown: string | null, secrecy: Secrecy = "maybe"): CommandLine {
  const command: Command = { kind: "invalid", verb: "", argument: "", path: null };
  return { phase: "unknown", command, refusal, shown, secrecy, warnings: [], isLast: false };
}

/** Of a line that has not ended. */
export function showUnended(octets: Uint8Array): { shown: string; secrecy: Secrecy } {
  const { text, isUtf8 } = decodeText(octets);
  return { shown: showLine(text, isUtf8), secrecy: secrecyOf(text, false) };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `isUtf8` false: the octets are no valid UTF-8, and the text has one character for each. */
export function decodeText(octets: Uint8Array): { text: string; isUtf8: boolean } {
  try {
    return { text: decoder.decode(octets), isUtf8: true };
  } catch {
    return { text: String.fromCharCode(...octets), isUtf8: false };
  }
}

/** RFC 4954 §4: an AUTH line may be longer than others. */
function isAuth(octets: Uint8Array): boolean {
  // 0x20 turns a letter into lower case.
  return (
    (octets[0]! | 0x20) === 0x61 &&
    (octets[1]! | 0x20) === 0x75 &&
    (octets[2]! | 0x20) === 0x74 &&
    (octets[3]! | 0x20) === 0x68 &&
    octets[4] === 0x20
  );
}

function showLine(text: string, isUtf8: boolean): string {
  const masked = maskAuth(text);
  if (isPlainAscii(masked)) return masked;
  return isUtf8 ? escapeControls(masked, "unicode") : showOctets(oneOctetEach(masked));
}

function oneOctetEach(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
