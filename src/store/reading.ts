/** What a condition may read of a message, and how deep it has to look. */
import { htmlToText, type Letter } from "../mail/mod.ts";
import type { LetterShelf } from "./letter-shelf.ts";
import type { StoredMessage } from "./stored-message.ts";

/** How much of a message has to be read before it can be tested. */
export type Depth = "record" | "head" | "words" | "letter";

export interface MessageCondition {
  /** The filter field it comes from, e.g. `"header.x-mailer"`. */
  readonly field: string;
  readonly depth: Depth;
  readonly test: (message: StoredMessage, letters: LetterShelf) => boolean;
}

export const depths: readonly Depth[] = ["record", "head", "words", "letter"];

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
export function headerValues(message: StoredMessage, letters: LetterShelf, name: string): string[] {
  const wanted = name.toLowerCase();
  return letters
    .header(message)
    .filter((field) => field.name.toLowerCase() === wanted)
    .map((field) => field.value);
}
