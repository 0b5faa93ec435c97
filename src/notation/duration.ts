const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds, about 596 h. A longer timer fires at once on every runtime. */
export const longestTimer = 2 ** 31 - 1;

const durationForm = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;

/**
 * Milliseconds of a duration: a finite number of them, not negative, or `"250ms"`, `"10s"`, `"1.5m"`, `"2h"`.
 * Digits without a unit are milliseconds.
 * @throws TypeError for any other text, RangeError for a number that is negative or not finite.
 */
export function parseDuration(value: number | string): number {
  const milliseconds = typeof value === "number" ? value : read(value);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  throw new RangeError(`Failed to parse the duration: ${value}; ${advice}`);
}

/** For a reader, exact: `300000` is `"5m"`, `90000` is `"1m 30s"`, `1500` is `"1s 500ms"`. */
export function formatDuration(milliseconds: number): string {
  const parts: string[] = [];
  let left = milliseconds;
  for (const unit of ["h", "m", "s"]) {
    const amount = Math.floor(left / units[unit]!);
    if (amount > 0) parts.push(`${amount}${unit}`);
    left %= units[unit]!;
  }
  if (left > 0 || parts.length === 0) parts.push(`${left}ms`);
  return parts.join(" ");
}

const advice = "use a number of milliseconds or 250ms, 10s, 5m, 2h";

function read(text: string): number {
  const form = durationForm.exec(String(text).trim());
  if (form === null) throw new TypeError(`Failed to parse the duration: ${JSON.stringify(text)}; ${advice}`);
  const [, amount, unit = "ms"] = form;
  return Number(amount) * units[unit]!;
}
