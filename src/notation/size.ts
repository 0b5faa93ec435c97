const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

const sizeForm = /^(\d+(?:\.\d+)?)([kmg]?)$/i;

/**
 * Octets of a size: a whole number of them, not negative, or `"10k"`, `"50M"`, `"1.5G"` (binary, any case).
 * A fraction of an octet is dropped.
 * @throws TypeError for any other text, RangeError for a number that is negative, fractional or too large.
 */
export function parseSize(value: number | string): number {
  const octets = typeof value === "number" ? value : read(value);
  if (Number.isSafeInteger(octets) && octets >= 0) return octets;
  throw new RangeError(`Failed to parse the size: ${value}; ${advice}`);
}

const advice = "use a number of octets or 10k, 50M, 1G";

function read(text: string): number {
  const form = sizeForm.exec(String(text).trim());
  if (form === null) throw new TypeError(`Failed to parse the size: ${JSON.stringify(text)}; ${advice}`);
  const [, amount, unit] = form;
  return Math.floor(Number(amount) * units[unit!.toLowerCase()]!);
}
