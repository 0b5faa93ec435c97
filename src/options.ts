/** What a server can be started with: the flags of the command line in camelCase, and their defaults. */
import type { FaultRule } from "./faults/mod.ts";
import { parseDuration, parseSize } from "./notation/mod.ts";
import { checkOptions } from "./option-checks.ts";
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
  /** PEM texts, for `starttls` or `smtpsPort`. Default: a CA and a leaf are generated. */
  tlsCert?: string;
  tlsKey?: string;
  /** Further names for the generated leaf, beside localhost, 127.0.0.1, ::1, `hostname` and `host`. */
  tlsNames?: readonly string[];
  /** `user:password` pairs, one for each user. Default: any credentials are accepted. */
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

/**
 * Fills in the defaults.
 * @throws TypeError for an unknown option and a value of the wrong type, RangeError for another wrong value
 */
export function settle(options: MailproofOptions): Settings {
  checkOptions(options);
  const { host, tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const [given, missing] = tlsKey === undefined ? ["tlsCert", "key"] : ["tlsKey", "certificate"];
    throw new TypeError(`Failed to set ${given}: its ${missing} is missing; give both or none`);
  }
  checkTls(options);
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
    auth: passwordsOf(options.auths ?? []),
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

/** What would do nothing is refused. */
function checkTls({ starttls = "off", smtpsPort, tlsCert, tlsNames = [] }: MailproofOptions): void {
  const given = tlsCert !== undefined ? "tlsCert" : tlsNames.length > 0 ? "tlsNames" : null;
  if (given !== null && starttls === "off" && smtpsPort === undefined) {
    throw new TypeError(`Failed to set ${given}: TLS is off; offer STARTTLS or SMTPS, too, or leave it out`);
  }
  if (tlsCert !== undefined && tlsNames.length > 0) {
    throw new TypeError(
      "Failed to set tlsNames: the certificate is not generated, but given; leave out one of them",
    );
  }
}

function passwordsOf(pairs: readonly string[]): ReadonlyMap<string, string> {
  const passwords = new Map<string, string>();
  for (const [user, password] of pairs.map(userAndPassword)) {
    if (passwords.has(user)) {
      throw new RangeError(
        `Failed to set auths: ${JSON.stringify(user)} is there twice; give it one password`,
      );
    }
    passwords.set(user, password);
  }
  return passwords;
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
