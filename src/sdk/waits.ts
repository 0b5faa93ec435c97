/** The waits: what they ask the server for, and how they fail. */
import type {
  Message,
  Transaction,
  TransactionWaitResult,
  TransactionWaitTimeoutProblem,
  WaitResult,
  WaitTimeoutProblem,
  WaitTooManyProblem,
} from "../api/contract.ts";
import { parseDuration } from "../notation/mod.ts";
import type { MailproofError } from "./error.ts";
import { type MessageFilter, type TransactionFilter, writeFilter } from "./filter.ts";
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

export async function waitForMessages(
  filter: MessageFilter,
  options: WaitAllOptions,
  parts: WaitParts,
): Promise<Message[]> {
  return await awaitMessages(plan("mail", filter, options, parts), parts);
}

async function awaitMessages(wait: Wait, parts: WaitParts): Promise<Message[]> {
  const { filter } = wait;
  const asked = parts.timers.now();
  const end = await ask<WaitResult>(wait, parts);
  if (end.kind === "answer") return end.value.messages;
  if (end.kind === "unanswered") throw unanswered(wait, end.error);
  if (end.error.is("wait-too-many")) throw tooManyMessages(wait, end.error, parts.timers.now() - asked);
  const { messages, nearMisses, rejections, sessions, evicted } = end.error.problem as WaitTimeoutProblem;
  const came = messages.map(describeMessage);
  const instead = { came, nearMisses, others: [], rejections, sessions, evicted };
  const [nearest] = nearMisses;
  throw new WaitTimeoutError(
    describeShortfall(wait, await complete(instead, wait, parts)),
    filter,
    nearest === undefined ? null : likeMessage(filter, nearest),
  );
}

export async function waitForTransactions(
  filter: TransactionFilter,
  options: WaitAllOptions,
  parts: WaitParts,
): Promise<Transaction[]> {
  return await awaitTransactions(plan("transaction", filter, options, parts), parts);
}

async function awaitTransactions(wait: Wait, parts: WaitParts): Promise<Transaction[]> {
  const { filter } = wait;
  const asked = parts.timers.now();
  const end = await ask<TransactionWaitResult>(wait, parts);
  if (end.kind === "answer") return end.value.transactions;
  if (end.kind === "unanswered") throw unanswered(wait, end.error);
  if (end.error.is("wait-too-many")) throw tooManyTransactions(wait, end.error, parts.timers.now() - asked);
  const { transactions, others, sessions } = end.error.problem as TransactionWaitTimeoutProblem;
  const came = transactions.map(describeAttempt);
  const instead = { came, nearMisses: [], others, rejections: [], sessions, evicted: 0 };
  const [newest] = others;
  throw new WaitTimeoutError(
    describeShortfall(wait, await complete(instead, wait, parts)),
    filter,
    newest === undefined ? null : likeTransaction(filter, newest),
  );
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
    await Promise.all([awaitMessages(mail, parts), matchable ? awaitTransactions(attempt, parts) : null]);
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

async function ask<T>(wait: Wait, { transport, timers }: WaitParts): Promise<HoldEnd<T>> {
  const path = wait.what === "mail" ? "/api/messages/wait" : "/api/transactions/wait";
  const query = new URLSearchParams(wait.query);
  const link = linkSignals(wait.signal, transport.closing);
  try {
    return await hold<T>(
      (timeout, signal) => {
        query.set("timeout", String(timeout));
        return transport.json<T>({ action: "wait", path, query, signal });
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
  { transport, inbox, smtpUrl }: WaitParts,
): Promise<Shortfall> {
  const { came, nearMisses, others, rejections, sessions } = shortfall;
  const nothing = [came, nearMisses, others, rejections, sessions].every((list) => list.length === 0);
  const connected = nothing ? await countConnected(start, inbox, transport) : null;
  return { ...shortfall, evicted: Math.max(0, shortfall.evicted - start.evicted), connected, smtpUrl };
}

function unanswered(wait: Wait, cause: MailproofError): WaitTimeoutError {
  const text = `no answer about ${wait.what}${describeFilter(wait.filter)} in ${wait.timeout} ms · ${cause.message}`;
  return new WaitTimeoutError(text, wait.filter, null, { cause });
}

function tooManyMessages(wait: Wait, error: MailproofError, elapsed: number): UnexpectedMailError {
  const { messages = [] } = error.problem as WaitTooManyProblem;
  const [message] = messages;
  const actual = message === undefined ? null : likeMessage(wait.filter, { message, differs: [] });
  return new UnexpectedMailError(
    describeExcess(wait, messages.map(describeMessage), elapsed),
    wait.filter,
    actual,
  );
}

function tooManyTransactions(wait: Wait, error: MailproofError, elapsed: number): UnexpectedMailError {
  const { transactions = [] } = error.problem as WaitTooManyProblem;
  const [transaction] = transactions;
  const actual = transaction === undefined ? null : likeTransaction(wait.filter, transaction);
  return new UnexpectedMailError(
    describeExcess(wait, transactions.map(describeAttempt), elapsed),
    wait.filter,
    actual,
  );
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
