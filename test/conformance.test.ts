/**
 * docs/smtp.md is complete and proved: each of its rows is named by a test, and each row that a test names is
 * on it. A golden dialogue names its rows in the line `# rows: A01 A04`, any other test at the start of its
 * title: `"A01: …"`, `"A01 A04: …"`. Behind the rows of a dialogue a remark may stand in parentheses.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tableRows } from "./support/tables.ts";

/** Rows that have no test yet. */
const pending: readonly string[] = [];

function words(text: string): string[] {
  return text.split(" ");
}

const root = join(import.meta.dirname, "..");
const page = tableRows(readFileSync(join(root, "docs/smtp.md"), "utf8"), null, "row");
const onPage = page.map(([row = ""]) => row);

/** Where each row is named. */
const named = new Map<string, string[]>();
for (const file of readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })) {
  if (file.includes("node_modules")) continue;
  if (file === "conformance.test.ts" || !/\.(?:ts|txt)$/.test(file)) continue;
  const text = readFileSync(join(root, "test", file), "utf8");
  for (const row of file.endsWith(".txt") ? rowsOfDialogue(text) : rowsOfTitles(text)) {
    named.set(row, [...(named.get(row) ?? []), file]);
  }
}

function rowsOfDialogue(text: string): string[] {
  const line = /^# rows: ([^(\n]*)/m.exec(text)?.[1] ?? "";
  return words(line).filter((word) => word !== "");
}

/** Text that begins as a title does: rows and a colon, or rows with numbers alone. */
function rowsOfTitles(text: string): string[] {
  const numbered = "[ABCDHKPTU]\\d{1,2}|SM-\\d\\d";
  const names = onPage.filter((row) => !new RegExp(`^(?:${numbered})$`).test(row)).join("|");
  const list = (row: string): string => `((?:${row})(?:,? (?:${row}))*)`;
  const title = `${list(`${numbered}|${names}`)}(?=:)|${list(numbered)}(?=["'\` ])`;
  return [...text.matchAll(new RegExp(`["'\`](?:${title})`, "g"))].flatMap(([, before, alone]) =>
    (before ?? alone ?? "").split(/,? /),
  );
}

test("no row is on the page twice, and each has its three cells", () => {
  expect(onPage.filter((row, at) => onPage.indexOf(row) !== at)).toEqual([]);
  for (const cells of page)
    expect(
      cells.filter((cell) => cell.trim() !== ""),
      cells[0],
    ).toHaveLength(4);
});

test("each row of the page is named by a test, or waits for one", () => {
  expect(onPage.filter((row) => !named.has(row) && !pending.includes(row))).toEqual([]);
});

test("each row that a test names is on the page", () => {
  const unknown = [...named].filter(([row]) => !onPage.includes(row));
  expect(unknown.map(([row, files]) => `${row} in ${files.join(", ")}`)).toEqual([]);
});

test("no row that has a test is waiting for one", () => {
  expect(pending.filter((row) => named.has(row) || !onPage.includes(row))).toEqual([]);
});
