import type { Parameters, Phase, Reply } from "../smtp/mod.ts";

/**
 * Everything a rule can see when it is asked. What a phase cannot know is null. Addresses are without
 * route, brackets and needless quoting (`canonicalAddress`), their case as sent.
 */
export interface Moment {
  readonly phase: Phase;
  /** Fault time, milliseconds. */
  readonly now: number;
  /** What the server would say; a negative one can only be replaced by an ending. */
  readonly proposed: Reply | null;
  /** Upper case; null at greeting and end of data. */
  readonly verb: string | null;
  readonly session: {
    readonly id: string;
    /** Since start or reset, from 1. */
    readonly index: number;
    readonly listener: string;
    readonly remoteAddress: string;
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
  /** Octets of content so far; 0 outside bdat and end of data. */
  readonly octets: number;
  /** Header fields of the content, or of its head where it is over the limit; only at end of data. */
  readonly headers: (() => readonly { readonly name: string; readonly value: string }[]) | null;
  /** For texts: `{hostname}` and `{limit}` (the message size limit, octets). */
  readonly hostname: string;
  readonly limit: number;
}

/** How a connection ends. */
export type Ending =
  /** Half-close, discard input until the client's FIN, at most 2 s. */
  | { readonly kind: "fin" }
  /** TCP RST. */
  | { readonly kind: "reset" }
  /** Say and read nothing more for so many milliseconds of fault time, or until `Verdict.until` aborts; then reset. */
  | { readonly kind: "stall"; readonly for: number };

/** One rule that fired. */
export interface Firing {
  readonly ruleId: string;
  readonly phase: Phase;
  /** Short, for transcript and log: `rule greylisting: 451 4.7.1 Greylisted`. */
  readonly explain: string;
}

/** What is to happen at a checkpoint. */
export interface Verdict {
  /** Goes to `Session.settle`; null: nothing is said. */
  readonly said: Reply | null;
  /** A rule wants nothing said; if not, `said` null means that nothing has to be: `Session.proceed`. */
  readonly withheld: boolean;
  /** Octets sent instead of the rendered reply; null: as rendered. */
  readonly raw: Uint8Array | null;
  /** Only the first n octets are sent; null: all. */
  readonly truncate: number | null;
  /** Null: the session goes on. */
  readonly ending: Ending | null;
  /** Milliseconds of fault time before the first octet. */
  readonly delay: number;
  /** Aborts when the rule behind the ending goes; null without one. */
  readonly until: AbortSignal | null;
  readonly firings: readonly Firing[];
}
