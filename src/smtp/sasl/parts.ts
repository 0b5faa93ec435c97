/** What the mechanisms need from outside: chance, digests, and who may come in. */

/** What a client offered, for somebody to say whether it is right. Never written down. */
export type Credentials =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  /** CRAM-MD5: the digest in lower-case hexadecimal, and the challenge that it answers (RFC 2195 §2). */
  | { readonly kind: "digest"; readonly user: string; readonly challenge: string; readonly digest: string }
  /** An OAuth 2.0 bearer token (RFC 6750). */
  | { readonly kind: "token"; readonly user: string; readonly token: string }
  /** A name alone, proved by something outside of SMTP (RFC 4422 App. A). */
  | { readonly kind: "name"; readonly user: string };

/** Hash functions of SCRAM (RFC 5802, RFC 7677). */
export type ScramHash = "sha1" | "sha256";

/** What a server keeps of a password for SCRAM (RFC 5802 §3). */
export interface ScramSecrets {
  /** The same at every attempt, also for a user that there is not. */
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** Given to a session with its options. */
export interface SaslParts {
  /** Whether passwords are known. If not, everything is accepted, and nothing can be signed with one. */
  readonly knowsPasswords: boolean;
  readonly accepts: (credentials: Credentials) => boolean;
  /** Printable ASCII without comma, and never the same twice (RFC 5802 §5.1). */
  readonly nonce: () => string;
  /** For a user that there is not: secrets that no proof fits. */
  readonly scramSecrets: (hash: ScramHash, user: string) => ScramSecrets;
  readonly digest: (hash: ScramHash, data: Uint8Array) => Uint8Array;
  /** RFC 2104 */
  readonly hmac: (hash: ScramHash, key: Uint8Array, data: Uint8Array) => Uint8Array;
}
