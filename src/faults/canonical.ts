/** Identity of a rule: a name that a person can read, and a hash of what the rule says. */
import { isObject } from "../notation/mod.ts";
import { hash53 } from "./draw.ts";

/** JSON with sorted keys, so that the order in which a rule was written does not count. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${fields.join(",")}}`;
}

/** Eight hexadecimal digits of everything that the rule says, its id apart. */
export function ruleHash(rule: object): string {
  const hash = hash53(canonicalJson({ ...rule, id: undefined }));
  return hash.toString(16).padStart(14, "0").slice(-8);
}
