/** The records as JSON Schema, field by field as their types have them. */
import { outcomes } from "../../store/mod.ts";
import type {
  Address,
  Attachment,
  Calendar,
  DeliveryStatus,
  Envelope,
  FiredFault,
  Message,
  MessageSummary,
  MimePart,
  Path,
  Recipient,
  Reply,
  Session,
  Transaction,
  TranscriptLine,
} from "../contract.ts";
import {
  closed,
  type Fields,
  flag,
  instant,
  instantOrNull,
  type JsonSchema,
  listOf,
  mapOf,
  oneOf,
  orNull,
  reference,
  text,
  textOrNull,
  whole,
} from "./form.ts";

const channel = oneOf("How it came.", ["smtp", "lmtp", "http", "api"]);
const provider = textOrNull("The HTTP mail provider that it was sent through, or null.");
const warnings = listOf({ type: "string" }, "Deviations of the client, such as `early-talker`.");
const faults = listOf(reference("FiredFault"), "Rules that fired.");
const parameters = mapOf(
  { anyOf: [{ type: "string" }, { const: true }] },
  "By upper-case keyword, xtext decoded; `true` without a value.",
);
const inboxes = listOf({ type: "string" }, "Ids of the inboxes that it came into.");

const address: Fields<Address> = {
  name: text('The display name, decoded; "" where there is none.'),
  address: text("The mailbox."),
};

const path: Fields<Path> = {
  raw: text("As it was sent, with its brackets."),
  address: text('Without brackets and route; "" is the null reverse-path.'),
  route: listOf({ type: "string" }, "The hosts of a source route (RFC 821)."),
};

const reply: Omit<Fields<Reply>, "isUtf8"> = {
  code: whole("The reply code; of a provider the HTTP status.", 200, 599),
  enhanced: textOrNull("The enhanced status code (RFC 3463), or null."),
  lines: listOf({ type: "string" }, "The text, without codes."),
};

const firedFault: Fields<FiredFault> = {
  ruleId: text("The id of the rule."),
  phase: text("Where it fired."),
};

const envelope: Fields<Envelope> = {
  from: text('The reverse-path; "" is the null one.'),
  to: listOf({ type: "string" }, "The recipients that were accepted, as sent, in order, duplicates kept."),
};

const recipient: Fields<Recipient> = {
  path: reference("Path"),
  parameters,
  reply: orNull(reference("Reply")),
  accepted: flag("Whether it was accepted; in LMTP also after the content."),
  finalReply: orNull(reference("Reply", "LMTP: the reply for this recipient after the content.")),
};

const attachment: Fields<Attachment> = {
  index: whole("From 0."),
  filename: textOrNull("As the sender named it, or null."),
  contentType: text("Lower case, without parameters."),
  size: whole("Octets after the transfer encoding is undone."),
  contentId: textOrNull("Without angle brackets, or null."),
  disposition: oneOf("What Content-Disposition says, or null.", ["attachment", "inline", null]),
  sha256: text("Of its octets, lower-case hex.", { pattern: "^[0-9a-f]{64}$" }),
};

const mimePart: Fields<MimePart> = {
  path: text('"" is the root, then "1", "1.2".'),
  contentType: text("Lower case, without parameters."),
  charset: textOrNull("As declared, or null."),
  encoding: textOrNull("The transfer encoding, or null."),
  filename: textOrNull("As the sender named it, or null."),
  contentId: textOrNull("Without angle brackets, or null."),
  disposition: textOrNull("What Content-Disposition says, or null."),
  size: whole("Octets."),
  parts: listOf(reference("MimePart")),
};

const calendar: Fields<Calendar> = {
  path: text("Of its part."),
  method: textOrNull("`REQUEST`, `CANCEL`, `REPLY` … (RFC 5546), or null."),
  text: text("With LF line breaks, still folded (RFC 5545 §3.1)."),
};

const deliveryStatus: Fields<DeliveryStatus> = {
  recipient: text("Its address."),
  originalRecipient: textOrNull("ORCPT (RFC 3461 §4.2), or null."),
  action: text("`failed`, `delayed`, `delivered`, `relayed` or `expanded`."),
  status: textOrNull("The enhanced status code, such as `5.1.1`, or null."),
  diagnostic: textOrNull("What the other server said, or null."),
  remoteMta: textOrNull("The server that said it, or null."),
};

const summary: Fields<MessageSummary> = {
  id: text("Such as `m12`."),
  seq: whole("Rises by one for each message, and never begins again.", 1),
  receivedAt: instant("When it was stored."),
  channel,
  provider,
  sessionId: textOrNull("The session that brought it, or null."),
  transactionId: text("The transaction that brought it."),
  inboxes,
  envelope: reference("Envelope"),
  from: orNull(reference("Address")),
  to: listOf(reference("Address")),
  cc: listOf(reference("Address")),
  bcc: listOf(reference("Address")),
  replyTo: listOf(reference("Address")),
  subject: text("Decoded."),
  date: instantOrNull("Of the Date field, or null where there is no valid one."),
  messageId: textOrNull("As in the header, or null."),
  snippet: text("The first 200 characters of the text, white space folded."),
  size: whole("Octets."),
  attachmentCount: whole("How many attachments it has."),
  tags: listOf({ type: "string" }, "What `PATCH` sets."),
  read: flag("What `PATCH` sets."),
  warnings,
};

