/** Who may come in, and what the SASL mechanisms need beside that: chance and digests. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import type { Credentials, SaslParts, ScramHash, ScramSecrets } from "../smtp/mod.ts";
import type { Inboxes } from "../store/mod.ts";

/** RFC 7677 §4: at least this many. A password of a test needs no more. */
const iterations = 4_096;
const digestOctets = { sha1: 20, sha256: 32 } as const;

/** Where the mechanisms take their chance from. */
export interface SaslChance {
  /** See {@link SaslParts.nonce}. */
  readonly nonce: () => string;
  /** The same for the same user, whether there is one or not. */
  readonly salt: (user: string) => Uint8Array;
}

export function saslChance(seed: string): SaslChance {
  return {
    nonce: () => randomBytes(18).toString("base64url"),
    salt: (user) => createHmac("sha256", seed).update(user).digest().subarray(0, 16),
  };
}

/**
 * Parts for sessions. `accounts`: passwords by user; empty: everything is accepted, but for the user of an inbox
 * its password is needed.
 */
export function saslParts(
  accounts: ReadonlyMap<string, string>,
  inboxes: Pick<Inboxes, "passwordOf">,
  chance: SaslChance,
): SaslParts {
  const secrets = new Map<string, ScramSecrets>();
  const knowsPasswords = accounts.size > 0;
  const passwordOf = (user: string): string | undefined => accounts.get(user) ?? inboxes.passwordOf(user);
  return {
    knowsPasswords,
    accepts: (credentials) => {
      const password = passwordOf(credentials.user);
      return password === undefined ? !knowsPasswords : isRight(password, credentials);
    },
    nonce: chance.nonce,
    scramSecrets: (hash, user) => {
      const key = `${hash} ${user}`;
      const salt = chance.salt(user);
      const password = passwordOf(user);
      if (password === undefined) return secretsNobodyFits(hash, salt);
      const known = secrets.get(key) ?? secretsOf(hash, password, salt);
      // Inboxes come and go.
      if (accounts.has(user)) secrets.set(key, known);
      return known;
    },
    digest: (hash, data) => createHash(hash).update(data).digest(),
    hmac: (hash, key, data) => createHmac(hash, key).update(data).digest(),
  };
}

/** A token is the password of the user. A name alone proves nothing where passwords are known. */
function isRight(password: string, credentials: Credentials): boolean {
  switch (credentials.kind) {
    case "password":
      return credentials.password === password;
    case "token":
      return credentials.token === password;
    case "digest":
      return createHmac("md5", password).update(credentials.challenge).digest("hex") === credentials.digest;
    case "name":
      return false;
  }
}

/** RFC 5802 §3. NFKC is what SASLprep (RFC 4013) comes to for a password that somebody can type. */
function secretsOf(hash: ScramHash, password: string, salt: Uint8Array): ScramSecrets {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, digestOctets[hash], hash);
  const clientKey = createHmac(hash, salted).update("Client Key").digest();
  const storedKey = createHash(hash).update(clientKey).digest();
  const serverKey = createHmac(hash, salted).update("Server Key").digest();
  return { salt, iterations, storedKey, serverKey };
}

function secretsNobodyFits(hash: ScramHash, salt: Uint8Array): ScramSecrets {
  const storedKey = randomBytes(digestOctets[hash]);
  return { salt, iterations, storedKey, serverKey: storedKey };
}
