/**
 * SCRAM (RFC 5802; SHA-256: RFC 7677), without channel binding. Each side proves that it knows the password
 * and neither sends it:
 *
 *     C: n,,n=user,r=CNONCE
 *     S: r=CNONCE+SNONCE,s=SALT,i=ITERATIONS
 *     C: c=biws,r=CNONCE+SNONCE,p=PROOF
 *     S: v=SIGNATURE          in a 334, which the client answers with an empty line (RFC 4954 §4)
 *
 * A user that there is not gets a salt and is asked for a proof as any other.
 */
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { parseGs2, unescapeName } from "./gs2.ts";
import type { ScramHash } from "./parts.ts";
import {
  challenge,
  clientFirst,
  isUserName,
  type Mechanism,
  malformed,
  outcome,
  type SaslSetting,
  type SaslStep,
} from "./step.ts";

const encoder = new TextEncoder();

/** What the last message of the client is compared with. */
interface Exchange {
  readonly user: string;
  readonly gs2Header: string;
  readonly clientFirst: string;
  readonly serverFirst: string;
  readonly nonce: string;
}

export function scram(hash: ScramHash): Mechanism {
  return clientFirst((text, setting) => begin(hash, text, setting));
}

/** client-first-message = gs2-header "n=" name ",r=" nonce. What is mandatory (`m=`) and unknown is refused. */
function begin(hash: ScramHash, text: string, setting: SaslSetting): SaslStep {
  const gs2 = parseGs2(text);
  const [, name, clientNonce] = /^n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?$/s.exec(gs2?.rest ?? "") ?? [];
  const user = unescapeName(name ?? "");
  if (gs2 === null || user === null || !isUserName(user)) return malformed;
  if (gs2.flag === "p") return outcome(user, false); // RFC 5802 §6: not offered, so not wanted by mistake
  const { sasl } = setting;
  const { salt, iterations } = sasl.scramSecrets(hash, user);
  const nonce = `${clientNonce}${sasl.nonce()}`;
  const serverFirst = `r=${nonce},s=${encodeBase64(salt)},i=${iterations}`;
  const exchange = { user, gs2Header: gs2.header, clientFirst: gs2.rest, serverFirst, nonce };
  return challenge(serverFirst, (answer) => finish(hash, answer, exchange, setting));
}

/** client-final-message = "c=" binding ",r=" nonce ",p=" proof */
function finish(hash: ScramHash, text: string, exchange: Exchange, { sasl }: SaslSetting): SaslStep {
  const [, unproved, binding, nonce, proof64 = ""] =
    /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)$/s.exec(text) ?? [];
  const proof = decodeBase64(proof64);
  if (unproved === undefined || proof === null) return malformed;
  const { user, gs2Header, clientFirst, serverFirst } = exchange;
  const isBound = binding === encodeBase64(encoder.encode(gs2Header)) && nonce === exchange.nonce;
  const { storedKey, serverKey } = sasl.scramSecrets(hash, user);
  const signed = encoder.encode(`${clientFirst},${serverFirst},${unproved}`);
  // RFC 5802 §3: ClientProof = ClientKey XOR ClientSignature, and StoredKey = H(ClientKey)
  const signature = sasl.hmac(hash, storedKey, signed);
  const clientKey = signature.map((octet, at) => octet ^ (proof[at] ?? 0));
  const isProved = proof.length === signature.length && isEqual(sasl.digest(hash, clientKey), storedKey);
  if (!isBound || !isProved) return outcome(user, false);
  const verifier = encodeBase64(sasl.hmac(hash, serverKey, signed));
  return challenge(`v=${verifier}`, (answer) => (answer === "" ? outcome(user, true) : malformed));
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at]);
}
