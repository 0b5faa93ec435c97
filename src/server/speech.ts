/** A verdict as octets, written with one character per octet. */
import type { Verdict } from "../faults/mod.ts";
import { renderReply } from "../smtp/mod.ts";

export interface Speech {
  readonly octets: string;
  /** A positive reply, and all of it. */
  readonly positive: boolean;
}

export function speechOf({ said, wire }: Verdict): Speech {
  const raw = wire?.raw ?? null;
  const whole = raw !== null ? latin1(raw) : said !== null ? renderReply(said) : "";
  const octets = whole.slice(0, wire?.truncate ?? whole.length);
  const positive = raw !== null ? endsPositive(octets) : said !== null && said.code < 300;
  return { octets, positive: positive && octets.length === whole.length };
}

/** Whether what arrives ends in a whole line that says 2yz. */
function endsPositive(octets: string): boolean {
  const last = octets.split(/\r?\n/).at(-2) ?? "";
  return octets.endsWith("\n") && /^2\d\d(?: |$)/.test(last);
}

function latin1(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

const plain = /^[\t\x20-\x7e]*$/;

/** Octets written as characters, for a transcript: what is not plain ASCII becomes `\xNN`. */
export function readable(octets: string): string {
  if (plain.test(octets)) return octets;
  return octets.replace(
    /[^\t\x20-\x7e]/g,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
