/**
 * Text that strangers wrote. It becomes text nodes only, and what would mislead the eye becomes a visible
 * mark: control characters, and those that turn the direction of writing (CVE-2021-42574 and its kind).
 */
import type { ComponentChildren, VNode } from "preact";

const names: Readonly<Record<string, string>> = {
  "\u061c": "ALM",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u2028": "LS",
  "\u2029": "PS",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
  "\ufeff": "BOM",
  "\u0000": "NUL",
  "\u0007": "BEL",
  "\u0008": "BS",
  "\u000b": "VT",
  "\u000c": "FF",
  "\u000d": "CR",
  "\u001b": "ESC",
  "\u007f": "DEL",
};

const misleading =
  /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff])/;

/** The text with its marks. A CR before LF is a line end, not a mark. */
export function Plain({ text }: { text: string }): VNode {
  return <>{withMarks(text)}</>;
}

function withMarks(text: string): ComponentChildren {
  const unix = text.replaceAll("\r\n", "\n");
  if (!misleading.test(unix)) return unix;
  return unix.split(misleading).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const code = `U+${piece.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    return (
      <span class="mark" title={`control character ${code}`}>
        {names[piece] ?? code}
      </span>
    );
  });
}

const addresses = /\b(?:https?:\/\/|mailto:)[^\s<>"'`\u0000-\u001f\u007f-\u009f]+/gi;

/** The text with its marks; web and mail addresses in it are links. */
export function Linked({ text }: { text: string }): VNode {
  const pieces: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(addresses)) {
    const found = trimmed(match[0]);
    const href = safeHref(found);
    if (href === null) continue;
    pieces.push(<Plain text={text.slice(end, match.index)} />);
    pieces.push(<Outward href={href}>{found}</Outward>);
    end = match.index + found.length;
  }
  pieces.push(<Plain text={text.slice(end)} />);
  return <>{pieces}</>;
}

/** A link out of the page that takes nothing with it. */
export function Outward({ href, children }: { href: string; children: ComponentChildren }): VNode {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {typeof children === "string" ? <Plain text={children} /> : children}
    </a>
  );
}

/** The address if a click on it is safe: http, https and mailto only. */
export function safeHref(url: string): string | null {
  try {
    const { protocol, href } = new URL(url);
    return protocol === "http:" || protocol === "https:" || protocol === "mailto:" ? href : null;
  } catch {
    return null;
  }
}

/** Without the full stop or bracket that belongs to the sentence. */
function trimmed(url: string): string {
  let kept = url.replace(/[.,;:!?]+$/, "");
  while (kept.endsWith(")") && !kept.includes("(")) kept = kept.slice(0, -1).replace(/[.,;:!?]+$/, "");
  return kept.replace(/[\]}]+$/, "");
}
