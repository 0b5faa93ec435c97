import { mailboxesOf } from "./address.ts";
import { attachmentsOf, readBody, snippetOf } from "./body.ts";
import { parseDate } from "./date.ts";
import { decodeValue, firstValue } from "./header.ts";
import { htmlToText } from "./html.ts";
import type { Letter } from "./letter.ts";
import { makePart, readPartHeader } from "./part.ts";
import { walk } from "./walker.ts";

/** Reads a message. Bad input never rejects: what cannot be read is empty, and `defects` names it. */
export async function readLetter(raw: Uint8Array): Promise<Letter> {
  try {
    return read(raw);
  } catch (error) {
    return unread(raw, error);
  }
}

/** All that can be read in a message, plain text before the text of HTML. Never throws: what is unreadable is empty. */
export function readText(raw: Uint8Array): string {
  try {
    const { text, html } = readBody(walk(raw).root);
    return [text, html === null ? null : htmlToText(html)].filter((part) => part !== null).join("\n");
  } catch {
    return "";
  }
}

function read(raw: Uint8Array): Letter {
  const { root, fields, defects } = walk(raw);
  const body = readBody(root);
  const written = firstValue(fields, "date");
  const date = written === null ? null : parseDate(written);
  return {
    from: mailboxesOf(fields, "from")[0] ?? null,
    to: mailboxesOf(fields, "to"),
    cc: mailboxesOf(fields, "cc"),
    bcc: mailboxesOf(fields, "bcc"),
    replyTo: mailboxesOf(fields, "reply-to"),
    subject: decodeValue(firstValue(fields, "subject") ?? ""),
    date,
    messageId: firstValue(fields, "message-id"),
    text: body.text,
    html: body.html,
    snippet: snippetOf(body.text, body.html),
    headers: root.headers,
    root,
    attachments: attachmentsOf(root),
    defects: [...defects, ...(written !== null && date === null ? ["bad-date"] : []), ...body.defects],
  };
}

/** A fault of ours must not hide the message: it is still there, as one part. */
function unread(raw: Uint8Array, error: unknown): Letter {
  const root = makePart("", readPartHeader([], "text/plain"), raw, []);
  return {
    from: null,
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: "",
    date: null,
    messageId: null,
    text: null,
    html: null,
    snippet: "",
    headers: [],
    root,
    attachments: [],
    defects: [`unreadable: ${error instanceof Error ? error.message : String(error)}`],
  };
}
