/** `POST /api/messages`: a message by hand, as it is or composed of fields. Nothing is sent anywhere. */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { parseMailbox } from "../providers/mod.ts";
import { maxEncodedSize, readForm, readOctets } from "./body.ts";
import type { ComposedMessage, Message } from "./contract.ts";
import { mediaType } from "./guard.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { partQuery } from "./query.ts";

interface Letter {
  /** `""` is the null reverse-path. */
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Uint8Array;
}

const mostRecipients = 1_000;

type Mailbox = NonNullable<ReturnType<typeof parseMailbox>>;

const addresses = v.union([v.string(), v.array(v.string())], "use an address, or a list of them");
// Its groups of four would be too many for a regular expression, in a large attachment.
const base64 = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]*={0,2}$/, "use base64"),
  v.check((text) => text.length % 4 === 0, "use base64, in whole groups of four"),
);
const plain = v.pipe(v.string(), v.regex(/^[^\r\n\0]*$/, "use one line"));
/** What is made of the fields, or of the body. */
const composedHeaders: Readonly<Record<string, string>> = {
  from: "use the field from",
  to: "use the field to",
  cc: "use the field cc",
  bcc: "use the field bcc",
  "reply-to": "use the field replyTo",
  subject: "use the field subject",
  date: "use the field date",
  "mime-version": "send message/rfc822 to write it yourself",
  "content-type": "send message/rfc822 to write it yourself",
  "content-transfer-encoding": "send message/rfc822 to write it yourself",
  "content-disposition": "send message/rfc822 to write it yourself",
};
const fieldName = v.pipe(
  v.string(),
  v.regex(/^[!-9;-~]+$/, "use the name of a header field"),
  v.check(
    (name) => !Object.hasOwn(composedHeaders, name.toLowerCase()),
    ({ input }) => composedHeaders[input.toLowerCase()]!,
  ),
);

const composition = v.strictObject({
  from: v.string(),
  to: v.exactOptional(addresses),
  cc: v.exactOptional(addresses),
  bcc: v.exactOptional(addresses),
  replyTo: v.exactOptional(addresses),
  subject: v.exactOptional(plain),
  text: v.exactOptional(v.string()),
  html: v.exactOptional(v.string()),
  headers: v.exactOptional(v.record(fieldName, plain)),
  attachments: v.exactOptional(
    v.array(
      v.strictObject({
        filename: v.exactOptional(plain),
        content: base64,
        contentType: v.exactOptional(plain),
        cid: v.exactOptional(v.pipe(v.string(), v.regex(/^[^\s<>]+$/, "use an id without white space"))),
      }),
    ),
  ),
  date: v.exactOptional(v.pipe(v.string(), v.isoTimestamp("use ISO 8601 such as 2030-01-31T12:00:00Z"))),
});

export function composeRoutes(parts: ApiParts): Hono {
  const app = new Hono();
  app.post("/", async (c) => {
    const isRaw = mediaType(c.req.header("content-type")) === "message/rfc822";
    const { from, to, raw } = isRaw ? await readRaw(c, parts) : await readComposed(c, parts);
    if (to.length > mostRecipients) {
      const detail = `Failed to keep the message: ${to.length} recipients are over ${mostRecipients}; name fewer`;
      throw new ProblemError("too-large", detail, { limit: mostRecipients });
    }
    const mail = { channel: "api", provider: null, from, to, raw, refusal: null } as const;
    const { kind, ids } = await parts.submissions.submit([mail], c.req.raw.signal);
    if (kind === "full") {
      const limits =
        parts.info().limits.maxMessages === null ? "--max-bytes" : "--max-messages or --max-bytes";
      const detail = `Failed to keep the message: there is no room; delete messages, or raise ${limits}`;
      throw new ProblemError("no-room", detail);
    }
    const id = ids[0] ?? null;
    const message: Message | null = id === null ? null : await parts.store.message(id);
    if (message === null) {
      throw new ProblemError("internal", "Failed to keep the message: see the server's log");
    }
    return c.json(message, 201);
  });
  return app;
}

