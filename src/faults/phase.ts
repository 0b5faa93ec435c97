/**
 * What a rule can know where. A phase sees what the session has reached: nothing of the client but its
 * address at the greeting, a transaction from MAIL on, recipients from RCPT on, the content at its end.
 * Commands that leave the transaction alone (NOOP, VRFY, …) see the one that is open, if one is, and so
 * does a silence.
 */
import type { Phase } from "../smtp/mod.ts";
import type { FaultMatch, FaultPhase, Scope } from "./rule.ts";

const inTransaction: readonly Phase[] = [
  "rcpt",
  "data",
  "content",
  "bdat",
  "end-of-data",
  "rset",
  "noop",
  "vrfy",
  "expn",
  "help",
  "turn",
  "quit",
  "unknown",
  "idle",
];

const named: readonly Phase[] = [
  "connect",
  "greeting",
  "helo",
  "ehlo",
  "lhlo",
  "starttls",
  "tls",
  "auth-start",
  "auth",
  "mail",
  ...inTransaction,
];

/** Every phase that a rule can name, in the order of a session. */
export const faultPhases: readonly FaultPhase[] = [...(named as readonly FaultPhase[]), "any"];

const noCommand: readonly Phase[] = ["connect", "greeting", "tls", "content", "end-of-data", "idle"];
const atCommand = named.filter((phase) => !noCommand.includes(phase));

/** An AUTH line is asked once, at `auth-start`; `auth` is what its credentials come to. */
const anyCommand = named.filter(
  (phase) => phase === "end-of-data" || (phase !== "auth" && atCommand.includes(phase)),
);

/** Where the server always refuses, so that only an ending or a condition can act. */
export const refusedPhases: ReadonlySet<Phase> = new Set<Phase>(["turn", "unknown"]);

/** Where the client cannot read a reply. */
export const mutePhases: ReadonlySet<Phase> = new Set<Phase>(["connect", "tls"]);

/** Where the server has nothing to say, so that only a rule can. */
export const silentPhases: ReadonlySet<Phase> = new Set<Phase>(["connect", "tls", "content", "idle"]);

/** Whose reply lists the extensions (RFC 5321 §4.1.1.1, RFC 2033 §4.1). */
export const listPhases: ReadonlySet<Phase> = new Set<Phase>(["ehlo", "lhlo"]);

/** `any` is every command line and the end of data. */
export function expandPhases(on: readonly FaultPhase[]): ReadonlySet<Phase> {
  return new Set(on.flatMap((phase) => (phase === "any" ? anyCommand : [phase])));
}

const afterGreeting = named.filter((phase) => phase !== "connect" && phase !== "greeting");
// A handshake knows no more than the name: all else begins anew behind it (RFC 3207 §4.2).
const inDialogue = afterGreeting.filter((phase) => phase !== "tls");
const fromMail: readonly Phase[] = ["mail", ...inTransaction];
const atEnd: readonly Phase[] = ["end-of-data"];

/** Cheap ones first: they are tested in this order. */
const fieldPhases: { readonly [Field in keyof Required<FaultMatch>]: ReadonlySet<Phase> } = {
  idle: new Set<Phase>(["idle"]),
  octets: new Set<Phase>(["content", "bdat", ...atEnd]),
  listener: new Set(named),
  tls: new Set(named),
  remoteAddress: new Set(named),
  sessionIndex: new Set(named),
  inbox: new Set(named),
  helo: new Set(afterGreeting),
  // The AUTH line names the mechanism; who it is comes with the credentials.
  user: new Set(inDialogue.filter((phase) => phase !== "auth-start")),
  mechanism: new Set(inDialogue),
  verb: new Set(atCommand),
  argument: new Set(atCommand),
  from: new Set(fromMail),
  to: new Set(inTransaction),
  recipientIndex: new Set(inTransaction),
  recipientCount: new Set(inTransaction),
  transactionIndex: new Set(fromMail),
  parameter: new Set(fromMail),
  declaredSize: new Set(fromMail),
  warning: new Set(afterGreeting),
  openSessions: new Set(named),
  header: new Set(atEnd),
  body: new Set(atEnd),
};

export const matchFields: readonly (keyof FaultMatch)[] = Object.keys(fieldPhases) as (keyof FaultMatch)[];

/** Where the field can be known. */
export function phasesOfField(field: keyof FaultMatch): ReadonlySet<Phase> {
  return fieldPhases[field];
}

/** Where a transaction is open or about to be. */
export const transactionPhases: ReadonlySet<Phase> = fieldPhases.from;

const scopePhases: { readonly [Name in Scope]: ReadonlySet<Phase> } = {
  rule: new Set(named),
  session: new Set(named),
  "remote-address": new Set(named),
  user: fieldPhases.user,
  transaction: fieldPhases.from,
  sender: fieldPhases.from,
  "sender-domain": fieldPhases.from,
  recipient: fieldPhases.to,
  "recipient-domain": fieldPhases.to,
  triplet: fieldPhases.to,
  "message-id": fieldPhases.header,
  inbox: fieldPhases.inbox,
};

export const scopes: readonly Scope[] = Object.keys(scopePhases) as Scope[];

/** Where the scope has a key. */
export function phasesOfScope(scope: Scope): ReadonlySet<Phase> {
  return scopePhases[scope];
}
