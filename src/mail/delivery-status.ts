/**
 * Delivery reports, read: the part for programs of a bounce (RFC 3464 §2), which has a group of fields about the message
 * and then one for each recipient, with blank lines between them.
 */
import { firstValue, type RawField, scanHeader } from "./header.ts";
import type { Letter, Part } from "./letter.ts";
import { ownPartsOf } from "./part.ts";

/** What became of a message for one recipient. Addresses and names are without their type (`rfc822;`, `dns;`). */
export interface DeliveryStatus {
  readonly recipient: string;
  /** As its sender wrote it (ORCPT of RFC 3461 §4.2), or null. */
  readonly originalRecipient: string | null;
  /** Lower case: `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
  readonly action: string;
  /** Enhanced status code, such as `5.1.1`. */
  readonly status: string | null;
  /** What the other server said, such as `550 5.1.1 No such user`. */
  readonly diagnostic: string | null;
  /** The server that said it. */
  readonly remoteMta: string | null;
}

const maxRecipients = 1_000;

/** One for each recipient, at most 1,000; empty where the message is no delivery report. */
export function deliveryStatusOf(letter: Letter): DeliveryStatus[] {
  return ownPartsOf(letter.root)
    .filter(({ contentType }) => /^message\/(?:global-)?delivery-status$/.test(contentType))
    .flatMap(groupsOf)
    .flatMap((group) => statusOf(group) ?? [])
    .slice(0, maxRecipients);
}

function groupsOf(part: Part): (readonly RawField[])[] {
  const octets = part.octets();
  const groups: (readonly RawField[])[] = [];
  for (let position = 0; position < octets.length && groups.length <= maxRecipients; ) {
    const { fields, end } = scanHeader(octets, position);
    // A line that is no field: nobody knows what the rest is about.
    if (end === position) break;
    if (fields.length > 0) groups.push(fields);
    position = end;
  }
  return groups;
}

/** Null: the group is about the message. */
function statusOf(group: readonly RawField[]): DeliveryStatus | null {
  const recipient = addressIn(firstValue(group, "final-recipient"));
  if (recipient === null) return null;
  return {
    recipient,
    originalRecipient: addressIn(firstValue(group, "original-recipient")),
    action: firstValue(group, "action")?.toLowerCase() ?? "",
    status: /\d\.\d{1,3}\.\d{1,3}/.exec(firstValue(group, "status") ?? "")?.[0] ?? null,
    diagnostic: withoutType(firstValue(group, "diagnostic-code")),
    remoteMta: withoutType(firstValue(group, "remote-mta")),
  };
}

/** RFC 6533 §3: what is not ASCII may be written as `\x{FC}`. */
function addressIn(value: string | null): string | null {
  const address = withoutType(value);
  if (address === null || !/^utf-8\s*;/i.test(value ?? "")) return address;
  return address.replace(/\\x\{([0-9a-f]{1,6})\}/gi, (written, hex: string) => {
    const codePoint = Number.parseInt(hex, 16);
    return codePoint > 0x10ffff ? written : String.fromCodePoint(codePoint);
  });
}

function withoutType(value: string | null): string | null {
  return value === null ? null : value.replace(/^[\w-]+\s*;/, "").trim();
}
