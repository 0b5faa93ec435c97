/** What the exchanges of all mechanisms are made of (RFC 4422 §3). */
import type { SessionOptions } from "../facts.ts";
import { hasControl } from "../printable.ts";
import * as replies from "../replies.ts";
import type { Reply } from "../reply.ts";
import { encodeBase64 } from "./base64.ts";
import type { Credentials } from "./parts.ts";

/** What follows an answer of the client. */
export type SaslStep =
  | { readonly kind: "challenge"; readonly base64: string; readonly answer: (text: string) => SaslStep }
  /** The mechanism is through. `user` may be empty where the mechanism needs no name. */
  | { readonly kind: "outcome"; readonly user: string; readonly isAccepted: boolean }
  | { readonly kind: "refused"; readonly reply: Reply };

/** What a mechanism sees of the session. */
export type SaslSetting = Pick<SessionOptions, "hostname" | "sasl">;

/** Begins an exchange; `initial` is the decoded initial response, null when there is none. */
export type Mechanism = (initial: string | null, setting: SaslSetting) => SaslStep;

const encoder = new TextEncoder();

/** Asks; the text is sent as base64. */
export function challenge(text: string, answer: (text: string) => SaslStep): SaslStep {
  return { kind: "challenge", base64: encodeBase64(encoder.encode(text)), answer };
}

/** A mechanism in which the client speaks first: without an initial response it is asked for one, with nothing. */
export function clientFirst(first: (text: string, setting: SaslSetting) => SaslStep): Mechanism {
  return (initial, setting) =>
    initial === null ? challenge("", (text) => first(text, setting)) : first(initial, setting);
}

export function outcome(user: string, isAccepted: boolean): SaslStep {
  return { kind: "outcome", user, isAccepted };
}

export function refuse(reply: Reply): SaslStep {
  return { kind: "refused", reply };
}

export const malformed: SaslStep = refuse(replies.badCredentialsForm);

/** The end of most mechanisms: what the client offered is looked up. */
export function verify(credentials: Credentials, { sasl }: SaslSetting): SaslStep {
  const { kind, user } = credentials;
  const isNamedElsewhere = user === "" && (kind === "token" || kind === "name");
  return isUserName(user) || isNamedElsewhere ? outcome(user, sasl.accepts(credentials)) : malformed;
}

/** A name with control characters would be written into logs and pages; nobody has one. */
export function isUserName(text: string): boolean {
  return text !== "" && !hasControl(text);
}
