/**
 * A Postfix of our own: its queue, configuration and log are in a temporary folder, it listens nowhere, and
 * mail comes in by its `sendmail` only. It needs root, as every Postfix does; the system's is not touched.
 */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Mailproof } from "../../mod.ts";
import { run, type Tested, usual } from "./client.ts";
import { available } from "./program.ts";

export interface Postfix {
  /** Puts a message into the queue, as a program on its machine would. */
  submit(args: readonly string[], message: string): Promise<void>;
  /** Tries at once what waits in the queue. */
  flush(): Promise<void>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** What the README says of it, and what its test shows. */
export const relay: Tested = {
  ...usual,
  name: "Postfix as a relay",
  versions: ["3.7"],
  needs: ["/usr/sbin/postfix"],
  version: ["/usr/sbin/postconf", "-h", "-d", "mail_version"],
  mechanisms: [],
  onStartTls: "upgrades",
  verifies: false,
  dsn: ["NOTIFY", "RET", "ENVID"],
  smtputf8: "utf8",
  refusedRecipient: "sends to the rest",
  remark: "Also over LMTP; `smtp_tls_security_level = secure` makes it verify.",
};

/** Which way mail goes to us, by the domain of its recipient; all others go the plain way. */
export const ways = {
  /** STARTTLS, and the certificate has to be right. */
  "starttls.test": "strict",
  /** TLS from the first octet. */
  "smtps.test": "wrapped",
  "lmtp.test": "lmtp",
} as const;

export function canStartPostfix(): boolean {
  if (!["postfix", "sendmail"].every((name) => available(`/usr/sbin/${name}`))) return false;
  if (process.getuid?.() === 0) return true;
  if (process.env.CI) throw new Error("Failed to start Postfix: it needs root; run CI as root");
  console.warn("skipped: Postfix can be started by root only");
  return false;
}

/** Relays everything to `mail`, which must offer STARTTLS, implicit TLS and LMTP. */
export async function startPostfix(mail: Mailproof): Promise<Postfix> {
  const folder = await mkdtemp(join(tmpdir(), "mailproof-postfix-"));
  // Its daemons run as other users.
  await chmod(folder, 0o755);
  await mkdir(join(folder, "queue"));
  await mkdir(join(folder, "data"));
  await run("chown", ["postfix", join(folder, "data")]);
  await writeFile(join(folder, "ca.pem"), mail.tls.ca ?? "");
  await writeFile(join(folder, "main.cf"), settings(folder, mail));
  await writeFile(join(folder, "master.cf"), services(folder));
  const postfix = (...words: string[]): Promise<string> => run("/usr/sbin/postfix", ["-c", folder, ...words]);
  const log = (): Promise<string> => readFile(join(folder, "mail.log"), "utf8").catch(() => "no log");
  try {
    await postfix("start");
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await log()}`);
  }
  return {
    log,
    async submit(args, message) {
      await run("/usr/sbin/sendmail", ["-C", folder, "-i", ...args], { input: message });
    },
    async flush() {
      await postfix("flush");
    },
    async stop() {
      await postfix("stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settings(folder: string, { smtp, smtps, lmtp }: Mailproof): string {
  const next = {
    strict: `strict:[localhost]:${smtp.port}`,
    wrapped: `wrapped:[localhost]:${smtps?.port}`,
    lmtp: `lmtp:inet:127.0.0.1:${lmtp?.port}`,
  };
  const map = Object.entries(ways).map(([domain, way]) => `{ ${domain} = ${next[way]} }`);
  return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = postfix.test
myorigin = postfix.test
mydestination =
alias_maps =
smtputf8_enable = yes
smtp_dns_support_level = disabled
smtp_host_lookup = native
relayhost = [127.0.0.1]:${smtp.port}
transport_maps = inline:{ ${map.join(", ")} }
smtp_tls_security_level = may
smtp_tls_CAfile =
notify_classes =
# What was put off waits until the queue is flushed.
queue_run_delay = 3h
minimal_backoff_time = 3h
maximal_backoff_time = 3h
`;
}

/** All that a relay needs; no service listens on a port. */
function services(folder: string): string {
  const strict = `-o smtp_tls_security_level=secure -o smtp_tls_secure_cert_match=localhost -o smtp_tls_CAfile=${folder}/ca.pem`;
  return [
    "pickup unix n - n 1 1 pickup",
    "cleanup unix n - n - 0 cleanup",
    "qmgr unix n - n 300 1 qmgr",
    "tlsmgr unix - - n 1000? 1 tlsmgr",
    "rewrite unix - - n - - trivial-rewrite",
    "bounce unix - - n - 0 bounce",
    "defer unix - - n - 0 bounce",
    "trace unix - - n - 0 bounce",
    "flush unix n - n 1000? 0 flush",
    "proxymap unix - - n - - proxymap",
    "smtp unix - - n - - smtp",
    "relay unix - - n - - smtp",
    `strict unix - - n - - smtp ${strict}`,
    `wrapped unix - - n - - smtp ${strict} -o smtp_tls_wrappermode=yes`,
    "lmtp unix - - n - - lmtp",
    "error unix - - n - - error",
    "retry unix - - n - - error",
    "showq unix n - n - - showq",
    "scache unix - - n - 1 scache",
    "anvil unix - - n - 1 anvil",
    "postlog unix-dgram n - n - 1 postlogd",
    "",
  ].join("\n");
}
