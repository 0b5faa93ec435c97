/**
 * The extensions, one entry each: what EHLO says, and the verbs and parameters it brings
 * (RFC 5321 §2.2). Whether one counts in a session follows from this table alone.
 */
import { xclientAttributes, xforwardAttributes } from "./attributes.ts";
import type { Command, Parameters } from "./command.ts";
import { checkEnvid, checkNotify, checkOrcpt, decodeOrcpt } from "./dsn.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import { checkHoldFor, checkHoldUntil, futureReleaseLine } from "./future-release.ts";
import {
  checkBy,
  checkPriority,
  checkValidSince,
  type ParameterCheck,
  type ParameterContext,
} from "./parameter-values.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import { offeredMechanisms } from "./sasl/mechanisms.ts";
import type { Warning } from "./warnings.ts";
import { decodeXtext } from "./xtext.ts";

export interface Extension {
  readonly keyword: string;
  /** The line in the EHLO reply; null while it is not offered. */
  readonly line: (options: SessionOptions, client: ClientFacts) => string | null;
  readonly verbs: readonly string[];
  /** By verb and keyword: `"MAIL SIZE"`. */
  readonly parameters: Readonly<Record<string, ParameterCheck>>;
}

const always = (line: string) => (): string => line;

/** In the order in which EHLO lists them. */
export const extensions: readonly Extension[] = [
  { keyword: "PIPELINING", line: always("PIPELINING"), verbs: [], parameters: {} }, // RFC 2920
  { keyword: "CHUNKING", line: always("CHUNKING"), verbs: ["BDAT"], parameters: {} }, // RFC 3030 §2
  {
    keyword: "SIZE", // RFC 1870
    line: ({ maxMessageSize }) => `SIZE ${maxMessageSize}`,
    verbs: [],
    parameters: { "MAIL SIZE": checkSize },
  },
  {
    keyword: "8BITMIME", // RFC 6152
    line: always("8BITMIME"),
    verbs: [],
    parameters: { "MAIL BODY": checkBody },
  },
  {
    keyword: "BINARYMIME", // RFC 3030 §3: needs CHUNKING and 8BITMIME
    line: ({ hiddenExtensions }) =>
      hiddenExtensions.has("CHUNKING") || hiddenExtensions.has("8BITMIME") ? null : "BINARYMIME",
    verbs: [],
    parameters: {},
  },
  {
    keyword: "SMTPUTF8", // RFC 6531 §3.1: needs 8BITMIME
    line: ({ hiddenExtensions }) => (hiddenExtensions.has("8BITMIME") ? null : "SMTPUTF8"),
    verbs: [],
    // RFC 6531 §3.7.4.2: VRFY and EXPN too, for replies in UTF-8
    parameters: { "MAIL SMTPUTF8": noValue, "VRFY SMTPUTF8": noValue, "EXPN SMTPUTF8": noValue },
  },
  {
    keyword: "DSN", // RFC 3461
    line: always("DSN"),
    verbs: [],
    parameters: {
      "MAIL RET": oneOf("FULL", "HDRS"),
      "MAIL ENVID": checkEnvid,
      "RCPT NOTIFY": checkNotify,
      "RCPT ORCPT": checkOrcpt,
    },
  },
  { keyword: "ENHANCEDSTATUSCODES", line: always("ENHANCEDSTATUSCODES"), verbs: [], parameters: {} }, // RFC 2034
  {
    keyword: "STARTTLS", // RFC 3207 §4.2: not offered again under TLS
    line: ({ startTls }, { secure }) => (startTls === "off" || secure ? null : "STARTTLS"),
    verbs: ["STARTTLS"],
    parameters: {},
  },
  {
    keyword: "REQUIRETLS", // RFC 8689 §2: offered under TLS only
    line: (_, { secure }) => (secure ? "REQUIRETLS" : null),
    verbs: [],
    parameters: { "MAIL REQUIRETLS": noValue },
  },
  {
    keyword: "AUTH", // RFC 4954
    line: ({ startTls, sasl }, { secure }) =>
      startTls === "require" && !secure ? null : `AUTH ${offeredMechanisms(sasl).join(" ")}`,
    verbs: ["AUTH"],
    parameters: { "MAIL AUTH": checkAuth },
  },
  { keyword: "DELIVERBY", line: always("DELIVERBY"), verbs: [], parameters: { "MAIL BY": checkBy } }, // RFC 2852
  {
    keyword: "FUTURERELEASE", // RFC 4865
    line: always(futureReleaseLine),
    verbs: [],
    parameters: { "MAIL HOLDFOR": checkHoldFor, "MAIL HOLDUNTIL": checkHoldUntil },
  },
  {
    keyword: "MT-PRIORITY", // RFC 6710
    line: always("MT-PRIORITY"),
    verbs: [],
    parameters: { "MAIL MT-PRIORITY": checkPriority },
  },
  { keyword: "RRVS", line: always("RRVS"), verbs: [], parameters: { "RCPT RRVS": checkValidSince } }, // RFC 7293
  {
    keyword: "LIMITS", // RFC 9422: only what is configured
    line: ({ maxRecipients }) =>
      maxRecipients === null ? null : `LIMITS RCPTMAX=${Math.min(maxRecipients, 999_999)}`, // six digits at most
    verbs: [],
    parameters: {},
  },
  { keyword: "SEND", line: always("SEND"), verbs: ["SEND"], parameters: {} }, // RFC 821 §3.4, RFC 5321 F.6
  { keyword: "SOML", line: always("SOML"), verbs: ["SOML"], parameters: {} },
  { keyword: "SAML", line: always("SAML"), verbs: ["SAML"], parameters: {} },
  {
    keyword: "XCLIENT",
    line: ({ trusted }) => (trusted ? `XCLIENT ${[...xclientAttributes.keys()].join(" ")}` : null),
    verbs: ["XCLIENT"],
    parameters: {},
  },
  {
    keyword: "XFORWARD",
    line: ({ trusted }) => (trusted ? `XFORWARD ${[...xforwardAttributes.keys()].join(" ")}` : null),
    verbs: ["XFORWARD"],
    parameters: {},
  },
  {
    keyword: "EXPN", // RFC 5321 §4.1.1.7
    line: ({ hasLists }) => (hasLists() ? "EXPN" : null),
    verbs: ["EXPN"],
    parameters: {},
  },
  { keyword: "HELP", line: always("HELP"), verbs: ["HELP"], parameters: {} }, // RFC 5321 §4.1.1.8
];

