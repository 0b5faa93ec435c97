import { addressParser } from "postal-mime";
import { repairLatin } from "./charset.ts";
import type { RawField } from "./header.ts";
import type { Mailbox } from "./letter.ts";

/** The mailboxes of all fields of that name (lower case), in order; a group gives its members (RFC 5322 §3.4). */
export function mailboxesOf(fields: readonly RawField[], name: string): Mailbox[] {
  return fields
    .filter((field) => field.name.toLowerCase() === name)
    .flatMap((field) => addressParser(field.value, { flatten: true }))
    .map(({ name: written, address }) => ({ name: oneLine(written), address: oneLine(address ?? "") }));
}

/** An encoded word can hold line breaks. */
function oneLine(text: string): string {
  return repairLatin(text)
    .replace(/[\r\n]+/g, " ")
    .trim();
}
