/**
 * The rules of one phase, so arranged that many cost little. A rule whose pattern ends in a plain text can
 * only match a value that ends in it: it is found by that value, and then asked like any other. All others
 * are asked one by one. The order of the rules stays.
 */
import type { ArmedRule } from "./armed-rule.ts";
import { type TextField, textValues } from "./matching.ts";
import type { Moment } from "./moment.ts";
import type { CompiledRule } from "./parse.ts";
import type { Pattern } from "./rule.ts";

/** Where values are short and differ: what a rule names of these is what it is found by. */
const indexedFields: readonly TextField[] = ["to", "from", "user", "helo", "remoteAddress"];

/** Places of rules by the end of a value, lower case. */
interface Places {
  readonly byEnd: Map<string, number[]>;
  /** Whether an end begins with a dot, so that every dot of a value counts. */
  dotted: boolean;
}

/** No pattern is longer, not even where lower case takes two units for one. */
const longestEnd = 1_024;

export class RuleIndex {
  readonly #rules: readonly ArmedRule[];
  /** Of the rules that are always asked. */
  readonly #others: number[] = [];
  readonly #alwaysAsked: readonly ArmedRule[];
  readonly #fields = new Map<TextField, Places>();

  /** @param rules in the order in which they are to be asked */
  constructor(rules: readonly ArmedRule[]) {
    this.#rules = rules;
    for (const [place, { rule }] of rules.entries()) this.#place(place, rule);
    this.#alwaysAsked = this.#others.map((place) => rules[place]!);
  }

  /** Those that may match at this moment, in order; the others do not. */
  candidates(moment: Moment): readonly ArmedRule[] {
    const found = new Set<number>();
    for (const [field, places] of this.#fields) {
      for (const value of textValues(field, moment)) find(value.toLowerCase(), places, found);
    }
    if (found.size === 0) return this.#alwaysAsked;
    return [...this.#others, ...found].sort((a, b) => a - b).map((place) => this.#rules[place]!);
  }

  #place(place: number, { source }: CompiledRule): void {
    for (const field of indexedFields) {
      const ends = endsOfPattern(source.match?.[field]);
      if (ends === null) continue;
      const places = this.#fields.get(field) ?? { byEnd: new Map<string, number[]>(), dotted: false };
      this.#fields.set(field, places);
      for (const end of ends) {
        places.dotted ||= end.startsWith(".");
        const there = places.byEnd.get(end);
        if (there === undefined) places.byEnd.set(end, [place]);
        else there.push(place);
      }
      return;
    }
    this.#others.push(place);
  }
}

/** By the whole value, by its domain with the sign, and by what begins at each dot behind the sign. */
function find(value: string, { byEnd, dotted }: Places, found: Set<number>): void {
  const take = (end: string): void => {
    for (const place of byEnd.get(end) ?? []) found.add(place);
  };
  take(value);
  const sign = value.lastIndexOf("@");
  if (sign >= 0) take(value.slice(sign));
  if (!dotted) return;
  const first = Math.max(sign + 1, value.length - longestEnd);
  for (let at = value.length - 1; at >= first; at--) if (value[at] === ".") take(value.slice(at));
}

/** Of every text of the pattern the end by which its values are found; null: not all have one. */
function endsOfPattern(pattern: Pattern | undefined): readonly string[] | null {
  if (pattern === undefined || (typeof pattern === "object" && "not" in pattern)) return null;
  const texts = typeof pattern === "string" ? [pattern] : pattern;
  const ends = texts.map(endOfPattern);
  return ends.every((end) => end !== null) ? ends : null;
}

/** Of `ada@x.test` all of it, of `*@x.test` the domain with its sign, of `*.x.test` what begins at the dot. */
function endOfPattern(text: string): string | null {
  // A regular expression, a network, or a glob that holds more than stars.
  if (/[?\\/]/.test(text)) return null;
  const end = text.slice(text.lastIndexOf("*") + 1).toLowerCase();
  return !text.includes("*") || /^[@.][^@]*$/.test(end) ? end : null;
}
