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
const fieldName = v.pipe(v.string(), v.regex(/^[!-9;-~]+$/, "use the name of a header field"));

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
  const { own } = partQuery(c, ["from"], ["to"]);
  const to = new URL(c.req.url).searchParams.getAll("to").map((address) => bareAddress(address, "to"));
  const from = own.get("from");
  const raw = await readOctets(c.req.raw, parts.info().limits.maxMessageSize);
  const envelope = parts.readEnvelope(raw);
  const recipients = to.length > 0 ? to : envelope.to;
  if (recipients.length === 0) {
    throw badAddress("bad-query", "to", "", "name a recipient in the query, or in To, Cc or Bcc");
  }
  const sender = from === null ? (envelope.from ?? "") : from === "" ? "" : bareAddress(from, "from");
  return { from: sender, to: recipients, raw };
}

/** In a URL a space means `+`. */
function bareAddress(text: string, field: string): string {
  const mailbox = parseMailbox(text.replaceAll(" ", "+"));
  if (mailbox !== null) return mailbox.address;
  throw badAddress("bad-query", field, text, "use one such as ada@example.com");
}

async function readComposed(c: Context, parts: ApiParts): Promise<Letter> {
  partQuery(c, []);
  const form: ComposedMessage = await readForm(c, composition, undefined, maxEncodedSize(parts));
  const from = mailboxOf(form.from, "from");
  const [to, cc, bcc, replyTo] = (["to", "cc", "bcc", "replyTo"] as const).map((field) =>
    [form[field] ?? []].flat().map((text) => mailboxOf(text, field)),
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

function mailboxOf(text: string, field: string): Mailbox {
  const mailbox = parseMailbox(text);
  if (mailbox !== null) return mailbox;
  throw badAddress("bad-body", field, text, 'use one such as "Ada <ada@example.com>"');
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
