import { at, isObject, type JsonObject } from "../../notation/mod.ts";
import type { Effect } from "../effect.ts";
import { holds } from "../matching.ts";
import { parsePattern } from "./match.ts";
import { refuse } from "./reader.ts";

/** A rule that closes listening sockets while it is in force, and is never asked. */
export interface CompiledRefusal {
  /** Whether the listener of this name is meant. */
  readonly concerns: (listener: string) => boolean;
  /** Milliseconds, or infinity. */
  readonly for: number;
}

/** The listener of an inbox bears its id. */
const knowable = ["listener", "inbox"];

/** Reads what a rule with `"end": "refuse"` says apart from its effect. Null: another rule. */
export function parseRefusal(
  rule: JsonObject,
  path: string,
  effects: readonly Effect[],
): CompiledRefusal | null {
  const refusal = effects.find((effect) => effect.refusal !== null)?.refusal ?? null;
  if (refusal === null) return null;
  if (Array.isArray(rule.do))
    refuse(at(path, "do"), "a refusal does not come in turn; give one effect, no list");
  if (isObject(rule.when) && Object.keys(rule.when).length > 0) {
    refuse(at(path, "when"), "a refusal acts when the rule is added, and nobody is counted; leave it out");
  }
  const match = isObject(rule.match) ? rule.match : {};
  const other = Object.keys(match).find((field) => !knowable.includes(field) && match[field] !== undefined);
  if (other !== undefined) {
    refuse(
      at(at(path, "match"), other),
      "cannot be known of a connection that is refused; only listener and inbox can",
    );
  }
  const tests = knowable
    .filter((field) => match[field] !== undefined)
    .map((field) => parsePattern(match[field], at(at(path, "match"), field)));
  return { concerns: (listener) => tests.every((test) => holds(listener, test)), for: refusal.for };
}
