import type { TranscriptLine } from "./records.ts";

/** A reply of many lines is one entry, and counts as one. */
export interface TranscriptLimits {
  /** Lines of a session that are never pushed out by newer ones: how it began. */
  readonly first: number;
  /** Lines of a session in all. */
  readonly perSession: number;
  readonly total: number;
  /** Of all lines together. */
  readonly characters: number;
  /** Characters of a line; a fault can say a megabyte. */
  readonly perLine: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * What was said in every session. A long session keeps its first lines and its newest ones. When all
 * together are too many, the transcript that began longest ago is let go whole.
 */
export class Transcripts {
  readonly #limits: TranscriptLimits;
  /** In the order of their first line that is still there. */
  readonly #dialogues = new Map<string, Dialogue>();
  #total = 0;
  #characters = 0;

  constructor(limits: TranscriptLimits) {
    this.#limits = limits;
  }

  say(sessionId: string, said: TranscriptLine): void {
    if (said.text.length <= this.#limits.perLine) {
      this.#keep(sessionId, said);
    } else {
      for (const text of said.text.split("\n")) this.#keep(sessionId, this.#shortened({ ...said, text }));
    }
  }

  #keep(sessionId: string, line: TranscriptLine): void {
    let dialogue = this.#dialogues.get(sessionId);
    if (dialogue === undefined) {
      dialogue = newDialogue(0);
      this.#dialogues.set(sessionId, dialogue);
    }
    const { first, perSession } = this.#limits;
    this.#count(dialogue, 1, line.text.length);
    if (dialogue.first.length < first) {
      dialogue.first.push(line);
    } else if (dialogue.newest.length < perSession - first) {
      dialogue.newest.push(keptLine(line));
    } else {
      const oldest = dialogue.newest[dialogue.oldestOfNewest]!;
      this.#count(dialogue, -1, -oldest.text.length);
      dialogue.omitted += linesIn(oldest.text);
      rewrite(oldest, line);
      dialogue.oldestOfNewest = (dialogue.oldestOfNewest + 1) % dialogue.newest.length;
    }
    while (this.#isTooMuch) this.#letGo();
  }

  of(sessionId: string): { lines: TranscriptLine[]; omitted: number } {
    const dialogue = this.#dialogues.get(sessionId);
    if (dialogue === undefined) return { lines: [], omitted: 0 };
    const { first, newest, oldestOfNewest, omitted } = dialogue;
    const kept = [...first, ...newest.slice(oldestOfNewest), ...newest.slice(0, oldestOfNewest)];
    const lines = kept.flatMap((line) => line.text.split("\n").map((text) => ({ ...line, text })));
    return { lines, omitted };
  }

  forget(sessionId: string): void {
    const dialogue = this.#dialogues.get(sessionId);
    if (dialogue === undefined) return;
    this.#count(dialogue, -lengthOf(dialogue), -dialogue.characters);
    this.#dialogues.delete(sessionId);
  }

  clear(): void {
    this.#dialogues.clear();
    this.#total = 0;
    this.#characters = 0;
  }

  #shortened(line: TranscriptLine): TranscriptLine {
    const { perLine } = this.#limits;
    if (line.text.length <= perLine) return line;
    // Encoded and decoded it is a text of its own: a slice would keep the long one alive.
    const kept = decoder.decode(encoder.encode(line.text.slice(0, perLine)));
    return { ...line, text: `${kept}… (${line.text.length - perLine} more)` };
  }

  get #isTooMuch(): boolean {
    return this.#total > this.#limits.total || this.#characters > this.#limits.characters;
  }

  #count(dialogue: Dialogue, entries: number, characters: number): void {
    this.#total += entries;
    this.#characters += characters;
    dialogue.characters += characters;
  }

  #letGo(): void {
    const oldest = this.#dialogues.entries().next().value;
    if (oldest === undefined) return;
    const [sessionId, dialogue] = oldest;
    let { omitted } = dialogue;
    for (const { text } of [...dialogue.first, ...dialogue.newest]) omitted += linesIn(text);
    this.#count(dialogue, -lengthOf(dialogue), -dialogue.characters);
    // Back in at the end: how many lines went is still to be told.
    this.#dialogues.delete(sessionId);
    this.#dialogues.set(sessionId, newDialogue(omitted));
  }
}

/** Ours alone, and written again when its turn comes. */
type KeptLine = { -readonly [Field in keyof TranscriptLine]: TranscriptLine[Field] };

function keptLine({ at, by, text, transactionId }: TranscriptLine): KeptLine {
  return { at, by, text, transactionId };
}

/**
 * In a flood the same is said again and again. What is let go after a while is dear: collectors leave it lying
 * until there is a lot of it.
 */
function rewrite(line: KeptLine, said: TranscriptLine): void {
  line.at = said.at;
  line.by = said.by;
  line.transactionId = said.transactionId;
  if (line.text !== said.text) line.text = said.text;
}

/** `newest` is a ring once it is full. */
interface Dialogue {
  readonly first: TranscriptLine[];
  readonly newest: KeptLine[];
  oldestOfNewest: number;
  /** Lines. */
  omitted: number;
  /** Of what is there. */
  characters: number;
}

function newDialogue(omitted: number): Dialogue {
  return { first: [], newest: [], oldestOfNewest: 0, omitted, characters: 0 };
}

function lengthOf(dialogue: Dialogue): number {
  return dialogue.first.length + dialogue.newest.length;
}

function linesIn(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