const message: Fields<Message> = {
  ...summary,
  text: textOrNull("Its text, decoded, or null."),
  html: textOrNull("Its HTML, decoded, or null."),
  headers: reference("HeaderFields"),
  attachments: listOf(reference("Attachment")),
  mime: reference("MimePart"),
  links: listOf(
    closed({ url: text("The address."), text: text("What it reads.") }),
    "Of the HTML and the text.",
  ),
  codes: listOf({ type: "string" }, "One-time codes, the likeliest first."),
  calendars: listOf(reference("Calendar"), "Its iCalendar parts."),
  deliveryStatus: listOf(
    reference("DeliveryStatus"),
    "Of a delivery report (RFC 3464), what became of each recipient; else empty.",
  ),
  nextHop: orNull(
    closed({
      reversePath: text("With the first host of the route put before it."),
      forwardPaths: listOf({ type: "string" }, "Without that host."),
    }),
  ),
  heldUntil: instantOrNull("What HOLDFOR or HOLDUNTIL asked for (RFC 4865), or null. It is not waited for."),
  transaction: reference("Transaction"),
};

const transaction: Fields<Transaction> = {
  id: text("Such as `t12`."),
  seq: whole("Rises by one for each transaction, and never begins again.", 1),
  channel,
  provider,
  sessionId: textOrNull("Its session, or null."),
  inboxes,
  verb: oneOf("What began it; null: no SMTP.", ["MAIL", "SEND", "SOML", "SAML", null]),
  startedAt: instant("When it began."),
  finishedAt: instantOrNull("Null while it is open."),
  reversePath: orNull(reference("Path", "As it was tried, malformed or not; null where MAIL named none.")),
  mailParameters: parameters,
  recipients: listOf(reference("Recipient"), "Every one that was tried, in order."),
  outcome: oneOf(
    "`accepted`: stored, and the reply was sent; `reply-lost`: stored, but the reply did not leave whole; " +
      "`rejected`: ended by a 4yz or 5yz; `aborted`: ended otherwise.",
    outcomes,
  ),
  reply: orNull(reference("Reply", "The reply that decided the outcome.")),
  size: whole("Octets of content."),
  storedId: textOrNull("The id of the message, or null."),
  content: orNull(closed({ subject: text("Decoded."), messageId: textOrNull("As in the header, or null.") })),
  idempotencyKey: textOrNull("What a provider was given, or null."),
  labels: listOf({ type: "string" }, "What rules put on it."),
  warnings,
  faults,
};

const session: Fields<Session> = {
  id: text("Such as `s12`."),
  listener: text("`smtp`, `smtps`, `lmtp`, or the id of an inbox."),
  remoteAddress: text("The client, or the one that a trusted proxy named."),
  remotePort: whole("0 where it is not known.", 0, 65_535),
  openedAt: instant("When it began."),
  closedAt: instantOrNull("Null while it is open."),
  closedBy: oneOf("Null while it is open.", ["client", "server", "fault", "timeout", null]),
  helo: textOrNull("The client's name, or null."),
  esmtp: flag("Whether it said EHLO or LHLO."),
  tls: orNull(closed({ version: text("Such as `TLSv1.3`."), cipher: text("Its name.") })),
  tlsError: textOrNull("Why TLS failed, or null."),
  user: textOrNull("Who authenticated, or null."),
  mechanism: textOrNull("How, or null."),
  inboxes: listOf({ type: "string" }, "Ids of its inboxes, and of those of its transactions."),
  authError: textOrNull("The last AUTH that was refused, or null."),
  warnings,
  faults,
  transactionIds: listOf({ type: "string" }, "Its transactions, the newest 1,000."),
};

const transcriptLine: Fields<TranscriptLine> = {
  at: { type: "number", description: "Milliseconds since the session opened.", minimum: 0 },
  by: oneOf("`C` the client, `S` the server, `*` a remark.", ["C", "S", "*"]),
  text: text("The line; credentials are masked."),
  transactionId: textOrNull("The transaction that it is part of, or null."),
};

/** By their names in the components. */
export const recordSchemas: Readonly<Record<string, JsonSchema>> = {
  MessageSummary: closed(summary),
  Message: closed(message),
  Transaction: closed(transaction),
  Session: closed(session),
  TranscriptLine: closed(transcriptLine),
  Envelope: closed(envelope),
  Address: closed(address),
  Path: closed(path),
  Reply: closed(reply),
  Recipient: closed(recipient),
  FiredFault: closed(firedFault),
  Attachment: closed(attachment),
  MimePart: closed(mimePart),
  Calendar: closed(calendar),
  DeliveryStatus: closed(deliveryStatus),
  HeaderFields: listOf(
    closed({ name: text("As it was sent."), value: text("Decoded.") }),
    "In order, duplicates kept.",
  ),
};
