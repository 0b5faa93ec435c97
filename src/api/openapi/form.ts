/** The few forms of JSON Schema (2020-12) that the document is made of. */

export type JsonSchema = { readonly [keyword: string]: unknown };

/** To a schema in the components. */
export function reference(name: string, description?: string): JsonSchema {
  const $ref = `#/components/schemas/${name}`;
  return description === undefined ? { $ref } : { $ref, description };
}

export function text(description: string, more: JsonSchema = {}): JsonSchema {
  return { type: "string", description, ...more };
}

export function textOrNull(description: string, more: JsonSchema = {}): JsonSchema {
  return { type: ["string", "null"], description, ...more };
}

export function instant(description: string): JsonSchema {
  return text(description, { format: "date-time" });
}

export function instantOrNull(description: string): JsonSchema {
  return textOrNull(description, { format: "date-time" });
}

export function flag(description: string): JsonSchema {
  return { type: "boolean", description };
}

/** A whole number. */
export function whole(description: string, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): JsonSchema {
  return { type: "integer", description, minimum, maximum };
}

export function oneOf(description: string, values: readonly (string | null)[]): JsonSchema {
  return { description, enum: values };
}

export function listOf(items: JsonSchema, description?: string): JsonSchema {
  return { type: "array", items, ...(description === undefined ? {} : { description }) };
}

export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}

/** Any keys, values of one form. */
export function mapOf(values: JsonSchema, description: string): JsonSchema {
  return { type: "object", additionalProperties: values, description };
}

/** An object with these fields and no others; all are there but the optional ones. */
export function closed(
  fields: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(fields).filter((field) => !optional.includes(field));
  return { type: "object", properties: fields, required, additionalProperties: false };
}

/** The fields of a record, each named as its type has it. */
export type Fields<T> = { readonly [Field in keyof Required<T>]: JsonSchema };
