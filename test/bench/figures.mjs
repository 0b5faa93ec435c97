/** From many runs to one figure, and from figures to a table in Markdown. */

export function median(numbers) {
  return quantile(numbers, 0.5);
}

export function quantile(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

/** The median of the ratios of each round: what slows the whole machine for a while slows both. */
export function ratio(numbers, others) {
  return median(numbers.map((number, round) => number / others[round]));
}

/** One column for each key of the rows; numbers have three digits at least. */
export function table(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const isNumber = names.map((name) => rows.some((row) => typeof row[name] === "number"));
  const pad = (text, column) =>
    isNumber[column] ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  const rule = widths.map((width, column) =>
    isNumber[column] ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  const [head, ...body] = lines.map((line) => line.map(pad));
  return [head, rule, ...body].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

export function cell(value) {
  if (value === undefined || value === null) return "";
  if (typeof value !== "number") return String(value);
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en-US")
    : String(Number(value.toPrecision(3)));
}
