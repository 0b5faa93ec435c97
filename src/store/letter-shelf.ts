import { type Letter, readLetter } from "../mail/mod.ts";
import { LeastRecent } from "./least-recent.ts";
import type { Head, StoredMessage } from "./stored-message.ts";

/** Letters kept at a time, and octets of the messages they were read from. */
const limits = { entries: 2_000, weight: 32 * 1024 * 1024 };

/** After reading so many octets in a row everybody else has a turn; a reading costs something of its own. */
const octetsPerTurn = 2 * 1024 * 1024;
const octetsPerReading = 8 * 1024;

// Found at import, so that a test's fake timers do not stop a search.
const { setTimeout } = globalThis;

/**
 * Reads messages when somebody asks, the header alone where that is enough.
 * Heads stay with the message, letters in a small cache.
 */
export class LetterShelf {
  readonly #letters = new LeastRecent<Promise<Letter>>(limits);
  #octetsInTurn = 0;

  async head(message: StoredMessage): Promise<Head> {
    message.head ??= headOf(await this.#read(headerSection(message.raw)));
    return message.head;
  }

  letter(message: StoredMessage): Promise<Letter> {
    const known = this.#letters.get(message.id);
    if (known !== undefined) return known;
    const letter = this.#letterOf(message);
    this.#letters.set(message.id, letter, message.size);
    return letter;
  }

  forget(id: string): void {
    this.#letters.delete(id);
  }

  clear(): void {
    this.#letters.clear();
  }

  async #letterOf(message: StoredMessage): Promise<Letter> {
    const letter = await this.#read(message.raw);
    message.head ??= headOf(letter);
    message.sketch ??= { snippet: letter.snippet, attachmentCount: letter.attachments.length };
    return letter;
  }

  async #read(raw: Uint8Array): Promise<Letter> {
    this.#octetsInTurn += raw.length + octetsPerReading;
    if (this.#octetsInTurn > octetsPerTurn) {
      this.#octetsInTurn = 0;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return readLetter(raw);
  }
}

function headOf(letter: Letter): Head {
  const { from, to, cc, bcc, replyTo, subject, date, messageId } = letter;
  return { from, to, cc, bcc, replyTo, subject, date, messageId };
}

/** Up to the first empty line (RFC 5322 §2.1). A bare LF ends a line too: content is kept as it came. */
function headerSection(raw: Uint8Array): Uint8Array {
  for (let lf = raw.indexOf(LF); lf !== -1; lf = raw.indexOf(LF, lf + 1)) {
    const next = raw[lf + 1] === CR ? lf + 2 : lf + 1;
    if (raw[next] === LF) return raw.subarray(0, next + 1);
  }
  return raw;
}

const LF = 0x0a;
const CR = 0x0d;
