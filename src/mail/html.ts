/**
 * HTML as a flat run of tags and text, from the tokenizer of htmlparser2.
 * Its parser would add a stack of open elements, which costs quadratic time on a mail of a million `<b>`;
 * nothing here needs the tree.
 */
import { QuoteType, Tokenizer } from "htmlparser2";

export interface Tag {
  /** Lower case. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
  /** Offset of `<` and the offset behind `>`. */
  readonly start: number;
  readonly end: number;
}

export interface Attribute {
  /** Lower case. */
  readonly name: string;
  /** Entities decoded; `""` where there is none. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface HtmlVisitor {
  open?(tag: Tag): void;
  /** A closing tag, whether or not it was open. */
  close?(name: string): void;
  /** Text with its entities decoded, in pieces; also what stands in `script`, `style` and `title`. */
  text?(text: string, start: number, end: number): void;
}

export function scanHtml(html: string, visitor: HtmlVisitor): void {
  let tagStart = 0;
  let name = "";
  let attributes: Attribute[] = [];
  let attributeStart = 0;
  let attributeName = "";
  let value: string[] = [];
  const ignore = (): void => {};
  const openEnds = (endIndex: number): void => {
    visitor.open?.({ name, attributes, start: tagStart, end: endIndex + 1 });
  };

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        tagStart = start - 1;
        name = html.slice(start, end).toLowerCase();
        attributes = [];
      },
      onattribname(start, end) {
        attributeStart = start;
        attributeName = html.slice(start, end).toLowerCase();
        value = [];
      },
      onattribdata(start, end) {
        value.push(html.slice(start, end));
      },
      onattribentity(codePoint) {
        value.push(String.fromCodePoint(codePoint));
      },
      onattribend(quote, end) {
        const text = quote === QuoteType.NoValue ? "" : value.join("");
        attributes.push({ name: attributeName, value: text, start: attributeStart, end });
      },
      onopentagend: openEnds,
      onselfclosingtag: openEnds,
      onclosetag(start, end) {
        visitor.close?.(html.slice(start, end).toLowerCase());
      },
      ontext(start, end) {
        visitor.text?.(html.slice(start, end), start, end);
      },
      ontextentity(codePoint, end) {
        visitor.text?.(String.fromCodePoint(codePoint), end, end);
      },
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}

/** Of a repeated attribute the first counts, as in browsers. */
export function attribute(tag: Tag, name: string): string | null {
  return tag.attributes.find((candidate) => candidate.name === name)?.value ?? null;
}

/** Elements whose content nobody sees. */
export const unseenElements: ReadonlySet<string> = new Set([
  "script",
  "style",
  "title",
  "template",
  "noframes",
  "object",
]);

/** The visible text of an HTML document, a line per block; for snippets and for mail without a text part. */
export function htmlToText(html: string): string {
  const pieces: string[] = [];
  let unseen = "";
  scanHtml(html, {
    open({ name }) {
      if (unseen !== "") return;
      if (unseenElements.has(name)) unseen = name;
      else if (blocks.has(name)) pieces.push("\n");
      else if (cells.has(name)) pieces.push(" ");
    },
    close(name) {
      if (name === unseen) unseen = "";
      else if (unseen === "" && blocks.has(name)) pieces.push("\n");
    },
    text(text) {
      if (unseen === "") pieces.push(foldBlank(text));
    },
  });
  return pieces
    .join("")
    .split("\n")
    .map((line) => foldBlank(withoutFiller(line)).trim())
    .filter((line) => line !== "")
    .join("\n");
}

/** Words before and after this tag are two words to a reader. */
export function partsWords(name: string): boolean {
  return blocks.has(name) || cells.has(name);
}

export function foldBlank(text: string): string {
  // A space alone stays as it is, and most are alone.
  return text.replace(/\s{2,}|[^\S ]/g, " ");
}

/** Newsletters pad their preview line with characters that have no width. */
export function withoutFiller(line: string): string {
  return line.replace(/\u200b|\u034f|\u00ad|\u200c(?=\s|\u200c|$)/g, "");
}

const cells = new Set(["td", "th"]);
const blocks = new Set([
  ...[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
  ],
  ...["figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"],
  ...["ol", "p", "pre", "section", "table", "tr", "ul"],
]);
