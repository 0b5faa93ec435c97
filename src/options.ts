/** What a server can be started with: the flags of the command line in camelCase, and their defaults. */
import { compileNetwork, type FaultRule } from "./faults/mod.ts";
import { longestTimer, parseDuration, parseSize, suggest } from "./notation/mod.ts";
import { extensions } from "./smtp/mod.ts";
import { type DirectoryInput, type DirectoryState, readDirectory } from "./store/mod.ts";

/** All optional. Durations: milliseconds or `"10s"`; sizes: octets or `"50M"`. */
export interface MailproofOptions {
  /** Address all listeners bind. Default: loopback (127.0.0.1, and ::1 where it exists). */
  host?: string;
  /** Default 0: any free port. So are the other ports. */
  smtpPort?: number;
  httpPort?: number;
  /** Implicit TLS. Default: off. */
  smtpsPort?: number;
  /** LMTP: one reply per recipient after the content (RFC 2033). Default: off. */
  lmtpPort?: number;
  /** Default `"off"`. */
  starttls?: "off" | "offer" | "require";
  /** PEM texts. Default: a CA and a leaf are generated. */
  tlsCert?: string;
  tlsKey?: string;
  /** Further names for the generated leaf, beside localhost, 127.0.0.1, ::1, `hostname` and `host`. */
  tlsNames?: readonly string[];
  /** `user:password` pairs. Default: any credentials are accepted. */
  auths?: readonly string[];
  /** Refuses MAIL before AUTH. Default false. */
  authRequired?: boolean;
  /**
   * Name in greeting and replies: a domain of letters, digits, `-`, `_` and `.`, or an address literal such
   * as `[127.0.0.1]`. Default `mailproof.test`.
   */
  hostname?: string;
  /** Extensions that are not advertised and refused, such as `PIPELINING`; in any case. */
  hideExtensions?: readonly string[];
  /** Refuses what the default forgives with a warning. */
  strict?: boolean;
  /** Forgives LF-only command lines, bare local parts and parameters of unadvertised extensions too. */
  lenient?: boolean;
  /** Default 50M, and never more than `maxBytes`. Also what SIZE advertises. */
  maxMessageSize?: number | string;
  /** Default: no limit. */
  maxMessages?: number;
  /** Of all messages together, with 3 KiB for each. Default 512M. */
  maxBytes?: number | string;
  /** `"reject"` answers 452 4.3.1; default `"evict"`: the oldest go first. */
  whenFull?: "evict" | "reject";
  /** Per message. Default: none but 50,000, which LIMITS does not tell. */
  maxRecipients?: number;
  /** Open at once. Default 1,000. */
  maxSessions?: number;
  /** Commands of a session that the server itself refuses; then 421 4.7.0. Default 50. */
  maxErrors?: number;
  /** NOOP, RSET, VRFY, EXPN and HELP of a session, from one message to the next. Default: no limit. */
  maxJunk?: number;
  /** Without a word. From 1 ms. Default 300s. */
  idleTimeout?: number | string;
  /** For one command, for each KiB of content, for a TLS handshake. From 1 ms. Default 300s. */
  commandTimeout?: number | string;
  /** Trusted proxies begin each connection with a PROXY header, version 1 or 2. Default false. */
  proxyProtocol?: boolean;
  /** Networks such as `10.0.0.0/8` whose PROXY headers, XCLIENT and XFORWARD count. Default: none. */
  trustedProxies?: readonly string[];
  /** Refuses MAIL before HELO or EHLO. Default false. */
  requireHelo?: boolean;
  /** Rules, preset names, or shorthands such as `"rcpt *@full.test 452 4.2.2 Mailbox full"`. */
  faults?: readonly (FaultRule | string)[];
  /** Whether addresses such as `bob+fault.452@x.test` ask for faults. Default `"on"`. */
  magic?: "on" | "off";
  /** Who is there for VRFY, EXPN and, with `strictUsers`, RCPT. Default: nobody, and everybody gets mail. */
  directory?: DirectoryInput;
  /** Of every random decision. Default: random. */
  seed?: string | number;
  /** Bearer token or basic password for every HTTP route but the probes. */
  httpToken?: string;
  /** Further names that the `Host` field may have. */
  allowedHosts?: readonly string[];
}

