import { LinkifyIt } from "linkify-it";
import { attribute, foldBlank, partsWords, scanHtml, unseenElements, withoutFiller } from "./html.ts";
import type { Letter } from "./letter.ts";

export interface Link {
  /** As written, entities decoded. */
  readonly url: string;
  /** What a reader sees; `""` where there is nothing to see. */
  readonly text: string;
}

/** The http, https and mailto links of the HTML, of the text that is seen in it, and of the text; each URL once. */
export function linksOf(letter: Letter): Link[] {
  const links = new Map<string, Link>();
  const { anchors, outside } = htmlLinks(letter.html ?? "");
  for (const link of [...anchors, ...textLinks(outside), ...textLinks(letter.text ?? "")]) {
    const known = links.get(link.url);
    if (known === undefined || known.text === "") links.set(link.url, link);
  }
  return [...links.values()];
}

interface HtmlLinks {
  readonly anchors: Link[];
  /** The text that stands in no link. */
  readonly outside: string;
}

function htmlLinks(html: string): HtmlLinks {
  const anchors: Link[] = [];
  const outside: string[] = [];
  let url: string | null = null;
  let inAnchor = false;
  let seen: string[] = [];
  let picture = "";
  let unseen = "";
  const finish = (): void => {
    if (url !== null)
      anchors.push({ url, text: foldBlank(withoutFiller(seen.join(""))).trim() || picture.trim() });
    url = null;
    inAnchor = false;
  };
  const see = (text: string): void => {
    if (unseen === "") (inAnchor ? seen : outside).push(text);
  };
  scanHtml(html, {
    open(tag) {
      if (unseenElements.has(tag.name)) unseen = tag.name;
      if (tag.name === "img") picture ||= attribute(tag, "alt") ?? "";
      if (partsWords(tag.name)) see(" ");
      if (tag.name !== "a" && tag.name !== "area") return;
      finish();
      inAnchor = true;
      url = cleanUrl(attribute(tag, "href") ?? "");
      seen = [];
      picture = tag.name === "area" ? (attribute(tag, "alt") ?? "") : "";
      if (tag.name === "area") finish();
    },
    close(name) {
      if (name === "a") finish();
      if (partsWords(name)) see(" ");
      if (name === unseen) unseen = "";
    },
    text: see,
  });
  finish();
  return { anchors, outside: outside.join("") };
}

// Bare domains and addresses stay out: a footer should not compete with the one link a test is after.
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, urlAuth: true })
  .add("ftp:", null)
  .add("//", null);

function textLinks(text: string): Link[] {
  // Chinese and Japanese put no space in front of a URL, which linkify-it wants; nor do Markdown and `URL=`.
  const spaced = text.replace(/(?:[^\0-\x7f]|(?:^|\s)(?:[*_`]+|\w+=))(?=https?:\/\/)/gi, "$& ");
  return (linkify.match(spaced) ?? []).map(({ raw, index }) => {
    const url = withoutMarks(raw, spaced.slice(Math.max(0, index - 4), index));
    return { url, text: url };
  });
}

/** `**https://x.test/**`: the marks of Markdown around a URL are none of it. */
function withoutMarks(url: string, before: string): string {
  const marks = /[*_`]+(?= ?$)/.exec(before)?.[0] ?? "";
  return marks !== "" && url.endsWith(marks) ? url.slice(0, -marks.length) : url;
}

/** Browsers drop tabs and line breaks in a URL (https://url.spec.whatwg.org/#url-parsing). */
function cleanUrl(href: string): string | null {
  const url = href.replace(/[\t\n\r]/g, "").trim();
  return /^(?:https?|mailto):./i.test(url) ? url : null;
}
