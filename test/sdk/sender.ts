/** A program that sends mail: nodemailer, as an application would use it. */
import { createTransport } from "nodemailer";
import type { Mailproof } from "../../src/sdk/mod.ts";

export interface Letter {
  readonly from?: string;
  readonly to?: string | string[];
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: { filename: string; content: Uint8Array | string; contentType?: string }[];
  readonly headers?: Record<string, string>;
}

/** Sends one message on a connection of its own. */
export async function send(mail: Pick<Mailproof, "smtp">, letter: Letter = {}): Promise<void> {
  const { attachments = [], ...rest } = letter;
  const transport = createTransport({ url: mail.smtp.url, ignoreTLS: true });
  try {
    await transport.sendMail({
      from: "app@x.test",
      to: "ada@x.test",
      subject: "Welcome",
      text: "Good morning",
      ...rest,
      attachments: attachments.map((one) => ({ ...one, content: Buffer.from(one.content) })),
    });
  } finally {
    transport.close();
  }
}

/** Resolves to the reply code of the refusal. */
export async function sendRefused(mail: Pick<Mailproof, "smtp">, letter: Letter = {}): Promise<number> {
  try {
    await send(mail, letter);
  } catch (error) {
    return (error as { responseCode: number }).responseCode;
  }
  throw new Error("The message was accepted");
}
