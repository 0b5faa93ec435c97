import type { Command, OpeningVerb, Parameters } from "./command.ts";
import type { Path } from "./path.ts";
import type { Reply } from "./reply.ts";
import type { Warning } from "./warnings.ts";

/** Where in a session something can be said, and so where a fault can strike. */
export type Phase =
  /** The client has connected, and nothing is said yet. */
  | "connect"
  /** A TLS handshake is about to begin: after the 220 to STARTTLS, or before the greeting (RFC 8314 §3). */
  | "tls"
  | "greeting"
  | "helo"
  | "ehlo"
  /** The EHLO of LMTP (RFC 2033 §4.1). */
  | "lhlo"
  | "starttls"
  | "auth-start"
  /** A challenge and its answer between `auth-start` and `auth`; no rule can name it. */
  | "auth-exchange"
  | "auth"
  | "mail"
  | "rcpt"
  | "data"
  /** So much of the content has come ({@link SessionOptions.nextStop}), by DATA or BDAT. */
  | "content"
  /** A chunk has come, and it is not the last one (RFC 3030 §2); the last one is `end-of-data`. */
  | "bdat"
  | "end-of-data"
  | "rset"
  | "noop"
  | "vrfy"
  | "expn"
  | "help"
  | "turn"
  | "quit"
  | "unknown"
  /** The client has been silent for a while ({@link Session.fallSilent}). */
  | "idle";

/** The transaction as far as it is committed (RFC 5321 §3.3). */
export interface TransactionState {
  readonly verb: OpeningVerb;
  readonly reversePath: Path;
  readonly parameters: Parameters;
  /** Accepted ones only, in order, duplicates kept. Grows with each one that is settled. */
  readonly recipients: readonly { readonly path: Path; readonly parameters: Parameters }[];
}

/**
 * The engine has understood something and says what it would reply.
 * Nothing is committed until {@link Session.settle} or {@link Session.proceed}.
 */
export interface Checkpoint {
  readonly phase: Phase;
  /** Null at the greeting and at the end of data of DATA. A line that is no valid command is `kind: "invalid"`. */
  readonly command: Command | null;
  /** The open transaction before this command takes effect. */
  readonly transaction: TransactionState | null;
  /**
   * Null: nothing has to be said to go on (connect, tls, content, idle, AUTH with an initial response);
   * {@link Session.proceed} does.
   */
  readonly proposed: Reply | null;
  /** Octets of content so far, transparency undone; 0 outside content, bdat and end of data. */
  readonly octets: number;
  /**
   * LMTP answers the end of data once for each recipient (RFC 2033 §4.2): the index of the one that is
   * answered in `transaction.recipients`. Null elsewhere.
   */
  readonly recipient: number | null;
  /** The content at end of data, joined on the first call; null elsewhere and when over the limit. */
  readonly content: (() => Uint8Array) | null;
  /**
   * The first 64 KiB of the content at most, over the limit too, so that its header can be read; a view, to
   * be copied where it is kept. Null outside bdat and end of data.
   */
  readonly head: (() => Uint8Array) | null;
  /** The client's line for the transcript: printable, credentials masked. Null when there was none. */
  readonly line: string | null;
  /** Only at `auth`: who the client says it is, maybe empty (EXTERNAL). How it proved that is not told. */
  readonly user: string | null;
  /** Names of deviations found since the last checkpoint, e.g. `"early-talker"`. */
  readonly warnings: readonly Warning[];
}

/** What {@link Session.next} found. */
export type SessionEvent =
  | { readonly kind: "need-data" }
  | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint }
  /**
   * Follows a positive settlement of end of data: the message is ours now (RFC 5321 §6.1), for the
   * recipients of `transaction`; in LMTP those whose answer was positive.
   */
  | {
      readonly kind: "accepted";
      readonly transaction: TransactionState;
      /**
       * In order; where they are joined is for those to say who keep them. They may lie in larger buffers, and are valid
       * until the next event is asked for.
       */
      readonly content: readonly Uint8Array[];
    }
  /** Follows a positive settlement of STARTTLS: shake hands, then call {@link Session.secured}. */
  | { readonly kind: "start-tls" }
  /** The engine takes no more input. */
  | { readonly kind: "closed" };
