/**
 * The rules of one phase, so arranged that many cost little. What is plain text in a glob must occur in every
 * value that it matches: a rule is found by three characters of it that few other rules have, and then asked
 * like any other; one for a network by that alone. Regular expressions and what is negated are asked one by
 * one. The order stays.
 */
import { withoutNeedlessQuotes } from "../notation/mod.ts";
import type { ArmedRule } from "./armed-rule.ts";
import { type TextField, textValues } from "./matching.ts";
import type { Moment } from "./moment.ts";
import { compileNetwork, looksLikeNetwork } from "./network.ts";
import type { CompiledRule } from "./parsing/rule.ts";
import type { Pattern } from "./rule.ts";

/** Where values are short and differ: what a rule names of these is what it is found by. */
const indexedFields: readonly TextField[] = ["to", "from", "user", "helo", "remoteAddress", "inbox"];

/** Characters by which rules are found. */
const width = 3;

/** Places of rules by such characters, lower case. */
type Places = Map<string, number[]>;

export class RuleIndex {
  readonly #rules: readonly ArmedRule[];
  /** Of the rules that are always asked. */
  readonly #others: number[] = [];
  readonly #alwaysAsked: readonly ArmedRule[];
  readonly #fields = new Map<TextField, Places>();
  readonly #networks: { readonly place: number; readonly holds: (address: string) => boolean }[] = [];

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
      for (const value of textValues(field, moment)) {
        for (const part of partsOf(value.toLowerCase())) {
          for (const place of places.get(part) ?? []) found.add(place);
        }
      }
    }
    const { remoteAddress } = moment.session;
    for (const { place, holds } of this.#networks) if (holds(remoteAddress)) found.add(place);
    if (found.size === 0) return this.#alwaysAsked;
    return [...this.#others, ...found].sort((a, b) => a - b).map((place) => this.#rules[place]!);
  }

  #place(place: number, { source }: CompiledRule): void {
    for (const field of indexedFields) {
      const places = this.#fields.get(field) ?? new Map<string, number[]>();
      const parts = rarestParts(source.match?.[field], places, field === "to" || field === "from");
      if (parts === null) continue;
      this.#fields.set(field, places);
      for (const part of parts) {
        const found = places.get(part);
        if (found === undefined) places.set(part, [place]);
        else found.push(place);
      }
      return;
    }
    const holds = networkOf(source.match?.remoteAddress);
    if (holds === null) this.#others.push(place);
    else this.#networks.push({ place, holds });
  }
}

function networkOf(pattern: Pattern | undefined): ((address: string) => boolean) | null {
  return typeof pattern === "string" && looksLikeNetwork(pattern) ? compileNetwork(pattern) : null;
}

/** Of every text of the pattern what fewest rules are found by; null: not all have such a part. */
function rarestParts(
  pattern: Pattern | undefined,
  places: Places,
  isMailbox: boolean,
): readonly string[] | null {
  if (pattern === undefined || (typeof pattern === "object" && "not" in pattern)) return null;
  const rarity = (part: string): number => places.get(part)?.length ?? 0;
  const texts = typeof pattern === "string" ? [pattern] : pattern;
  const parts = texts.map((text) => {
    const all = plainRuns(isMailbox ? withoutNeedlessQuotes(text) : text).flatMap((run) => [...partsOf(run)]);
    return all.length === 0 ? null : all.reduce((one, other) => (rarity(other) < rarity(one) ? other : one));
  });
  return parts.every((part) => part !== null) ? parts : null;
}

/** What stands between the wildcards of a glob. Slashes are those of a regular expression or a network. */
function plainRuns(text: string): readonly string[] {
  return /[\\/]/.test(text) ? [] : text.toLowerCase().split(/[*?]/);
}

function* partsOf(text: string): Generator<string> {
  for (let at = 0; at + width <= text.length; at += 1) yield text.slice(at, at + width);
}