const byVerb = new Map(extensions.flatMap((extension) => extension.verbs.map((verb) => [verb, extension])));
const byParameter = new Map(
  extensions.flatMap((extension) => Object.keys(extension.parameters).map((name) => [name, extension])),
);

/** The lines of an EHLO reply after the first (RFC 5321 §4.1.1.1). */
export function extensionLines(options: SessionOptions, client: ClientFacts): string[] {
  const lines: string[] = [];
  for (const { keyword, line } of extensions) {
    const offered = options.hiddenExtensions.has(keyword) ? null : line(options, client);
    if (offered !== null) lines.push(offered);
  }
  return lines;
}

/** A verb of a hidden extension does not exist. */
export function isHiddenVerb(verb: string, options: SessionOptions): boolean {
  const extension = byVerb.get(verb);
  return extension !== undefined && options.hiddenExtensions.has(extension.keyword);
}

/** Whether a command of this verb is of any use to the client. EXPN is answered where it is not offered, too. */
export function isServed(verb: string, options: SessionOptions, client: ClientFacts): boolean {
  if (verb === "LHLO") return options.protocol === "lmtp";
  if (verb === "HELO" || verb === "EHLO") return options.protocol === "smtp";
  const extension = byVerb.get(verb);
  if (extension === undefined) return true;
  if (options.hiddenExtensions.has(extension.keyword)) return false;
  return verb === "EXPN" || extension.line(options, client) !== null;
}

