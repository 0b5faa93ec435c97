/**
 * The readable body of a message, taken from its own tree.
 * All plain text leaves that are not attachments belong to the text, in order, and so with HTML; in a
 * `multipart/alternative` only the first branch that has the wanted type does.
 */
import { decodeCharset } from "./charset.ts";
import { firstValue } from "./header.ts";
import { foldBlank, htmlToText } from "./html.ts";
import type { Part } from "./letter.ts";
import { parseStructured } from "./parameter.ts";
import { isMessage } from "./part.ts";

export interface Body {
  readonly text: string | null;
  readonly html: string | null;
  readonly defects: readonly string[];
}

export function readBody(root: Part): Body {
  const defects: string[] = [];
  const read = (parts: readonly Part[]): string | null => {
    const texts: string[] = [];
    for (const part of parts) {
      const { text, defect } = decodePart(part);
      if (defect !== null) defects.push(part.path === "" ? defect : `${defect} in part ${part.path}`);
      texts.push(text);
    }
    return texts.length > 0 ? joinTexts(texts) : null;
  };
  return { text: read(bodyLeaves(root, "text/plain")), html: read(bodyLeaves(root, "text/html")), defects };
}

/** What a reader would offer for download, in order: leaves, and messages as a whole. */
export function attachmentsOf(part: Part): Part[] {
  const isAlternative = part.contentType === "multipart/alternative";
  if (part.parts.length > 0 && !isMessage(part)) {
    // Another form of the text (calendar, AMP) is no attachment unless it is named as one.
    return part.parts.flatMap(attachmentsOf).filter((leaf) => !isAlternative || !isUnnamedText(leaf));
  }
  return part.contentType.startsWith("multipart/") || isBodyLeaf(part) ? [] : [part];
}

const snippetForm = /^.{0,200}/su;

/** @returns the first 200 characters, white space folded */
export function snippetOf(text: string | null, html: string | null): string {
  const source = text?.trim() ? text : htmlToText(html ?? "");
  const folded = foldBlank(source.trimStart().slice(0, 4000)).trim();
  return snippetForm.exec(folded)![0].trimEnd();
}

function bodyLeaves(part: Part, type: string): Part[] {
  if (isMessage(part)) return [];
  if (part.parts.length === 0) return part.contentType === type && isBodyLeaf(part) ? [part] : [];
  const branches = part.parts.map((child) => bodyLeaves(child, type));
  if (part.contentType === "multipart/alternative") return branches.find((leaves) => leaves.length > 0) ?? [];
  return branches.flat();
}

function isBodyLeaf(part: Part): boolean {
  return isUnnamedText(part) && (part.contentType === "text/plain" || part.contentType === "text/html");
}

function isUnnamedText(part: Part): boolean {
  return part.contentType.startsWith("text/") && part.disposition !== "attachment" && part.filename === null;
}

/** The text of a leaf. Line breaks become LF, as everywhere outside the wire. */
export function decodePart(part: Part): ReturnType<typeof decodeCharset> {
  const { text, defect } = decodeCharset(part.octets(), part.charset);
  const lines = text.replace(/\r\n/g, "\n");
  const type = parseStructured(firstValue(part.headers, "content-type") ?? "");
  if (part.contentType !== "text/plain" || type.parameters.get("format")?.toLowerCase() !== "flowed") {
    return { text: lines, defect };
  }
  return { text: unflow(lines, type.parameters.get("delsp")?.toLowerCase() === "yes"), defect };
}

function joinTexts(texts: readonly string[]): string {
  return texts.reduce((all, text) => (all === "" || all.endsWith("\n") ? all + text : `${all}\n${text}`));
}

/** RFC 3676 §4: a line that ends with a space goes on in the next line of the same quote depth. */
function unflow(text: string, deleteSpace: boolean): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let depth = 0;
  const finish = (): void => {
    if (paragraph.length > 0) lines.push(`${">".repeat(depth)}${depth > 0 ? " " : ""}${paragraph.join("")}`);
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    let quotes = 0;
    while (line[quotes] === ">") quotes++;
    // §4.4: a space that was stuffed in front goes first.
    const content = line.slice(line[quotes] === " " ? quotes + 1 : quotes);
    if (quotes !== depth) finish();
    depth = quotes;
    // §4.3: the signature separator is never flowed.
    const isFlowed = content.endsWith(" ") && content !== "-- ";
    if (content === "-- ") finish();
    paragraph.push(isFlowed && deleteSpace ? content.slice(0, -1) : content);
    if (!isFlowed) finish();
  }
  finish();
  return lines.join("\n");
}
