import type { Composition, Submission, Submitted } from "../server/mod.ts";

/** Whom a key belongs to. */
export interface Account {
  /** The id of its inbox; null: it is a key of the server. */
  readonly inbox: string | null;
}

/** A message that a provider has kept, as it is asked for later. */
export interface SentMail {
  readonly messageId: string | null;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
}

/** What a provider needs of the server. */
export interface ProviderContext {
  /** Octets. */
  readonly maxMessageSize: number;
  /** Fault time of whose it is, milliseconds since the epoch. */
  now(account: Account): number;
  /** A new UUID. */
  newId(): string;
  /** Null: the key is not valid. */
  account(key: string): Account | null;
  /** The body; null: it is larger than messages may be. */
  read(request: Request): Promise<Uint8Array | null>;
  compose(composition: Composition): Promise<Uint8Array>;
  /** Judges the mails of one request and keeps them, or not. */
  submit(mails: readonly Submission[]): Promise<Submitted>;
  /** A message by its id; null: it is gone. */
  message(id: string): Promise<SentMail | null>;
  /** Holds the message until then (ISO 8601), or gives it tags. */
  change(
    id: string,
    change: { readonly heldUntil?: string; readonly tags?: readonly string[] },
  ): Promise<void>;
}

/** A provider as its clients see it. */
export interface ProviderEmulator {
  /** The last part of its path: `/providers/{name}`. */
  readonly name: string;
  /** Where its clients send to, unless they are told otherwise. */
  readonly origins: readonly string[];
  /** @param url of the request, without what is before the provider's own path */
  handle(request: Request, url: URL, context: ProviderContext): Promise<Response>;
  /** Forgets what was sent. */
  forget(): void;
}
