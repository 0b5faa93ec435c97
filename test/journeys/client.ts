/** What a client is asked to do, what is known about each, and how programs are run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Delivery {
  readonly host: string;
  readonly port: number;
  /** "none": nothing is said about TLS, and the client does as it does by itself. */
  readonly tls: "none" | "starttls" | "implicit";
  /** PEM of the CA to trust. */
  readonly ca: string | null;
  /** With a mechanism that takes tokens, the password is the token. */
  readonly auth: { readonly mechanism: string; readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachment: Uint8Array | null;
  /** Whether to ask for delivery status notifications (RFC 3461), as {@link requestedDsn} says. */
  readonly dsn: boolean;
  /** Milliseconds that it waits for the server; default: as it does by itself. */
  readonly timeout?: number;
  /** Where it can choose: it sends to nobody when one of its recipients is refused. */
  readonly toAll?: true;
}

/** What a client asks for that is told to; each can say a part of it. */
export const requestedDsn = { NOTIFY: "SUCCESS,FAILURE", RET: "HDRS", ENVID: "journey7" } as const;

/** What the README says of a client, and what the tests hold it to. */
export interface Tested {
  readonly name: string;
  /** The beginnings of the versions that are tested. */
  readonly versions: readonly string[];
  /** Prints the version. */
  readonly version: readonly [command: string, ...args: string[]];
  /** Programs, or files by their path. */
  readonly needs: readonly string[];
  /** Those that it has of the ones we have. */
  readonly mechanisms: readonly string[];
  /** How it introduces itself when it needs no extension. */
  readonly hello: "EHLO" | "HELO";
  /** What it does by itself where STARTTLS is offered. */
  readonly onStartTls: "stays plain" | "upgrades";
  /** Whether it looks at the certificate that STARTTLS shows it. */
  readonly verifies: boolean;
  /** Whether it can be told to use STARTTLS, and TLS from the first octet. */
  readonly tls: readonly ("starttls" | "implicit")[];
  /** Parameters of DSN that it can send. */
  readonly dsn: readonly (keyof typeof requestedDsn)[];
  /** Whether it can send to addresses beyond ASCII (RFC 6531), and whether it writes their domains in ASCII (RFC 5890). */
  readonly smtputf8: "utf8" | "ascii-domain" | null;
  /** What becomes of a message when one of two recipients is refused. */
  readonly refusedRecipient: "sends to the rest" | "sends nothing";
  /** What becomes of lines that begin with a dot (RFC 5321 §4.5.2). */
  readonly dots: "keeps" | "loses a dot" | "doubles a lone dot" | "ends the message there";
  /** The warnings that its plain message earns. */
  readonly warnings: readonly string[];
  /** What else is good to know. */
  readonly remark: string;
}

/** What most clients do. Each is written down with what it does otherwise. */
export const usual = {
  hello: "EHLO",
  verifies: true,
  tls: ["starttls", "implicit"],
  dsn: [],
  smtputf8: null,
  dots: "keeps",
  warnings: [],
  remark: "",
} as const satisfies Partial<Tested>;

export interface Client extends Tested {
  /** Compiles what has to be compiled. */
  prepare?(): Promise<unknown>;
  /** Rejects when the client reports a failure. */
  send(delivery: Delivery): Promise<void>;
}

export interface Files {
  readonly folder: string;
  readonly message: string;
  readonly attachment: string | null;
  readonly ca: string | null;
}

/** Programs read files: the CA, the attachment, and the whole message for those that do not compose. */
export async function withFiles(delivery: Delivery, use: (files: Files) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mailproof-"));
  try {
    const keep = async (name: string, content: string | Uint8Array): Promise<string> => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    await use({
      folder,
      message: await keep("message.eml", composed(delivery)),
      attachment: delivery.attachment === null ? null : await keep("big.bin", delivery.attachment),
      ca: delivery.ca === null ? null : await keep("ca.pem", delivery.ca),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
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

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves to what a program says; rejects with its last words when it does not end with 0. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C.UTF-8", ...options.env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said = (said + text).slice(-4_000);
    });
  }
  child.stdin.on("error", () => {}); // a program may end without reading
  child.stdin.end(options.input ?? "");
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`);
  return said;
}
