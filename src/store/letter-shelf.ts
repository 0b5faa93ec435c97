/**
 * Reads messages when somebody asks, and no more of them than the question needs.
 *
 * Heads, sketches and words stay with the message, words as far as they have room: what has none is read
 * again. Letters stay in a small cache. Reading never waits, so a walk over known messages is as fast as a
 * loop; who walks gives everybody else a turn when it is time.
 */
import {
  type Head,
  type HeaderField,
  type Letter,
  type Mailbox,
  maxHeaderOctets,
  readHead,
  readHeader,
  readLetter,
  readWords,
} from "../mail/mod.ts";
import { canonicalAddress } from "../smtp/mod.ts";
import { LeastRecent } from "./least-recent.ts";
import type { Sketch, StoredMessage } from "./stored-message.ts";

const mebi = 1024 * 1024;
/**
 * Letters kept at a time, and octets of the messages they were read from: a quarter of what all may have, at most. One
 * that is larger stays until the next: its text, its HTML and its attachments are asked for one after the other.
 */
const keptLetters = { entries: 2_000, weight: 32 * mebi, share: 1 / 4 };
/** Octets: half of what all may have, at most. A message of 2 KiB has about one KiB of words. */
const keptWords = { octets: 256 * mebi, share: 1 / 2 };

/**
 * After reading so many octets in a row everybody else has a turn. A header costs as much as so many, what a
 * letter has beside the same again, and a look at what was read before a little.
 */
const octetsPerTurn = 2 * 1024 * 1024;
const octetsPerHeader = 4 * 1024;
const octetsPerLook = 64;

// Found at import, so that a test's fake timers do not stop a search.
const { setTimeout } = globalThis;

export class LetterShelf {
  readonly #letters: LeastRecent<Letter>;
  readonly #wordsLimit: number;
  #wordsOctets = 0;
  /** Those that found no room last: a query asks for the words of a message more than once. */
  #spare: { readonly message: StoredMessage; readonly words: string } | null = null;
  #octetsInTurn = 0;

  /** @param room octets that all messages may have: of a small store little is remembered */
  constructor(room: number) {
    const { entries, weight, share } = keptLetters;
    this.#letters = new LeastRecent({ entries, weight: Math.min(weight, room * share) });
    this.#wordsLimit = Math.min(keptWords.octets, room * keptWords.share);
  }

  /** Whether it is time for {@link nextTurn}. */
  get isTurnOver(): boolean {
    return this.#octetsInTurn > octetsPerTurn;
  }

  async nextTurn(): Promise<void> {
    this.#octetsInTurn = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** Counts a message that somebody looks at in a walk. */
  look(): void {
    this.#octetsInTurn += octetsPerLook;
  }

  head(message: StoredMessage): Head {
    if (message.head !== null) return message.head;
    this.#octetsInTurn += octetsPerHeader;
    return this.#keepHead(message, readHead(message.top(maxHeaderOctets)));
  }

  /** All fields, in order. */
  header(message: StoredMessage): HeaderField[] {
    this.#octetsInTurn += octetsPerHeader;
    return readHeader(message.top(maxHeaderOctets));
  }

  sketch(message: StoredMessage): Sketch {
    message.sketch ??= sketchOf(this.letter(message));
    return message.sketch;
  }

  /** Subject, people, file names, and the body as text and as HTML: in lower case, with a NUL between them. */
  words(message: StoredMessage): string {
    if (message.words !== null) {
      this.#octetsInTurn += message.words.length / 4;
      return message.words;
    }
    const words = this.#spare?.message === message ? this.#spare.words : this.#wordsOf(message);
    const octets = octetsOf(words);
    if (this.#wordsOctets + octets <= this.#wordsLimit) {
      this.#wordsOctets += octets;
      message.words = words;
    } else {
      this.#spare = { message, words };
    }
    return words;
  }

  letter(message: StoredMessage): Letter {
    const known = this.#letters.get(message.id);
    if (known !== undefined) return known;
    this.#octetsInTurn += message.size + 2 * octetsPerHeader;
    const letter = readLetter(message.raw);
    this.#letters.set(message.id, letter, message.size);
    if (message.head === null) this.#keepHead(message, headOf(letter));
    message.sketch ??= sketchOf(letter);
    return letter;
  }

  forget(message: StoredMessage): void {
    this.#letters.delete(message.id);
    if (this.#spare?.message === message) this.#spare = null;
    if (message.words === null) return;
    this.#wordsOctets -= octetsOf(message.words);
    message.words = null;
  }

  clear(): void {
    this.#letters.clear();
    this.#spare = null;
    this.#wordsOctets = 0;
  }

  #keepHead(message: StoredMessage, head: Head): Head {
    const author = head.from?.address ?? null;
    message.author = author === message.sender ? null : author;
    message.authorName = head.from?.name ?? null;
    message.head = head;
    return head;
  }

  #wordsOf(message: StoredMessage): string {
    const { subject, from, to, cc, bcc, replyTo } = this.head(message);
    this.#octetsInTurn += message.size + octetsPerHeader;
    const people = [...(from === null ? [] : [from]), ...to, ...cc, ...bcc, ...replyTo];
    const envelope = [message.envelope.from, ...message.envelope.to];
    const words = [
      subject,
      ...people.flatMap(({ name, address }: Mailbox) => [name, address]),
      ...envelope,
      ...envelope.map(canonicalAddress),
      ...readWords(message.raw),
    ];
    return [...new Set(words)].join("\0").toLowerCase();
  }
}

function headOf(letter: Letter): Head {
  const { from, to, cc, bcc, replyTo, subject, date, messageId } = letter;
  return { from, to, cc, bcc, replyTo, subject, date, messageId };
}

function sketchOf({ snippet, attachments }: Letter): Sketch {
  return { snippet, attachmentCount: attachments.length };
}

/** Engines keep a text with one octet for each character, or with two where one is beyond Latin-1. */
function octetsOf(text: string): number {
  return /[^\0-\xff]/.test(text) ? text.length * 2 : text.length;
}
