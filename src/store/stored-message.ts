import type { Head } from "../mail/mod.ts";
import { type Content, type ContentShelf, readContent } from "./content-shelf.ts";
import { type KeptTransaction, WholeTransaction } from "./kept-transaction.ts";
import type { Envelope, Transaction } from "./records.ts";
import type { SharedTexts } from "./shared-texts.ts";
import type { NewMessage } from "./store.ts";

/** What a summary tells of the body. */
export type Sketch = { readonly snippet: string; readonly attachmentCount: number };

/** Most lists of most messages are empty: they share this one. */
const none: readonly string[] = [];

/** A message as it is kept. What has to be parsed is null until somebody asks for it. */
export class StoredMessage {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Octets that it costs beside its content. */
  readonly overhead: number;
  /** Octets of its content. */
  readonly size: number;
  /** Its transaction. */
  kept: KeptTransaction;
  /** Address of its reverse-path. */
  readonly sender: string;
  inboxes: readonly string[];
  tags: readonly string[];
  read = false;
  head: Head | null = null;
  /**
   * Who the From field names, as soon as the head was read; null where that is the sender. A walk waits for memory
   * more than for anything else, and finds it here.
   */
  author: string | null = null;
  authorName: string | null = null;
  sketch: Sketch | null = null;
  /** What a search for a word looks at. */
  words: string | null = null;
  /** Where its content is. Null: the message is gone. */
  #block: Content["block"] | null;
  #from: number;

  constructor(
    message: NewMessage,
    content: Content,
    seq: number,
    source: string | null,
    overhead: number,
    senders: SharedTexts,
  ) {
    const { transaction } = message;
    this.seq = seq;
    this.receivedAt = message.receivedAt;
    this.overhead = overhead;
    this.size = content.length;
    this.kept = new WholeTransaction(transaction, source, this);
    this.sender = senders.share(transaction.reversePath?.address ?? "");
    this.inboxes = copyOf(message.inboxes ?? transaction.inboxes);
    this.tags = copyOf(message.tags ?? none);
    this.#block = content.block;
    this.#from = content.from;
  }

  get id(): string {
    return `m${this.seq}`;
  }

  get transaction(): Readonly<Transaction> {
    return this.kept.transaction;
  }

  /** Remote address of the session. */
  get source(): string | null {
    return this.kept.source;
  }

  /** A copy of its content; empty for who comes too late. */
  get raw(): Uint8Array {
    return this.top(this.size);
  }

  /** A copy of the beginning of its content. */
  top(octets: number): Uint8Array {
    const content = this.#content;
    return content === null ? new Uint8Array(0) : readContent(content, octets);
  }

  /** The message goes. Its content, which is not read any more. */
  leave(): Content | null {
    const content = this.#content;
    this.#block = null;
    return content;
  }

  /** Its content goes where there is less room wasted. */
  move(contents: ContentShelf): void {
    const content = this.#content;
    if (content === null) return;
    const { block, from } = contents.moved(content);
    this.#block = block;
    this.#from = from;
  }

  /** Accepted recipients only. */
  get envelope(): Envelope {
    return { from: this.sender, to: this.kept.to };
  }

  get #content(): Content | null {
    const block = this.#block;
    return block === null ? null : { block, from: this.#from, length: this.size };
  }
}

function copyOf(list: readonly string[]): readonly string[] {
  return list.length === 0 ? none : [...list];
}
