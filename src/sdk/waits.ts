/** The waits: what they ask the server for, and how they fail. */
import type { Message, Problem, Transaction } from "../api/contract.ts";
import { parseDuration } from "../notation/mod.ts";
import type { MailproofError } from "./error.ts";
import { type AnyFilter, type MessageFilter, type TransactionFilter, writeFilter } from "./filter.ts";
import type { ExpectNoneOptions, WaitAllOptions } from "./handle.ts";
import { type HoldEnd, hold } from "./hold.ts";
import { countConnected, type Mark, type Start, startOf } from "./mark.ts";
import {
  describeAttempt,
  describeFilter,
  describeShortfall,
  listed,
  type Shortfall,
  type Wanted,
} from "./shortfall.ts";
import { linkSignals } from "./signal.ts";
import type { Timers } from "./timers.ts";
import type { Transport } from "./transport.ts";
import { likeMessage, likeTransaction, UnexpectedMailError, WaitTimeoutError } from "./wait-error.ts";

/** Test runners end a test at 5 s; a wait is to fail before, with its own text. */
export const defaultTimeout = 3_000;
const defaultWithin = 200;
/** Of the server, where none is asked for. */
const defaultQuiet = 500;

/** Fields of a message filter by which attempts can be matched too. */
const attemptFields = [
  "to",
  "from",
  "subject",
  "messageId",
  "inbox",
  "session",
  "source",
  "provider",
  "before",
  "after",
];

export interface WaitParts {
  readonly transport: Transport;
  readonly timers: Timers;
  /** That all is confined to; null: to none. */
  readonly inbox: string | null;
  readonly smtpUrl: string;
  /** Name of the listener that this leads to. */
  readonly listener: string;
  /** Of the handle, now. */
  readonly mark: () => Mark;
}

/** One wait, with its defaults in place. `filter` is what the user wrote. */
interface Wait extends Wanted {
  readonly query: URLSearchParams;
  readonly exactly: boolean;
  readonly quiet: number;
  readonly start: Start;
  readonly signal: AbortSignal | undefined;
}

/** What waits for messages and waits for transactions have of their own. */
interface Sought<T> {
  readonly list: "messages" | "transactions";
  readonly describe: (record: T) => string;
  /** In the form of the filter. */
  readonly like: (filter: AnyFilter, record: T) => Readonly<Record<string, unknown>>;
}

const messages: Sought<Message> = {
  list: "messages",
  describe: describeMessage,
  like: (filter, message) => likeMessage(filter, { message, differs: [] }),
};

const transactions: Sought<Transaction> = {
  list: "transactions",
  describe: describeAttempt,
  like: likeTransaction,
};

/** One of the two lists, by what is sought. */
type Found<T> = { readonly [list in Sought<T>["list"]]?: T[] };

/** The problem of a wait that found too few or too many. */
type Report<T> = Problem &
  Found<T> &
  Partial<Pick<Shortfall, "nearMisses" | "others" | "rejections" | "sessions" | "evicted">>;

export async function waitForMessages(
  filter: MessageFilter,
  options: WaitAllOptions,
  parts: WaitParts,
): Promise<Message[]> {
  return await awaitAll(messages, plan("mail", filter, options, parts), parts);
}

export async function waitForTransactions(
  filter: TransactionFilter,
  options: WaitAllOptions,
  parts: WaitParts,
): Promise<Transaction[]> {
  return await awaitAll(transactions, plan("transaction", filter, options, parts), parts);
}

async function awaitAll<T>(sought: Sought<T>, wait: Wait, parts: WaitParts): Promise<T[]> {
  const { filter } = wait;
  const asked = parts.timers.now();
  const end = await ask(sought, wait, parts);
  if (end.kind === "answer") return end.value[sought.list]!;
  if (end.kind === "unanswered") throw unanswered(wait, end.error);
  const report = end.error.problem as Report<T>;
  const found = report[sought.list] ?? [];
  const came = found.map(sought.describe);
  if (end.error.is("wait-too-many")) {
    const [first] = found;
    const actual = first === undefined ? null : sought.like(filter, first);
    throw new UnexpectedMailError(describeExcess(wait, came, parts.timers.now() - asked), filter, actual);
  }
  const { nearMisses = [], others = [], rejections = [], sessions = [], evicted = 0 } = report;
  const instead = { came, nearMisses, others, rejections, sessions, evicted };
  const text = describeShortfall(wait, await complete(instead, wait, parts));
  throw new WaitTimeoutError(text, filter, likeNearest(filter, instead));
}

