import type { MessageFilter, SessionFilter, TransactionFilter } from "./filter.ts";
import type { Message, MessageSummary, Session, Transaction, TranscriptLine } from "./records.ts";

/** What is handed over when a message is accepted. */
export interface NewMessage {
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /**
   * Octets exactly as sent, transparency undone, in any number of pieces. They are the store's until it has answered: it
   * keeps a copy.
   */
  readonly raw: readonly Uint8Array[];
  /** Its transaction; envelope, channel and warnings are read from it. */
  readonly transaction: Transaction;
  /** Default: none. */
  readonly tags?: readonly string[];
  /** Ids of the inboxes that it came into. Default: those of its transaction. */
  readonly inboxes?: readonly string[];
}

export interface MessageRef {
  readonly id: string;
  readonly seq: number;
  /** Ids of the messages that had to go to make room, oldest first. */
  readonly evicted: readonly string[];
}

export interface Page {
  /** 1–500. */
  readonly limit: number;
  /** A `nextCursor` given out before. A bad one: `TypeError`. */
  readonly cursor?: string | undefined;
}

export interface StoreLimits {
  /** Null: no limit. */
  readonly maxMessages: number | null;
  /**
   * Octets over all messages: the content of each, and for what is kept with it 3 KiB and 512 for each
   * recipient tried. One message whose content fits is always taken by an empty store.
   */
  readonly maxBytes: number;
  readonly whenFull: "evict" | "reject";
}

export interface StoreCounts {
  readonly messages: number;
  readonly unread: number;
  /** Of content alone. */
  readonly octets: number;
  readonly transactions: number;
  readonly sessions: number;
  /** Messages that went to make room, since the start or the last reset. */
  readonly evicted: number;
  /** Highest `seq` given out so far; 0 before the first message. */
  readonly seq: number;
  /** Highest `seq` of a transaction so far. */
  readonly transactionSeq: number;
}

/**
 * Where mail, transactions, sessions and transcripts are kept.
 * Listings are newest first. Cursors stay right while records come and go.
 * Sessions and open transactions come out as they were put in, not copied: only their writer changes them.
 * A finished transaction may come out as a copy; who changes that puts it again.
 */
export interface MailStore {
  /**
   * Whether a message of so many octets and recipients (default 1) can be taken now; always true with
   * `whenFull: "evict"` unless its content alone exceeds `maxBytes`.
   */
  hasRoom(octets: number, recipients?: number): boolean;
  /**
   * Keeps the message and its transaction, whose `storedId` it sets; answers once both are safe, a store in
   * memory at once. Throws or rejects with `StoreFullError` where {@link hasRoom} says no.
   */
  add(message: NewMessage): MessageRef | Promise<MessageRef>;

  messages(
    filter: MessageFilter,
    page: Page,
  ): Promise<{ messages: MessageSummary[]; total: number; unread: number; nextCursor: string | null }>;
  /** All matches with `seq` greater than `since`, oldest first, at most `limit`. */
  messagesSince(since: number, filter: MessageFilter, limit: number): Promise<Message[]>;
  message(id: string): Promise<Message | null>;
  /** What lists tell of it; far cheaper than the whole. */
  summary(id: string): Promise<MessageSummary | null>;
  /** Newest match. */
  latest(filter: MessageFilter): Promise<Message | null>;
  raw(id: string): Promise<Uint8Array | null>;
  /** Its header fields as {@link Message} has them; nothing else of it is read. */
  headers(id: string): Promise<Message["headers"] | null>;
  /** Decoded octets of a leaf part by its MIME path, or of an attachment by index. */
  part(
    id: string,
    at: { readonly path: string } | { readonly attachment: number },
  ): Promise<{ contentType: string; filename: string | null; octets: Uint8Array } | null>;
  /** Whether one stored message matches; false for an unknown id. */
  matches(id: string, filter: MessageFilter): Promise<boolean>;
  /**
   * Messages after `since`, of the newest 1,000, that miss the filter: those with the fewest differing
   * fields first, newest first among equals, at most `limit`.
   */
  nearest(
    since: number,
    filter: MessageFilter,
    limit: number,
  ): Promise<{ message: MessageSummary; differs: string[] }[]>;
  /** Sets `read` and `tags` on every match (or on the ids); resolves to the ids of the messages that were there. */
  patch(which: Selection, change: { read?: boolean; tags?: string[] }): Promise<string[]>;
  /**
   * Resolves to the ids deleted. By a filter of inboxes a message that is in others too only leaves those that it
   * names.
   */
  remove(which: Selection): Promise<string[]>;

  /** A number for a new transaction: gives `id` and `seq`. */
  nextTransaction(): { readonly id: string; readonly seq: number };
  /**
   * Adds or replaces by its number. Open ones, those of stored messages and the newest 10,000 of the others
   * are kept, of those fewer where they have more than 100,000 recipients and faults together.
   * Returns whether it was taken: one that began before the last {@link clear} is not.
   */
  putTransaction(transaction: Transaction): boolean;
  transaction(id: string): Promise<Transaction | null>;
  transactions(
    filter: TransactionFilter,
    page: Page,
  ): Promise<{ transactions: Transaction[]; total: number; nextCursor: string | null }>;
  /** Matches with `seq` greater than `since`, oldest first, at most `limit`. */
  transactionsSince(since: number, filter: TransactionFilter, limit: number): Promise<Transaction[]>;

  /** A number for a new session: gives `id`, and `index` since start or reset (from 1). */
  nextSession(): { readonly id: string; readonly index: number };
  /**
   * Adds or replaces by id. Open ones and the 1,000 that closed last are kept.
   * Returns whether it was taken: one that opened before the last {@link clear} is not.
   */
  putSession(session: Session): boolean;
  session(id: string): Promise<Session | null>;
  sessions(
    filter: SessionFilter,
    page: Page,
  ): Promise<{ sessions: Session[]; total: number; nextCursor: string | null }>;
  /**
   * Appends a line, or a reply of many with LF between them, which counts as one; nothing for an unknown session. A
   * session keeps its first 50 lines and its newest, 2,000 in all, and all sessions together 100,000 of 8,000,000
   * characters; of a line 1,000 characters.
   */
  say(sessionId: string, line: TranscriptLine): void;
  /** Null for an unknown session. `omitted`: lines that were let go. */
  transcript(sessionId: string): Promise<{ lines: TranscriptLine[]; omitted: number } | null>;

  counts(): StoreCounts;
  /** Forgets everything but the numbering. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What a bulk change is about. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: MessageFilter };

/** The store takes no more: `--when-full reject`, or one message larger than `--max-bytes`. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}
