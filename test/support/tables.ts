/** The cells of every table under a heading (null: any) of a document whose first column has this title. */
export function tableRows(markdown: string, heading: string | null, title: string): string[][] {
  const found: string[][] = [];
  let under = "";
  let table: string | null = null;
  for (const line of markdown.replace(/^```.*?^```$/gms, "").split("\n")) {
    if (line.startsWith("#")) under = line.replace(/^#+ /, "");
    const cells = line.startsWith("|") ? line.slice(2, -2).split(" | ") : null;
    if (cells === null) table = null;
    else if (table === null) table = cells[0] ?? "";
    else if (table === title && (heading ?? under) === under && cells[0] !== "---") found.push(cells);
  }
  return found;
}

/** What stands as code in a cell. */
export function codeIn(text: string): string[] {
  return Array.from(text.matchAll(/`([^`]+)`/g), ([, code = ""]) => code);
}
