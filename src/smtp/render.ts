/**
 * Reply values to text. Whatever a reply holds, the result is safe to send: 7-bit, unless the reply is
 * marked as UTF-8, without control characters, every line at most 512 octets, so no text can begin a
 * second reply.
 */

import { escapeControls, isPlainAscii } from "./printable.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";

const lineOctets = 512; // RFC 5321 §4.5.3.1.5

const encoder = new TextEncoder();

/** The replies that the engine always says in the same words, as they go over the wire. */
export const fixedReplies: ReadonlyMap<Reply, string> = new Map(
  Object.values(replies)
    .filter((fixed) => typeof fixed === "object")
    .map((fixed) => [fixed, render(fixed)]),
);

/** The reply as it goes over the wire, CRLF included, one character for each octet. */
export function renderReply(reply: Reply): string {
  return fixedReplies.get(reply) ?? render(reply);
}

function render(reply: Reply): string {
  const { code, lines, isUtf8 = false } = reply;
  const status = reply.enhanced === null ? "" : `${reply.enhanced} `;
  const only = lines[0] ?? "";
  if (lines.length <= 1) return renderLine(`${code} ${status}`, only, isUtf8);
  const last = lines.length - 1;
  // RFC 5321 §4.2.1: each line repeats the code; RFC 2034 §4: and the enhanced code.
  return lines
    .map((text, at) => renderLine(`${code}${at === last ? " " : "-"}${status}`, text, isUtf8))
    .join("");
}

function renderLine(start: string, text: string, isUtf8: boolean): string {
  const room = lineOctets - 2 - start.length;
  // RFC 5321 §4.2: textstring is HT and 0x20–0x7E; RFC 6531 §3.7.4.2 adds UTF-8
  const safe = isPlainAscii(text)
    ? text
    : isUtf8
      ? oneForEachOctet(escapeControls(text, "unicode"))
      : escapeControls(text, "ascii");
  return `${start}${safe.length > room ? safe.slice(0, room) : safe}\r\n`;
}

function oneForEachOctet(text: string): string {
  return Array.from(encoder.encode(text), (octet) => String.fromCharCode(octet)).join("");
}
