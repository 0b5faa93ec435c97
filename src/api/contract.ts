/**
 * What goes over HTTP, as types: the only file of this room that the SDK and the web page import.
 * Records, filters and rules are those of the store and the faults; there is no second definition.
 * @module
 */
import type { Duration, FaultMatch, FaultRule, FaultRuleReport, FaultWhen, Preset } from "../faults/mod.ts";
import type {
  Inbox,
  JournalEntry,
  Message,
  MessageSummary,
  Session,
  StoreCounts,
  Transaction,
  TranscriptLine,
} from "../store/mod.ts";

export type {
  Duration,
  EndingName,
  FaultEffect,
  FaultMatch,
  FaultPhase,
  FaultRule,
  FaultRuleReport,
  FaultWhen,
  NumberMatch,
  Pattern,
  Preset,
  ReplyInput,
  Scope,
} from "../faults/mod.ts";
export type { Path, Reply } from "../smtp/mod.ts";
export type {
  Address,
  Attachment,
  Calendar,
  Channel,
  DeliveryStatus,
  DirectoryInput,
  DirectoryList,
  DirectoryState,
  DirectoryUser,
  Envelope,
  FiredFault,
  Inbox,
  InboxInput,
  InboxMatch,
  Message,
  MessageFilter,
  MessageSummary,
  MimePart,
  NewInbox,
  Outcome,
  Patterns,
  Recipient,
  Session,
  SessionFilter,
  StoreCounts,
  Transaction,
  TransactionFilter,
  TranscriptLine,
} from "../store/mod.ts";

/** `GET /api/messages`: newest first. `total` and `unread` count all matches, not only this page. */
export interface MessagesPage {
  messages: MessageSummary[];
  total: number;
  unread: number;
  nextCursor: string | null;
}

/** `GET /api/transactions`: newest first. */
export interface TransactionsPage {
  transactions: Transaction[];
  total: number;
  nextCursor: string | null;
}

/** `GET /api/sessions`: newest first. */
export interface SessionsPage {
  sessions: Session[];
  total: number;
  nextCursor: string | null;
}

/** `GET /api/messages/{id}/headers`: in order, duplicates kept. */
export interface HeadersReply {
  headers: { name: string; value: string }[];
}

/** `GET /api/sessions/{id}/transcript` with `Accept: application/json` or `?format=json`. */
export interface Transcript {
  sessionId: string;
  openedAt: string;
  lines: TranscriptLine[];
  /** Older lines that were let go. */
  omitted: number;
}

/** `POST /api/messages` as JSON: what the message is composed of. Addresses: `ada@x.test` or `Ada <ada@x.test>`. */
export interface ComposedMessage {
  from: string;
  /** A recipient is needed here, in `cc` or in `bcc`. */
  to?: string | string[];
  cc?: string | string[];
  /** In the envelope alone. */
  bcc?: string | string[];
  replyTo?: string | string[];
  subject?: string;
  text?: string;
  html?: string;
  /** Further fields by name; none that is made of the fields here, or of the body. */
  headers?: Record<string, string>;
  attachments?: {
    filename?: string;
    /** Base64. */
    content: string;
    /** Default: by the name. */
    contentType?: string;
    /** What the HTML shows it by: `cid:` and this. */
    cid?: string;
  }[];
  /** ISO 8601. Default: now. */
  date?: string;
}

/** `PATCH /api/messages[/{id}]`. Absent fields stay as they are; `tags` replaces all tags. */
export interface MessageChange {
  read?: boolean;
  tags?: string[];
}

/** Reply to `PATCH /api/messages[/{id}]`: the messages changed. */
export interface ChangedReply {
  changed: string[];
}

/** Reply to `DELETE /api/messages[/{id}]`: the messages deleted. */
export interface DeletedReply {
  deleted: string[];
}

/** `GET /api/messages/wait`: the first matches after `since`, oldest first. */
export interface WaitResult {
  messages: Message[];
}

/** `GET /api/transactions/wait`: the first matches after `since`, oldest first. */
export interface TransactionWaitResult {
  transactions: Transaction[];
}

/** A message that missed the filter, and the filter fields that it missed. */
export interface NearMiss {
  message: MessageSummary;
  differs: string[];
}

/**
 * Every error, `application/problem+json` (RFC 9457). `type` is `urn:mailproof:problem:` and a {@link ProblemName}.
 * Further fields as the problem needs them.
 */
export interface Problem {
  type: `urn:mailproof:problem:${ProblemName}`;
  title: string;
  status: number;
  /** What is wrong with this request, and what to do. */
  detail: string;
  /** The query parameter or body field that is wrong. */
  field?: string;
  /** Where in a JSON body, from 1. */
  line?: number;
  /** Where in `q`, or in that line; characters from 1. */
  column?: number;
  /** Where in a rule or a directory: `rules[0].do[1].reply`, `users[0].address`. */
  path?: string;
}

