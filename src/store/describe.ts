/** What users see of a stored message: its summary, and the whole. */
import {
  calendarsOf,
  codesOf,
  deliveryStatusOf,
  type Letter,
  linksOf,
  type Mailbox,
  type Part,
} from "../mail/mod.ts";
import { heldUntil, nextHop } from "../smtp/mod.ts";
import type { Address, Attachment, Message, MessageSummary, MimePart, Transaction } from "./records.ts";
import type { StoredMessage } from "./stored-message.ts";

/** The letter of the message must have been read once. */
export function summarize(message: StoredMessage): MessageSummary {
  const { head, sketch, transaction } = message;
  if (head === null || sketch === null) throw new Error(`Failed to summarize ${message.id}: it was not read`);
  return {
    id: message.id,
    seq: message.seq,
    receivedAt: new Date(message.receivedAt).toISOString(),
    channel: transaction.channel,
    provider: transaction.provider,
    sessionId: transaction.sessionId,
    transactionId: transaction.id,
    inboxes: [...message.inboxes],
    envelope: message.envelope,
    from: head.from === null ? null : addressOf(head.from),
    to: head.to.map(addressOf),
    cc: head.cc.map(addressOf),
    bcc: head.bcc.map(addressOf),
    replyTo: head.replyTo.map(addressOf),
    subject: head.subject,
    date: head.date,
    messageId: head.messageId,
    snippet: sketch.snippet,
    size: message.size,
    attachmentCount: sketch.attachmentCount,
    tags: [...message.tags],
    read: message.read,
    warnings: [...transaction.warnings],
  };
}

export async function describe(
  message: StoredMessage,
  letter: Letter,
  transaction: Transaction,
): Promise<Message> {
  return {
    ...summarize(message),
    text: letter.text,
    html: letter.html,
    headers: letter.headers.map(({ name, value }) => ({ name, value })),
    attachments: await Promise.all(letter.attachments.map(attachmentOf)),
    mime: mimePartOf(letter.root),
    links: linksOf(letter).map(({ url, text }) => ({ url, text })),
    codes: [...codesOf(letter)],
    calendars: calendarsOf(letter).map((calendar) => ({ ...calendar })),
    deliveryStatus: deliveryStatusOf(letter).map((status) => ({ ...status })),
    nextHop: nextHopOf(transaction),
    heldUntil: heldUntilOf(message, transaction),
    transaction,
  };
}

function nextHopOf({ reversePath, recipients }: Transaction): Message["nextHop"] {
  if (reversePath === null) return null;
  const accepted = recipients.filter(({ accepted }) => accepted).map(({ path }) => path);
  const next = nextHop(reversePath, accepted);
  return next === null ? null : { ...next, forwardPaths: [...next.forwardPaths] };
}

function heldUntilOf({ receivedAt }: StoredMessage, { mailParameters }: Transaction): string | null {
  const time = heldUntil(mailParameters, receivedAt);
  return time === null ? null : new Date(time).toISOString();
}

function addressOf({ name, address }: Mailbox): Address {
  return { name, address };
}

async function attachmentOf(part: Part, index: number): Promise<Attachment> {
  return {
    index,
    filename: part.filename,
    contentType: part.contentType,
    size: part.size,
    contentId: part.contentId,
    disposition: part.disposition === "attachment" || part.disposition === "inline" ? part.disposition : null,
    sha256: await digestOf(part),
  };
}

/** A letter is described more often than it is read. */
const digests = new WeakMap<Part, Promise<string>>();

function digestOf(part: Part): Promise<string> {
  let digest = digests.get(part);
  if (digest === undefined) {
    digest = sha256(part.octets());
    digests.set(part, digest);
  }
  return digest;
}

async function sha256(octets: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", octets as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (octet) => octet.toString(16).padStart(2, "0")).join("");
}

function mimePartOf(part: Part): MimePart {
  const { path, contentType, charset, encoding, filename, contentId, disposition, size } = part;
  return {
    path,
    contentType,
    charset,
    encoding,
    filename,
    contentId,
    disposition,
    size,
    parts: part.parts.map(mimePartOf),
  };
}
