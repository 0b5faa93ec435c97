/**
 * Clients that are libraries of other languages: a small program each, in that language, which takes what
 * to send from the environment (`MAIL_HOST`, `MAIL_TO`, …) because every language can read that.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Client, type Delivery, requestedDsn, run, usual, withFiles } from "../client.ts";

const jars = ["jakarta-mail", "jakarta-activation"].map((name) => `/usr/share/java/${name}.jar`);
const source = (file: string): string => join(import.meta.dirname, file);

/** Runs a program with the order in its environment. */
const program =
  (prepare: () => Promise<readonly string[]>): Client["send"] =>
  (delivery) =>
    withFiles(delivery, async (files) => {
      const [command = "", ...args] = await prepare();
      const order: Record<string, string | null> = {
        ...orderOf(delivery),
        MAIL_MESSAGE: files.message,
        MAIL_ATTACHMENT: files.attachment,
        MAIL_CA: files.ca,
        SSL_CERT_FILE: files.ca,
      };
      await run(command, args, {
        env: Object.fromEntries(
          Object.entries(order).filter((entry): entry is [string, string] => entry[1] !== null),
        ),
      });
    });

function orderOf({ auth, dsn, timeout, ...delivery }: Delivery): Record<string, string | null> {
  return {
    MAIL_HOST: delivery.host,
    MAIL_PORT: String(delivery.port),
    MAIL_TLS: delivery.tls,
    MAIL_FROM: delivery.from,
    MAIL_TO: delivery.to.join(","),
    MAIL_SUBJECT: delivery.subject,
    MAIL_TEXT: delivery.text,
    MAIL_MECHANISM: auth?.mechanism ?? null,
    MAIL_USER: auth?.user ?? null,
    MAIL_PASSWORD: auth?.password ?? null,
    MAIL_NOTIFY: dsn ? requestedDsn.NOTIFY : null,
    MAIL_RET: dsn ? requestedDsn.RET : null,
    MAIL_ENVID: dsn ? requestedDsn.ENVID : null,
    MAIL_TIMEOUT: timeout === undefined ? null : String(timeout / 1000),
  };
}

const script = (command: string, file: string, ...args: string[]): Client["send"] =>
  program(async () => [command, source(file), ...args]);

/** Compiles once for all that is sent, into a folder that goes with this process. */
function compiled(
  command: string,
  args: (folder: string) => readonly string[],
  start: (folder: string) => readonly string[],
): Required<Pick<Client, "prepare" | "send">> {
  let ready: Promise<readonly string[]> | null = null;
  const compile = async (): Promise<readonly string[]> => {
    const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    await run(command, args(folder));
    return start(folder);
  };
  const prepare = (): Promise<readonly string[]> => {
    ready ??= compile();
    return ready;
  };
  return { prepare, send: program(prepare) };
}

export const libraries: readonly Client[] = [
  {
    ...usual,
    name: "Python smtplib",
    versions: ["3.11"],
    needs: ["python3"],
    version: ["python3", "--version"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    onStartTls: "stays plain",
    dsn: ["NOTIFY", "RET", "ENVID"],
    smtputf8: "utf8",
    refusedRecipient: "sends to the rest",
    send: script("python3", "python-mail.py", "smtplib"),
  },
  {
    ...usual,
    name: "aiosmtplib",
    versions: ["2.0"],
    // Debian's package is for Debian's Python, whatever else is on the path.
    needs: ["/usr/bin/python3", "/usr/lib/python3/dist-packages/aiosmtplib"],
    version: ["/usr/bin/python3", "-c", "import aiosmtplib; print(aiosmtplib.__version__)"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    onStartTls: "upgrades",
    dsn: ["NOTIFY", "RET", "ENVID"],
    smtputf8: "utf8",
    refusedRecipient: "sends to the rest",
    send: script("/usr/bin/python3", "python-mail.py", "aiosmtplib"),
  },
  {
    ...usual,
    name: "Perl Net::SMTP",
    versions: ["3.14"],
    needs: ["perl", "/usr/share/perl5/IO/Socket/SSL.pm", "/usr/share/perl5/Authen/SASL.pm"],
    version: ["perl", "-MNet::SMTP", "-e", "print Net::SMTP->VERSION"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    onStartTls: "stays plain",
    dsn: ["NOTIFY", "RET", "ENVID"],
    refusedRecipient: "sends to the rest",
    send: script("perl", "net-smtp.pl"),
  },
  {
    ...usual,
    name: "PHPMailer",
    versions: ["6.6"],
    needs: ["php", "/usr/share/php/libphp-phpmailer/autoload.php"],
    version: [
      "php",
      "-r",
      'require "/usr/share/php/libphp-phpmailer/autoload.php"; echo PHPMailer\\PHPMailer\\PHPMailer::VERSION;',
    ],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"],
    onStartTls: "upgrades",
    dsn: ["NOTIFY"],
    refusedRecipient: "sends to the rest",
    send: script("php", "phpmailer.php"),
  },
  {
    ...usual,
    name: "Symfony Mailer",
    versions: ["5.4"],
    needs: ["php", "/usr/share/php/Symfony/Component/Mailer/autoload.php"],
    version: ["dpkg-query", "--show", "php-symfony-mailer"],
    mechanisms: ["CRAM-MD5", "LOGIN", "PLAIN", "XOAUTH2"],
    onStartTls: "upgrades",
    refusedRecipient: "sends nothing",
    send: script("php", "symfony-mailer.php"),
  },
  {
    ...usual,
    name: "Ruby mail",
    versions: ["2.7"],
    needs: ["ruby", "/usr/lib/ruby/vendor_ruby/mail.rb"],
    version: ["ruby", "-rmail", "-e", "print Mail::VERSION.version"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
    onStartTls: "upgrades",
    refusedRecipient: "sends nothing",
    dots: "doubles a lone dot",
    send: script("ruby", "ruby-mail.rb"),
  },
  {
    ...usual,
    name: "Jakarta Mail",
    versions: ["2.0"],
    needs: ["java", "javac", ...jars],
    version: ["dpkg-query", "--show", "libjakarta-mail-java"],
    mechanisms: ["LOGIN", "PLAIN", "CRAM-MD5", "XOAUTH2"],
    onStartTls: "stays plain",
    dsn: ["NOTIFY", "RET"],
    smtputf8: "utf8",
    refusedRecipient: "sends nothing",
    ...compiled(
      "javac",
      (folder) => ["-cp", jars.join(":"), "-d", folder, source("JakartaMail.java")],
      (folder) => [
        "java",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        [folder, ...jars].join(":"),
        "JakartaMail",
      ],
    ),
  },
  {
    ...usual,
    name: "Go net/smtp",
    versions: ["1.19", "1.26"],
    needs: ["go"],
    version: ["go", "version"],
    mechanisms: ["PLAIN", "CRAM-MD5"],
    onStartTls: "upgrades",
    smtputf8: "utf8",
    refusedRecipient: "sends nothing",
    ...compiled(
      "go",
      (folder) => ["build", "-o", join(folder, "net-smtp"), source("net-smtp.go")],
      (folder) => [join(folder, "net-smtp")],
    ),
  },
];
