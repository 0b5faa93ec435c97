import { mailboxesOf } from "./address.ts";
import { maxHeaderOctets, scanHeader } from "./header.ts";

/** Whom the header names as sender (RFC 5322 §3.6.2) and as recipients, Bcc included. Null: nobody. */
export function readEnvelope(raw: Uint8Array): { readonly from: string | null; readonly to: string[] } {
  const { fields } = scanHeader(raw.subarray(0, maxHeaderOctets), 0);
  const addresses = (...names: string[]): string[] =>
    names
      .flatMap((name) => mailboxesOf(fields, name))
      .map(({ address }) => address)
      .filter((address) => address !== "");
  return { from: addresses("sender", "from")[0] ?? null, to: addresses("to", "cc", "bcc") };
}
