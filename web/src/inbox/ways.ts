/** Ways to send the first mail, as the server wants it; each runs as it stands. */
import type { Info, Listener } from "../../../src/api/contract.ts";

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly starttls: Info["starttls"];
  /** Null: none is needed. */
  readonly login: { readonly user: string; readonly password: string } | null;
}

interface Way {
  readonly name: string;
  readonly lines: (target: Target) => string;
}

/** Where the page knows no user that is let in, these stand for one. */
export const placeholder = { user: "USER", password: "PASSWORD" };

/** @param pageHost the host that the page came from; behind a wildcard bind it is where mail goes, too */
export function targetOf({ host, port }: Listener, { starttls, auth }: Info, pageHost: string): Target {
  const wildcard = host === "0.0.0.0" || host === "::" || host === "";
  const anybody = { user: "app", password: "secret" };
  return {
    host: wildcard ? pageHost.replace(/^\[|\]$/g, "") : host,
    port,
    starttls,
    login: auth.required ? (auth.mode === "any" ? anybody : placeholder) : null,
  };
}

/** As it stands in a URL. */
export function authority({ host, port }: Target): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

// The certificate is not checked: its CA is of this server, and nobody has installed it.
export const ways: readonly Way[] = [
  {
    name: "swaks",
    lines: (target) => {
      const { starttls, login } = target;
      const tls = starttls === "require" ? " --tls" : "";
      const auth =
        login === null ? "" : ` \\\n  --auth --auth-user ${login.user} --auth-password ${login.password}`;
      return (
        `swaks --server ${authority(target)}${tls}${auth} \\\n` +
        `  --from app@example.com --to ada@example.com \\\n` +
        `  --header "Subject: Hello" --body "It works."`
      );
    },
  },
  {
    name: "curl",
    lines: (target) => {
      const { starttls, login } = target;
      const tls = starttls === "require" ? " --ssl-reqd --insecure" : "";
      const auth = login === null ? "" : ` --user ${login.user}:${login.password}`;
      return (
        `printf 'From: app@example.com\\r\\nTo: ada@example.com\\r\\nSubject: Hello\\r\\n\\r\\nIt works.\\r\\n' |\n` +
        `  curl -sS smtp://${authority(target)}${tls}${auth} \\\n` +
        `    --mail-from app@example.com --mail-rcpt ada@example.com -T -`
      );
    },
  },
  {
    name: "Nodemailer",
    lines: ({ host, port, starttls, login }) =>
      `import { createTransport } from "nodemailer";\n\n` +
      `await createTransport({\n  host: "${host}",\n  port: ${port},\n` +
      // Where STARTTLS is offered it upgrades by itself.
      (starttls === "offer" ? "  ignoreTLS: true,\n" : "") +
      (starttls === "require" ? "  requireTLS: true,\n  tls: { rejectUnauthorized: false },\n" : "") +
      (login === null ? "" : `  auth: { user: "${login.user}", pass: "${login.password}" },\n`) +
      `}).sendMail({\n` +
      `  from: "app@example.com",\n  to: "ada@example.com",\n  subject: "Hello",\n  text: "It works.",\n});`,
  },
  {
    name: "Python",
    lines: ({ host, port, starttls, login }) =>
      `import smtplib\n\nwith smtplib.SMTP("${host}", ${port}) as smtp:\n` +
      (starttls === "require" ? "    smtp.starttls()\n" : "") +
      (login === null ? "" : `    smtp.login("${login.user}", "${login.password}")\n`) +
      `    smtp.sendmail("app@example.com", ["ada@example.com"],\n` +
      `        "From: app@example.com\\r\\nTo: ada@example.com\\r\\nSubject: Hello\\r\\n\\r\\nIt works.\\r\\n")`,
  },
  {
    name: "Environment",
    lines: (target) => {
      const { host, port, login } = target;
      return (
        `SMTP_HOST=${host}\nSMTP_PORT=${port}\n` +
        (login === null ? "" : `SMTP_USER=${login.user}\nSMTP_PASSWORD=${login.password}\n`) +
        `SMTP_URL=smtp://${login === null ? "" : `${login.user}:${login.password}@`}${authority(target)}`
      );
    },
  },
];