/** Both waits at once; the first that sees something ends the other. */
export async function expectNone(
  filter: MessageFilter,
  options: ExpectNoneOptions,
  parts: WaitParts,
): Promise<void> {
  const link = linkSignals(options.signal);
  const { within = defaultWithin, attempts = true, since } = options;
  const none = { count: 0, timeout: within, signal: link.signal, ...(since === undefined ? {} : { since }) };
  const { since: _, ...fields } = filter;
  const mail = plan("mail", filter, none, parts);
  // What was stored is a message; so of the transactions only the others count.
  const attempt = plan("attempt", fields, none, parts);
  for (const outcome of ["open", "rejected", "aborted"]) attempt.query.append("outcome", outcome);
  const matchable = attempts && Object.keys(fields).every((field) => attemptFields.includes(field));
  try {
    await Promise.all([
      awaitAll(messages, mail, parts),
      matchable ? awaitAll(transactions, attempt, parts) : null,
    ]);
  } finally {
    link.abort(new Error("The other wait has ended"));
    link.unlink();
  }
}

function plan(
  what: Wanted["what"],
  filter: MessageFilter | TransactionFilter,
  options: WaitAllOptions,
  parts: WaitParts,
): Wait {
  const { count, exactly, quiet, timeout, since, signal } = options;
  if (count !== undefined && exactly !== undefined) {
    throw new TypeError(
      `Failed to wait: both count ${count} and exactly ${exactly} are given; give one of them`,
    );
  }
  const start = startOf(what, since ?? filter.since ?? parts.mark(), parts.mark());
  const query = writeFilter({ ...filter, since: start.seq }, parts.inbox);
  if (start.journal !== null) query.set("journal", String(start.journal));
  if (start.startedAt !== null) query.set("startedAt", start.startedAt);
  if (exactly === undefined) query.set("count", String(count ?? 1));
  else query.set("exactly", String(exactly));
  if (quiet !== undefined) query.set("quiet", String(parseDuration(quiet)));
  return {
    what,
    filter,
    query,
    count: exactly ?? count ?? 1,
    exactly: exactly !== undefined,
    timeout: parseDuration(timeout ?? defaultTimeout),
    quiet: quiet === undefined ? defaultQuiet : parseDuration(quiet),
    start,
    signal,
  };
}

async function ask<T>(
  { list }: Sought<T>,
  wait: Wait,
  { transport, timers }: WaitParts,
): Promise<HoldEnd<Found<T>>> {
  const path = `/api/${list}/wait`;
  const query = new URLSearchParams(wait.query);
  const link = linkSignals(wait.signal, transport.closing);
  try {
    return await hold<Found<T>>(
      (timeout, signal) => {
        query.set("timeout", String(timeout));
        return transport.json<Found<T>>({ action: "wait", path, query, signal, list });
      },
      // "None came" holds only when the whole time is over.
      wait.exactly || wait.count > 0,
      { timeout: wait.timeout, quiet: wait.quiet, signal: link.signal, timers },
    );
  } finally {
    link.unlink();
  }
}

/** What the report of the server leaves open: what is new since the mark, and whether anybody came at all. */
async function complete(
  shortfall: Omit<Shortfall, "connected" | "smtpUrl">,
  { start }: Wait,
  { transport, inbox, listener, smtpUrl }: WaitParts,
): Promise<Shortfall> {
  const { came, nearMisses, others, rejections, sessions } = shortfall;
  const nothing = [came, nearMisses, others, rejections, sessions].every((list) => list.length === 0);
  const connected = nothing ? await countConnected(start, inbox, listener, transport) : null;
  return { ...shortfall, evicted: Math.max(0, shortfall.evicted - start.evicted), connected, smtpUrl };
}

function unanswered(wait: Wait, cause: MailproofError): WaitTimeoutError {
  const text = `no answer about ${wait.what}${describeFilter(wait.filter)} in ${wait.timeout} ms · ${cause.message}`;
  return new WaitTimeoutError(text, wait.filter, null, { cause });
}

function likeNearest(
  filter: AnyFilter,
  { nearMisses: [nearMiss], others: [other] }: Pick<Shortfall, "nearMisses" | "others">,
): Readonly<Record<string, unknown>> | null {
  if (nearMiss !== undefined) return likeMessage(filter, nearMiss);
  return other === undefined ? null : likeTransaction(filter, other);
}

/** `#12 "Welcome" (reply-lost)`; while its transaction is open, its outcome is not known. */
export function describeMessage({ seq, subject, transaction: { outcome } }: Message): string {
  const remark = outcome === "accepted" || outcome === "open" ? "" : ` (${outcome})`;
  return `#${seq} ${JSON.stringify(subject)}${remark}`;
}

/** `expected no mail to ada@x.test in 200 ms, but 1 came after 12 ms: #12 "Welcome"` */
function describeExcess(wait: Wait, came: readonly string[], elapsed: number): string {
  const { what, count, filter, timeout } = wait;
  const amount = count === 0 ? `no ${what}` : `exactly ${count} ${what}${count === 1 ? "" : "s"}`;
  return `expected ${amount}${describeFilter(filter)} in ${timeout} ms, but ${came.length} came after ${Math.round(elapsed)} ms: ${listed(came)}`;
}
