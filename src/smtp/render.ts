/**
 * Reply values to text. Whatever a reply holds, the result is safe to send: 7-bit, without control
 * characters, every line at most 512 octets, so no text can begin a second reply.
 */

import { escapeControls, isPlainAscii } from "./printable.ts";
import type { Reply } from "./reply.ts";

const lineOctets = 512; // RFC 5321 §4.5.3.1.5

/** The reply as it goes over the wire, CRLF included. Only ASCII characters, so one octet each. */
export function renderReply(reply: Reply): string {
  const { code, lines } = reply;
  const status = reply.enhanced === null ? "" : `${reply.enhanced} `;
  const only = lines[0] ?? "";
  if (lines.length <= 1) return renderLine(`${code} ${status}`, only);
  const last = lines.length - 1;
  // RFC 5321 §4.2.1: each line repeats the code; RFC 2034 §4: and the enhanced code.
  return lines.map((text, at) => renderLine(`${code}${at === last ? " " : "-"}${status}`, text)).join("");
}

function renderLine(start: string, text: string): string {
  const room = lineOctets - 2 - start.length;
  // RFC 5321 §4.2: textstring is HT and 0x20–0x7E
  const safe = isPlainAscii(text) ? text : escapeControls(text, "ascii");
  return `${start}${safe.length > room ? safe.slice(0, room) : safe}\r\n`;
}
