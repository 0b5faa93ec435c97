/** THE LANGUAGE: a sans-IO SMTP engine. Bytes in, checkpoints out; no sockets, clocks or chance. */
export type { Checkpoint, Phase, SessionEvent, TransactionState } from "./checkpoint.ts";
export type { Command, OpeningVerb, Parameters } from "./command.ts";
export { type Extension, extensions } from "./extensions.ts";
export type { ClientFacts, SessionOptions } from "./facts.ts";
export { heldUntil } from "./future-release.ts";
export { canonicalAddress, isLocalPart, isMailbox, isPostmaster, splitAddress } from "./mailbox.ts";
export { type NextHop, nextHop } from "./next-hop.ts";
export type { Path } from "./path.ts";
export { escapeControls, isPlainAscii } from "./printable.ts";
export { fixedReplies, renderReply } from "./render.ts";
export { noRoom } from "./replies.ts";
export { isPositive, type Reply, reply } from "./reply.ts";
export type { Credentials, SaslParts, ScramHash, ScramSecrets } from "./sasl/parts.ts";
export { Session } from "./session.ts";
export { type StateKind, stateDiagram } from "./states.ts";
export type { Strictness } from "./strictness.ts";
export { type Warning, warningTexts } from "./warnings.ts";
export { decodeXtext } from "./xtext.ts";
