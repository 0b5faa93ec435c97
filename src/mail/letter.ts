/** What the header of a message says. */
export interface Head {
  readonly from: Mailbox | null;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  readonly subject: string;
  /** ISO 8601, or null where there is no valid Date field. */
  readonly date: string | null;
  /** With its angle brackets, as sent. */
  readonly messageId: string | null;
}

/** A message made readable. Parsing never throws: what cannot be understood is left empty and named in `defects`. */
export interface Letter extends Head {
  readonly text: string | null;
  readonly html: string | null;
  /** First 200 characters of the text (of the HTML's text where there is none), white space folded. */
  readonly snippet: string;
  /** In order, duplicates kept, unfolded and decoded (RFC 2047). */
  readonly headers: readonly HeaderField[];
  readonly root: Part;
  /** Parts shown as attachments, in order. */
  readonly attachments: readonly Part[];
  readonly defects: readonly string[];
}

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** A node of the MIME tree (RFC 2045). `path`: `""` root, `"1"`, `"1.2"`. */
export interface Part {
  readonly path: string;
  /** Lower case, without parameters. */
  readonly contentType: string;
  readonly charset: string | null;
  readonly encoding: string | null;
  readonly filename: string | null;
  /** Without angle brackets. */
  readonly contentId: string | null;
  readonly disposition: string | null;
  readonly headers: readonly HeaderField[];
  /** Octets after the transfer encoding is undone. */
  readonly size: number;
  /** Of a multipart, or of the message in a `message/rfc822`. */
  readonly parts: readonly Part[];
  /** The decoded octets, computed at each call; of a multipart and of a message what stands in it, as it was sent. */
  octets(): Uint8Array;
}
