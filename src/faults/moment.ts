import type { Parameters, Reply, Warning } from "../smtp/mod.ts";
import type { CertificateFault, HandshakeFault, Place, TlsVersion } from "./rule.ts";

/**
 * Everything a rule can see when it is asked. What a phase cannot know is null. Addresses are without
 * route, brackets and needless quoting (`canonicalAddress`), their case as sent.
 */
export interface Moment {
  readonly phase: Place;
  /** Fault time, milliseconds: that of the inboxes, where it belongs to some. */
  readonly now: number;
  /** By which matches are counted. */
  readonly stopwatch: Stopwatch;
  /** What the server would say; a negative one can only be replaced by an ending. */
  readonly proposed: Reply | null;
  /** Upper case; null where there is no command. */
  readonly verb: string | null;
  /** What follows the verb, as the transcript shows it; null where there is no command. */
  readonly argument: string | null;
  /** Deviations of the client so far: in the transaction where one is open, else in the session. */
  readonly warnings: readonly string[];
  /** Milliseconds of fault time since the client said something; 0 outside `idle`. */
  readonly idle: number;
  /**
   * Ids of the inboxes: of the session, and of this recipient; by default of the one that is tried or answered, or else
   * of all accepted ones.
   */
  readonly inboxes: (recipient?: string) => readonly string[];
  readonly session: {
    readonly id: string;
    /** Since start or reset, from 1. */
    readonly index: number;
    readonly listener: string;
    readonly remoteAddress: string;
    /**
     * Sessions of this remote address that are open, this one included; of an inbox, or (null) all. At the door, that
     * is at connect, greeting and tls, those that came before it.
     */
    readonly openSessions: (inbox: string | null) => number;
    readonly tls: boolean;
    readonly helo: string | null;
    readonly user: string | null;
    readonly mechanism: string | null;
  };
  /** From the MAIL command that opens it (then not yet accepted) to its end. */
  readonly transaction: {
    readonly id: string;
    /** In the session, from 1. */
    readonly index: number;
    /** `""` = null reverse-path. */
    readonly from: string;
    /** Accepted so far. */
    readonly recipients: readonly string[];
    /** Of MAIL, by upper-case keyword. */
    readonly parameters: Parameters;
    /** SIZE parameter. */
    readonly declaredSize: number | null;
  } | null;
  /** The recipient that is tried at `rcpt`, or in LMTP answered at `end-of-data`. */
  readonly recipient: string | null;
  /** Parameters of RCPT, at `rcpt`. */
  readonly recipientParameters: Parameters | null;
  /** The HTTP provider that is asked, at `http`. */
  readonly provider: string | null;
  /** Octets of content so far; 0 outside content, bdat and end of data. */
  readonly octets: number;
  /** Header fields of the content, or of its head where it is over the limit; only at end of data and at `http`. */
  readonly headers: (() => readonly { readonly name: string; readonly value: string }[]) | null;
  /** The text parts of the content, decoded; of its head where it is over the limit. Only at end of data and at `http`. */
  readonly body: (() => string) | null;
  /** For texts: `{hostname}` and `{limit}` (the message size limit, octets). */
  readonly hostname: string;
  readonly limit: number;
  /** The client is told no enhanced status codes (RFC 2034). */
  readonly hidesEnhanced: boolean;
}

/** What is counted is counted for all, while the clock of an inbox may be turned for its mail alone. */
export interface Stopwatch {
  /** Fault time of all, milliseconds. */
  readonly now: number;
  /** Milliseconds from then until now, as the clock of who asks has gone: by so much more as it was turned meanwhile. */
  readonly elapsed: (since: number) => number;
}

/** How a connection ends. */
export type Ending =
  /** Half-close, discard input until the client's FIN, at most 2 s. */
  | { readonly kind: "fin" }
  /** TCP RST. */
  | { readonly kind: "reset" }
  /** Half-close: nothing more can be said, but the client is heard and answered for as long as it stays. */
  | { readonly kind: "half-close" }
  /** Say and read nothing more for so many milliseconds of fault time, or until `Verdict.until` aborts; then reset. */
  | { readonly kind: "stall"; readonly for: number };

/** One rule that fired. */
export interface Firing {
  readonly ruleId: string;
  readonly phase: Place;
  /** Short, for transcript and log: `rule greylisting: 451 4.7.1 Greylisted`. */
  readonly explain: string;
}

