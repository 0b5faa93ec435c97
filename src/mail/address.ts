import { addressParser } from "postal-mime";
import { repairLatin } from "./charset.ts";
import { isNamed, type RawField } from "./header.ts";
import type { Mailbox } from "./letter.ts";

/** The mailboxes of all fields of that name (lower case), in order; a group gives its members (RFC 5322 §3.4). */
export function mailboxesOf(fields: readonly RawField[], name: string): readonly Mailbox[] {
  const named = fields.filter((field) => isNamed(field, name));
  if (named.length === 0) return nobody;
  return named.length === 1
    ? readMailboxes(named[0]!.value)
    : named.flatMap(({ value }) => readMailboxes(value));
}

const nobody: readonly Mailbox[] = [];

/** Senders and recipients come again and again: what was read lately is shared, so that heads stay small. */
const lately = new Map<string, readonly Mailbox[]>();
const maxLately = 1000;
const longestShared = 200;

function readMailboxes(value: string): readonly Mailbox[] {
  const known = lately.get(value);
  if (known !== undefined) return known;
  const mailboxes = addressParser(value, { flatten: true }).map(({ name, address }) => ({
    name: oneLine(name),
    address: oneLine(address ?? ""),
  }));
  if (lately.size >= maxLately) lately.clear();
  if (value.length <= longestShared) lately.set(value, mailboxes);
  return mailboxes;
}

/** An encoded word can hold line breaks. */
function oneLine(text: string): string {
  return repairLatin(text)
    .replace(/[\r\n]+/g, " ")
    .trim();
}
