/** Ready rules for what real servers do: plain rules, with a name and a sentence. */

import { isObject, isTooDeep, type JsonObject, suggest } from "../../notation/mod.ts";
import { ruleHash } from "../canonical.ts";
import { read, refuse } from "../parsing/reader.ts";
import { expandPhases, matchFields, phasesOfField } from "../phase.ts";
import type { FaultRule } from "../rule.ts";
import { presetTable } from "./table.ts";

export interface Preset {
  readonly name: string;
  /** One English sentence. */
  readonly explain: string;
  /** With their ids. Several: a pack, whose rules can all be on at once. */
  readonly rules: readonly FaultRule[];
}

/** Names of all presets. */
export const presetNames: readonly string[] = Object.keys(presetTable);

export function listPresets(): readonly Preset[] {
  return Object.entries(presetTable).map(([name, [explain]]) => ({ name, explain, rules: rulesOf(name) }));
}

/**
 * The rules of a preset. The id of a single one is the preset's name, and those of a pack begin with it;
 * with overrides a hash is added to each.
 * @param overrides `{ match?, when?, ttl? }`, merged field by field; in a pack, a rule goes without what it cannot
 *   match, and what its rules differ in is refused
 * @throws FaultRuleError for an unknown name or other overrides; the merged rules are yet to be parsed
 */
export function presetRules(name: string, overrides?: unknown): readonly JsonObject[] {
  if (!Object.hasOwn(presetTable, name)) {
    refuse("", `Failed to find the preset: ${JSON.stringify(name)}; ${suggest(name, presetNames)}`);
  }
  const rules = rulesOf(name);
  const given = overrides === undefined ? {} : read.object(overrides, "", ["match", "when", "ttl"]);
  if (isTooDeep(given)) refuse("", "the overrides are nested deeper than any rule");
  if (Object.values(given).every(isNothing)) return rules as unknown as readonly JsonObject[];
  if (rules.length > 1) refuseRedirected(name, rules, given.match);
  return rules.map(({ id, ...rule }) => {
    const merged = {
      ...rule,
      ...(given.ttl === undefined ? {} : { ttl: given.ttl }),
      ...mergeField("match", rule.match, matchFor(rule, rules, given.match)),
      ...mergeField("when", rule.when, given.when),
    };
    return { id: `${id}-${ruleHash(merged)}`, ...merged };
  });
}

function rulesOf(name: string): readonly FaultRule[] {
  const [, ...rules] = presetTable[name]!;
  return rules.map((rule) => ({ id: name, ...structuredClone(rule) }));
}

/** The rules of a pack say themselves whom they strike: else all of them would strike the same. */
function refuseRedirected(name: string, rules: readonly FaultRule[], given: unknown): void {
  if (!isObject(given)) return;
  const own = new Set(rules.flatMap(({ match = {} }) => Object.keys(match)));
  const field = Object.keys(given).find((one) => own.has(one));
  if (field === undefined) return;
  const single = presetNames.filter((one) => one.startsWith(`${name}.`));
  refuse(`match.${field}`, `is what the rules of ${name} differ in; use one of ${single.join(", ")}`);
}

/** Without the fields that this rule cannot know and another one can; what no rule knows is refused later. */
function matchFor(rule: FaultRule, rules: readonly FaultRule[], given: unknown): unknown {
  if (!isObject(given)) return given;
  return Object.fromEntries(
    Object.entries(given).filter(([field]) => knows(rule, field) || !rules.some((one) => knows(one, field))),
  );
}

function knows({ on }: FaultRule, field: string): boolean {
  const known = matchFields.find((name) => name === field);
  const phases = expandPhases(typeof on === "string" ? [on] : on);
  return known !== undefined && [...phases].some((phase) => phasesOfField(known).has(phase));
}

function isNothing(value: unknown): boolean {
  return value === undefined || (isObject(value) && Object.keys(value).length === 0);
}

function mergeField(field: "match" | "when", preset: object | undefined, given: unknown): JsonObject {
  if (isNothing(given)) return preset === undefined ? {} : { [field]: preset };
  // What is no object is left for the parser to refuse.
  return { [field]: isObject(given) ? { ...preset, ...given } : given };
}
