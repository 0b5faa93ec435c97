import { at, show } from "../../notation/mod.ts";
import { phasesOfScope, scopes } from "../phase.ts";
import type { Place, Scope } from "../rule.ts";
import { read, refuse } from "./reader.ts";

/** `when` as read; durations are milliseconds, null is no condition. */
export interface CompiledWhen {
  readonly skip: number;
  readonly every: number;
  readonly for: number | null;
  readonly rate: { readonly limit: number; readonly per: number } | null;
  readonly probability: number | null;
  readonly times: number | null;
  readonly per: Scope;
}

/** Of a rule without `when`: fires every time. */
export const always: CompiledWhen = {
  skip: 0,
  every: 1,
  for: null,
  rate: null,
  probability: null,
  times: null,
  per: "rule",
};

const fields = ["skip", "every", "for", "rate", "probability", "times", "per"];

/** So many times are kept per key. */
export const largestRate = 10_000;

/** Reads `when`. Refuses a scope that one of the rule's phases cannot see. */
export function parseWhen(value: unknown, path: string, phases: ReadonlySet<Place>): CompiledWhen {
  const when = read.object(value, path, fields);
  const readField = <Value>(
    field: string,
    absent: Value,
    reader: (value: unknown, path: string) => Value,
  ): Value => (when[field] === undefined ? absent : reader(when[field], at(path, field)));
  return {
    skip: readField("skip", 0, (given, where) => read.integer(given, where, 0)),
    every: readField("every", 1, (given, where) => read.integer(given, where, 1)),
    for: readField<number | null>("for", null, (given, where) => read.span(given, where)),
    rate: readField<CompiledWhen["rate"]>("rate", null, parseRate),
    probability: readField<number | null>("probability", null, parseProbability),
    times: readField<number | null>("times", null, (given, where) => read.integer(given, where, 1)),
    per: readField<Scope>("per", "rule", (given, where) => parseScope(given, where, phases)),
  };
}

function parseRate(value: unknown, path: string): { readonly limit: number; readonly per: number } {
  const rate = read.object(value, path, ["limit", "per"]);
  const limit = read.integer(rate.limit, at(path, "limit"), 1);
  if (limit > largestRate) refuse(at(path, "limit"), `${limit} is too large; use at most ${largestRate}`);
  return { limit, per: read.span(rate.per, at(path, "per")) };
}

function parseProbability(value: unknown, path: string): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  refuse(path, `${show(value)} is not a probability; use a number from 0 to 1`);
}

function parseScope(value: unknown, path: string, phases: ReadonlySet<Place>): Scope {
  const scope = read.choice(value, path, scopes);
  const known = phasesOfScope(scope);
  const blind = [...phases].find((phase) => !known.has(phase));
  if (blind !== undefined) {
    refuse(path, `"${scope}" cannot be seen at ${blind}; only at ${[...known].join(", ")}`);
  }
  return scope;
}
