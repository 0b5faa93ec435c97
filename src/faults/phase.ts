/**
 * What a rule can know where. A phase sees what the session has reached: nothing of the client but its
 * address at the greeting, a transaction from MAIL on, recipients from RCPT on, the content at its end.
 * Commands that leave the transaction alone (NOOP, VRFY, …) see the one that is open, if one is, and so
 * does a silence.
 */
import type { FaultMatch, FaultPhase, Place, Scope } from "./rule.ts";

const inTransaction: readonly Place[] = [
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

const named: readonly Place[] = [
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

/** Every phase that a rule can name, in the order of a session; `http` has none. */
export const faultPhases: readonly FaultPhase[] = [...(named as readonly FaultPhase[]), "http", "any"];

const noCommand: readonly Place[] = ["connect", "greeting", "tls", "content", "end-of-data", "idle"];
const atCommand = named.filter((phase) => !noCommand.includes(phase));

/** An AUTH line is asked once, at `auth-start`; `auth` is what its credentials come to. */
const anyCommand = named.filter(
  (phase) => phase === "end-of-data" || (phase !== "auth" && atCommand.includes(phase)),
);

/** Where the server always refuses, so that only an ending or a condition can act. */
export const refusedPhases: ReadonlySet<Place> = new Set<Place>(["turn", "unknown"]);

/** Where the client cannot read a reply. */
export const mutePhases: ReadonlySet<Place> = new Set<Place>(["connect", "tls"]);

/** Where the server has nothing to say, so that only a rule can. */
export const silentPhases: ReadonlySet<Place> = new Set<Place>(["connect", "tls", "content", "idle"]);

/** Whose reply lists the extensions (RFC 5321 §4.1.1.1, RFC 2033 §4.1). */
export const listPhases: ReadonlySet<Place> = new Set<Place>(["ehlo", "lhlo"]);

/** `any` is every command line and the end of data. */
export function expandPhases(on: readonly FaultPhase[]): ReadonlySet<Place> {
  return new Set(on.flatMap((phase) => (phase === "any" ? anyCommand : [phase])));
}

const afterGreeting = named.filter((phase) => phase !== "connect" && phase !== "greeting");
// A handshake knows no more than the name: all else begins anew behind it (RFC 3207 §4.2).
const inDialogue = afterGreeting.filter((phase) => phase !== "tls");
const fromMail: readonly Place[] = ["mail", ...inTransaction];
const atEnd: readonly Place[] = ["end-of-data"];
/** A request to a provider is a whole transaction, but has no session. */
const atHttp: readonly Place[] = ["http"];

/** Cheap ones first: they are tested in this order. */
const fieldPhases: { readonly [Field in keyof Required<FaultMatch>]: ReadonlySet<Place> } = {
  idle: new Set<Place>(["idle"]),
  octets: new Set<Place>(["content", "bdat", ...atEnd]),
  listener: new Set(named),
  tls: new Set(named),
  remoteAddress: new Set(named),
  sessionIndex: new Set(named),
  inbox: new Set([...named, ...atHttp]),
  helo: new Set(afterGreeting),
  // The AUTH line names the mechanism; who it is comes with the credentials.
  user: new Set(inDialogue.filter((phase) => phase !== "auth-start")),
  mechanism: new Set(inDialogue),
  verb: new Set(atCommand),
  argument: new Set(atCommand),
  from: new Set([...fromMail, ...atHttp]),
  to: new Set([...inTransaction, ...atHttp]),
  recipientIndex: new Set(inTransaction),
  recipientCount: new Set([...inTransaction, ...atHttp]),
  transactionIndex: new Set(fromMail),
  parameter: new Set(fromMail),
  declaredSize: new Set(fromMail),
  warning: new Set(afterGreeting),
  openSessions: new Set(named),
  provider: new Set(atHttp),
  header: new Set([...atEnd, ...atHttp]),
  body: new Set([...atEnd, ...atHttp]),
};

export const matchFields: readonly (keyof FaultMatch)[] = Object.keys(fieldPhases) as (keyof FaultMatch)[];

/** Where the field can be known. */
export function phasesOfField(field: keyof FaultMatch): ReadonlySet<Place> {
  return fieldPhases[field];
}

/** Where a transaction is open or about to be. */
export const transactionPhases: ReadonlySet<Place> = fieldPhases.from;

const scopePhases: { readonly [Name in Scope]: ReadonlySet<Place> } = {
  rule: new Set([...named, ...atHttp]),
  session: new Set(named),
  "remote-address": new Set(named),
  user: fieldPhases.user,
  transaction: fieldPhases.from,
  sender: fieldPhases.from,
  "sender-domain": fieldPhases.from,
  recipient: fieldPhases.to,
  "recipient-domain": fieldPhases.to,
  triplet: fieldPhases.to,
  // A provider gives each message an id of its own.
  "message-id": new Set(atEnd),
  inbox: fieldPhases.inbox,
};

export const scopes: readonly Scope[] = Object.keys(scopePhases) as Scope[];

/** Where the scope has a key. */
export function phasesOfScope(scope: Scope): ReadonlySet<Place> {
  return scopePhases[scope];
}
