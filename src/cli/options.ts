/** The table of all settings: flags, variables, config keys, and the text of `--help`. */
import type { Option } from "./option.ts";

const network: readonly Option[] = [
  { flag: "host", kind: "text", placeholder: "ADDRESS", help: "Address that all listeners bind (loopback)" },
  { flag: "smtp-port", kind: "port", fallback: 1025, help: "0: any free port (1025)" },
  { flag: "http-port", kind: "port", fallback: 8025, help: "Inbox and API; 0: any free port (8025)" },
  { flag: "smtps-port", kind: "port", help: "SMTP with implicit TLS (off)" },
  { flag: "lmtp-port", kind: "port", help: "LMTP: one reply per recipient (off)" },
  {
    flag: "hostname",
    kind: "text",
    placeholder: "NAME",
    help: "Name in greeting and replies (mailproof.test)",
  },
  {
    flag: "http-token",
    kind: "text",
    placeholder: "TOKEN",
    help: "Bearer token, or basic password, for HTTP (none)",
  },
  {
    flag: "allowed-host",
    kind: "list",
    placeholder: "NAME",
    help: "Further Host name of HTTP requests; repeatable",
  },
  { flag: "proxy-protocol", kind: "switch", help: "Trusted proxies begin with a PROXY header, v1 or v2" },
  {
    flag: "trusted-proxy",
    kind: "list",
    placeholder: "CIDR",
    help: "Network whose PROXY and XCLIENT count; repeatable (none)",
  },
];

const security: readonly Option[] = [
  {
    flag: "starttls",
    kind: "choice",
    choices: ["off", "offer", "require"],
    help: "TLS within a session (off)",
  },
  { flag: "tls-cert", kind: "text", placeholder: "FILE", help: "PEM, with --tls-key (generated, with a CA)" },
  { flag: "tls-key", kind: "text", placeholder: "FILE", help: "PEM" },
  {
    flag: "tls-name",
    kind: "list",
    placeholder: "NAME",
    help: "Further name in the generated certificate; repeatable",
  },
  { flag: "auth", kind: "list", placeholder: "USER:PASSWORD", help: "Accept only these; repeatable (any)" },
  { flag: "auth-required", kind: "switch", help: "Refuse MAIL before AUTH" },
];

const behaviour: readonly Option[] = [
  {
    flag: "fault",
    kind: "list",
    placeholder: "RULE",
    help: "Preset, @FILE.json, or PHASE [PATTERN] EFFECT; repeatable",
  },
  {
    flag: "magic",
    kind: "choice",
    choices: ["on", "off"],
    help: "Addresses such as bob+fault.452@x.test ask for faults (on)",
  },
  { flag: "seed", kind: "text", placeholder: "TEXT", help: "Of every random decision (random, printed)" },
  { flag: "strict", kind: "switch", help: "Refuse what is forgiven with a warning by default" },
  { flag: "lenient", kind: "switch", help: "Forgive more than by default" },
  {
    flag: "hide-extension",
    kind: "list",
    placeholder: "KEYWORD",
    help: "Neither advertise nor accept; repeatable",
  },
  { flag: "require-helo", kind: "switch", help: "Refuse MAIL before HELO or EHLO" },
];

const limits: readonly Option[] = [
  { flag: "max-message-size", kind: "size", help: "Also what SIZE advertises (50M)" },
  { flag: "max-messages", kind: "count", help: "The oldest go first (no limit)" },
  { flag: "max-bytes", kind: "size", help: "Of all messages together, 3 KiB each added (512M)" },
  {
    flag: "when-full",
    kind: "choice",
    choices: ["evict", "reject"],
    help: "reject: answer 452 4.3.1 (evict)",
  },
  { flag: "max-recipients", kind: "count", help: "Per message; 452 4.5.3 beyond (no limit)" },
  { flag: "max-sessions", kind: "count", help: "At a time; 421 4.7.0 beyond (1000)" },
  { flag: "max-errors", kind: "count", help: "Refused commands in a session; 421 4.7.0 then (50)" },
  { flag: "max-junk", kind: "count", help: "NOOP, RSET and the like between two messages (no limit)" },
  { flag: "idle-timeout", kind: "duration", help: "421 4.4.2 after so long without a word (300s)" },
  { flag: "command-timeout", kind: "duration", help: "For a command, or 1 KiB of content (300s)" },
];

/** The options of `startMailproof` that fit into a flag. */
export const serverOptions: readonly Option[] = [...network, ...security, ...behaviour, ...limits];

/** The others: only a config file has room for them. */
export const fileOptions: readonly Option[] = [
  { flag: "directory", kind: "object", help: "Users and mailing lists that are there (none)" },
];

/** What only the program needs to know. */
export const programOptions: readonly Option[] = [
  {
    flag: "config",
    kind: "text",
    placeholder: "FILE",
    help: "(mailproof.config.ts, .mts, .js, .mjs or .json)",
  },
  { flag: "tls-ca-out", kind: "text", placeholder: "FILE", help: "Write the generated CA there" },
  { flag: "json", kind: "switch", help: "One line of JSON when ready, then one per event" },
  { flag: "quiet", kind: "switch", help: "Say where it listens and then nothing more" },
  { flag: "verbose", kind: "switch", help: "Say more: runtime, sessions, every fault" },
];

/** What may stand in a config file. */
export const configOptions: readonly Option[] = [
  ...serverOptions,
  ...fileOptions,
  ...programOptions.filter(({ flag }) => flag !== "config"),
];

export const helpOption: Option = { flag: "help", kind: "switch", help: "This text" };
export const versionOption: Option = { flag: "version", kind: "switch", help: "Name and version" };

export const serveGroups: Readonly<Record<string, readonly Option[]>> = {
  Network: network,
  "TLS and authentication": security,
  Behaviour: behaviour,
  Limits: limits,
  Program: [...programOptions, versionOption, helpOption],
};

/** Of every command for a running server. */
export const connectionOptions: readonly Option[] = [
  {
    flag: "url",
    kind: "text",
    placeholder: "URL",
    help: "Of the running server (MAILPROOF_URL, else http://127.0.0.1:8025)",
  },
  { flag: "http-token", kind: "text", placeholder: "TOKEN", help: "If the server was started with one" },
  { flag: "json", kind: "switch", help: "Answer as JSON" },
];
