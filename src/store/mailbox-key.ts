import { canonicalAddress } from "../smtp/mod.ts";

/** The same for every spelling of one mailbox or local part: case and needless quotes do not count. */
export function mailboxKey(text: string): string {
  return canonicalAddress(text).toLowerCase();
}
