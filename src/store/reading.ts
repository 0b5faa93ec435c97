/** What a condition may read of a message, and how deep it has to look. */
import { htmlToText, type Letter, readHeader } from "../mail/mod.ts";
import type { Head, StoredMessage } from "./stored-message.ts";

/** How much of a message has to be read before it can be tested. */
export type Depth = "record" | "head" | "letter";

export interface MessageCondition {
  /** The filter field it comes from, e.g. `"header.x-mailer"`. */
  readonly field: string;
  readonly depth: Depth;
  /** From depth `head` on the head of the message has been read; the letter is there at depth `letter`. */
  readonly test: (message: StoredMessage, letter: Letter | null) => boolean;
}

export const depths: readonly Depth[] = ["record", "head", "letter"];

export function headOf(message: StoredMessage): Head {
  if (message.head === null) throw new Error(`Failed to test ${message.id}: its head was not read`);
  return message.head;
}

export function letterOf(letter: Letter | null): Letter {
  if (letter === null) throw new Error("Failed to test a message: its letter was not read");
  return letter;
}

/** The text, or that of the HTML where there is none. */
export function textOf(letter: Letter): string {
  return letter.text ?? textOfHtml(letter);
}

const htmlTexts = new WeakMap<Letter, string>();

/** What a reader sees of the HTML. */
export function textOfHtml(letter: Letter): string {
  let text = htmlTexts.get(letter);
  if (text === undefined) {
    text = letter.html === null ? "" : htmlToText(letter.html);
    htmlTexts.set(letter, text);
  }
  return text;
}

/** The values of all fields of that name, in any case. */
export function headerValues(message: StoredMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return readHeader(message.raw)
    .filter((field) => field.name.toLowerCase() === wanted)
    .map((field) => field.value);
}
