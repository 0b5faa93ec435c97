import { ContentShelf, lengthOf } from "./content-shelf.ts";
import { Sequence } from "./sequence.ts";
import { SharedTexts } from "./shared-texts.ts";
import { type NewMessage, StoreFullError, type StoreLimits } from "./store.ts";
import { StoredMessage } from "./stored-message.ts";

/**
 * Octets that a stored message costs beside its content, its transaction included. Measured on Node 20 over
 * 100,000 small messages, each with addresses of its own: 660 with one recipient, 420 more once its header was read,
 * and as much as its words when it was searched; 1,370 with two recipients, and 240 for each further one.
 */
export const overhead = { message: 3 * 1024, recipient: 512 } as const;

/** The stored messages, their bounds and their counts. Knows nothing about what is in them. */
export class MessageShelf {
  readonly #limits: StoreLimits;
  readonly #sequence = new Sequence<StoredMessage>();
  readonly #contents = new ContentShelf();
  readonly #senders = new SharedTexts();
  #seq = 0;
  #octets = 0;
  /** Overheads of all messages; with `#octets` it is what `maxBytes` bounds. */
  #overhead = 0;
  #unread = 0;
  #evicted = 0;

  constructor(limits: StoreLimits) {
    this.#limits = limits;
  }

  get sequence(): Pick<Sequence<StoredMessage>, "size" | "ascending" | "descending"> {
    return this.#sequence;
  }

  get counts(): { messages: number; unread: number; octets: number; evicted: number; seq: number } {
    return {
      messages: this.#sequence.size,
      unread: this.#unread,
      octets: this.#octets,
      evicted: this.#evicted,
      seq: this.#seq,
    };
  }

  hasRoom(octets: number, recipients: number): boolean {
    if (octets > this.#limits.maxBytes || this.#limits.maxMessages === 0) return false;
    return this.#limits.whenFull === "evict" || !this.#isFull(octets + overheadOf(recipients));
  }

  /** @throws StoreFullError where there is no room. */
  add(message: NewMessage, source: string | null): { added: StoredMessage; evicted: StoredMessage[] } {
    const octets = lengthOf(message.raw);
    const recipients = message.transaction.recipients.length;
    if (!this.hasRoom(octets, recipients)) {
      const { maxBytes, whenFull } = this.#limits;
      const advice = whenFull === "reject" ? "delete messages or raise" : "raise";
      throw new StoreFullError(
        `Failed to store a message of ${octets} octets: no room within ${maxBytes} octets; ${advice} maxMessages or maxBytes`,
      );
    }
    const evicted: StoredMessage[] = [];
    const cost = overheadOf(recipients);
    while (this.#isFull(octets + cost)) {
      const oldest = this.#sequence.after();
      if (oldest === null) break;
      this.#drop(oldest);
      this.discard(oldest);
      evicted.push(oldest);
    }
    this.#evicted += evicted.length;
    this.#seq += 1;
    const content = this.#contents.put(message.raw);
    const added = new StoredMessage(message, content, this.#seq, source, cost, this.#senders);
    this.#sequence.add(added);
    this.#octets += octets;
    this.#overhead += cost;
    this.#unread += 1;
    return { added, evicted };
  }

  get(id: string): StoredMessage | null {
    const message = this.#sequence.get(Number(id.slice(1)));
    return message?.id === id ? message : null;
  }

  /** It can still be read, until it is discarded. */
  remove(id: string): StoredMessage | null {
    const message = this.get(id);
    if (message !== null) this.#drop(message);
    return message;
  }

  /** Nobody reads a message that was removed any more. */
  discard(message: StoredMessage): void {
    const content = message.leave();
    if (content === null) return;
    this.#contents.free(content);
    if (!this.#contents.isSparse) return;
    for (const each of this.#sequence.ascending()) each.move(this.#contents);
  }

  /** Takes a message out of inboxes; false where it is in no other, or there is none. */
  leave(id: string, isLeft: (inbox: string) => boolean): boolean {
    const message = this.get(id);
    const others = message?.inboxes.filter((inbox) => !isLeft(inbox)) ?? [];
    if (message === null || others.length === 0) return false;
    message.inboxes = others;
    return true;
  }

  /** False for an unknown id. */
  mark(id: string, change: { readonly read?: boolean; readonly tags?: readonly string[] }): boolean {
    const message = this.get(id);
    if (message === null) return false;
    if (change.tags !== undefined) message.tags = [...new Set(change.tags)];
    if (change.read !== undefined && change.read !== message.read) {
      message.read = change.read;
      this.#unread += change.read ? -1 : 1;
    }
    return true;
  }

  /** Forgets the messages; the numbers go on. */
  clear(): void {
    for (const message of this.#sequence.ascending()) message.leave();
    this.#sequence.clear();
    this.#contents.clear();
    this.#octets = 0;
    this.#overhead = 0;
    this.#unread = 0;
    this.#evicted = 0;
  }

  /** An empty store takes one message whose content fits, whatever its overhead. */
  #isFull(more: number): boolean {
    const { maxMessages, maxBytes } = this.#limits;
    const { size } = this.#sequence;
    if (size === 0) return false;
    if (maxMessages !== null && size >= maxMessages) return true;
    return this.#octets + this.#overhead + more > maxBytes;
  }

  #drop(message: StoredMessage): void {
    this.#sequence.delete(message.seq);
    this.#octets -= message.size;
    this.#overhead -= message.overhead;
    if (!message.read) this.#unread -= 1;
  }
}

function overheadOf(recipients: number): number {
  return overhead.message + recipients * overhead.recipient;
}
