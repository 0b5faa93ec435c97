import type {
  ApiEvent,
  ClockReply,
  Duration,
  Info,
  Message as MessageRecord,
  MessageSummary,
  MessagesPage,
  Session,
  SessionsPage,
  Transaction,
  TransactionsPage,
  WaitResult,
  WaitTimeoutProblem,
} from "../api/contract.ts";
import { parseDuration } from "../notation/mod.ts";
import { type Directory, directoryOf } from "./directory.ts";
import { MailproofError } from "./error.ts";
import { readEvents } from "./events.ts";
import { type Faults, faultsOf } from "./faults.ts";
import {
  type AnyFilter,
  type MessageFilter,
  type SessionFilter,
  type TransactionFilter,
  writeFilter,
} from "./filter.ts";
import type {
  Connection,
  Endpoint,
  EventsOptions,
  ExpectNoneOptions,
  ListOptions,
  MailHandle,
  WaitAllOptions,
  WaitOptions,
} from "./handle.ts";
import { type Mark, takeMark } from "./mark.ts";
import { liveMessage, type Message } from "./message.ts";
import type { Providers } from "./providers.ts";
import type { Timers } from "./timers.ts";
import { segment, type Transport } from "./transport.ts";
import { expectNone, type WaitParts, waitForMessages, waitForTransactions } from "./waits.ts";

/** What a handle is made of. */
export interface ClientParts {
  readonly transport: Transport;
  readonly connection: Connection;
  readonly providers: Providers;
  readonly env: Readonly<Record<string, string>>;
  readonly timers: Timers;
  /** The inbox that everything is about; null: the whole server. */
  readonly inbox: string | null;
  /** Name of the listener that `smtp` of the connection is. */
  readonly listener: string;
  /** Where the handle begins. */
  readonly mark: Mark;
  /** Aborts when the streams of this handle are to be cut; a server in this process ends them itself. */
  readonly cut: AbortSignal | undefined;
  /** Called once, by the first `close`. */
  readonly onClose: () => Promise<void>;
}

/** Records per page, the most that the API gives. */
const pageSize = 500;
/** Messages that are read with one request: they may be long. */
const wholeAtOnce = 100;

/** All that a handle on a server and one on an inbox have in common. */
export class Client implements MailHandle {
  readonly smtp: Endpoint;
  readonly smtps: Endpoint | undefined;
  readonly lmtp: Endpoint | undefined;
  readonly http: Connection["http"];
  readonly tls: Connection["tls"];
  readonly providers: Providers;
  readonly env: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly directory: Directory;
  readonly clock: MailHandle["clock"];
  readonly #parts: ClientParts;
  readonly #waits: WaitParts;
  #mark: Mark;
  #closed: Promise<void> | null = null;

