/** What SASL needs from outside, with a chance that is known beforehand. */
import { saslParts } from "../../src/server/accounts.ts";
import type { Credentials, SaslParts } from "../../src/smtp/mod.ts";

/** `accounts`: `user:password` pairs; none: everything is accepted. `salt`: base64. */
export function fixedParts(accounts: readonly string[], nonce = "NONCE", salt = "c2FsdA=="): SaslParts {
  const pairs = accounts.map((pair) => pair.split(":") as [string, string]);
  return saslParts(
    new Map(pairs),
    { passwordOf: () => undefined },
    {
      nonce: () => nonce,
      salt: () => new Uint8Array(Buffer.from(salt, "base64")),
    },
  );
}

/** The secret that was offered, if one was. */
export function secretOf(credentials: Credentials): string {
  switch (credentials.kind) {
    case "password":
      return credentials.password;
    case "token":
      return credentials.token;
    case "digest":
      return credentials.digest;
    case "name":
      return "";
  }
}