/** Whether a parameter may be used: offered, hidden by the options, not offered to this client, or of no extension. */
export function standingOf(
  verb: string,
  keyword: string,
  options: SessionOptions,
  client: ClientFacts,
): "offered" | "hidden" | "not-offered" | "unknown" {
  const extension = byParameter.get(`${verb} ${keyword}`);
  if (extension === undefined) return "unknown";
  if (options.hiddenExtensions.has(extension.keyword)) return "hidden";
  return client.esmtp && extension.line(options, client) !== null ? "offered" : "not-offered";
}

/** Whether any extension defines the parameter, offered or not. */
export function isKnownParameter(verb: string, keyword: string): boolean {
  return byParameter.has(`${verb} ${keyword}`);
}

/** Checks the value of a parameter that is known; null when it is right or nobody knows it. */
export function checkParameter(
  verb: string,
  keyword: string,
  value: string | true,
  options: SessionOptions,
  context: ParameterContext,
): Reply | null {
  const name = `${verb} ${keyword}`;
  return byParameter.get(name)?.parameters[name]?.(value, options, context) ?? null;
}

/** What carries text in another form. */
const encoded: Readonly<Record<string, (value: string) => string | null>> = {
  ENVID: decodeXtext,
  ORCPT: decodeOrcpt,
  AUTH: decodeXtext,
};

/** The command with what its parameters mean; what cannot be decoded stays as it was sent. */
export function decodeParameters<One extends Command>(command: One): One {
  if (command.kind !== "mail" && command.kind !== "rcpt") return command;
  let parameters: Parameters = command.parameters;
  for (const [keyword, value] of Object.entries(parameters)) {
    const decoded = typeof value === "string" ? (encoded[keyword]?.(value) ?? value) : value;
    if (decoded !== value) parameters = { ...parameters, [keyword]: decoded };
  }
  return parameters === command.parameters ? command : { ...command, parameters };
}

/** RFC 1870 §5: size-value = 1*20DIGIT */
function checkSize(value: string | true, { maxMessageSize }: SessionOptions): Reply | null {
  if (value === true || !/^[0-9]{1,20}$/.test(value)) return replies.badArgument("Malformed SIZE");
  return Number(value) > maxMessageSize ? replies.tooBig : null;
}

/** RFC 6152 §2, and RFC 3030 §3 where BINARYMIME is offered. */
function checkBody(value: string | true, options: SessionOptions, context: ParameterContext): Reply | null {
  const isBinary = extensionLines(options, context.client).includes("BINARYMIME");
  return oneOf("7BIT", "8BITMIME", ...(isBinary ? ["BINARYMIME"] : []))(value, options, context);
}

/** RFC 4954 §5: an xtext mailbox, or "<>" for none. */
function checkAuth(value: string | true): Reply | null {
  return value !== true && /^(?:[^+]|\+[0-9A-F]{2})+$/.test(value)
    ? null
    : replies.badArgument("Malformed AUTH");
}

function oneOf(...allowed: readonly string[]): ParameterCheck {
  return (value) =>
    value !== true && allowed.includes(value.toUpperCase())
      ? null
      : replies.badArgument(`The value must be one of ${allowed.join(", ")}`);
}

function noValue(value: string | true): Reply | null {
  return value === true ? null : replies.badArgument("The parameter takes no value");
}

/** Beside those that have a warning of their own. */
const lastOfGroup: ReadonlySet<Command["kind"]> = new Set(["noop", "vrfy", "expn"]);

/**
 * What is odd about input that came behind a command before its reply (RFC 2920 §3.1).
 * `command` null: behind the end of data. Null when the client may do that.
 */
export function pipeliningWarning(
  command: Command | null,
  options: SessionOptions,
  client: ClientFacts,
): Warning | null {
  if (command?.kind === "quit") return null; // what follows is never read
  if (command?.kind === "helo") return "pipelined-after-ehlo";
  if (command?.kind === "data") return "pipelined-after-data";
  if (command?.kind === "auth") return "pipelined-after-auth"; // RFC 4954 §3: the last one of a group
  if (command?.kind === "starttls") return "pipelined-after-starttls";
  const isOffered = client.esmtp && !options.hiddenExtensions.has("PIPELINING");
  if (!isOffered) return "pipelined-without-extension";
  return command !== null && lastOfGroup.has(command.kind) ? "pipelined-after-noop" : null;
}
