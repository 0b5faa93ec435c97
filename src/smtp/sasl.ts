/**
 * SASL mechanisms (RFC 4954, RFC 4422), each a function from one answer of the client to the next step.
 * A mechanism only finds out what was offered; whether it is accepted is for the one who settles `auth`.
 */
import type { Credentials } from "./checkpoint.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";

/** What follows an answer. */
export type SaslStep =
  | { readonly kind: "challenge"; readonly base64: string; readonly answer: (text: string) => SaslStep }
  | { readonly kind: "credentials"; readonly credentials: Credentials }
  | { readonly kind: "refused"; readonly reply: Reply };

/** Begins an exchange; `initial` is the decoded initial response, null when there is none. */
export type Mechanism = (initial: string | null) => SaslStep;

/** By name, in the order in which EHLO lists them. */
export const mechanisms: ReadonlyMap<string, Mechanism> = new Map<string, Mechanism>([
  ["PLAIN", plain],
  ["LOGIN", login],
]);

/** RFC 4616 §2: message = [authzid] NUL authcid NUL passwd */
function plain(initial: string | null): SaslStep {
  if (initial === null) return { kind: "challenge", base64: "", answer: plain };
  const parts = initial.split("\0");
  const [, user, password] = parts;
  if (parts.length !== 3 || user === "" || user === undefined || password === undefined) return malformed;
  return credentials("PLAIN", user, password);
}

/** draft-murchison-sasl-login: "Username:" and "Password:", each answered in its own line. */
function login(initial: string | null): SaslStep {
  if (initial === null) return { kind: "challenge", base64: "VXNlcm5hbWU6", answer: login };
  return {
    kind: "challenge",
    base64: "UGFzc3dvcmQ6",
    answer: (password) => credentials("LOGIN", initial, password),
  };
}

const malformed: SaslStep = { kind: "refused", reply: replies.badCredentialsForm };

/** A name with control characters would be written into logs and pages; nobody has one. */
function credentials(mechanism: string, user: string, password: string): SaslStep {
  if (hasControl(user) || password.includes("\0")) return malformed;
  return { kind: "credentials", credentials: { mechanism, user, password } };
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Base64 (RFC 4648 §4) of UTF-8 text; null when it is either not. */
export function decodeBase64(text: string): string | null {
  if (!isBase64(text)) return null;
  try {
    return decoder.decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** Groups of four, padding only at the end. `atob` alone forgives too much. */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  for (let at = 0; at < text.length - padding; at++) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code !== 0x2b && code !== 0x2f) return false;
  }
  return true;
}
