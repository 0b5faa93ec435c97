import process from "node:process";
import { nearest } from "../notation/mod.ts";
import { type Option, type Value, type Values, variableOf } from "./option.ts";
import { isGranted } from "./permission.ts";
import { readTyped } from "./value.ts";

/** A variable; undefined where it is empty, may not be read, or tells of a service of that name. */
export function readVariable(variable: string): string | undefined {
  if (!isGranted({ name: "env", variable })) return undefined;
  const text = process.env[variable] ?? "";
  return text === "" || isOfService(variable, text) ? undefined : text;
}

/**
 * Kubernetes and links of Docker tell every container of every service. One named `mailproof-smtp` makes
 * `MAILPROOF_SMTP_PORT=tcp://10.96.0.1:1025`.
 */
function isOfService(variable: string, text: string): boolean {
  return /^(?:tcp|udp|sctp):\/\//.test(text) || /_SERVICE_(?:HOST|PORT)|_PORT_\d+_[A-Z]/.test(variable);
}

/** What the environment says for these options. */
export function readEnvironment(options: readonly Option[]): Values {
  const values = new Map<string, Value>();
  for (const option of options) {
    const variable = variableOf(option);
    const text = readVariable(variable);
    if (text !== undefined) values.set(option.flag, readTyped(option, text, variable));
  }
  return values;
}

const prefix = "MAILPROOF_";

/** A warning for each variable that looks like one of ours and is none, if the environment may be listed. */
export function warningsOfVariables(options: readonly Option[]): string[] {
  if (!isGranted({ name: "env" })) return [];
  const known = [...options.map(variableOf), `${prefix}URL`].map((name) => name.slice(prefix.length));
  return Object.entries(process.env)
    .filter(([name]) => name.startsWith(prefix) && !known.includes(name.slice(prefix.length)))
    .filter(([name, text = ""]) => !isOfService(name, text))
    .map(([name]) => {
      const near = nearest(name.slice(prefix.length), known);
      const advice = near === null ? "see mailproof --help" : `did you mean ${prefix}${near}?`;
      return `Warning: unknown variable ${name}; ${advice}`;
    });
}
