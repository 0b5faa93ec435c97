/** `scheduled_at`: ISO 8601, or words of which only `in 5 minutes` is a moment to us. */

const isoForm = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:Z|[+-]\d\d:?\d\d)?$/i;
const inForm = /^in\s+(an?|\d+)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|hrs?|d|days?)$/i;
const words =
  /\b(?:in|at|next|today|tonight|tomorrow|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i;

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const furthest = 30 * 86_400_000;

/** `at` is null where only a person could say when that is. */
export type Schedule = { readonly at: number | null; readonly text: string };

/** Null: no date. */
export function readSchedule(text: string, now: number): Schedule | "too-far" | null {
  const at = momentOf(text.trim(), now);
  if (at === null) return words.test(text) ? { at: null, text } : null;
  return at > now + furthest ? "too-far" : { at, text: new Date(at).toISOString() };
}

function momentOf(text: string, now: number): number | null {
  if (isoForm.test(text)) {
    const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
    const at = Date.parse(
      zoned
        .toUpperCase()
        .replace(/[T\s]+/, "T")
        .replace(/\s+/, ""),
    );
    return Number.isNaN(at) ? null : at;
  }
  const [, count = "", unit = ""] = inForm.exec(text) ?? [];
  const length = units[unit.charAt(0).toLowerCase()];
  if (length === undefined) return null;
  return now + (/^an?$/i.test(count) ? 1 : Number(count)) * length;
}
