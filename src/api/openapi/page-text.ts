/** Types and texts as HTML. */
import { html } from "hono/html";
import type { JsonSchema } from "./form.ts";

export type Markup = ReturnType<typeof html>;

/** A text in which backticks mark code. */
export function prose(text: string): Markup {
  const parts = text.split("`");
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

/** The type in a few words, with links to the schemas that have a name. */
export function typeOf(schema: JsonSchema): Markup {
  const { $ref, anyOf, const: only, enum: values, type, items, properties, additionalProperties } = schema;
  if (typeof $ref === "string") {
    const name = $ref.split("/").at(-1)!;
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (only !== undefined) return html`<code>${JSON.stringify(only)}</code>`;
  if (Array.isArray(values))
    return joined(values.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  if (Array.isArray(anyOf)) return joined(anyOf.map(typeOf));
  if (type === "array")
    return html`list of ${items === undefined ? "anything" : typeOf(items as JsonSchema)}`;
  if (typeof properties === "object") return html`{${Object.keys(properties ?? {}).join(", ")}}`;
  if (type === "object" && typeof additionalProperties === "object") {
    return html`map of ${typeOf(additionalProperties as JsonSchema)}`;
  }
  return joined([type ?? "anything"].flat().map((name) => html`${String(name)}`));
}

function joined(parts: readonly Markup[]): Markup {
  return html`${parts.map((part, index) => (index === 0 ? part : [" or ", part]))}`;
}

/** Bounds, form and default, in words. */
export function limitsOf(schema: JsonSchema): string {
  const { minimum, minItems, maxItems, minLength, maxLength, default: usual } = schema;
  const forms = [schema, ...(Array.isArray(schema.anyOf) ? schema.anyOf : [])];
  const most = forms.map((form) => form.maximum).find((value) => value !== undefined);
  return [
    minimum === undefined || (minimum === 0 && most === Number.MAX_SAFE_INTEGER) ? null : `from ${minimum}`,
    most === undefined || most === Number.MAX_SAFE_INTEGER ? null : `at most ${most}`,
    minLength === undefined ? null : `at least ${minLength} characters`,
    maxLength === undefined ? null : `at most ${maxLength} characters`,
    maxItems === undefined ? null : `at most ${maxItems} of them`,
    minItems === undefined || minItems === 0 ? null : `at least ${minItems} of them`,
    usual === undefined ? null : `default ${usual}`,
  ]
    .filter((part) => part !== null)
    .join(", ");
}
