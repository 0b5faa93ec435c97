/**
 * The states of a session, and which verb is legal where (RFC 5321 §4.1.4).
 *
 * A session is in one state at a time. A command that the table does not list for that state is refused
 * with 503 and changes nothing; one that is listed leads to the state named there, but only when its
 * checkpoint is settled with the positive reply of its phase. So whatever a fault or a policy says
 * instead, both sides agree on where they are. What is no command (the greeting, the end of data, an
 * answer in an AUTH exchange, the TLS handshake) is in {@link steps}.
 *
 * `ready` stands for "no transaction": a session that never saw EHLO or HELO is `greeted` again.
 */
import type { Command, OpeningVerb, Parameters } from "./command.ts";
import type { ContentReader } from "./content.ts";
import type { Path } from "./path.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import type { SaslStep } from "./sasl/step.ts";

/** A verb that the engine serves. */
export type Verb = Exclude<Command, { kind: "invalid" }>["verb"];

/** The open transaction; recipients are added as they are accepted. */
export interface OpenTransaction {
  readonly verb: OpeningVerb;
  readonly reversePath: Path;
  readonly parameters: Parameters;
  readonly recipients: { readonly path: Path; readonly parameters: Parameters }[];
}

export type State =
  /** The client has connected, and nobody was asked about it yet. */
  | { readonly kind: "connecting" }
  /** The greeting is not settled. */
  | { readonly kind: "connected" }
  /** The greeting was negative: only QUIT is left (RFC 5321 §3.1). */
  | { readonly kind: "refused" }
  | { readonly kind: "greeted" }
  | { readonly kind: "ready" }
  /** No recipient was accepted; `wasRefused`: but at least one was tried. */
  | { readonly kind: "mail"; readonly transaction: OpenTransaction; readonly wasRefused: boolean }
  | { readonly kind: "rcpt"; readonly transaction: OpenTransaction }
  | { readonly kind: "content"; readonly transaction: OpenTransaction; readonly reader: ContentReader }
  /** Between two chunks (RFC 3030 §2). */
  | { readonly kind: "chunks"; readonly transaction: OpenTransaction; readonly reader: ContentReader }
  /** In a chunk: `left` octets of it are to come. `reader` null: it is refused, and they are thrown away. */
  | {
      readonly kind: "chunk";
      readonly command: Extract<Command, { kind: "bdat" }>;
      readonly line: string | null;
      readonly proposed: Reply;
      readonly left: number;
      readonly reader: ContentReader | null;
      readonly transaction: OpenTransaction | null;
      readonly before: State;
    }
  /** The content has ended; LMTP answers its recipients one by one, `at` is the next (RFC 2033 §4.2). `accepted` grows. */
  | {
      readonly kind: "answering";
      readonly transaction: OpenTransaction;
      readonly reader: ContentReader;
      readonly proposed: Reply;
      readonly at: number;
      readonly accepted: OpenTransaction["recipients"];
      /** The BDAT that ended it; nulls after DATA. */
      readonly ended: { readonly command: Command | null; readonly line: string | null };
    }
  /** `isAsked`: the challenge of `step` was said and its answer is awaited; else `step` is still to be proposed. */
  | {
      readonly kind: "authenticating";
      readonly command: Command;
      readonly step: SaslStep;
      readonly isAsked: boolean;
    }
  /**
   * The handshake goes on outside: after the 220 to STARTTLS or, `isImplicit`, before the greeting.
   * `isAsked`: its checkpoint is settled.
   */
  | { readonly kind: "securing"; readonly isImplicit: boolean; readonly isAsked: boolean }
  | { readonly kind: "closed" };

export type StateKind = State["kind"];

type Row = Readonly<Partial<Record<Verb, StateKind>>>;

/** Legal in every state that reads commands; they change nothing (RFC 5321 §4.1.4). */
const anywhere = ["NOOP", "HELP", "VRFY", "EXPN"] as const;

function row(state: StateKind, verbs: Row): Row {
  const stay = Object.fromEntries(anywhere.map((verb) => [verb, state]));
  return {
    ...stay,
    EHLO: "ready",
    HELO: "ready",
    LHLO: "ready",
    STARTTLS: "securing",
    QUIT: "closed",
    ...verbs,
  };
}

