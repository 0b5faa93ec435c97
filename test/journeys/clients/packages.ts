/** Clients from npm, in the process of the tests. */
import { createMessage } from "@upyo/core";
import { SmtpTransport } from "@upyo/smtp";
import { Message, SMTPClient } from "emailjs";
import nodemailer from "nodemailer";
import { type Client, type Delivery, requestedDsn, usual } from "../client.ts";

const installed = (name: string): Pick<Client, "needs" | "version"> => ({
  needs: [],
  version: [process.execPath, "-p", `require("./node_modules/${name}/package.json").version`],
});

export const packages: readonly Client[] = [
  {
    ...usual,
    ...installed("nodemailer"),
    name: "nodemailer",
    versions: ["10.6"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"],
    onStartTls: "upgrades",
    dsn: ["NOTIFY", "RET", "ENVID"],
    smtputf8: "utf8",
    refusedRecipient: "sends to the rest",
    remark: "`ignoreTLS: true` keeps it plain.",
    send: sendByNodemailer,
  },
  {
    ...usual,
    ...installed("emailjs"),
    name: "emailjs",
    versions: ["5.0"],
    mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"],
    onStartTls: "stays plain",
    verifies: false,
    refusedRecipient: "sends nothing",
    dots: "ends the message there",
    remark: "What follows such a line is sent as commands.",
    send: sendByEmailjs,
  },
  {
    ...usual,
    ...installed("@upyo/smtp"),
    name: "@upyo/smtp",
    versions: ["0.4"],
    mechanisms: ["PLAIN", "LOGIN"],
    onStartTls: "upgrades",
    refusedRecipient: "sends nothing",
    warnings: ["bare-lf"],
    remark: "Writes CRLF in a text as `=0D` and a bare LF.",
    send: sendByUpyo,
  },
];

async function sendByNodemailer(delivery: Delivery): Promise<void> {
  const { auth, ca, attachment, timeout } = delivery;
  const byToken = auth?.mechanism === "XOAUTH2";
  const transport = nodemailer.createTransport({
    host: delivery.host,
    port: delivery.port,
    secure: delivery.tls === "implicit",
    requireTLS: delivery.tls === "starttls",
    ...(ca === null ? {} : { tls: { ca } }),
    ...(timeout === undefined
      ? {}
      : { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout }),
    ...(auth === null || byToken
      ? {}
      : { auth: { user: auth.user, pass: auth.password }, authMethod: auth.mechanism }),
    ...(auth !== null && byToken
      ? { auth: { type: "OAuth2", user: auth.user, accessToken: auth.password } }
      : {}),
  });
  try {
    await transport.sendMail({
      from: delivery.from,
      to: [...delivery.to],
      subject: delivery.subject,
      text: delivery.text,
      attachments: attachment === null ? [] : [{ filename: "big.bin", content: Buffer.from(attachment) }],
      ...(delivery.dsn
        ? {
            dsn: {
              id: requestedDsn.ENVID,
              return: "headers",
              notify: requestedDsn.NOTIFY.toLowerCase().split(","),
            },
          }
        : {}),
    });
  } finally {
    transport.close();
  }
}

async function sendByEmailjs(delivery: Delivery): Promise<void> {
  const { auth, attachment } = delivery;
  const tls = delivery.ca === null ? true : { ca: delivery.ca };
  const client = new SMTPClient({
    host: delivery.host,
    port: delivery.port,
    ssl: delivery.tls === "implicit" ? tls : false,
    tls: delivery.tls === "starttls" ? tls : false,
    ...(auth === null
      ? {}
      : { user: auth.user, password: auth.password, authentication: [auth.mechanism as "PLAIN"] }),
  });
  const message = new Message({
    from: delivery.from,
    to: delivery.to.join(", "),
    subject: delivery.subject,
    text: delivery.text,
    attachment:
      attachment === null
        ? []
        : [{ data: Buffer.from(attachment).toString("base64"), encoded: true, name: "big.bin" }],
  });
  try {
    await client.sendAsync(message);
  } finally {
    client.smtp.close();
  }
}

async function sendByUpyo(delivery: Delivery): Promise<void> {
  const { auth, attachment } = delivery;
  const transport = new SmtpTransport({
    host: delivery.host,
    port: delivery.port,
    secure: delivery.tls === "implicit",
    ...(delivery.ca === null ? {} : { tls: { ca: [delivery.ca] } }),
    ...(auth === null
      ? {}
      : {
          auth: {
            user: auth.user,
            pass: auth.password,
            method: auth.mechanism.toLowerCase() as "plain" | "login",
          },
        }),
  });
  try {
    const receipt = await transport.send(
      createMessage({
        from: delivery.from as `${string}@${string}`,
        to: delivery.to as `${string}@${string}`[],
        subject: delivery.subject,
        content: { text: delivery.text },
        attachments: attachment === null ? [] : [new File([new Uint8Array(attachment)], "big.bin")],
      }),
    );
    if (!receipt.successful) throw new Error(receipt.errorMessages.join("; "));
  } finally {
    await transport.closeAllConnections();
  }
}
