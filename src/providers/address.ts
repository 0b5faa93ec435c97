import type { Composition } from "../server/mod.ts";

type Mailbox = Composition["from"];

const named = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<>"]*?))\s*<([^<>\s]+)>\s*$/;
const bare = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+$/;

/** `a@b.test` or `Name <a@b.test>`; null: neither. */
export function parseMailbox(text: string): Mailbox | null {
  const [, quoted, plain, inBrackets] = named.exec(text) ?? [];
  const address = inBrackets ?? text.trim();
  if (!isAddress(address)) return null;
  const name = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
  return hasControls(name) ? null : { name, address };
}

/** A local part and a domain name, such as providers take: no quotes, no address literal. */
function isAddress(address: string): boolean {
  if (address.length > 254 || !bare.test(address) || hasControls(address)) return false;
  const [local = "", domain = ""] = address.split("@");
  const isDotted = (text: string): boolean => text.split(".").every((part) => part !== "");
  return isDotted(local) && isDotted(domain) && !domain.split(".").some((label) => /^-|-$/.test(label));
}

function hasControls(text: string): boolean {
  return /[\x00-\x1f\x7f-\x9f]/.test(text);
}
