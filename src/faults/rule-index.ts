/**
 * The rules of one phase, so arranged that many cost little. A glob whose beginning or end is plain text can
 * only match a value that begins or ends so: its rule is found by that part of the value, and then asked like
 * any other. All others are asked one by one. The order of the rules stays.
 */
import type { ArmedRule } from "./armed-rule.ts";
import { type TextField, textValues } from "./matching.ts";
import type { Moment } from "./moment.ts";
import type { CompiledRule } from "./parsing/rule.ts";
import type { Pattern } from "./rule.ts";

/** Where values are short and differ: what a rule names of these is what it is found by. */
const indexedFields: readonly TextField[] = ["to", "from", "user", "helo", "remoteAddress"];

/** What a value must be like, lower case. */
interface Anchor {
  readonly part: "whole" | "begin" | "end";
  readonly text: string;
}

/** Places of rules by such a part of a value. There are few lengths, so that few parts are looked up. */
interface Places {
  readonly byText: Map<string, number[]>;
  readonly lengths: Set<number>;
}

type FieldPlaces = Readonly<Record<Anchor["part"], Places>>;

export class RuleIndex {
  readonly #rules: readonly ArmedRule[];
  /** Of the rules that are always asked. */
  readonly #others: number[] = [];
  readonly #alwaysAsked: readonly ArmedRule[];
  readonly #fields = new Map<TextField, FieldPlaces>();

  /** @param rules in the order in which they are to be asked */
  constructor(rules: readonly ArmedRule[]) {
    this.#rules = rules;
    for (const [place, { rule }] of rules.entries()) this.#place(place, rule);
    this.#alwaysAsked = this.#others.map((place) => rules[place]!);
  }

  /** Those that may match at this moment, in order; the others do not. */
  candidates(moment: Moment): readonly ArmedRule[] {
    const found = new Set<number>();
    for (const [field, { whole, begin, end }] of this.#fields) {
      for (const value of textValues(field, moment)) {
        const text = value.toLowerCase();
        take(whole, text, found);
        for (const length of begin.lengths) take(begin, text.slice(0, length), found);
        for (const length of end.lengths) take(end, text.slice(-length), found);
      }
    }
    if (found.size === 0) return this.#alwaysAsked;
    return [...this.#others, ...found].sort((a, b) => a - b).map((place) => this.#rules[place]!);
  }

  #place(place: number, { source }: CompiledRule): void {
    for (const field of indexedFields) {
      const anchors = anchorsOf(source.match?.[field]);
      if (anchors === null) continue;
      const places = this.#fields.get(field) ?? { whole: noPlaces(), begin: noPlaces(), end: noPlaces() };
      this.#fields.set(field, places);
      for (const { part, text } of anchors) put(places[part], text, place);
      return;
    }
    this.#others.push(place);
  }
}

function noPlaces(): Places {
  return { byText: new Map(), lengths: new Set() };
}

function put({ byText, lengths }: Places, text: string, place: number): void {
  lengths.add(text.length);
  const there = byText.get(text);
  if (there === undefined) byText.set(text, [place]);
  else there.push(place);
}

function take({ byText }: Places, text: string, found: Set<number>): void {
  for (const place of byText.get(text) ?? []) found.add(place);
}

/** By what the values of each text of the pattern are found; null: not all of them can be. */
function anchorsOf(pattern: Pattern | undefined): readonly Anchor[] | null {
  if (pattern === undefined || (typeof pattern === "object" && "not" in pattern)) return null;
  const texts = typeof pattern === "string" ? [pattern] : pattern;
  const anchors = texts.map(anchorOf);
  return anchors.every((anchor) => anchor !== null) ? anchors : null;
}

/** All of `ada@x.test`, the end of `*@x.test`, the beginning of `ada+*@*`. */
function anchorOf(text: string): Anchor | null {
  // A regular expression, a network, or a glob that holds more than stars.
  if (/[?\\/]/.test(text)) return null;
  const glob = text.toLowerCase();
  if (!glob.includes("*")) return { part: "whole", text: glob };
  const begin = glob.slice(0, glob.indexOf("*"));
  const end = glob.slice(glob.lastIndexOf("*") + 1);
  if (begin === "" && end === "") return null;
  return begin.length > end.length ? { part: "begin", text: begin } : { part: "end", text: end };
}