/** Options with every default in place. Null: off or no limit. */
export interface Settings {
  readonly host: string | null;
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly smtpsPort: number | null;
  readonly lmtpPort: number | null;
  readonly starttls: "off" | "offer" | "require";
  readonly tlsFiles: { readonly cert: string; readonly key: string } | null;
  readonly tlsNames: readonly string[];
  readonly auth: ReadonlyMap<string, string>;
  readonly authRequired: boolean;
  readonly hostname: string;
  readonly hiddenExtensions: ReadonlySet<string>;
  readonly strictness: "strict" | "default" | "lenient";
  readonly maxMessageSize: number;
  readonly maxMessages: number | null;
  readonly maxBytes: number;
  readonly whenFull: "evict" | "reject";
  readonly maxRecipients: number | null;
  readonly maxSessions: number;
  readonly maxErrors: number;
  readonly maxJunk: number | null;
  readonly idleTimeout: number;
  readonly commandTimeout: number;
  readonly proxyProtocol: boolean;
  readonly trustedProxies: readonly string[];
  readonly requireHelo: boolean;
  readonly faults: readonly (FaultRule | string)[];
  readonly magic: "on" | "off";
  readonly directory: DirectoryState;
  readonly seed: string;
  readonly httpToken: string | null;
  readonly allowedHosts: readonly string[];
}

/** What may stand in a config file: the options, and what only the program needs to know. */
export interface MailproofConfig extends MailproofOptions {
  /** One line of JSON when ready, then one per event. */
  json?: boolean;
  /** Says where it listens and then nothing more. */
  quiet?: boolean;
  /** Says more: runtime, sessions, every fault. */
  verbose?: boolean;
  /** File that the generated CA is written to. */
  tlsCaOut?: string;
}

/** Types a config file; returns it as it is. */
export function defineConfig(config: MailproofConfig): MailproofConfig {
  return config;
}

/** Throws for a value that the option cannot have. */
type Check = (name: string, value: unknown) => void;

const checks: { readonly [Name in keyof MailproofOptions]-?: Check } = {
  host: text,
  smtpPort: port,
  httpPort: port,
  smtpsPort: port,
  lmtpPort: port,
  starttls: oneOf("off", "offer", "require"),
  tlsCert: text,
  tlsKey: text,
  tlsNames: each(certificateName),
  auths: each(text),
  authRequired: flag,
  hostname: domain,
  hideExtensions: each(extension),
  strict: flag,
  lenient: flag,
  maxMessageSize: size,
  maxMessages: count,
  maxBytes: size,
  whenFull: oneOf("evict", "reject"),
  maxRecipients: count,
  maxSessions: count,
  maxErrors: count,
  maxJunk: count,
  idleTimeout: timeout,
  commandTimeout: timeout,
  proxyProtocol: flag,
  trustedProxies: each(network),
  requireHelo: flag,
  faults: each(rule),
  magic: oneOf("on", "off"),
  directory: (_, value) => void readDirectory(value),
  seed: textOrNumber,
  httpToken: token,
  allowedHosts: each(hostName),
};

export const optionNames: readonly string[] = Object.keys(checks);

/**
 * Fills in the defaults.
 * @throws TypeError for an unknown option and a value of the wrong type, RangeError for another wrong value
 */
