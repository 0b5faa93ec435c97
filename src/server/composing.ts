/** Fields become a message (RFC 5322, MIME): for mail that comes as JSON. */
import { Buffer } from "node:buffer";

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface ComposedAttachment {
  readonly filename: string | null;
  readonly content: Uint8Array;
  /** Null: by the name. */
  readonly contentType: string | null;
  /** What the HTML shows it by, without angle brackets; null: it is beside the text. */
  readonly contentId: string | null;
}

export interface Composition {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  /** Further fields; names are tokens. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly ComposedAttachment[];
  /** With angle brackets; null: one is made. */
  readonly messageId: string | null;
  /** Milliseconds since the epoch. */
  readonly date: number;
}

/** Fields that tell how the body is to be read: the composer's own. */
const structural: readonly string[] = [
  "mime-version",
  "content-type",
  "content-transfer-encoding",
  "content-disposition",
];

/** The message in octets. Bcc is a matter of the envelope. */
export async function composeMessage(composition: Composition): Promise<Uint8Array> {
  const { from, to, cc, replyTo, subject, text, html, headers, attachments, messageId, date } = composition;
  // Loaded with the first such mail: few tests have one.
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const composer = new MailComposer({
    from,
    to: [...to],
    cc: [...cc],
    replyTo: [...replyTo],
    subject,
    ...(text === null ? {} : { text }),
    ...(html === null ? {} : { html }),
    headers: headers
      .filter(({ name }) => !structural.includes(name.toLowerCase()))
      .map(({ name, value }) => ({ key: name, value })),
    attachments: attachments.map(({ filename, content, contentType, contentId }) => ({
      filename: filename ?? false,
      content: Buffer.from(content),
      // Of any type, so that its octets stay as they are.
      contentTransferEncoding: "base64",
      ...(contentType === null ? {} : { contentType }),
      ...(contentId === null ? {} : { cid: contentId, contentDisposition: "inline" }),
    })),
    ...(messageId === null ? {} : { messageId }),
    date: new Date(date),
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Uint8Array(await composer.compile().build());
}
