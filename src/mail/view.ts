/**
 * HTML made ready for the sandboxed frame.
 * What keeps a hostile mail harmless is the sandbox and its content policy, not this: here links get their targets,
 * inline images their URLs, and what reaches out before any policy is asked goes: `<link rel=preconnect>`, and the
 * address of a frame, to which Chromium opens a connection before it finds the frame forbidden.
 * What needs no change passes byte for byte.
 */
import { attribute, scanHtml, type Tag } from "./html.ts";
import { percentDecoded } from "./parameter.ts";

type InlineUrl = (contentId: string) => string | null;

/** @param inlineUrl where the part of that content id (without angle brackets) is served; null keeps the `cid:` URL */
export function htmlForView(html: string, inlineUrl: InlineUrl): string {
  const pieces: string[] = [];
  let copied = 0;
  let inStyle = false;
  const replace = (start: number, end: number, text: string): void => {
    pieces.push(html.slice(copied, start), text);
    copied = end;
  };
  scanHtml(html, {
    open(tag) {
      inStyle = tag.name === "style";
      if (isDropped(tag)) {
        replace(tag.start, tag.end, "");
        return;
      }
      const leaves = leavesPage(tag);
      const nameEnd = tag.start + 1 + tag.name.length;
      if (leaves) replace(nameEnd, nameEnd, ' target="_blank" rel="noopener noreferrer"');
      const frames = tag.name === "iframe" || tag.name === "frame";
      for (const { name, value, start, end } of tag.attributes) {
        if (frames && (name === "src" || name === "srcdoc")) {
          replace(start, end, "");
          continue;
        }
        if (leaves && (name === "target" || name === "rel")) replace(start, end, "");
        const shown = name === "style" ? inlineCss(value, inlineUrl) : inlineValue(value, inlineUrl);
        if (shown !== value) replace(start, end, `${name}="${escapeAttribute(shown)}"`);
      }
    },
    close() {
      inStyle = false;
    },
    text(text, start, end) {
      if (!inStyle) return;
      const shown = inlineCss(text, inlineUrl);
      if (shown !== text) replace(start, end, shown);
    },
  });
  pieces.push(html.slice(copied));
  return pieces.join("");
}

function isDropped(tag: Tag): boolean {
  if (tag.name === "link" || tag.name === "base") return true;
  return tag.name === "meta" && attribute(tag, "http-equiv") !== null;
}

/** A link to a place in the mail itself stays in the frame. */
function leavesPage(tag: Tag): boolean {
  if (tag.name !== "a" && tag.name !== "area") return false;
  const href = attribute(tag, "href")?.trim() ?? "";
  return href !== "" && !href.startsWith("#");
}

/** RFC 2392: `cid:` and the percent-encoded content id. */
function inlineValue(value: string, inlineUrl: InlineUrl): string {
  const url = value.trim();
  if (!/^cid:/i.test(url)) return value;
  return inlineUrl(contentIdOf(url.slice(4))) ?? value;
}

function inlineCss(css: string, inlineUrl: InlineUrl): string {
  if (!/cid:/i.test(css)) return css;
  return css.replace(/url\(\s*(["']?)cid:([^"'()\s]+)\1\s*\)/gi, (written, _quote, contentId: string) => {
    const url = inlineUrl(contentIdOf(contentId));
    return url === null ? written : `url("${url.replace(/["\\<>\s]/g, encodeURIComponent)}")`;
  });
}

function contentIdOf(encoded: string): string {
  return new TextDecoder().decode(percentDecoded(encoded));
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
