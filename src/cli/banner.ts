import { basename } from "node:path";
import type { Info } from "../api/contract.ts";
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

/** Null on loopback. */
export function exposureWarning(host: string | undefined, hasToken: boolean): string | null {
  if (host === undefined || host === "localhost" || host === "::1" || host.startsWith("127.")) return null;
  const advice = hasToken ? "the inbox asks for the token, SMTP does not" : "--http-token guards the inbox";
  return `Warning: listening on ${host}: whoever reaches this machine can send and read mail here; ${advice}`;
}
