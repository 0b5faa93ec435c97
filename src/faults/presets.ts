/** Ready rules for what real servers do: plain rules, with a name and a sentence. */

import { suggest } from "../notation/mod.ts";
import { ruleHash } from "./canonical.ts";
import { presetTable } from "./preset-table.ts";
import { isObject, isTooDeep, type JsonObject, readObject, refuse } from "./reader.ts";
import type { FaultRule } from "./rule.ts";

export interface Preset {
  readonly name: string;
  /** One English sentence. */
  readonly explain: string;
  readonly rules: readonly FaultRule[];
}

/** Names of all presets. */
export const presetNames: readonly string[] = Object.keys(presetTable);

export function listPresets(): readonly Preset[] {
  return Object.entries(presetTable).map(([name, [explain, rule]]) => ({
    name,
    explain,
    rules: [structuredClone(rule)],
  }));
}

/**
 * The rules of a preset. Their id is the preset's name; with overrides a hash is added to it.
 * @param overrides `{ match?, when?, ttl? }`, merged field by field
 * @throws FaultRuleError for an unknown name or other overrides; the merged rule is yet to be parsed
 */
export function presetRules(name: string, overrides?: unknown): readonly JsonObject[] {
  if (!Object.hasOwn(presetTable, name)) {
    refuse("", `Failed to find the preset: ${JSON.stringify(name)}; ${suggest(name, presetNames)}`);
  }
  const rule = structuredClone(presetTable[name]![1]);
  const given = overrides === undefined ? {} : readObject(overrides, "", ["match", "when", "ttl"]);
  if (isTooDeep(given)) refuse("", "the overrides are nested deeper than any rule");
  if (Object.values(given).every(isNothing)) return [{ id: name, ...rule }];
  const merged = {
    ...rule,
    ...(given.ttl === undefined ? {} : { ttl: given.ttl }),
    ...mergeField("match", rule.match, given.match),
    ...mergeField("when", rule.when, given.when),
  };
  return [{ id: `${name}-${ruleHash(merged)}`, ...merged }];
}

function isNothing(value: unknown): boolean {
  return value === undefined || (isObject(value) && Object.keys(value).length === 0);
}

function mergeField(field: "match" | "when", preset: object | undefined, given: unknown): JsonObject {
  if (given === undefined) return preset === undefined ? {} : { [field]: preset };
  // What is no object is left for the parser to refuse.
  return { [field]: isObject(given) ? { ...preset, ...given } : given };
}