export type ProblemName =
  | "bad-query"
  | "bad-json"
  | "bad-body"
  | "bad-rule"
  | "unauthorized"
  | "forbidden-host"
  | "forbidden-origin"
  | "not-found"
  | "method-not-allowed"
  | "duplicate-rule"
  | "wait-timeout"
  | "wait-too-many"
  | "restarted"
  | "no-room"
  | "too-large"
  | "unsupported-type"
  | "too-many-held"
  | "closing"
  | "internal";

/** 404 `wait-timeout` of a message wait: what came instead. */
export interface WaitTimeoutProblem extends Problem {
  /** What did match, fewer than asked for. */
  messages: Message[];
  /** Nearest first, at most 5. */
  nearMisses: NearMiss[];
  /** Attempts that were refused wholly or for a recipient, broke off or are still open; newest first, at most 20. */
  rejections: Transaction[];
  /** Sessions that never reached MAIL; newest first, at most 20. */
  sessions: Session[];
  /** Messages that went to make room since the start or the last reset. */
  evicted: number;
}

/** 404 `wait-timeout` of a transaction wait. */
export interface TransactionWaitTimeoutProblem extends Problem {
  /** What did match, fewer than asked for. */
  transactions: Transaction[];
  /** Transactions after `since` that miss the filter; newest first, at most 20. */
  others: Transaction[];
  sessions: Session[];
}

/** 409 `wait-too-many`: more came than `exactly` (or `count=0`) allows. One of the two lists, by the route. */
export interface WaitTooManyProblem extends Problem {
  messages?: Message[];
  transactions?: Transaction[];
}

export interface Listener {
  /** As in {@link Session}`.listener`. */
  name: string;
  protocol: "smtp" | "smtps" | "lmtp" | "http";
  host: string;
  port: number;
  url: string;
}

/** What the composition knows about the running server. */
export interface ServerInfo {
  name: "mailproof";
  version: string;
  startedAt: string;
  runtime: { name: "node" | "deno" | "bun"; version: string };
  /** In greeting and replies. */
  hostname: string;
  listeners: Listener[];
  starttls: "off" | "offer" | "require";
  /** `any`: every password is accepted. */
  auth: { mode: "any" | "users"; required: boolean };
  limits: {
    /** Octets. */
    maxMessageSize: number;
    maxMessages: number | null;
    /** Octets. */
    maxBytes: number;
    whenFull: "evict" | "reject";
    /** Of one message; null: 50,000, which LIMITS does not tell. */
    maxRecipients: number | null;
    /** Open at once. */
    maxSessions: number;
    /** Of one session. */
    maxErrors: number;
    /** Of one session; null: no limit. */
    maxJunk: number | null;
    /** Milliseconds. */
    idleTimeout: number;
    /** Milliseconds. */
    commandTimeout: number;
  };
  seed: string;
}

/** `GET /api/info`. */
export interface Info extends ServerInfo {
  counts: StoreCounts;
  /** Highest message `seq` so far: the `since` of a wait for what comes from now on. */
  seq: number;
  /** Highest transaction `seq` so far: the `since` of a transaction wait. */
  transactionSeq: number;
  /** Number of the newest journal event: the `Last-Event-ID` of a stream of what comes from now on, and the `journal` of waits. */
  journal: number;
  /** Fault time, ISO 8601, and how far it is ahead of real time, in milliseconds. */
  clock: { now: string; offset: number };
}

/** `GET /api/inboxes`: newest first. */
export interface InboxesReply {
  inboxes: Inbox[];
}

/** `GET /api/faults` and every reply with several rules. */
export interface FaultsReply {
  rules: FaultRuleReport[];
}

/** `POST /api/faults` and `PUT /api/faults` with several rules: all or none. */
export interface FaultsInput {
  rules: FaultRule[];
}

/** `GET /api/faults/presets`. */
export interface PresetsReply {
  presets: Preset[];
}

/** `POST /api/faults/presets/{name}`: merged into the preset's rules field by field. */
export interface PresetOptions {
  match?: FaultMatch;
  when?: FaultWhen;
  ttl?: Duration;
}

/** `POST /api/clock`. */
export interface ClockInput {
  /** Milliseconds or a string such as `"5m"`; at least 0. */
  advance: Duration;
  /** Only the clock of this inbox. */
  inbox?: string;
}

export interface ClockReply {
  /** Milliseconds that fault time is ahead of real time: of the inbox that was named, or else of all. */
  offset: number;
  /** The same time, ISO 8601. */
  now: string;
}

type ReceivedEntry = Extract<JournalEntry, { type: "message.received" }>;

/**
 * The `data` of one server-sent event, as JSON; its `id` is `n`, its `event` is `type`.
 * `message.received` carries the message, or null where it was gone before it could be read.
 */
export type ApiEvent = { readonly n: number; readonly at: string } & (
  | Exclude<JournalEntry, ReceivedEntry>
  | {
      readonly type: "message.received";
      readonly data: ReceivedEntry["data"] & { readonly message: MessageSummary | null };
    }
);

export type ApiEventType = ApiEvent["type"];
