/** Octets as `812 B`, `4.2 KB`, `50 MB`; binary, as the server's own sizes are. */
export function size(octets: number): string {
  if (octets < 1024) return `${octets} B`;
  const units = ["KB", "MB", "GB"];
  let value = octets / 1024;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1 message`, `1,204 messages`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
