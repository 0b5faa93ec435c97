/** What a server can be started with: the flags of the command line in camelCase, and their defaults. */
import type { FaultRule } from "./faults/mod.ts";
import { parseDuration, parseSize } from "./notation/mod.ts";

/** All optional. Durations: milliseconds or `"10s"`; sizes: octets or `"50M"`. */
export interface MailproofOptions {
  /** Address all listeners bind. Default: loopback (127.0.0.1, and ::1 where it exists). */
  host?: string;
  /** Default 0: any free port. So are the other ports. */
  smtpPort?: number;
  httpPort?: number;
  /** Implicit TLS. Default: off. */
  smtpsPort?: number;
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
  /** Name in greeting and replies. Default `mailproof.test`. */
  hostname?: string;
  /** Extensions that are not advertised and refused, such as `PIPELINING`. */
  hideExtensions?: readonly string[];
  /** Refuses what the default forgives with a warning. */
  strict?: boolean;
  /** Forgives LF-only command lines, bare local parts and parameters of unadvertised extensions too. */
  lenient?: boolean;
  /** Default 50M. Also what SIZE advertises. */
  maxMessageSize?: number | string;
  /** Default: no limit. */
  maxMessages?: number;
  /** Default 512M. */
  maxBytes?: number | string;
  /** `"reject"` answers 452 4.3.1; default `"evict"`: the oldest go first. */
  whenFull?: "evict" | "reject";
  /** Per message. Default: no limit. */
  maxRecipients?: number;
  /** Open at once. Default 1,000. */
  maxSessions?: number;
  /** Default 300s. */
  idleTimeout?: number | string;
  /** Refuses MAIL before HELO or EHLO. Default false. */
  requireHelo?: boolean;
  /** Rules, preset names, or shorthands such as `"rcpt *@full.test 452 4.2.2 Mailbox full"`. */
  faults?: readonly (FaultRule | string)[];
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
  readonly idleTimeout: number;
  readonly requireHelo: boolean;
  readonly faults: readonly (FaultRule | string)[];
  readonly seed: string;
  readonly httpToken: string | null;
  readonly allowedHosts: readonly string[];
}

/** Types a config file; returns it as it is. */
export function defineConfig(config: MailproofOptions): MailproofOptions {
  return config;
}

/** Fills in the defaults. `RangeError` or `TypeError` for a value that cannot be. */
export function settle(options: MailproofOptions): Settings {
  const { host, tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new TypeError("Failed to set up TLS: only one of tlsCert and tlsKey is given; give both or none");
  }
  if (options.strict === true && options.lenient === true) {
    throw new TypeError("Failed to choose a level: strict and lenient are both set; set one or none");
  }
  const hostname = options.hostname ?? "mailproof.test";
  return {
    host: host ?? null,
    smtpPort: port("smtpPort", options.smtpPort ?? 0),
    httpPort: port("httpPort", options.httpPort ?? 0),
    smtpsPort: options.smtpsPort === undefined ? null : port("smtpsPort", options.smtpsPort),
    starttls: choice("starttls", options.starttls ?? "off", ["off", "offer", "require"]),
    tlsFiles: tlsCert === undefined || tlsKey === undefined ? null : { cert: tlsCert, key: tlsKey },
    tlsNames: [
      ...new Set([
        "localhost",
        "127.0.0.1",
        "::1",
        hostname,
        ...(host === undefined ? [] : [host]),
        ...(options.tlsNames ?? []),
      ]),
    ],
    auth: new Map((options.auths ?? []).map(userAndPassword)),
    authRequired: options.authRequired ?? false,
    hostname,
    hiddenExtensions: new Set((options.hideExtensions ?? []).map((keyword) => keyword.toUpperCase())),
    strictness: options.strict ? "strict" : options.lenient ? "lenient" : "default",
    maxMessageSize: parseSize(options.maxMessageSize ?? "50M"),
    maxMessages: options.maxMessages === undefined ? null : count("maxMessages", options.maxMessages),
    maxBytes: parseSize(options.maxBytes ?? "512M"),
    whenFull: choice("whenFull", options.whenFull ?? "evict", ["evict", "reject"]),
    maxRecipients: options.maxRecipients === undefined ? null : count("maxRecipients", options.maxRecipients),
    maxSessions: count("maxSessions", options.maxSessions ?? 1_000),
    idleTimeout: parseDuration(options.idleTimeout ?? "300s"),
    requireHelo: options.requireHelo ?? false,
    faults: options.faults ?? [],
    seed: String(options.seed ?? randomSeed()),
    httpToken: options.httpToken ?? null,
    allowedHosts: [...(host === undefined ? [] : [host]), ...(options.allowedHosts ?? [])],
  };
}

function port(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new RangeError(`Failed to set ${name}: ${value}; use 1 to 65535, or 0 for any free port`);
}

function count(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`Failed to set ${name}: ${value}; use a whole number from 1`);
}

function choice<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const chosen = choices.find((one) => one === value);
  if (chosen !== undefined) return chosen;
  throw new RangeError(`Failed to set ${name}: "${value}"; use ${choices.join(", ")}`);
}

function userAndPassword(pair: string): [string, string] {
  const colon = pair.indexOf(":");
  if (colon > 0) return [pair.slice(0, colon), pair.slice(colon + 1)];
  throw new TypeError("Failed to set auths: a pair without a colon; use user:password");
}

function randomSeed(): string {
  const [word] = crypto.getRandomValues(new Uint32Array(1));
  return (word ?? 0).toString(36);
}
