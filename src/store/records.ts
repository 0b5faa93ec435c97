/**
 * The records that the store keeps and that users see: CONTRACT-level shapes, plain JSON.
 * `api/contract.ts` re-exports them; there is no second definition.
 */
import type { Path, Reply } from "../smtp/mod.ts";

export type Channel = "smtp" | "lmtp" | "http" | "api";
export type Outcome = "open" | "accepted" | "rejected" | "aborted" | "reply-lost";

/** A rule that acted, and where. */
export interface FiredFault {
  readonly ruleId: string;
  readonly phase: string;
}

export interface Recipient {
  path: Path;
  parameters: Record<string, string | true>;
  reply: Reply | null;
  /** At RCPT, and in LMTP also after the content (RFC 2033 §4.2). */
  accepted: boolean;
  /** LMTP: the reply for this recipient after the content. */
  finalReply: Reply | null;
}

/** One mail transaction, refused and broken-off ones too. Mutable: its writer puts it again after a change. */
export interface Transaction {
  id: string;
  /** Rises by one per transaction, never restarts; the `since` of transaction waits. */
  seq: number;
  channel: Channel;
  provider: string | null;
  sessionId: string | null;
  inboxes: string[];
  verb: "MAIL" | "SEND" | "SOML" | "SAML" | null;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string | null;
  /** Null where the sender could not be understood. */
  reversePath: Path | null;
  /** By upper-case keyword, xtext decoded; `true` without a value. */
  mailParameters: Record<string, string | true>;
  /** Every recipient tried, refused ones too, in order. */
  recipients: Recipient[];
  outcome: Outcome;
  /** The reply that decided the outcome; null while open and when nothing was said. */
  reply: Reply | null;
  /** Octets of content. */
  size: number;
  storedId: string | null;
  /** What was sent, stored or not; null when no content came, or it was evicted before anybody read it. */
  content: { subject: string; messageId: string | null } | null;
  idempotencyKey: string | null;
  labels: string[];
  warnings: string[];
  faults: FiredFault[];
}

/** One connection (RFC 5321 §3.1). Mutable like {@link Transaction}. */
export interface Session {
  id: string;
  listener: string;
  remoteAddress: string;
  remotePort: number;
  openedAt: string;
  closedAt: string | null;
  closedBy: "client" | "server" | "fault" | "timeout" | null;
  helo: string | null;
  esmtp: boolean;
  tls: { version: string; cipher: string } | null;
  tlsError: string | null;
  /** Who authenticated, and how. */
  user: string | null;
  mechanism: string | null;
  /** Ids of its inboxes, and of those of its transactions. */
  inboxes: string[];
  /** The last AUTH that was refused, such as `AUTH PLAIN 535 5.7.8 …`; null where none was, or one succeeded later. */
  authError: string | null;
  warnings: string[];
  /** The newest 1,000. */
  faults: FiredFault[];
  /** The newest 1,000. */
  transactionIds: string[];
}

/** One line of a dialogue. */
export interface TranscriptLine {
  /** Milliseconds since the session opened. */
  readonly at: number;
  /** `C` client, `S` server, `*` a remark of ours (TLS handshake, a fault that acted, how it ended). */
  readonly by: "C" | "S" | "*";
  readonly text: string;
  readonly transactionId: string | null;
}

export interface Address {
  name: string;
  address: string;
}

export interface Envelope {
  /** `""` = null reverse-path. */
  from: string;
  /** Accepted recipients, as sent, order and duplicates kept. */
  to: string[];
}

export interface Attachment {
  index: number;
  filename: string | null;
  contentType: string;
  /** Octets after the transfer encoding is undone. */
  size: number;
  contentId: string | null;
  disposition: "attachment" | "inline" | null;
  /** Lower-case hex. */
  sha256: string;
}

/** An iCalendar object that a message carries, such as an invitation (RFC 6047). */
export interface Calendar {
  /** Of its part. */
  path: string;
  /** `REQUEST`, `CANCEL`, `REPLY` … (RFC 5546), or null. */
  method: string | null;
  /** With LF line breaks, still folded (RFC 5545 §3.1). */
  text: string;
}

/** What a delivery report says of one recipient (RFC 3464 §2.3). Addresses and names are without their type. */
export interface DeliveryStatus {
  recipient: string;
  /** ORCPT (RFC 3461 §4.2), or null. */
  originalRecipient: string | null;
  /** `failed`, `delayed`, `delivered`, `relayed` or `expanded`. */
  action: string;
  /** Enhanced status code, such as `5.1.1`. */
  status: string | null;
  /** What the other server said, such as `550 5.1.1 No such user`. */
  diagnostic: string | null;
  /** The server that said it. */
  remoteMta: string | null;
}

/** One node of the MIME tree. `path` is IMAP style: `""` root, `"1"`, `"1.2"`; also into a `message/rfc822`. */
export interface MimePart {
  path: string;
  contentType: string;
  charset: string | null;
  encoding: string | null;
  filename: string | null;
  contentId: string | null;
  disposition: string | null;
  size: number;
  parts: MimePart[];
}

export interface MessageSummary {
  id: string;
  /** Rises by one per stored message, never restarts. */
  seq: number;
  receivedAt: string;
  channel: Channel;
  provider: string | null;
  sessionId: string | null;
  transactionId: string;
  inboxes: string[];
  envelope: Envelope;
  from: Address | null;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: Address[];
  subject: string;
  /** ISO 8601, or null where there is no valid Date field. */
  date: string | null;
  messageId: string | null;
  /** First 200 characters of the text, white space folded. */
  snippet: string;
  size: number;
  attachmentCount: number;
  tags: string[];
  read: boolean;
  warnings: string[];
}

export interface Message extends MessageSummary {
  text: string | null;
  html: string | null;
  /** In order, duplicates kept, values decoded. */
  headers: { name: string; value: string }[];
  attachments: Attachment[];
  mime: MimePart;
  links: { url: string; text: string }[];
  /** One-time codes, likeliest first. */
  codes: string[];
  calendars: Calendar[];
  /** Of a delivery report; else empty. */
  deliveryStatus: DeliveryStatus[];
  /** What a relay of RFC 821 would send it on with; null unless an accepted recipient has a source route. */
  nextHop: { reversePath: string; forwardPaths: string[] } | null;
  /** ISO 8601: what HOLDFOR or HOLDUNTIL asked for (RFC 4865). It is not waited for. */
  heldUntil: string | null;
  transaction: Transaction;
}