/** Octets as they are; the envelope of the query, else of the header. */
async function readRaw(c: Context, parts: ApiParts): Promise<Letter> {
  const { own, filter } = partQuery(c, ["from"], ["to"]);
  const to = filter.getAll("to").map((text) => readMailbox(parts, "bad-query", "to", text).address);
  const from = own.get("from");
  const raw = await readOctets(c.req.raw, parts.info().limits.maxMessageSize);
  const envelope = parts.readEnvelope(raw);
  const recipients = to.length > 0 ? to : envelope.to;
  if (recipients.length === 0) {
    throw badAddress("bad-query", "to", "", "name a recipient in the query, or in To, Cc or Bcc");
  }
  const sender =
    from === null
      ? (envelope.from ?? "")
      : from === ""
        ? ""
        : readMailbox(parts, "bad-query", "from", from).address;
  return { from: sender, to: recipients, raw };
}

async function readComposed(c: Context, parts: ApiParts): Promise<Letter> {
  partQuery(c, []);
  const form: ComposedMessage = await readForm(c, composition, undefined, maxEncodedSize(parts));
  const from = readMailbox(parts, "bad-body", "from", form.from);
  const [to, cc, bcc, replyTo] = (["to", "cc", "bcc", "replyTo"] as const).map((field) =>
    [form[field] ?? []].flat().map((text) => readMailbox(parts, "bad-body", field, text)),
  ) as [Mailbox[], Mailbox[], Mailbox[], Mailbox[]];
  const recipients = [...to, ...cc, ...bcc].map(({ address }) => address);
  if (recipients.length === 0) throw badAddress("bad-body", "to", "", "name a recipient in to, cc or bcc");
  const raw = await parts.compose({
    from,
    to,
    cc,
    replyTo,
    subject: form.subject ?? "",
    text: form.text ?? (form.html === undefined ? "" : null),
    html: form.html ?? null,
    headers: Object.entries(form.headers ?? {}).map(([name, value]) => ({ name, value })),
    attachments: (form.attachments ?? []).map(({ filename, content, contentType, cid }) => ({
      filename: filename ?? null,
      content: Uint8Array.from(atob(content), (character) => character.charCodeAt(0)),
      contentType: contentType ?? null,
      contentId: cid ?? null,
    })),
    messageId: null,
    date: form.date === undefined ? parts.timers.now() : Date.parse(form.date),
  });
  const { maxMessageSize, maxBytes } = parts.info().limits;
  if (raw.length <= maxMessageSize) return { from: from.address, to: recipients, raw };
  const flag = maxMessageSize === maxBytes ? "--max-bytes" : "--max-message-size";
  const detail = `Failed to keep the message: ${raw.length} octets are over ${maxMessageSize}; send less, or raise ${flag}`;
  throw new ProblemError("too-large", detail, { limit: maxMessageSize });
}

/** What SMTP takes, with a name or without. Only a recipient may be the postmaster (RFC 5321 §4.5.1). */
function readMailbox(parts: ApiParts, kind: "bad-query" | "bad-body", field: string, text: string): Mailbox {
  const isRecipient = field !== "from" && field !== "replyTo";
  const mailbox = parseMailbox(
    text,
    (address) => parts.isMailbox(address) || (isRecipient && /^postmaster$/i.test(address)),
  );
  if (mailbox !== null) return mailbox;
  throw badAddress(kind, field, text, 'use one such as "Ada <ada@example.com>"');
}

function badAddress(
  kind: "bad-query" | "bad-body",
  field: string,
  text: string,
  advice: string,
): ProblemError {
  const detail = `Failed to read the address: ${field} ${JSON.stringify(text)}; ${advice}`;
  return new ProblemError(kind, detail, { field });
}
