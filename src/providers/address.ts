import type { Composition } from "../server/mod.ts";

type Mailbox = Composition["from"];

/** A line of a message holds no more (RFC 5322 §2.1.1). */
const longest = 998;
// No two parts of it can take the same space: its time grows with the text only.
const named = /^(?:"((?:[^"\\]|\\.)*)"\s*|([^<>"]*))<([^<>]+)>$/;
const bare = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+$/;

/**
 * `a@b.test` or `Name <a@b.test>`; null: neither.
 * @param isAddress what may stand in the brackets; default: what providers take
 */
export function parseMailbox(text: string, isAddress = isPlainAddress): Mailbox | null {
  if (text.length > longest) return null;
  const mailbox = text.trim();
  const [, quoted, plain, inBrackets] = named.exec(mailbox) ?? [];
  const address = inBrackets ?? mailbox;
  if (!isAddress(address)) return null;
  const name = quoted?.replace(/\\(.)/g, "$1") ?? plain?.trim() ?? "";
  return hasControls(name) ? null : { name, address };
}

/** A local part and a domain name, such as providers take: no quotes, no address literal. */
function isPlainAddress(address: string): boolean {
  if (address.length > 254 || !bare.test(address) || hasControls(address)) return false;
  const [local = "", domain = ""] = address.split("@");
  const isDotted = (text: string): boolean => text.split(".").every((part) => part !== "");
  return isDotted(local) && isDotted(domain) && !domain.split(".").some((label) => /^-|-$/.test(label));
}

function hasControls(text: string): boolean {
  return /[\x00-\x1f\x7f-\x9f]/.test(text);
}
