import type {
  ApiEvent,
  ApiEventType,
  ClockReply,
  Duration,
  InboxMatch,
  Info,
  InboxInput as PlainInboxInput,
  Session,
  Transaction,
} from "../api/contract.ts";
import type { Directory } from "./directory.ts";
import type { Faults, WithRegExp } from "./faults.ts";
import type { MessageFilter, SessionFilter, TransactionFilter } from "./filter.ts";
import type { Mark } from "./mark.ts";
import type { Message } from "./message.ts";
import type { Providers } from "./providers.ts";

/** A listener as a client reaches it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** `smtp://127.0.0.1:1025` */
  readonly url: string;
}

/** Where a server is reached. */
export interface Connection {
  readonly smtp: Endpoint;
  /** Implicit TLS; absent where it is off. */
  readonly smtps?: Endpoint | undefined;
  /** LMTP (RFC 2033); absent where it is off. */
  readonly lmtp?: Endpoint | undefined;
  readonly http: { readonly url: string };
  /** PEM of the generated CA, or null. */
  readonly tls: { readonly ca: string | null };
}

export interface WaitOptions {
  /** Default 3 s. */
  readonly timeout?: Duration;
  /** Default: the handle's mark. A number is a `seq` of what is waited for; 0 = everything stored counts. */
  readonly since?: Mark | number;
  /** Aborting it rejects the wait with its reason. */
  readonly signal?: AbortSignal;
}

export interface WaitAllOptions extends WaitOptions {
  /** Waits for at least so many and resolves to the first ones. Default 1. */
  readonly count?: number;
  /** Waits for so many, and that no more come while it is `quiet`. Not together with `count`. */
  readonly exactly?: number;
  /** How long it must stay quiet after the last one. */
  readonly quiet?: Duration;
}

export interface ExpectNoneOptions {
  /** How long nothing may come. Default 200 ms. */
  readonly within?: Duration;
  /**
   * Whether refused, broken off and open attempts count too. Default true. An attempt is matched by what was
   * sent of it: where the filter asks for something that transactions do not show, only messages count.
   */
  readonly attempts?: boolean;
  /** Default: the handle's mark. */
  readonly since?: Mark;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** Only the newest so many. Default: all. */
  readonly limit?: number;
}

export interface EventsOptions {
  /** Default: all. */
  readonly types?: readonly ApiEventType[];
  /**
   * Where to start. Default: what happens from the first read on. A number is that of a journal event. With a mark it
   * ends with `MailproofError` when the server is another one, started anew.
   */
  readonly since?: Mark | number;
  /** Aborting it ends the iteration with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * What a handle on a server and one on an inbox can do. Lists come in order of arrival.
 * The handle has a mark, set when it is made and by {@link mark}, {@link clear} and {@link reset}: waits see
 * what came after it, whether it is there already or not, and of several the oldest.
 */
export interface MailHandle extends Connection {
  /** HTTP mail providers that are played here. */
  readonly providers: Providers;
  /**
   * For the program under test: `SMTP_HOST`, `SMTP_PORT`, `SMTP_URL`, `MAILPROOF_URL`, `RESEND_BASE_URL`,
   * `RESEND_API_KEY`, and of an inbox `SMTP_USER`, `SMTP_PASSWORD`.
   */
  readonly env: Readonly<Record<string, string>>;
  readonly faults: Faults;
  readonly directory: Directory;
  readonly clock: {
    /** Moves the clock of faults forward, of an inbox its own; waits of users and servers keep real time. */
    advance(by: Duration): Promise<ClockReply>;
  };

  /** Rejects with {@link WaitTimeoutError} when none comes in time. */
  waitFor(filter?: MessageFilter, options?: WaitOptions): Promise<Message>;
  waitForAll(filter?: MessageFilter, options?: WaitAllOptions): Promise<Message[]>;
  /** Refused, broken off and open transactions too: see `outcome`. */
  waitForTransactions(filter?: TransactionFilter, options?: WaitAllOptions): Promise<Transaction[]>;
  /** Resolves when nothing came; rejects with {@link UnexpectedMailError} as soon as something does. */
  expectNone(filter?: MessageFilter, options?: ExpectNoneOptions): Promise<void>;

  messages(filter?: MessageFilter, options?: ListOptions): Promise<Message[]>;
  /** By id, or `"latest"`. */
  message(id: string): Promise<Message>;
  transactions(filter?: TransactionFilter, options?: ListOptions): Promise<Transaction[]>;
  transaction(id: string): Promise<Transaction>;
  sessions(filter?: SessionFilter, options?: ListOptions): Promise<Session[]>;
  /** The dialogue with milliseconds, credentials masked. */
  transcript(sessionId: string): Promise<string>;
  /** What happens, as it happens. Reconnects by itself without a gap. Ends when the handle is closed. */
  events(options?: EventsOptions): AsyncIterable<ApiEvent>;
  info(): Promise<Info>;

  /** Waits from now on see only what comes from now on. When the server is started anew, another one is needed. */
  mark(): Promise<Mark>;
  /** Deletes all messages, or those of the filter, of an inbox those that came into it, and sets the mark. */
  clear(filter?: MessageFilter): Promise<void>;
  /**
   * Forgets messages, transactions, sessions, added rules and changes to the directory, ends open sessions,
   * and sets the mark. Of an inbox: forgets its messages and its rules.
   */
  reset(): Promise<void>;
  /** Lets go of the server; one that was started in this process stops, an inbox goes. Waits under way reject. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What an inbox is made of. Its patterns may be RegExp. */
export type InboxInput = Omit<PlainInboxInput, "match"> & { readonly match?: WithRegExp<InboxMatch> };

/** A running server, in this process or elsewhere. */
export interface Mailproof extends MailHandle {
  /** A part of it that is kept apart, for one test or one user. */
  inbox(options?: InboxInput): Promise<Inbox>;
}

/**
 * A part of a server that is kept apart: it sees only its own mail, faults and counters, and has a clock of its
 * own. What belongs to it: what is sent to any address at its domain, by its SMTP user, to its own listener, or
 * what it matches. `smtp.url` leads into it. When it has gone, with its time, a reset or a restart, its waits and lists
 * reject with `MailproofError`.
 */
export interface Inbox extends MailHandle {
  /** Lower case, fit for a domain. */
  readonly id: string;
  readonly name: string;
  /** `ID.inbox.test` */
  readonly domain: string;
  /** For AUTH. */
  readonly user: string;
  /** For AUTH, and the key for HTTP mail providers. */
  readonly password: string;
  /** ISO 8601, or null. */
  readonly expiresAt: string | null;
  /** An address of this inbox: `ada@ID.inbox.test`. Default `test`. */
  address(localPart?: string): string;
}
