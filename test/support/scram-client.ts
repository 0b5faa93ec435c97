/** The client's side of SCRAM (RFC 5802 §3). */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** What is out of the ordinary. */
export interface ScramTricks {
  /** The header of the first message, if not `n,,`. */
  readonly gs2?: string;
  /** What is bound, if not that header. */
  readonly binding?: string;
  /** If not the server's. */
  readonly nonce?: string;
  readonly extension?: string;
}

/** client-final-message of one who knows the password. */
export function provedBy(
  password: string,
  hash: "sha1" | "sha256",
  clientFirst: string,
  serverFirst: string,
  { gs2 = "n,,", binding = gs2, nonce, extension = "" }: ScramTricks = {},
): string {
  const [, told, salt = "", iterations = ""] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst) ?? [];
  const octets = hash === "sha1" ? 20 : 32;
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), octets, hash);
  const clientKey = createHmac(hash, salted).update("Client Key").digest();
  const storedKey = createHash(hash).update(clientKey).digest();
  const unproved = `c=${btoa(binding)},r=${nonce ?? told}${extension}`;
  const signed = `${clientFirst.slice(gs2.length)},${serverFirst},${unproved}`;
  const signature = createHmac(hash, storedKey).update(signed).digest();
  const proof = clientKey.map((octet, at) => octet ^ signature[at]!);
  return `${unproved},p=${Buffer.from(proof).toString("base64")}`;
}
