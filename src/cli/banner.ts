import { basename } from "node:path";
import type { Info } from "../api/contract.ts";
import type { MailproofOptions } from "../options.ts";
import type { Mailproof } from "../sdk/mod.ts";
import { programStart } from "./program-start.ts";
import { printable, type Terminal } from "./terminal.ts";

/** The first line of `--json`. */
export function readyLine(mail: Mailproof, info: Info, pid: number): string {
  const { smtp, smtps, lmtp, http } = mail;
  return JSON.stringify({
    event: "ready",
    version: info.version,
    pid,
    smtp,
    ...(smtps === undefined ? {} : { smtps }),
    ...(lmtp === undefined ? {} : { lmtp }),
    http,
    seed: info.seed,
  });
}

/** What the banner tells beside the addresses. */
export interface Start {
  readonly info: Info;
  /** Ids of the rules in force, as they were given. */
  readonly faults: readonly string[];
  /** The config file; null: there is none. */
  readonly config: string | null;
  /** Where the generated CA was written; null: nowhere. */
  readonly caFile: string | null;
  readonly verbose: boolean;
}

/** Of more rules only the first are named. */
const mostFaults = 8;

/** What a reader sees first. */
export function banner(mail: Mailproof, start: Start, { paint }: Terminal): string {
  const { info, faults, config, caFile, verbose } = start;
  const ready = Math.round(performance.now() - programStart);
  const rows: [string, string][] = [["SMTP", mail.smtp.url]];
  if (mail.smtps !== undefined) rows.push(["SMTPS", mail.smtps.url]);
  if (mail.lmtp !== undefined) rows.push(["LMTP", mail.lmtp.url]);
  if (info.starttls !== "off")
    rows.push(["STARTTLS", info.starttls === "offer" ? "offered" : "required before AUTH and MAIL"]);
  if (mail.tls.ca !== null) rows.push(["CA", caFile ?? `${mail.http.url}/api/tls/ca.pem`]);
  rows.push(["Inbox", `${mail.http.url}/`], ["Seed", info.seed]);
  if (faults.length > 0) {
    const more = faults.length - mostFaults;
    rows.push(["Faults", faults.slice(0, mostFaults).join(", ") + (more > 0 ? ` +${more}` : "")]);
  }
  if (config !== null) rows.push(["Config", basename(config) === config ? `./${config}` : config]);
  if (verbose) rows.push(["Runtime", `${info.runtime.name} ${info.runtime.version}`]);
  return [
    "",
    `  ${paint("bold", `MAILPROOF v${info.version}`)}  ${paint("dim", `ready in ${ready} ms`)}`,
    "",
    ...rows.map(
      ([name, value]) =>
        `  ${paint("green", "➜")}  ${paint("bold", name.padEnd(8))} ${paint("cyan", printable(value))}`,
    ),
    "",
  ].join("\n");
}

/** Of what is meant seldom: a port that others reach, and a demand that nobody can meet. */
export function warningsOf({
  host = "127.0.0.1",
  httpToken,
  authRequired,
  starttls,
  smtpsPort,
  hideExtensions = [],
}: MailproofOptions): string[] {
  const isLoopback = host === "localhost" || host === "::1" || host.startsWith("127.");
  const advice =
    httpToken === undefined ? "--http-token guards the inbox" : "the inbox asks for the token, SMTP does not";
  const exposed = `listening on ${host}: whoever reaches this machine can send and read mail here; ${advice}`;
  const hides = (extension: string) => hideExtensions.some((one) => one.toUpperCase() === extension);
  const closed = (extension: string) =>
    `${extension} is required, and hidden: nobody can send; leave out --hide-extension ${extension}`;
  return [
    ...(isLoopback ? [] : [exposed]),
    ...(authRequired && hides("AUTH") ? [closed("AUTH")] : []),
    ...(starttls === "require" && smtpsPort === undefined && hides("STARTTLS") ? [closed("STARTTLS")] : []),
  ].map((text) => `Warning: ${text}`);
}
