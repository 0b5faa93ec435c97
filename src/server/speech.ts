/** A verdict as octets, written with one character per octet. */
import type { Garbled, Verdict, WireForm } from "../faults/mod.ts";
import { fixedReplies, renderReply } from "../smtp/mod.ts";

export interface Speech {
  readonly octets: string;
  /** A positive reply, and all of it. */
  readonly positive: boolean;
}

export function speechOf({ said, wire }: Verdict): Speech {
  const rendered = said === null ? "" : renderReply(said);
  if (wire === null) return { octets: rendered, positive: said !== null && said.code < 300 };
  const whole = formed(rendered, wire);
  const octets = whole.slice(0, wire.truncate ?? whole.length);
  return { octets, positive: endsPositive(octets) && octets.length === whole.length };
}

/** Up to what is cut off. */
function formed(rendered: string, { raw, eol, padTo, garble }: WireForm): string {
  const whole = raw !== null ? latin1(raw) : eol === "\r\n" ? rendered : rendered.replaceAll("\r\n", eol);
  return garbled(padded(whole, padTo), garble);
}

/** Filled up before its last line end. */
function padded(octets: string, padTo: number): string {
  const missing = padTo - octets.length;
  if (missing <= 0 || octets === "") return octets;
  const lineEnd = /\r?\n$|\r$/.exec(octets)?.index ?? octets.length;
  return octets.slice(0, lineEnd) + "x".repeat(missing) + octets.slice(lineEnd);
}

/** Each changes an octet of its own, as long as there are enough. */
function garbled(octets: string, changes: readonly Garbled[]): string {
  if (changes.length === 0) return octets;
  const codes = Array.from(octets, (octet) => octet.charCodeAt(0));
  const changed = new Set<number>();
  for (const { at, change } of changes.slice(0, codes.length)) {
    let index = Math.floor(at * codes.length);
    while (changed.has(index)) index = (index + 1) % codes.length;
    changed.add(index);
    codes[index] = ((codes[index] ?? 0) + change) % 256;
  }
  return latin1(codes);
}

/** Whether what arrives ends in a whole line that says 2yz. */
function endsPositive(octets: string): boolean {
  const last = octets.split(/\r\n|\r|\n/).at(-2) ?? "";
  return /[\r\n]$/.test(octets) && /^2\d\d(?: |$)/.test(last);
}

function latin1(octets: Iterable<number>): string {
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

const plain = /^[\t\x20-\x7e]*$/;

/** What is said again and again is one text in all transcripts. */
const known: ReadonlyMap<string, string> = new Map(
  Array.from(fixedReplies.values(), (octets) => [octets, show(octets)]),
);
/** The last reply of many lines: the list of extensions is the same for most clients. */
let lastList = { octets: "", text: "" };

/** The lines that these octets are, for a transcript, with LF between them. */
export function shown(octets: string): string {
  if (octets === lastList.octets) return lastList.text;
  const text = known.get(octets) ?? show(octets);
  if (text.includes("\n")) lastList = { octets, text };
  return text;
}

function show(octets: string): string {
  const lines: string[] = [];
  for (let from = 0; from < octets.length; ) {
    const end = octets.indexOf("\n", from);
    const to = end < 0 ? octets.length : end;
    const line = octets.slice(from, octets[to - 1] === "\r" ? to - 1 : to);
    if (line !== "") lines.push(readable(line));
    from = to + 1;
  }
  return lines.join("\n");
}

/** What is not plain ASCII becomes `\xNN`. */
function readable(octets: string): string {
  if (plain.test(octets)) return octets;
  return octets.replace(
    /[^\t\x20-\x7e]/g,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