export function settle(options: MailproofOptions): Settings {
  check(options);
  const { host, tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const [given, missing] = tlsKey === undefined ? ["tlsCert", "key"] : ["tlsKey", "certificate"];
    throw new TypeError(`Failed to set ${given}: its ${missing} is missing; give both or none`);
  }
  if (options.strict === true && options.lenient === true) {
    throw new TypeError("Failed to set strict: lenient is set, too; set one or none");
  }
  if (options.proxyProtocol === true && (options.trustedProxies ?? []).length === 0) {
    throw new TypeError(
      "Failed to set proxyProtocol: no proxy is trusted; name the network of yours as a trusted proxy, such as 10.0.0.0/8",
    );
  }
  const hostname = options.hostname ?? "mailproof.test";
  const maxBytes = parseSize(options.maxBytes ?? "512M");
  return {
    host: host ?? null,
    smtpPort: options.smtpPort ?? 0,
    httpPort: options.httpPort ?? 0,
    smtpsPort: options.smtpsPort ?? null,
    lmtpPort: options.lmtpPort ?? null,
    starttls: options.starttls ?? "off",
    tlsFiles: tlsCert === undefined || tlsKey === undefined ? null : { cert: tlsCert, key: tlsKey },
    tlsNames: [
      ...new Set([
        "localhost",
        "127.0.0.1",
        "::1",
        hostname.replace(/^\[(?:IPv6:)?(.*)\]$/i, "$1"),
        ...(host === undefined ? [] : [host]),
        ...(options.tlsNames ?? []),
      ]),
    ],
    auth: new Map((options.auths ?? []).map(userAndPassword)),
    authRequired: options.authRequired ?? false,
    hostname,
    hiddenExtensions: new Set((options.hideExtensions ?? []).map((keyword) => keyword.toUpperCase())),
    strictness: options.strict ? "strict" : options.lenient ? "lenient" : "default",
    // What the store can never hold is refused for good, and SIZE says so.
    maxMessageSize: Math.min(parseSize(options.maxMessageSize ?? "50M"), maxBytes),
    maxMessages: options.maxMessages ?? null,
    maxBytes,
    whenFull: options.whenFull ?? "evict",
    maxRecipients: options.maxRecipients ?? null,
    maxSessions: options.maxSessions ?? 1_000,
    maxErrors: options.maxErrors ?? 50,
    maxJunk: options.maxJunk ?? null,
    idleTimeout: parseDuration(options.idleTimeout ?? "300s"),
    commandTimeout: parseDuration(options.commandTimeout ?? "300s"),
    proxyProtocol: options.proxyProtocol ?? false,
    trustedProxies: options.trustedProxies ?? [],
    requireHelo: options.requireHelo ?? false,
    faults: options.faults ?? [],
    magic: options.magic ?? "on",
    directory: readDirectory(options.directory ?? {}),
    seed: String(options.seed ?? randomSeed()),
    httpToken: options.httpToken ?? null,
    allowedHosts: [...(host === undefined ? [] : [host]), ...(options.allowedHosts ?? [])],
  };
}

/** The types say all this too, but a config file and JavaScript do not ask them. */
function check(options: MailproofOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`Failed to read the options: ${show(options)}; use an object`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name)) {
      throw new TypeError(`Failed to find the option: "${name}"; ${suggest(name, optionNames)}`);
    }
    if (value !== undefined) checks[name as keyof MailproofOptions](name, value);
  }
}

function text(name: string, value: unknown): void {
  if (typeof value !== "string") refuse(TypeError, name, show(value), "use a text");
  if (value === "") refuse(RangeError, name, show(value), "use a text, or leave it out");
}

function textOrNumber(name: string, value: unknown): void {
  if (typeof value !== "number") text(name, value);
}

function flag(name: string, value: unknown): void {
  if (typeof value !== "boolean") refuse(TypeError, name, show(value), "use true or false");
}

function port(name: string, value: unknown): void {
  wholeNumber(name, value, 0, 65_535, "use 1 to 65535, or 0 for any free port");
}

function count(name: string, value: unknown): void {
  wholeNumber(name, value, 1, Number.MAX_SAFE_INTEGER, "use a whole number from 1");
}

function wholeNumber(name: string, value: unknown, least: number, most: number, advice: string): void {
  if (typeof value !== "number") refuse(TypeError, name, show(value), advice);
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(RangeError, name, show(value), advice);
  }
}