/** One octet that is corrupted. */
export interface Garbled {
  /** Where, as a part of all octets: 0 (included) to 1 (not). */
  readonly at: number;
  /** Added to the octet modulo 256; never 0. */
  readonly change: number;
}

/** What becomes of a rendered reply on its way, in this order. */
export interface WireForm {
  /** These octets instead; null: as rendered. */
  readonly raw: Uint8Array | null;
  /** Of rendered lines. */
  readonly eol: "\r\n" | "\n" | "\r";
  /** The last line is filled up until there are so many octets; 0: as it is. */
  readonly padTo: number;
  readonly garble: readonly Garbled[];
  /** Only the first n octets are sent; null: all. */
  readonly truncate: number | null;
}

/** How fast octets go over the wire from now on in this session. Null: as before. */
export interface Pace {
  /** Every reply is written so many octets at a time, `every` milliseconds of fault time apart. */
  readonly drip: { readonly octets: number; readonly every: number } | null;
  /** Octets per second of fault time that are read. */
  readonly read: number | null;
  /** Octets per second of fault time that are written. */
  readonly write: number | null;
}

/** What is wrong with the TLS handshake that begins. */
export interface TlsFault {
  readonly certificate: CertificateFault | null;
  /** After the ClientHello was read. */
  readonly handshake: HandshakeFault | null;
  readonly maxVersion: TlsVersion | null;
  /** Milliseconds of fault time that a handshake stalls which does. */
  readonly stall: number;
  /** The runtime cannot speak that version: no client is served. */
  readonly emulated: boolean;
}

/** A delivery status notification that comes after the message was accepted (RFC 3464). */
export interface Bounce {
  /** Such as `5.1.1` (RFC 3463). */
  readonly status: string;
  /** Such as `smtp; 550 5.1.1 User unknown`; null: none. */
  readonly diagnostic: string | null;
  /** Milliseconds of fault time after the end of data. */
  readonly after: number;
  /** Which of the accepted recipients it is about, by canonical address; null: all. */
  readonly recipients: ((address: string) => boolean) | null;
}

/** What a provider answers instead of what it would. */
export interface HttpFault {
  /** 400–599. */
  readonly status: number;
  /** The provider's name for the error; null: the one that goes with the status. */
  readonly code: string | null;
  /** Whole seconds; null: not said. */
  readonly retryAfter: number | null;
  /** A text, or a value that goes as JSON; undefined: the provider's own. */
  readonly body: unknown;
  /** The message is kept all the same. */
  readonly stored: boolean;
}

/** A listener that is closed by a rule. */
export interface Refusal {
  readonly ruleId: string;
  /** Whether the listener of this name is meant. */
  readonly concerns: (listener: string) => boolean;
  /** Fault time, milliseconds: when it listens again. */
  readonly until: number;
  /** Short, for transcript and log. */
  readonly explain: string;
}

/** What is to happen at a checkpoint. */
export interface Verdict {
  /** Goes to `Session.settle`; null: nothing is said. */
  readonly said: Reply | null;
  /** A rule wants nothing said; if not, `said` null means that nothing has to be: `Session.proceed`. */
  readonly withheld: boolean;
  /** What is sent of it; null: all of it, as rendered. */
  readonly wire: WireForm | null;
  /** Null: the session goes on. */
  readonly ending: Ending | null;
  /** Milliseconds of fault time before the first octet. */
  readonly delay: number;
  /** Aborts when the rule behind the ending or the TLS fault goes; null without one. */
  readonly until: AbortSignal | null;
  /** Null: as before. */
  readonly pace: Pace | null;
  /** At EHLO and LHLO: keywords of extensions that are refused from now on, until the next one. */
  readonly hidden: readonly string[];
  /** At `tls`; null: a handshake as it should be. */
  readonly tls: TlsFault | null;
  /** At end of data, of a message that is accepted; null: none. */
  readonly bounce: Bounce | null;
  /** At `http`; null: the answer that the provider would give. */
  readonly http: HttpFault | null;
  /** To be recorded on the transaction. */
  readonly labels: readonly string[];
  /** To be recorded as those of the client are: of a magic address that cannot act. */
  readonly warnings: readonly Warning[];
  readonly firings: readonly Firing[];
}
