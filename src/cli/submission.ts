/** Sends by SMTP as any program does, so that faults are met, and tells what the server said. */
import { Buffer } from "node:buffer";
import { createTransport } from "nodemailer";
import type { MailHandle } from "../sdk/mod.ts";
import { UsageError } from "./usage-error.ts";

export interface Letter {
  /** `""`: the null reverse-path. */
  readonly from: string;
  readonly to: readonly string[];
  readonly content: Uint8Array;
}

/** What came of it. */
export interface Report {
  readonly from: string;
  readonly to: readonly string[];
  /** The reply to the content, `250 2.0.0 Ok: queued as m4`; null: it was not accepted. */
  readonly accepted: string | null;
  readonly refusals: readonly Refusal[];
}

export interface Refusal {
  /** `RCPT TO`, `DATA`; or `CONN` where there was no session. */
  readonly command: string;
  /** Null: it concerns the whole. */
  readonly recipient: string | null;
  /** Null: there was none, and the text says why. */
  readonly code: number | null;
  readonly text: string;
}

/** What nodemailer tells of a refusal. */
interface SmtpError extends Error {
  readonly command?: string;
  readonly recipient?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly rejectedErrors?: readonly SmtpError[];
}

/** @param auth `user:password`; undefined: without AUTH */
export async function submit(mail: MailHandle, letter: Letter, auth: string | undefined): Promise<Report> {
  const { from, to, content } = letter;
  const { host, port } = mail.smtp;
  const { ca } = mail.tls;
  const client = createTransport({
    host,
    port,
    tls: ca === null ? { rejectUnauthorized: false } : { ca },
    ...(auth === undefined ? {} : { auth: credentials(auth) }),
  });
  try {
    const info = await client.sendMail({ envelope: { from, to: [...to] }, raw: Buffer.from(content) });
    const refused = (info as { rejectedErrors?: readonly SmtpError[] }).rejectedErrors ?? [];
    return { from, to, accepted: info.response, refusals: refused.map(refusalOf) };
  } catch (error) {
    const { rejectedErrors = [] } = error as SmtpError;
    const errors = rejectedErrors.length > 0 ? rejectedErrors : [error as SmtpError];
    return { from, to, accepted: null, refusals: errors.map(refusalOf) };
  } finally {
    client.close();
  }
}

/** `RCPT TO bob@full.test: 452 4.2.2 Mailbox full` */
export function formatRefusal({ command, recipient, text }: Refusal): string {
  return `${recipient === null ? command : `${command} ${recipient}`}: ${text}`;
}

function refusalOf({ command = "CONN", recipient, responseCode, response, message }: SmtpError): Refusal {
  return {
    command,
    recipient: recipient ?? null,
    code: responseCode ?? null,
    text: response ?? message,
  };
}

function credentials(auth: string): { user: string; pass: string } {
  const colon = auth.indexOf(":");
  if (colon < 1) throw new UsageError("Failed to read --auth: no colon or no user; write user:password");
  return { user: auth.slice(0, colon), pass: auth.slice(colon + 1) };
}