/** RFC 1870 §3: `SIZE 0` would say that there is no limit. */
function size(name: string, value: unknown): void {
  const advice = "use a number of octets from 1, or 10k, 50M, 1G";
  if (typeof value !== "string" && typeof value !== "number") refuse(TypeError, name, show(value), advice);
  if (parseSize(value) < 1) refuse(RangeError, name, show(value), advice);
}

function timeout(name: string, value: unknown): void {
  const advice = "use a duration from 1ms to 596h, such as 10s, 5m, 2h";
  if (typeof value !== "string" && typeof value !== "number") refuse(TypeError, name, show(value), advice);
  const milliseconds = parseDuration(value);
  if (milliseconds < 1 || milliseconds > longestTimer) refuse(RangeError, name, show(value), advice);
}

/** At most 255 octets: RFC 5321 §4.5.3.1.2. */
function domain(name: string, value: unknown): void {
  const form = /^(?=.{1,255}$)(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[a-z0-9.:]+\])$/i;
  const advice = "use a domain such as mailproof.test, or an address literal such as [127.0.0.1]";
  if (typeof value !== "string") refuse(TypeError, name, show(value), advice);
  if (!form.test(value)) refuse(RangeError, name, show(value), advice);
}

/** A DNS name, which may begin with `*.`, or an address. */
function certificateName(name: string, value: unknown): void {
  const form = /^(?:(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*)$/i;
  text(name, value);
  if (!form.test(String(value))) {
    refuse(RangeError, name, show(value), "use a name such as mail.example.com, or an address");
  }
}

/** As the `Host` field has it. */
function hostName(name: string, value: unknown): void {
  const form = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/i;
  text(name, value);
  if (!form.test(String(value))) {
    refuse(
      RangeError,
      name,
      show(value),
      "use a whole name such as mail.example.com, without scheme and port",
    );
  }
}

/** What a header field can carry. It is not shown. */
function token(name: string, value: unknown): void {
  text(name, value);
  if (!/^[!-~]+$/.test(String(value))) {
    refuse(RangeError, name, "it has a blank or is not ASCII", "use letters, digits and signs of ASCII");
  }
}

function network(name: string, value: unknown): void {
  text(name, value);
  try {
    compileNetwork(String(value));
  } catch {
    refuse(RangeError, name, show(value), "use a network such as 10.0.0.0/8 or 2001:db8::/32, or an address");
  }
}

function extension(name: string, value: unknown): void {
  const keywords = extensions.map(({ keyword }) => keyword);
  if (typeof value !== "string") refuse(TypeError, name, show(value), `use ${keywords.join(", ")}`);
  if (!keywords.includes(value.toUpperCase())) {
    refuse(RangeError, name, show(value), suggest(value, keywords));
  }
}

/** What a rule must be is said where it is parsed. */
function rule(name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) text(name, value);
}

function oneOf(...choices: readonly string[]): Check {
  return (name, value) => {
    const advice = `use ${choices.join(", ")}`;
    if (typeof value !== "string") refuse(TypeError, name, show(value), advice);
    if (!choices.includes(value)) refuse(RangeError, name, show(value), advice);
  };
}

function each(checkItem: Check): Check {
  return (name, value) => {
    // The value is not shown: it could be a password.
    if (!Array.isArray(value)) refuse(TypeError, name, "no list", "use a list");
    for (const item of value) checkItem(name, item);
  };
}

function refuse(
  Refusal: typeof TypeError | typeof RangeError,
  name: string,
  current: string,
  advice: string,
): never {
  throw new Refusal(`Failed to set ${name}: ${current}; ${advice}`);
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
}

function userAndPassword(pair: string): [string, string] {
  const colon = pair.indexOf(":");
  if (colon > 0) return [pair.slice(0, colon), pair.slice(colon + 1)];
  throw new TypeError("Failed to set auths: a pair without a user or a colon; use user:password");
}

function randomSeed(): string {
  const [word] = crypto.getRandomValues(new Uint32Array(1));
  return (word ?? 0).toString(36);
}
