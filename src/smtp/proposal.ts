/**
 * What the engine would reply to a command that the grammar understood: TLS first where it is required, then order,
 * then policy, then what the parameters say. Nothing is changed here.
 */
import type { TransactionState } from "./checkpoint.ts";
import type { Command } from "./command.ts";
import type { ContentReader } from "./content.ts";
import { checkParameter, extensionLines, isHiddenVerb, standingOf } from "./extensions.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import { helpOn } from "./help.ts";
import { isPlainAscii } from "./printable.ts";
import * as replies from "./replies.ts";
import { type Reply, reply } from "./reply.ts";
import { offeredMechanisms } from "./sasl/mechanisms.ts";
import { refuseSequence, type State } from "./states.ts";
import type { Strictness } from "./strictness.ts";
import type { Warning } from "./warnings.ts";

type Valid = Exclude<Command, { kind: "invalid" }>;
type Addressed = Extract<Command, { kind: "mail" | "rcpt" }>;
type Parametrized = Extract<Command, { kind: "mail" | "rcpt" | "vrfy" | "expn" }>;

/** RFC 3207 §4: what a server that requires TLS refuses before it. */
const needsTls = new Set(["MAIL", "SEND", "SOML", "SAML", "RCPT", "AUTH", "VRFY", "EXPN"]);

/** Without a limit of its own a transaction still ends somewhere: nobody sends to so many by mistake only. */
const mostRecipients = 50_000;

/** Where a session stands when a command comes. */
export interface Standing {
  readonly options: SessionOptions;
  readonly client: ClientFacts;
  readonly state: State;
}

/** The reply to a command, and the deviations it shows. An AUTH that may begin gets its first challenge elsewhere: null. */
export function propose(command: Valid, standing: Standing, warnings: Set<Warning>): Reply | null {
  const { options, client, state } = standing;
  const { verb } = command;
  if (state.kind === "refused") return refuseSequence(state, verb, options.protocol) ?? replies.bye;
  if (isHiddenVerb(verb, options)) return replies.notImplemented;
  if (options.startTls === "require" && !client.secure && needsTls.has(verb)) return replies.tlsRequired;
  const outOfOrder = refuseSequence(state, verb, options.protocol);
  if (outOfOrder !== null) return outOfOrder;

  switch (command.kind) {
    case "helo":
      if (options.protocol === "lmtp" && verb !== "LHLO") return replies.noSmtp;
      if (options.protocol === "smtp" && verb === "LHLO") return replies.noLmtp;
      return command.verb === "HELO"
        ? reply(250, null, options.hostname) // RFC 5321 §4.1.1.1: HELO lists no extensions
        : reply(250, null, options.hostname, ...extensionLines(options, { ...client, esmtp: true }));
    case "mail":
      return proposeMail(command, standing, warnings);
    case "rcpt":
      return proposeRcpt(command, standing, warnings);
    case "data":
      return isBinary(state) ? replies.binaryNeedsBdat : replies.sendContent;
    case "bdat":
      return (
        refuseWithoutEhlo("unadvertised-verb", standing, warnings) ?? replies.chunkReceived(command.octets)
      );
    case "rset":
    case "noop":
      return replies.ok;
    case "quit":
      return replies.bye;
    case "vrfy":
      return refuseParameters(command, standing, warnings) ?? replies.cannotVerify;
    case "expn":
      return refuseParameters(command, standing, warnings) ?? replies.cannotExpand;
    case "help":
      return helpOn(command.argument, options, client);
    case "starttls":
      if (client.secure) return replies.alreadySecure;
      if (options.startTls === "off") return replies.notImplemented;
      return refuseWithoutEhlo("unadvertised-verb", standing, warnings) ?? replies.beginTls;
    case "xclient":
      return options.trusted ? replies.greeting(options.hostname, options.protocol) : replies.notTrusted;
    case "xforward":
      return options.trusted ? replies.ok : replies.notTrusted;
    case "auth": {
      if (client.authenticated) return replies.alreadyAuthenticated;
      const isOffered = offeredMechanisms(options.sasl).includes(command.mechanism);
      return (
        refuseWithoutEhlo("auth-without-ehlo", standing, warnings) ??
        (isOffered ? null : replies.unknownMechanism)
      );
    }
  }
}

