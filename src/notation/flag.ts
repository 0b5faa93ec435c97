/** Of a query or a variable: `true` or `1`, `false` or `0`. Null: neither. */
export function parseFlag(text: string): boolean | null {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : null;
}
