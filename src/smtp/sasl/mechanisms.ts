/**
 * SASL mechanisms (RFC 4954, RFC 4422), each a function from one answer of the client to the next step.
 * A mechanism that sends credentials asks whether they are right; SCRAM finds out by itself.
 */
import { oauthBearer, xoauth2 } from "./bearer.ts";
import { cramMd5 } from "./cram.ts";
import { external } from "./external.ts";
import type { SaslParts } from "./parts.ts";
import { login, plain } from "./passwords.ts";
import { scram } from "./scram.ts";
import type { Mechanism } from "./step.ts";

/** By name, in the order in which EHLO lists them. */
export const mechanisms: ReadonlyMap<string, Mechanism> = new Map<string, Mechanism>([
  ["PLAIN", plain],
  ["LOGIN", login],
  ["CRAM-MD5", cramMd5],
  ["SCRAM-SHA-256", scram("sha256")],
  ["SCRAM-SHA-1", scram("sha1")],
  ["XOAUTH2", xoauth2],
  ["OAUTHBEARER", oauthBearer],
  ["EXTERNAL", external],
]);

/** SCRAM signs with the password. EXTERNAL is a mere claim, which no password can back. */
const withPasswords = [...mechanisms.keys()].filter((name) => name !== "EXTERNAL");
const withoutPasswords = [...mechanisms.keys()].filter((name) => !name.startsWith("SCRAM-"));

/** Names of the mechanisms that a server with these parts offers. */
export function offeredMechanisms({ knowsPasswords }: SaslParts): readonly string[] {
  return knowsPasswords ? withPasswords : withoutPasswords;
}

/** Those that clients ask for, and that are not served here. */
const elsewhere: ReadonlySet<string> = new Set([
  "ANONYMOUS",
  "DIGEST-MD5",
  "GSS-SPNEGO",
  "GSSAPI",
  "KERBEROS_V4",
  "NTLM",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-512",
  "SCRAM-SHA-512-PLUS",
  "XOAUTH",
]);

/** Whether there is a mechanism of this name, in upper case, here or elsewhere. */
export function isMechanism(name: string): boolean {
  return mechanisms.has(name) || elsewhere.has(name);
}
