import type { FaultEngine } from "../faults/mod.ts";
import type { ProviderEmulator } from "../providers/mod.ts";
import type { Composition, Submission, Submitted } from "../server/mod.ts";
import type { Directory, Inbox, InboxPlan, Journal, MailStore, NewInbox } from "../store/mod.ts";
import type { ServerInfo } from "./contract.ts";

/** Time as the composition gives it; never the globals, so that fake timers of a test do not freeze us. */
export interface Timers {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The clock of faults. */
export interface Clock {
  /** Fault time in milliseconds since the epoch; with ids of inboxes that of the one that is furthest ahead. */
  now(inboxes?: () => readonly string[]): number;
  /** Milliseconds that fault time is ahead of real time. */
  readonly offset: number;
  /** Moves fault time forward, or only that of an inbox; returns its offset to real time. */
  advance(ms: number, inbox: string | null): number;
}

/** Makes inboxes and closes them. */
export interface InboxDesk {
  /** Rejects with `InboxError`. */
  open(plan: InboxPlan): Promise<NewInbox>;
  get(id: string): Inbox | null;
  /** Newest first. */
  list(): readonly Inbox[];
  /** False: there is none. */
  close(id: string): boolean;
  /** Calls `tell` once it has gone. Returns how to stop that. */
  onClose(id: string, tell: () => void): () => void;
}

/** What the window looks at. Made by the composition, handed to `createApi`. */
export interface ApiParts {
  readonly store: MailStore;
  readonly journal: Journal;
  readonly directory: Directory;
  readonly faults: FaultEngine;
  readonly clock: Clock;
  readonly inboxes: InboxDesk;
  readonly timers: Timers;
  info(): ServerInfo;
  /** PEM of the generated CA; null where TLS is off or the user brought a certificate. */
  ca(): string | null;
  /** Forgets everything as `POST /api/reset` says, and appends the journal's `reset` event. */
  reset(): Promise<void>;
  /** Whether every listener accepts. */
  ready(): boolean;
  /** Rewrites the HTML of a message for its sandbox; see `mail/`. */
  htmlForView(html: string, inlineUrl: (contentId: string) => string | null): string;
  /** Mail that comes over HTTP. */
  readonly submissions: {
    submit(mails: readonly Submission[], signal: AbortSignal): Promise<Submitted>;
    /** The message of this id is to be held until then (ISO 8601). */
    hold(id: string, until: string): Promise<void>;
  };
  compose(composition: Composition): Promise<Uint8Array>;
  /** Sender and recipients as the header names them. */
  readEnvelope(raw: Uint8Array): { readonly from: string | null; readonly to: readonly string[] };
  /** Whether SMTP takes it as an address. */
  isMailbox(text: string): boolean;
  readonly providers: readonly ProviderEmulator[];
  /** The inbox whose password this is; null: none. */
  inboxOfKey(key: string): string | null;
  readonly guard: GuardOptions;
}

export interface GuardOptions {
  /** Names that `Host` may have besides those that cannot be rebound. */
  readonly hosts: readonly string[];
  /** Null: no token is needed. */
  readonly token: string | null;
}
