/**
 * What a rule can know where. A phase sees what the session has reached: nothing of the client at
 * the greeting, a transaction from MAIL on, recipients from RCPT on, the content at its end.
 * Commands that leave the transaction alone (NOOP, VRFY, …) see the one that is open, if one is.
 */
import type { Phase } from "../smtp/mod.ts";
import type { FaultMatch, FaultPhase, Scope } from "./rule.ts";

const inTransaction: readonly Phase[] = [
  "rcpt",
  "data",
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
];

const named: readonly Phase[] = [
  "greeting",
  "helo",
  "ehlo",
  "lhlo",
  "starttls",
  "auth-start",
  "auth",
  "mail",
  ...inTransaction,
];

/** Every phase that a rule can name, in the order of a session. */
export const faultPhases: readonly FaultPhase[] = [...(named as readonly FaultPhase[]), "any"];

/** An AUTH line is asked once, at `auth-start`; `auth` is what its credentials come to. */
const anyCommand: readonly Phase[] = named.filter((phase) => phase !== "greeting" && phase !== "auth");

/** Where the server always refuses, so that only an ending or a delay can act. */
export const refusedPhases: ReadonlySet<Phase> = new Set<Phase>(["turn", "unknown"]);

/** `any` is every command line and the end of data. */
export function expandPhases(on: readonly FaultPhase[]): ReadonlySet<Phase> {
  return new Set(on.flatMap((phase) => (phase === "any" ? anyCommand : [phase])));
}

const afterGreeting = named.filter((phase) => phase !== "greeting");
const fromMail: readonly Phase[] = ["mail", ...inTransaction];
const atEnd: readonly Phase[] = ["end-of-data"];

const fieldPhases: { readonly [Field in keyof Required<FaultMatch>]: ReadonlySet<Phase> } = {
  listener: new Set(named),
  remoteAddress: new Set(named),
  openSessions: new Set(named),
  warning: new Set(named),
  argument: new Set(afterGreeting.filter((phase) => phase !== "end-of-data")),
  body: new Set(atEnd),
  idle: new Set<Phase>(["idle"]),
  tls: new Set(named),
  sessionIndex: new Set(named),
  helo: new Set(afterGreeting),
  // The AUTH line names the mechanism; who it is comes with the credentials.
  user: new Set(afterGreeting.filter((phase) => phase !== "auth-start")),
  mechanism: new Set(afterGreeting),
  verb: new Set(afterGreeting.filter((phase) => phase !== "end-of-data")),
  from: new Set(fromMail),
  transactionIndex: new Set(fromMail),
  parameter: new Set(fromMail),
  declaredSize: new Set(fromMail),
  to: new Set(inTransaction),
  recipientIndex: new Set(inTransaction),
  recipientCount: new Set(inTransaction),
  octets: new Set<Phase>(["bdat", ...atEnd]),
  header: new Set(atEnd),
};

export const matchFields: readonly (keyof FaultMatch)[] = Object.keys(fieldPhases) as (keyof FaultMatch)[];

/** Where the field can be known. */
export function phasesOfField(field: keyof FaultMatch): ReadonlySet<Phase> {
  return fieldPhases[field];
}

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
};

export const scopes: readonly Scope[] = Object.keys(scopePhases) as Scope[];

/** Where the scope has a key. */
export function phasesOfScope(scope: Scope): ReadonlySet<Phase> {
  return scopePhases[scope];
}