/** RFC 5321 §2.2.1: what EHLO offers is for those who said it. XCLIENT and XFORWARD are heard at any time, as in Postfix. */
function refuseWithoutEhlo(
  warning: Warning,
  { options, client }: Standing,
  warnings: Set<Warning>,
): Reply | null {
  if (client.esmtp) return null;
  warnings.add(warning);
  return options.strictness === "strict" ? replies.badSequence("Send EHLO first") : null;
}

function proposeMail(command: Addressed, standing: Standing, warnings: Set<Warning>): Reply {
  const { options, client } = standing;
  if (client.helo === null) {
    warnings.add("missing-helo");
    if (options.requireHelo || options.strictness === "strict")
      return replies.badSequence("Send EHLO or HELO first");
  }
  if (options.authRequired && !client.authenticated) return replies.authRequired;
  const refusal = refuseParameters(command, standing, warnings);
  if (refusal !== null) return refusal;
  const isUtf8 = command.parameters.SMTPUTF8 === true;
  return isUtf8 || isPlainAscii(command.path.raw) ? replies.senderOk : replies.notAscii; // RFC 6531 §3.5
}

function proposeRcpt(command: Addressed, standing: Standing, warnings: Set<Warning>): Reply {
  const { options, state } = standing;
  const transaction = state.kind === "mail" || state.kind === "rcpt" ? state.transaction : null;
  const refusal = refuseParameters(command, standing, warnings);
  if (refusal !== null) return refusal;
  const isUtf8 = transaction?.parameters.SMTPUTF8 === true;
  if (!isUtf8 && !isPlainAscii(command.path.raw)) return replies.notAscii;
  const count = transaction?.recipients.length ?? 0;
  if (count >= (options.maxRecipients ?? mostRecipients)) return replies.tooManyRecipients;
  return replies.recipientOk;
}

/** RFC 5321 §4.1.1.11: 555 for what is not known or was not offered, 501 or 552 for a value. */
function refuseParameters(command: Parametrized, standing: Standing, warnings: Set<Warning>): Reply | null {
  const { options, client, state } = standing;
  const verb = command.kind === "mail" ? "MAIL" : command.verb; // SEND, SOML and SAML take what MAIL takes
  const own = command.parameters;
  const mail = state.kind === "mail" || state.kind === "rcpt" ? state.transaction.parameters : own;
  for (const [keyword, value] of Object.entries(own)) {
    const standingOfOne = standingOf(verb, keyword, options, client);
    if (standingOfOne === "not-offered") warnings.add("unadvertised-parameter");
    if (standingOfOne !== "offered" && (standingOfOne !== "not-offered" || options.strictness !== "lenient"))
      return replies.unknownParameter(keyword);
    const refusal = checkParameter(verb, keyword, value, options, { client, own, mail });
    if (refusal !== null) return refusal;
  }
  return null;
}

/** RFC 6152 §2, RFC 3030 §3 */
function bodyOf({ parameters }: TransactionState): string {
  return String(parameters.BODY ?? "7BIT").toUpperCase();
}

function isBinary(state: State): boolean {
  return state.kind === "rcpt" && bodyOf(state.transaction) === "BINARYMIME";
}

/** A content, or a chunk, that there is no room for: for good (RFC 1870 §6.3), or for now. */
export function refuseSize(reader: ContentReader): Reply | null {
  if (reader.isGivenUp) return replies.noRoom;
  return reader.isOverLimit ? replies.tooBig : null;
}

/** The reply after the end of data. What the content deviates in is noted; `strict` refuses the worst of it. */
export function proposeContent(
  reader: ContentReader,
  transaction: TransactionState,
  strictness: Strictness,
  warnings: Set<Warning>,
): Reply {
  const body = bodyOf(transaction);
  // RFC 6152 §3; RFC 6531 §3.6: SMTPUTF8 alone announces a header in UTF-8 and a body in ASCII.
  const is8bitAnnounced =
    body === "8BITMIME" || (transaction.parameters.SMTPUTF8 === true && !reader.isBody8bit);
  for (const deviation of body === "BINARYMIME" ? [] : reader.deviations) {
    if (deviation !== "8bit-without-8bitmime" || !is8bitAnnounced) warnings.add(deviation);
  }
  const tooMuch = refuseSize(reader);
  if (tooMuch !== null) return tooMuch;
  if (strictness === "strict") {
    if (warnings.has("bare-lf") || warnings.has("bare-cr")) return replies.bareLineEnd;
    if (warnings.has("long-line")) return replies.longContentLine;
    if (warnings.has("8bit-without-8bitmime")) return replies.eightBit;
  }
  return replies.queued;
}
