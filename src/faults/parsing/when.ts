import { phasesOfScope, scopes } from "../phase.ts";
import type { Place, Scope } from "../rule.ts";
import { at, readChoice, readInteger, readObject, readSpan, refuse, show } from "./reader.ts";

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
  const when = readObject(value, path, fields);
  const read = <Value>(
    field: string,
    absent: Value,
    reader: (value: unknown, path: string) => Value,
  ): Value => (when[field] === undefined ? absent : reader(when[field], at(path, field)));
  return {
    skip: read("skip", 0, (given, where) => readInteger(given, where, 0)),
    every: read("every", 1, (given, where) => readInteger(given, where, 1)),
    for: read<number | null>("for", null, readSpan),
    rate: read<CompiledWhen["rate"]>("rate", null, parseRate),
    probability: read<number | null>("probability", null, parseProbability),
    times: read<number | null>("times", null, (given, where) => readInteger(given, where, 1)),
    per: read<Scope>("per", "rule", (given, where) => parseScope(given, where, phases)),
  };
}

function parseRate(value: unknown, path: string): { readonly limit: number; readonly per: number } {
  const rate = readObject(value, path, ["limit", "per"]);
  const limit = readInteger(rate.limit, at(path, "limit"), 1);
  if (limit > largestRate) refuse(at(path, "limit"), `${limit} is too large; use at most ${largestRate}`);
  return { limit, per: readSpan(rate.per, at(path, "per")) };
}

function parseProbability(value: unknown, path: string): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  refuse(path, `${show(value)} is not a probability; use a number from 0 to 1`);
}

function parseScope(value: unknown, path: string, phases: ReadonlySet<Place>): Scope {
  const scope = readChoice(value, path, scopes);
  const known = phasesOfScope(scope);
  const blind = [...phases].find((phase) => !known.has(phase));
  if (blind !== undefined) {
    refuse(path, `"${scope}" cannot be seen at ${blind}; only at ${[...known].join(", ")}`);
  }
  return scope;
}
