import type { Message as MessageRecord } from "../api/contract.ts";
import { urlMatcher, writePattern } from "./pattern.ts";
import { segment, type Transport } from "./transport.ts";

/** A stored message. */
export interface Message extends MessageRecord {
  /** The octets as they were sent. */
  raw(): Promise<Uint8Array>;
  /** The decoded octets of an attachment, by its index, its file name or its content id: `cid:logo`, `<logo>`. */
  attachment(nameOrIndex: string | number): Promise<Uint8Array>;
  /** The first field of that name, in any case; null where there is none. */
  header(name: string): string | null;
  /**
   * The URL of the first link that matches; without a pattern there must be exactly one URL.
   * A text without a wildcard means "contains"; only `*` is one here, as URLs have `?`.
   * @throws Error with the candidates
   */
  link(pattern?: string | RegExp): string;
  /**
   * The likeliest one-time code.
   * @throws Error where there is none
   */
  code(): string;
}

/** Adds the methods without making them visible to comparisons, snapshots and `JSON.stringify`. */
export function liveMessage(record: MessageRecord, transport: Transport): Message {
  const path = `/api/messages/${segment(record.id)}`;
  const methods: Omit<Message, keyof MessageRecord> = {
    raw: () => transport.octets({ action: "read the message", path: `${path}/raw` }),
    attachment: async (nameOrIndex) => {
      const index = attachmentIndex(record, nameOrIndex);
      return transport.octets({ action: "read the attachment", path: `${path}/attachments/${index}` });
    },
    header: (name) =>
      record.headers.find((field) => field.name.toLowerCase() === name.toLowerCase())?.value ?? null,
    link: (pattern) => link(record, pattern),
    code: () => code(record),
  };
  const message: Message = { ...record, ...methods };
  for (const name of Object.keys(methods)) Object.defineProperty(message, name, { enumerable: false });
  return message;
}

function attachmentIndex(message: MessageRecord, nameOrIndex: string | number): number {
  const contentIdAsked = typeof nameOrIndex === "number" ? null : contentIdIn(nameOrIndex);
  const found = message.attachments.find(({ index, filename, contentId }) =>
    typeof nameOrIndex === "number"
      ? index === nameOrIndex
      : filename === nameOrIndex || (contentId !== null && contentId === contentIdAsked),
  );
  if (found !== undefined) return found.index;
  const candidates = message.attachments.map(
    ({ index, filename, contentId }) =>
      `${index} ${quote(filename ?? (contentId === null ? "" : `cid:${contentId}`))}`,
  );
  throw missing("attachment", message, quote(nameOrIndex), candidates);
}

/** As a `cid:` URL holds it, percent-encoded (RFC 2392 §2), or as the field does, in angle brackets. */
function contentIdIn(name: string): string | null {
  if (/^cid:/i.test(name)) return name.slice(4).replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
  return /^<.*>$/.test(name) ? name.slice(1, -1) : null;
}

function link(message: MessageRecord, pattern: string | RegExp | undefined): string {
  const urls = [...new Set(message.links.map(({ url }) => url))];
  const found = pattern === undefined ? urls : urls.filter(urlMatcher(pattern));
  const [first] = found;
  if (first !== undefined && (pattern !== undefined || found.length === 1)) return first;
  throw missing("link", message, pattern === undefined ? "one" : writePattern(pattern), urls);
}

function code(message: MessageRecord): string {
  const [likeliest] = message.codes;
  if (likeliest !== undefined) return likeliest;
  throw missing("code", message, "one", []);
}

function missing(what: string, message: MessageRecord, asked: string, candidates: readonly string[]): Error {
  const there = candidates.length === 0 ? "it has none" : `it has ${candidates.join(", ")}`;
  return new Error(
    `Failed to find the ${what}: ${asked} in #${message.seq} ${quote(message.subject)}; ${there}`,
  );
}

function quote(value: string | number): string {
  return JSON.stringify(value);
}