/** Of trusted peers: XCLIENT starts the session over. */
function peers(state: StateKind): Row {
  return { XCLIENT: "greeted", XFORWARD: state };
}

/** What opens a transaction (RFC 5321 §4.1.1.2; RFC 821 §3.4). */
const opening = { MAIL: "mail", SEND: "mail", SOML: "mail", SAML: "mail" } as const;

/** The state that a verb leads to when it succeeds; absent: 503. */
export const transitions: Readonly<Record<StateKind, Row>> = {
  connecting: {},
  connected: {},
  refused: { QUIT: "closed" },
  greeted: row("greeted", { ...peers("greeted"), ...opening, RSET: "greeted" }),
  ready: row("ready", { ...peers("ready"), ...opening, RSET: "ready", AUTH: "authenticating" }),
  mail: row("mail", { RCPT: "rcpt", RSET: "ready" }),
  rcpt: row("rcpt", { RCPT: "rcpt", RSET: "ready", DATA: "content", BDAT: "chunk" }),
  content: {},
  chunks: row("chunks", { RSET: "ready", BDAT: "chunk" }),
  chunk: {},
  answering: {},
  authenticating: {},
  securing: {},
  closed: {},
};

/** What leads from state to state and is no command. */
const steps: readonly (readonly [from: StateKind, event: string, to: StateKind])[] = [
  ["connecting", "a client", "connected"],
  ["connecting", "a client, implicit TLS", "securing"],
  ["connected", "greeting 220", "greeted"],
  ["connected", "greeting 4yz or 5yz", "refused"],
  ["content", "end of data", "answering"],
  ["chunk", "its last octet", "chunks"],
  ["chunk", "its last octet, LAST", "answering"],
  ["answering", "a reply, in LMTP one per recipient", "ready"],
  ["authenticating", "235, or any refusal", "ready"],
  ["securing", "TLS handshake", "greeted"],
  ["securing", "TLS handshake, implicit TLS", "connected"],
];

/** The 503 for a verb that is not legal in a state; null when it is. */
export function refuseSequence(state: State, verb: Verb, protocol: "smtp" | "lmtp"): Reply | null {
  if (transitions[state.kind][verb] !== undefined) return null;
  if (state.kind === "refused") return replies.noService;
  if (verb in opening) return replies.badSequence("Nested MAIL command");
  if (state.kind === "chunks") return replies.badSequence(`No ${verb} between chunks`); // RFC 3030 §2
  if (verb === "RCPT") return replies.badSequence("Need MAIL before RCPT");
  if (verb === "AUTH") {
    // RFC 4954 §4
    return replies.badSequence(
      state.kind === "greeted" ? "Send EHLO first" : "No AUTH during a mail transaction",
    );
  }
  if (verb === "XCLIENT" || verb === "XFORWARD") {
    return replies.badSequence(`No ${verb} during a mail transaction`);
  }
  if (state.kind === "mail" && state.wasRefused) {
    return protocol === "lmtp" ? replies.noRecipients : replies.noValidRecipients; // RFC 2033 §4.2, RFC 5321 §3.3
  }
  return replies.badSequence(`Need ${state.kind === "mail" ? "RCPT" : "MAIL"} before ${verb}`);
}

/** The table as a Mermaid state diagram. Verbs that change nothing are left out. */
export function stateDiagram(): string {
  const edges = new Map<string, string[]>();
  const add = (from: string, to: string, event: string): void => {
    const key = `${from} --> ${to}`;
    edges.set(key, [...(edges.get(key) ?? []), event]);
  };
  for (const [from, event, to] of steps) add(from, to, event);
  for (const [from, verbs] of Object.entries(transitions)) {
    for (const [verb, to] of Object.entries(verbs)) if (to !== from || verb === "RCPT") add(from, to, verb);
  }
  const lines = [...edges].map(([edge, events]) => `  ${edge}: ${events.join(", ")}`);
  return ["stateDiagram-v2", "  [*] --> connecting", ...lines, "  closed --> [*]", ""].join("\n");
}
