/** One setting: its variable, its key in the config file and its line in the help all follow from one row. */
export interface Option {
  /** Kebab case, without dashes. */
  readonly flag: string;
  readonly kind: Kind;
  /** What help writes for the value; by default what the kind calls it. */
  readonly placeholder?: string;
  /** Of kind `choice`. */
  readonly choices?: readonly string[];
  /** Taken where nobody says anything. */
  readonly fallback?: number;
  /** One line; the default in parentheses at its end. */
  readonly help: string;
}

/** An `object` can only stand in a config file. */
export type Kind = "switch" | "text" | "choice" | "port" | "count" | "duration" | "size" | "list" | "object";

/** A value as its kind makes it; lists from a config file may hold objects. */
export type Value = string | number | boolean | readonly unknown[] | object;

/** Values by flag, of one place or of all. */
export type Values = ReadonlyMap<string, Value>;

/** `smtp-port`: `MAILPROOF_SMTP_PORT` */
export function variableOf({ flag }: Option): string {
  return `MAILPROOF_${flag.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * In config files and `startMailproof`. `smtp-port`: `smtpPort`; the lists `allowed-host` and
 * `trusted-proxy`: `allowedHosts` and `trustedProxies`.
 */
export function keyOf({ flag, kind }: Option): string {
  const key = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return kind === "list" ? `${key.replace(/y$/, "ie")}s` : key;
}

/** `--smtp-port PORT` */
export function synopsisOf({ flag, kind, placeholder, choices }: Option): string {
  if (kind === "switch") return `--${flag}`;
  return `--${flag} ${placeholder ?? choices?.join("|") ?? (kind === "count" ? "N" : kind.toUpperCase())}`;
}

export function textOf(values: Values, flag: string): string | undefined {
  const value = values.get(flag);
  return value === undefined ? undefined : String(value);
}

export function isOn(values: Values, flag: string): boolean {
  return values.get(flag) === true;
}
