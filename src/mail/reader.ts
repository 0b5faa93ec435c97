import { mailboxesOf } from "./address.ts";
import { attachmentsOf, readBody, snippetOf } from "./body.ts";
import { parseDate } from "./date.ts";
import { decodeValue, firstValue, type RawField, scanHeader } from "./header.ts";
import { htmlToText } from "./html.ts";
import type { Head, Letter } from "./letter.ts";
import { makePart, readPartHeader } from "./part.ts";
import { type Walk, walk } from "./walker.ts";

/** Reads a message. Bad input never throws: what cannot be read is empty, and `defects` names it. */
export function readLetter(raw: Uint8Array): Letter {
  try {
    return read(raw);
  } catch (error) {
    return unread(raw, error);
  }
}

/** The same of the header alone. */
export function readHead(raw: Uint8Array): Head {
  try {
    return headOf(scanHeader(raw, 0).fields);
  } catch {
    return headOf([]);
  }
}

/** All that can be read in a message, plain text before the text of HTML. Never throws: what is unreadable is empty. */
export function readText(raw: Uint8Array): string {
  try {
    return textsOf(walk(raw)).join("\n");
  } catch {
    return "";
  }
}

/** What can be looked for below the header: the names of files, the text, and that of the HTML. Never throws. */
export function readWords(raw: Uint8Array): string[] {
  try {
    const walked = walk(raw);
    const names = attachmentsOf(walked.root).map(({ filename }) => filename ?? "");
    return [...names, ...textsOf(walked)];
  } catch {
    return [];
  }
}

function textsOf({ root }: Walk): string[] {
  const { text, html } = readBody(root);
  return [text, html === null ? null : htmlToText(html)].filter((part) => part !== null);
}

function read(raw: Uint8Array): Letter {
  const { root, fields, defects } = walk(raw);
  const body = readBody(root);
  const head = headOf(fields);
  const hasBadDate = head.date === null && firstValue(fields, "date") !== null;
  return {
    ...head,
    text: body.text,
    html: body.html,
    snippet: snippetOf(body.text, body.html),
    headers: root.headers,
    root,
    attachments: attachmentsOf(root),
    defects: [...defects, ...(hasBadDate ? ["bad-date"] : []), ...body.defects],
  };
}

function headOf(fields: readonly RawField[]): Head {
  const date = firstValue(fields, "date");
  return {
    from: mailboxesOf(fields, "from")[0] ?? null,
    to: mailboxesOf(fields, "to"),
    cc: mailboxesOf(fields, "cc"),
    bcc: mailboxesOf(fields, "bcc"),
    replyTo: mailboxesOf(fields, "reply-to"),
    subject: decodeValue(firstValue(fields, "subject") ?? ""),
    date: date === null ? null : parseDate(date),
    messageId: firstValue(fields, "message-id"),
  };
}

/** A fault of ours must not hide the message: it is still there, as one part. */
function unread(raw: Uint8Array, error: unknown): Letter {
  const root = makePart("", readPartHeader([], "text/plain"), raw, []);
  return {
    ...headOf([]),
    text: null,
    html: null,
    snippet: "",
    headers: [],
    root,
    attachments: [],
    defects: [`unreadable: ${error instanceof Error ? error.message : String(error)}`],
  };
}