  constructor(parts: ClientParts) {
    const { transport, connection, providers, env, timers, inbox, listener, mark } = parts;
    const { smtp, smtps, lmtp, http, tls } = connection;
    this.smtp = smtp;
    this.smtps = smtps;
    this.lmtp = lmtp;
    this.http = http;
    this.tls = tls;
    this.providers = providers;
    this.env = env;
    this.faults = faultsOf(transport, inbox);
    this.directory = directoryOf(transport);
    this.clock = { advance: (by) => this.#advance(by) };
    this.#parts = parts;
    const smtpUrl = withoutPassword(smtp.url);
    this.#waits = { transport, timers, inbox, listener, smtpUrl, mark: () => this.#mark };
    this.#mark = mark;
  }

  async waitFor(filter: MessageFilter = {}, options: WaitOptions = {}): Promise<Message> {
    const { timeout, since, signal } = options;
    const [message] = await this.waitForAll(filter, {
      count: 1,
      ...(timeout === undefined ? {} : { timeout }),
      ...(since === undefined ? {} : { since }),
      ...(signal === undefined ? {} : { signal }),
    });
    return message!;
  }

  async waitForAll(filter: MessageFilter = {}, options: WaitAllOptions = {}): Promise<Message[]> {
    const records = await waitForMessages(filter, options, this.#waits);
    return records.map((record) => liveMessage(record, this.#transport));
  }

  async waitForTransactions(
    filter: TransactionFilter = {},
    options: WaitAllOptions = {},
  ): Promise<Transaction[]> {
    return await waitForTransactions(filter, options, this.#waits);
  }

  async expectNone(filter: MessageFilter = {}, options: ExpectNoneOptions = {}): Promise<void> {
    await expectNone(filter, options, this.#waits);
  }

  async messages(filter: MessageFilter = {}, options: ListOptions = {}): Promise<Message[]> {
    const items = (page: MessagesPage) => page.messages;
    const summaries = await this.#list("messages", filter, options, items);
    const messages: Message[] = [];
    for (let at = 0; at < summaries.length; at += wholeAtOnce) {
      messages.push(...(await this.#whole(filter, summaries.slice(at, at + wholeAtOnce))));
    }
    return messages;
  }

  async message(id: string): Promise<Message> {
    const query = id === "latest" ? this.#filtered({}) : new URLSearchParams();
    const call = { action: "read the message", path: `/api/messages/${segment(id)}`, query };
    const record = await this.#transport.json<MessageRecord>(call);
    return liveMessage(record, this.#transport);
  }

  async transactions(filter: TransactionFilter = {}, options: ListOptions = {}): Promise<Transaction[]> {
    const items = (page: TransactionsPage) => page.transactions;
    return await this.#list("transactions", filter, options, items);
  }

  async transaction(id: string): Promise<Transaction> {
    const call = { action: "read the transaction", path: `/api/transactions/${segment(id)}` };
    return await this.#transport.json<Transaction>(call);
  }

  async sessions(filter: SessionFilter = {}, options: ListOptions = {}): Promise<Session[]> {
    const items = (page: SessionsPage) => page.sessions;
    return await this.#list("sessions", filter, options, items);
  }

  async transcript(sessionId: string): Promise<string> {
    const path = `/api/sessions/${segment(sessionId)}/transcript`;
    const headers = { accept: "text/plain" };
    return await this.#transport.text({ action: "read the transcript", path, headers });
  }

  events(options: EventsOptions = {}): AsyncIterable<ApiEvent> {
    const { cut, transport, timers } = this.#parts;
    return readEvents(options, this.#filtered({}), transport, timers, cut);
  }

  async info(): Promise<Info> {
    return await this.#transport.json<Info>({ action: "read the info", path: "/api/info" });
  }

  async mark(): Promise<Mark> {
    this.#mark = await takeMark(this.#transport);
    return this.#mark;
  }

  async clear(filter: MessageFilter = {}): Promise<void> {
    const query = this.#filtered(filter);
    const call = { action: "delete the messages", method: "DELETE", path: "/api/messages", query } as const;
    await this.#transport.text(call);
    await this.mark();
  }

  async reset(): Promise<void> {
    if (this.#parts.inbox === null) {
      await this.#transport.text({ action: "reset the server", method: "POST", path: "/api/reset" });
      await this.mark();
    } else {
      await this.faults.clear();
      await this.clear();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#parts.onClose();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #transport(): Transport {
    return this.#parts.transport;
  }

  #filtered(filter: AnyFilter): URLSearchParams {
    return writeFilter(filter, this.#parts.inbox);
  }

  /**
   * Of these, in their order, those that are still there. A wait hands over whole messages; one that takes no time
   * those that have come. What it does not know of, as it matches no more, is read by itself.
   */
  async #whole(filter: MessageFilter, listed: readonly MessageSummary[]): Promise<Message[]> {
    const query = this.#filtered({ ...filter, since: listed[0]!.seq - 1 });
    query.set("count", String(listed.length));
    query.set("timeout", "0");
    const call = { action: "read the messages", path: "/api/messages/wait", query, list: "messages" };
    const { messages } = await this.#transport.json<WaitResult>(call).catch(whatCame);
    const found = new Map(messages.map((record) => [record.id, liveMessage(record, this.#transport)]));
    const whole: Message[] = [];
    for (const { id } of listed) {
      const message = found.get(id) ?? (await this.message(id).catch(nullIfGone));
      if (message !== null) whole.push(message);
    }
    return whole;
  }

  async #advance(by: Duration): Promise<ClockReply> {
    const { inbox } = this.#parts;
    const body = { advance: parseDuration(by), ...(inbox === null ? {} : { inbox }) };
    const call = { action: "advance the clock", method: "POST", path: "/api/clock", body } as const;
    return await this.#transport.json<ClockReply>(call);
  }

  /** Page by page, as many as are asked for. The API lists the newest first, so their order is turned round. */
  async #list<Page extends { nextCursor: string | null }, T>(
    what: "messages" | "transactions" | "sessions",
    filter: AnyFilter,
    { limit = Number.POSITIVE_INFINITY }: ListOptions,
    items: (page: Page) => readonly T[],
  ): Promise<T[]> {
    if (!(limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= 1))) {
      throw new RangeError(`Failed to list: a limit of ${limit}; use a whole number from 1, or leave it out`);
    }
    const query = this.#filtered(filter);
    const call = { action: `list ${what}`, path: `/api/${what}`, query, list: what };
    const newestFirst: T[] = [];
    while (true) {
      query.set("limit", String(Math.min(pageSize, limit - newestFirst.length)));
      const page = await this.#transport.json<Page>(call);
      newestFirst.push(...items(page));
      if (page.nextCursor === null || newestFirst.length >= limit) return newestFirst.reverse();
      query.set("cursor", page.nextCursor);
    }
  }
}

/** It is for texts. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}

/** What a wait has found that found too few, or had no place at the server. */
function whatCame(error: unknown): { readonly messages: readonly MessageRecord[] } {
  if (error instanceof MailproofError) {
    if (error.is("wait-timeout")) return error.problem as WaitTimeoutProblem;
    if (error.is("too-many-held")) return { messages: [] };
  }
  throw error;
}

function nullIfGone(error: unknown): null {
  if (error instanceof MailproofError && error.is("not-found")) return null;
  throw error;
}
