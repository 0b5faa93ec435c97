/**
 * The rule language as JSON: what SDK, HTTP API, command line, config file and page all write.
 * `parsing/rule.ts` turns it into compiled rules or refuses it with a path.
 */
import type { Phase } from "../smtp/mod.ts";

/** Milliseconds, or `"250ms"`, `"10s"`, `"5m"`, `"2h"`. */
export type Duration = number | string;

/** Where a rule is asked: at a phase of a session, or about a request to a provider, which has none. */
export type Place = Phase | "http";

/** A phase a rule can name. `any`: every command line, unknown ones too, and end of data. */
export type FaultPhase = Exclude<Place, "auth-exchange"> | "any";

/** Case-insensitive whole-string glob, `/regex/ims`, a list (any of), or `{ not }`. */
export type Pattern = string | readonly string[] | { readonly not: string | readonly string[] };

export type NumberMatch = number | { readonly min?: number; readonly max?: number };

/** All given fields must hold. */
export interface FaultMatch {
  readonly from?: Pattern;
  readonly to?: Pattern;
  readonly helo?: Pattern;
  readonly user?: Pattern;
  readonly mechanism?: Pattern;
  readonly verb?: Pattern;
  /** What follows the verb, as the transcript shows it. */
  readonly argument?: Pattern;
  /** `smtp`, `smtps`, `lmtp`. */
  readonly listener?: Pattern;
  readonly remoteAddress?: Pattern;
  /** Of the client's address, this one included. */
  readonly openSessions?: NumberMatch;
  readonly tls?: boolean;
  /** Recipients accepted so far, plus one. */
  readonly recipientIndex?: NumberMatch;
  readonly recipientCount?: NumberMatch;
  /** ESMTP parameters by keyword: those of MAIL, at `rcpt` those of RCPT too. One without a value is `""`. */
  readonly parameter?: Readonly<Record<string, Pattern>>;
  readonly declaredSize?: NumberMatch;
  readonly octets?: NumberMatch;
  readonly header?: Readonly<Record<string, Pattern>>;
  /** The decoded text of the content. */
  readonly body?: Pattern;
  /** Names of deviations of the client so far. */
  readonly warning?: Pattern;
  /** At `idle`, and required there: the client has been silent for so long. */
  readonly idle?: Duration;
  /** Of the inboxes that the session, the recipient or the transaction belongs to. */
  readonly inbox?: Pattern;
  readonly sessionIndex?: NumberMatch;
  readonly transactionIndex?: NumberMatch;
  /** At `http`: the provider that is asked, such as `resend`. */
  readonly provider?: Pattern;
}

export type Scope =
  | "rule"
  | "session"
  | "transaction"
  | "remote-address"
  | "user"
  | "sender"
  | "sender-domain"
  | "recipient"
  | "recipient-domain"
  | "triplet"
  | "message-id"
  | "inbox";

/** Counting and chance, evaluated in this order, per key. */
export interface FaultWhen {
  /** The first n matches do not fire. */
  readonly skip?: number;
  /** Of the rest, every nth fires. */
  readonly every?: number;
  /** Fires while the key's first match is younger than this. */
  readonly for?: Duration;
  /** Fires if at least `limit` earlier matches lie within `per`. */
  readonly rate?: { readonly limit: number; readonly per: Duration };
  /** 0–1, drawn from the seed. */
  readonly probability?: number;
  /** Fires at most so often. */
  readonly times?: number;
  /** Default `rule`. */
  readonly per?: Scope;
}

export type ReplyInput =
  | string
  | { readonly code: number; readonly enhanced?: string; readonly text?: string | readonly string[] };

export type EndingName = "fin" | "reset" | "stall" | "half-close" | "refuse" | "none";

export type CertificateFault = "expired" | "not-yet-valid" | "wrong-host" | "self-signed" | "untrusted-ca";
export type HandshakeFault = "close" | "reset" | "stall" | "garbage" | "alert";
export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

