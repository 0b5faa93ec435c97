/** The few forms of JSON Schema that the schema of a rule is made of. */

import { expandPhases, faultPhases } from "../phase.ts";
import type { Place } from "../rule.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

/** To a definition of this name. */
export function reference(name: string, description?: string): JsonSchema {
  return { $ref: `#/$defs/${name}`, ...(description === undefined ? {} : { description }) };
}

/** An object with no other fields than these. */
export function closed(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

export function listOf(items: JsonSchema, least = 0): JsonSchema {
  return { type: "array", items, minItems: least };
}

export function text(longest: number, pattern?: string): JsonSchema {
  return { type: "string", maxLength: longest, ...(pattern === undefined ? {} : { pattern }) };
}

export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): JsonSchema {
  return { type: "integer", minimum: least, maximum: most };
}

export function described(description: string, schema: JsonSchema): JsonSchema {
  return { description, ...schema };
}

/** An object that has this field, of this form. */
export function having(field: string, form: JsonSchema = {}): JsonSchema {
  return { type: "object", properties: { [field]: form }, required: [field] };
}

export function either(...forms: readonly JsonSchema[]): JsonSchema {
  return { anyOf: forms };
}

export function not(form: JsonSchema): JsonSchema {
  return { not: form };
}

export function given(condition: JsonSchema, demand: JsonSchema): JsonSchema {
  return { if: condition, then: demand };
}

/** A value, or a list with it. */
export function among(form: JsonSchema): JsonSchema {
  return either(form, { type: "array", contains: form });
}

/** A rule one of whose phases is one of these. */
export function onSome(known: ReadonlySet<Place>): JsonSchema {
  const names = faultPhases.filter((name) => [...expandPhases([name])].some((phase) => known.has(phase)));
  return having("on", among({ enum: names }));
}

/** A rule all of whose phases are of these. */
export function onlyOn(known: ReadonlySet<Place>): JsonSchema {
  const names = faultPhases.filter((name) => [...expandPhases([name])].every((phase) => known.has(phase)));
  return having("on", either({ enum: names }, { type: "array", items: { enum: names } }));
}
