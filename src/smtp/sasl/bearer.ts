/**
 * Mechanisms that send an OAuth 2.0 token. A wrong one is not refused at once: the server tells why in a
 * challenge, the client answers with something that means nothing, and then it is refused.
 */
import { parseGs2 } from "./gs2.ts";
import { challenge, clientFirst, type Mechanism, malformed, outcome, verify } from "./step.ts";

const separator = "\x01";

interface Offer {
  readonly user: string;
  readonly token: string;
}

/** Google's, and what others took over from it. */
export const xoauth2: Mechanism = bearer(parseXoauth2, '{"status":"401","schemes":"bearer"}');

/** RFC 7628 §3.2.2 */
export const oauthBearer: Mechanism = bearer(parseOauthBearer, '{"status":"invalid_token"}');

function bearer(parse: (text: string) => Offer | null, reason: string): Mechanism {
  return clientFirst((text, setting) => {
    const offer = parse(text);
    if (offer === null) return malformed;
    const end = verify({ kind: "token", ...offer }, setting);
    return end.kind === "outcome" && !end.isAccepted
      ? challenge(reason, () => outcome(offer.user, false))
      : end;
  });
}

/** `user=` name ^A `auth=Bearer ` token ^A ^A */
function parseXoauth2(text: string): Offer | null {
  const pairs = pairsOf(text);
  const user = pairs?.get("user");
  const token = tokenOf(pairs);
  return user === undefined || user === "" || token === null ? null : { user, token };
}

/** RFC 7628 §3.1: the header names the user, who may be known from the token; ^A, and then the pairs. */
function parseOauthBearer(text: string): Offer | null {
  const gs2 = parseGs2(text);
  if (gs2 === null || gs2.flag === "p" || !gs2.rest.startsWith(separator)) return null;
  const token = tokenOf(pairsOf(gs2.rest.slice(1)));
  return token === null ? null : { user: gs2.authzid, token };
}

/** Pairs of key and value, each ended by ^A, and one more ^A. */
function pairsOf(text: string): ReadonlyMap<string, string> | null {
  if (!text.endsWith(separator + separator)) return null;
  const pairs = new Map<string, string>();
  for (const pair of text.slice(0, -2).split(separator)) {
    const equals = pair.indexOf("=");
    if (equals <= 0) return null;
    pairs.set(pair.slice(0, equals).toLowerCase(), pair.slice(equals + 1));
  }
  return pairs;
}

/** RFC 6750 §2.1 */
function tokenOf(pairs: ReadonlyMap<string, string> | null): string | null {
  return /^Bearer +([\x21-\x7e]+)$/i.exec(pairs?.get("auth") ?? "")?.[1] ?? null;
}