export interface FaultEffect {
  /** What is said; `"none"`: nothing. Decides the state. Absent: the normal reply. */
  readonly reply?: ReplyInput;
  /** What is sent of it, in this order. */
  readonly wire?: {
    /** Other octets: those of a text in UTF-8, or a list of numbers from 0 to 255. */
    readonly raw?: string | readonly number[];
    /** Line ends of the reply. */
    readonly eol?: "lf" | "cr";
    /** The last line is filled up until there are so many octets. */
    readonly padTo?: number;
    /** So many octets are corrupted, drawn from the seed. */
    readonly garble?: number;
    /** Only the first n octets. */
    readonly truncate?: number;
  };
  /** `"refuse"`, only at `connect`: the listening socket is closed from now on. */
  readonly end?: EndingName;
  /** Of a stall (default 1 h) or a refusal (default: until the rule goes). */
  readonly for?: Duration;
  /** `[min, max]` is drawn from the seed. */
  readonly delay?: Duration | readonly [Duration, Duration];
  /** Replies are written so many octets at a time from now on in this session. */
  readonly drip?: { readonly octets: number; readonly every: Duration };
  /** Octets per second from now on in this session. */
  readonly throttle?: { readonly read?: number; readonly write?: number };
  /** Changes the list of EHLO; what is removed is refused in that session. */
  readonly capabilities?: {
    /** Whole lines, such as `"SIZE 1000"`; one of the same keyword is replaced. */
    readonly add?: readonly string[];
    /** Keywords. */
    readonly remove?: readonly string[];
    /** Keywords: all others are removed. */
    readonly only?: readonly string[];
  };
  /** At `tls`. */
  readonly tls?: {
    readonly certificate?: CertificateFault;
    /** What becomes of it after the ClientHello. */
    readonly handshake?: HandshakeFault;
    readonly maxVersion?: TlsVersion;
  };
  /** At `end-of-data`: the message is accepted, and a report of its failure comes later (RFC 3464). */
  readonly bounce?: { readonly status: string; readonly diagnostic?: string; readonly after?: Duration };
  /** At `http`: what the provider answers, in the form of its own errors. */
  readonly http?: {
    /** 400–599. */
    readonly status: number;
    /** The provider's name for the error. Default: the one that goes with the status. */
    readonly code?: string;
    /** In whole seconds, rounded up. Default: what is left of `for` or `rate`, if the rule has either. */
    readonly retryAfter?: Duration;
    /** Sent instead: a text as it is, anything else as JSON. */
    readonly body?: unknown;
    /** The message is kept although an error is said. Default false. */
    readonly stored?: boolean;
  };
  /** Recorded on the transaction. */
  readonly label?: string;
}

export interface FaultRule {
  /** Default: derived from the rule's canonical JSON. */
  readonly id?: string;
  readonly description?: string;
  /** Default true. */
  readonly enabled?: boolean;
  /** The rule goes when it is older. */
  readonly ttl?: Duration;
  readonly on: FaultPhase | readonly FaultPhase[];
  readonly match?: FaultMatch;
  readonly when?: FaultWhen;
  /** An effect, or a list: the nth firing does the nth one. A string is a reply, `"pass"`, or an ending. */
  readonly do: string | FaultEffect | readonly (string | FaultEffect)[];
  /** After a list; default `"pass"`. */
  readonly then?: "pass" | "last" | "loop";
}

/** A rule as it is reported. */
export interface FaultRuleReport extends FaultRule {
  readonly id: string;
  readonly enabled: boolean;
  /** One English sentence. */
  readonly explain: string;
  readonly state: {
    readonly matched: number;
    readonly fired: number;
    /** Can never fire again (times used up for `per: rule`, list done). */
    readonly spent: boolean;
  };
}

/** A rule that cannot work. `path` such as `rules[0].do[1].reply`, `""` for the whole. */
export class FaultRuleError extends TypeError {
  override readonly name = "FaultRuleError";
  readonly path: string;
  constructor(path: string, reason: string) {
    super(path === "" ? reason : `${path}: ${reason}`);
    this.path = path;
  }
}

/** A rule with this id is there already. */
export class DuplicateRuleError extends Error {
  override readonly name = "DuplicateRuleError";
}
