import type { TransactionState } from "./checkpoint.ts";
import type { SaslParts } from "./sasl/parts.ts";
import type { Strictness } from "./strictness.ts";

/** What the one who drives a {@link Session} decides about it. */
export interface SessionOptions {
  /** LMTP: LHLO instead of EHLO, and one reply per recipient after the content (RFC 2033). */
  readonly protocol: "smtp" | "lmtp";
  /** Name in the greeting and in replies. */
  readonly hostname: string;
  readonly strictness: Strictness;
  /** Upper-case keywords. Not advertised; their verbs get 502, their parameters 555. */
  readonly hiddenExtensions: ReadonlySet<string>;
  /** Octets of content; what SIZE advertises (RFC 1870). */
  readonly maxMessageSize: number;
  /** Per transaction; null: 50,000. */
  readonly maxRecipients: number | null;
  /** `require`: MAIL, RCPT, AUTH, VRFY and EXPN get 530 before TLS (RFC 3207 §4). */
  readonly startTls: "off" | "offer" | "require";
  /** Implicit TLS: the handshake comes before the greeting (RFC 8314 §3). */
  readonly secure: boolean;
  /** MAIL gets 530 before AUTH (RFC 4954 §6). */
  readonly authRequired: boolean;
  readonly sasl: SaslParts;
  /** MAIL gets 503 before EHLO or HELO; otherwise it is a warning. */
  readonly requireHelo: boolean;
  /** Whether there are mailing lists to expand: EXPN is advertised while there are. Asked at each EHLO. */
  readonly hasLists: () => boolean;
  /** The peer may say for whom it speaks: XCLIENT and XFORWARD are offered, and get 550 otherwise. */
  readonly trusted: boolean;
  /**
   * Of how many octets of content the next `content` checkpoint is opened, when so many have come; null: none.
   * Asked when a content begins and after each such checkpoint.
   */
  readonly nextStop: (octets: number, transaction: TransactionState) => number | null;
  /** Milliseconds since the epoch: for dates in parameters. */
  readonly now: () => number;
}

/** What a session knows about its client beside the state it is in. Replaced, never changed. */
export interface ClientFacts {
  /** The argument of the last EHLO, LHLO or HELO. */
  readonly helo: string | null;
  /** It was not HELO, so extensions are on (RFC 5321 §2.2.1). */
  readonly esmtp: boolean;
  readonly secure: boolean;
  readonly authenticated: boolean;
}
