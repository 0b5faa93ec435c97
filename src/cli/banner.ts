import type { Info } from "../api/contract.ts";
import type { Mailproof } from "../sdk/mod.ts";
import type { Terminal } from "./terminal.ts";

/** The first line of `--json`. */
export function readyLine(mail: Mailproof, info: Info, pid: number): string {
  const { smtp, smtps, http } = mail;
  return JSON.stringify({
    event: "ready",
    version: info.version,
    pid,
    smtp,
    ...(smtps === undefined ? {} : { smtps }),
    http,
    seed: info.seed,
  });
}

/** What a reader sees first. Ready after so long from the start of the process. */
export function banner(mail: Mailproof, info: Info, { paint }: Terminal, verbose: boolean): string {
  const rows: [string, string][] = [["SMTP", mail.smtp.url]];
  if (mail.smtps !== undefined) rows.push(["SMTPS", mail.smtps.url]);
  rows.push(["Inbox", `${mail.http.url}/`], ["Seed", info.seed]);
  if (verbose) rows.push(["Runtime", `${info.runtime.name} ${info.runtime.version}`]);
  return [
    "",
    `  ${paint("bold", `MAILPROOF v${info.version}`)}  ${paint("dim", `ready in ${Math.round(performance.now())} ms`)}`,
    "",
    ...rows.map(
      ([name, value]) => `  ${paint("green", "➜")}  ${paint("bold", name.padEnd(8))} ${paint("cyan", value)}`,
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
