import type { JsonSchema } from "./form.ts";

/** Milliseconds, or a text with a unit. */
export function duration(longest: number = Number.MAX_SAFE_INTEGER): JsonSchema {
  return {
    anyOf: [
      { type: "number", minimum: 0, maximum: longest },
      { type: "string", pattern: "^\\s*\\d+(?:\\.\\d+)?(?:ms|s|m|h)?\\s*$" },
    ],
  };
}
