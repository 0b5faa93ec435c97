/** Clients that are commands. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Client, type Delivery, type Files, requestedDsn, run, usual, withFiles } from "../client.ts";

/** The environment of a command and its arguments. */
interface Invocation {
  readonly args: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const command = (
  name: string,
  invoke: (delivery: Delivery, files: Files) => Invocation | Promise<Invocation>,
): Pick<Client, "name" | "version" | "needs" | "send"> => ({
  name,
  needs: [name],
  version: [name, "--version"],
  send: (delivery) =>
    withFiles(delivery, async (files) => {
      const { args, ...options } = await invoke(delivery, files);
      // No settings of the user who runs the tests.
      await run(name, args, { ...options, env: { HOME: files.folder, ...options.env } });
    }),
});

export const commands: readonly Client[] = [
  {
    ...usual,
    ...command("swaks", swaks),
    versions: ["20201014"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    onStartTls: "stays plain",
    refusedRecipient: "sends to the rest",
  },
  {
    ...usual,
    ...command("curl", curl),
    versions: ["7.88"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "OAUTHBEARER"],
    onStartTls: "stays plain",
    smtputf8: "ascii-domain",
    refusedRecipient: "sends to the rest",
    remark: "With a token it takes OAUTHBEARER wherever that is offered.",
  },
  {
    ...usual,
    ...command("msmtp", msmtp),
    versions: ["1.8"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"],
    onStartTls: "stays plain",
    dsn: ["NOTIFY", "RET"],
    refusedRecipient: "sends nothing",
    remark: "Debian builds it without IDN, so without SMTPUTF8.",
  },
  {
    ...usual,
    ...command("s-nail", sNail),
    versions: ["14.9"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    hello: "HELO",
    onStartTls: "stays plain",
    refusedRecipient: "sends nothing",
    remark: "EHLO only to authenticate and for STARTTLS, and HELO again after it.",
  },
  {
    ...usual,
    ...command("sendemail", sendemail),
    versions: ["1.56"],
    version: ["dpkg-query", "--show", "sendemail"],
    mechanisms: ["LOGIN"],
    onStartTls: "upgrades",
    tls: ["starttls"],
    refusedRecipient: "sends to the rest",
    dots: "loses a dot",
    remark: "Takes LOGIN where it is offered, else PLAIN; it cannot be told.",
  },
  {
    ...usual,
    ...command("git", gitSendEmail),
    name: "git send-email",
    needs: ["git", "/usr/lib/git-core/git-send-email"],
    versions: ["2.39"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    onStartTls: "stays plain",
    refusedRecipient: "sends nothing",
  },
];

function swaks(delivery: Delivery, files: Files): Invocation {
  const { auth } = delivery;
  const args = ["--server", delivery.host, "--port", String(delivery.port), "--helo", "swaks.test"];
  args.push("--from", delivery.from, "--to", delivery.to.join(","));
  args.push("--header", `Subject: ${delivery.subject}`, "--body", delivery.text);
  if (delivery.tls === "starttls") args.push("--tls");
  if (delivery.tls === "implicit") args.push("--tls-on-connect");
  if (files.ca !== null) args.push("--tls-verify", "--tls-ca-path", files.ca);
  if (auth !== null) {
    args.push("--auth", auth.mechanism, "--auth-user", auth.user, "--auth-password", auth.password);
  }
  if (files.attachment !== null)
    args.push("--attach-type", "application/octet-stream", "--attach", `@${files.attachment}`);
  return { args };
}

function curl(delivery: Delivery, files: Files): Invocation {
  const { auth } = delivery;
  const scheme = delivery.tls === "implicit" ? "smtps" : "smtp";
  const args = ["--silent", "--show-error", "--url"];
  args.push(`${scheme}://${delivery.host}:${delivery.port}/curl.test`);
  args.push("--mail-from", delivery.from, "--upload-file", files.message);
  if (delivery.toAll !== true) args.push("--mail-rcpt-allowfails");
  if (delivery.timeout !== undefined) args.push("--max-time", String(delivery.timeout / 1000));
  for (const recipient of delivery.to) args.push("--mail-rcpt", recipient);
  if (delivery.tls === "starttls") args.push("--ssl-reqd");
  if (files.ca !== null) args.push("--cacert", files.ca);
  if (auth !== null) {
    args.push("--login-options", `AUTH=${auth.mechanism}`);
    if (takesToken(auth.mechanism)) args.push("--user", auth.user, "--oauth2-bearer", auth.password);
    else args.push("--user", `${auth.user}:${auth.password}`);
  }
  return { args };
}

async function msmtp(delivery: Delivery, files: Files): Promise<Invocation> {
  const { auth } = delivery;
  const args = ["--file=/dev/null", `--host=${delivery.host}`, `--port=${delivery.port}`];
  args.push(`--from=${delivery.from}`);
  if (delivery.timeout !== undefined) args.push(`--timeout=${delivery.timeout / 1000}`);
  if (delivery.tls !== "none")
    args.push("--tls=on", `--tls-starttls=${delivery.tls === "starttls" ? "on" : "off"}`);
  if (files.ca !== null) args.push(`--tls-trust-file=${files.ca}`);
  if (auth !== null) {
    args.push(`--auth=${auth.mechanism.toLowerCase()}`, `--user=${auth.user}`);
    args.push(`--passwordeval=echo ${auth.password}`);
  }
  if (delivery.dsn) {
    args.push(`--dsn-notify=${requestedDsn.NOTIFY.toLowerCase()}`, "--dsn-return=headers");
  }
  return { args: [...args, "--", ...delivery.to], input: await readFile(files.message, "latin1") };
}

function sNail(delivery: Delivery, files: Files): Invocation {
  const { auth } = delivery;
  const credentials =
    auth === null ? "" : `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@`;
  const scheme = delivery.tls === "implicit" ? "smtps" : "smtp";
  const settings = [
    "v15-compat",
    "nosave", // no dead.letter
    `mta=${scheme}://${credentials}${delivery.host}:${delivery.port}`,
    `from=${delivery.from}`,
    `smtp-auth=${auth?.mechanism.toLowerCase() ?? "none"}`,
    ...(delivery.tls === "starttls" ? ["smtp-use-starttls"] : []),
    ...(files.ca === null ? [] : ["tls-verify=strict", "tls-ca-no-defaults", `tls-ca-file=${files.ca}`]),
  ];
  const args = ["-:/", ...settings.flatMap((setting) => ["-S", setting])];
  args.push("-r", delivery.from, "-s", delivery.subject);
  if (files.attachment !== null) args.push("-a", files.attachment);
  return { args: [...args, ...delivery.to], input: delivery.text.replaceAll("\r\n", "\n") };
}

function sendemail(delivery: Delivery, files: Files): Invocation {
  const { auth } = delivery;
  const args = ["-f", delivery.from, "-t", ...delivery.to, "-s", `${delivery.host}:${delivery.port}`];
  args.push("-u", delivery.subject, "-m", delivery.text);
  if (delivery.tls === "starttls") args.push("-o", "tls=yes");
  if (auth !== null) args.push("-xu", auth.user, "-xp", auth.password);
  if (files.attachment !== null) args.push("-a", files.attachment);
  return { args, env: files.ca === null ? {} : { SSL_CERT_FILE: files.ca } };
}

async function gitSendEmail(delivery: Delivery, files: Files): Promise<Invocation> {
  const { auth } = delivery;
  const args = ["send-email", "--quiet", "--confirm=never", "--suppress-cc=all", "--no-validate"];
  args.push(`--from=${delivery.from}`, ...delivery.to.map((recipient) => `--to=${recipient}`));
  args.push(`--smtp-server=${delivery.host}`, `--smtp-server-port=${delivery.port}`);
  if (delivery.tls === "starttls") args.push("--smtp-encryption=tls");
  if (delivery.tls === "implicit") args.push("--smtp-encryption=ssl");
  if (files.ca !== null) args.push(`--smtp-ssl-cert-path=${files.ca}`);
  if (auth !== null) {
    args.push(`--smtp-auth=${auth.mechanism}`, `--smtp-user=${auth.user}`, `--smtp-pass=${auth.password}`);
  }
  // A patch is a file with the line ends of the system, without recipients, and From is written as it will be.
  const patch = join(files.folder, "0001.patch");
  const message = await readFile(files.message, "utf8");
  await writeFile(patch, message.replaceAll("\r\n", "\n").replace(/^From: <(.*)>\nTo: .*\n/, "From: $1\n"));
  return {
    args: [...args, patch],
    env: { GIT_CONFIG_NOSYSTEM: "1", GIT_AUTHOR_NAME: "A", GIT_COMMITTER_NAME: "A", EMAIL: delivery.from },
  };
}

export function takesToken(mechanism: string): boolean {
  return mechanism === "XOAUTH2" || mechanism === "OAUTHBEARER";
}
