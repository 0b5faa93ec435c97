import { LinkifyIt } from "linkify-it";
import { attribute, scanHtml, unseenElements } from "./html.ts";
import type { Letter } from "./letter.ts";

export interface Link {
  /** As written, entities decoded. */
  readonly url: string;
  /** What a reader sees; `""` where there is nothing to see. */
  readonly text: string;
}

/** The http, https and mailto links of the HTML and then of the text, each URL once. */
export function linksOf(letter: Letter): Link[] {
  const links = new Map<string, Link>();
  for (const link of [...htmlLinks(letter.html ?? ""), ...textLinks(letter.text ?? "")]) {
    const known = links.get(link.url);
    if (known === undefined || known.text === "") links.set(link.url, link);
  }
  return [...links.values()];
}

function htmlLinks(html: string): Link[] {
  const links: Link[] = [];
  let url: string | null = null;
  let seen: string[] = [];
  let picture = "";
  let unseen = "";
  const finish = (): void => {
    if (url !== null) links.push({ url, text: seen.join("").replace(/\s+/g, " ").trim() || picture.trim() });
    url = null;
  };
  scanHtml(html, {
    open(tag) {
      if (unseenElements.has(tag.name)) unseen = tag.name;
      if (tag.name === "img") picture ||= attribute(tag, "alt") ?? "";
      if (tag.name !== "a" && tag.name !== "area") return;
      finish();
      url = cleanUrl(attribute(tag, "href") ?? "");
      seen = [];
      picture = tag.name === "area" ? (attribute(tag, "alt") ?? "") : "";
      if (tag.name === "area") finish();
    },
    close(name) {
      if (name === "a") finish();
      if (name === unseen) unseen = "";
    },
    text(text) {
      if (url !== null && unseen === "") seen.push(text);
    },
  });
  finish();
  return links;
}

// Bare domains and addresses stay out: a footer should not compete with the one link a test is after.
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, urlAuth: true })
  .add("ftp:", null)
  .add("//", null);

function textLinks(text: string): Link[] {
  // Chinese and Japanese put no space in front of a URL, which linkify-it wants.
  const spaced = text.replace(/([^\0-\x7f])(?=https?:\/\/)/gi, "$1 ");
  return (linkify.match(spaced) ?? []).map((match) => ({ url: match.raw, text: match.raw }));
}

/** Browsers drop tabs and line breaks in a URL (https://url.spec.whatwg.org/#url-parsing). */
function cleanUrl(href: string): string | null {
  const url = href.replace(/[\t\n\r]/g, "").trim();
  return /^(?:https?|mailto):./i.test(url) ? url : null;
}
