/** Clients that we did not write, each driven in its own way to the same end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import nodemailer from "nodemailer";

export interface Delivery {
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "starttls" | "implicit";
  /** PEM of the CA to trust. */
  readonly ca: string | null;
  readonly auth: { readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachment: Uint8Array | null;
}

export interface Client {
  readonly name: string;
  /** The outside program; null where none is needed. */
  readonly program: string | null;
  /** Whether it can send to addresses beyond ASCII (RFC 6531), and whether it writes their domains in ASCII (RFC 5890). */
  readonly smtputf8: "utf8" | "ascii-domain" | null;
  /** Rejects if nothing could be delivered; a refused recipient among accepted ones is no failure. */
  send(delivery: Delivery): Promise<void>;
}

export const clients: readonly Client[] = [
  { name: "nodemailer", program: null, smtputf8: "utf8", send: sendByNodemailer },
  { name: "swaks", program: "swaks", smtputf8: null, send: sendBySwaks },
  { name: "curl", program: "curl", smtputf8: "ascii-domain", send: sendByCurl },
  { name: "smtplib", program: "python3", smtputf8: "utf8", send: sendBySmtplib },
];

async function sendByNodemailer(delivery: Delivery): Promise<void> {
  const transport = nodemailer.createTransport({
    host: delivery.host,
    port: delivery.port,
    secure: delivery.tls === "implicit",
    requireTLS: delivery.tls === "starttls",
    ignoreTLS: delivery.tls === "none",
    ...(delivery.ca === null ? {} : { tls: { ca: delivery.ca } }),
    ...(delivery.auth === null ? {} : { auth: { user: delivery.auth.user, pass: delivery.auth.password } }),
  });
  try {
    await transport.sendMail({
      from: delivery.from,
      to: [...delivery.to],
      subject: delivery.subject,
      text: delivery.text,
      attachments:
        delivery.attachment === null
          ? []
          : [{ filename: "big.bin", content: Buffer.from(delivery.attachment) }],
    });
  } finally {
    transport.close();
  }
}

async function sendBySwaks(delivery: Delivery): Promise<void> {
  await withFiles(delivery, async (files) => {
    const args = ["--server", delivery.host, "--port", String(delivery.port), "--helo", "swaks.test"];
    args.push(
      "--from",
      delivery.from,
      "--to",
      delivery.to.join(","),
      "--header",
      `Subject: ${delivery.subject}`,
    );
    args.push("--body", delivery.text);
    if (delivery.tls === "starttls") args.push("--tls");
    if (delivery.tls === "implicit") args.push("--tls-on-connect");
    if (files.ca !== null) args.push("--tls-verify", "--tls-ca-path", files.ca);
    if (delivery.auth !== null) {
      args.push(
        "--auth",
        "PLAIN",
        "--auth-user",
        delivery.auth.user,
        "--auth-password",
        delivery.auth.password,
      );
    }
    if (files.attachment !== null)
      args.push("--attach-type", "application/octet-stream", "--attach", `@${files.attachment}`);
    // 24: a recipient among several was refused and the rest delivered.
    await run("swaks", args, [0, 24]);
  });
}

async function sendByCurl(delivery: Delivery): Promise<void> {
  await withFiles(delivery, async (files) => {
    const scheme = delivery.tls === "implicit" ? "smtps" : "smtp";
    const args = [
      "--silent",
      "--show-error",
      "--url",
      `${scheme}://${delivery.host}:${delivery.port}/curl.test`,
    ];
    args.push("--mail-from", delivery.from, "--mail-rcpt-allowfails", "--upload-file", files.message);
    for (const recipient of delivery.to) args.push("--mail-rcpt", recipient);
    if (delivery.tls === "starttls") args.push("--ssl-reqd");
    if (files.ca !== null) args.push("--cacert", files.ca);
    if (delivery.auth !== null) args.push("--user", `${delivery.auth.user}:${delivery.auth.password}`);
    await run("curl", args, [0]);
  });
}

async function sendBySmtplib(delivery: Delivery): Promise<void> {
  await withFiles(delivery, async (files) => {
    const { attachment: _, ...plain } = delivery;
    const order = JSON.stringify({ ...plain, files });
    await run("python3", [join(import.meta.dirname, "smtplib_client.py")], [0], order);
  });
}

interface Files {
  readonly message: string;
  readonly attachment: string | null;
  readonly ca: string | null;
}

/** Outside programs read files: the CA, the attachment, and the whole message for those that do not compose. */
async function withFiles(delivery: Delivery, use: (files: Files) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mailproof-"));
  try {
    const keep = async (name: string, content: string | Uint8Array): Promise<string> => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    await use({
      message: await keep("message.eml", composed(delivery)),
      attachment: delivery.attachment === null ? null : await keep("big.bin", delivery.attachment),
      ca: delivery.ca === null ? null : await keep("ca.pem", delivery.ca),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function composed(delivery: Delivery): string {
  const head = [
    `From: <${delivery.from}>`,
    `To: <${delivery.to.join(">, <")}>`,
    `Subject: ${delivery.subject}`,
    "MIME-Version: 1.0",
  ];
  if (delivery.attachment === null) return [...head, "", delivery.text, ""].join("\r\n");
  const encoded = Buffer.from(delivery.attachment).toString("base64").replace(/.{76}/g, "$&\r\n");
  return [
    ...head,
    'Content-Type: multipart/mixed; boundary="b1"',
    "",
    "--b1",
    "",
    delivery.text,
    "--b1",
    'Content-Type: application/octet-stream; name="big.bin"',
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="big.bin"',
    "",
    encoded,
    "--b1--",
    "",
  ].join("\r\n");
}

/** Rejects with the last words of a program that ends otherwise than `fine`. */
export async function run(
  command: string,
  args: readonly string[],
  fine: readonly number[],
  input?: string,
): Promise<void> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said = (said + text).slice(-2_000);
    });
  }
  child.stdin.end(input ?? "");
  const [code] = await once(child, "close");
  if (!fine.includes(code)) throw new Error(`${command} ended with ${code}: ${said}`);
}
