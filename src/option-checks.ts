/** What each option may be. The types say it too, but a config file and JavaScript do not ask them. */
import { compileNetwork } from "./faults/mod.ts";
import { longestTimer, parseDuration, parseSize, suggest } from "./notation/mod.ts";
import type { MailproofOptions } from "./options.ts";
import { extensions } from "./smtp/mod.ts";
import { readDirectory } from "./store/mod.ts";

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

/** @throws TypeError for an unknown option and a value of the wrong type, RangeError for another wrong value */
export function checkOptions(options: MailproofOptions): void {
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
