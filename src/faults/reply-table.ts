/**
 * What a bare reply code says: text and enhanced status code by code and phase.
 * Sources: RFC 5321 §4.2.3 and §4.3.2, RFC 4954 §6, RFC 3207 §4, RFC 7504, RFC 3463, RFC 5248.
 */
import { textOfEnhanced } from "./enhanced-texts.ts";
import type { Place } from "./rule.ts";

export interface TableReply {
  /** Null where none is sent. */
  readonly enhanced: string | null;
  /** May hold placeholders. */
  readonly text: string;
}

type Row = readonly [enhanced: string | null, text: string];
type Entry = { readonly else: Row } & { readonly [At in Place]?: Row };

const table: Readonly<Record<number, Entry>> = {
  211: { else: [null, "System status"] },
  214: { else: ["2.0.0", "See RFC 5321"] },
  220: { else: ["2.0.0", "Ready to start TLS"], greeting: [null, "{hostname} ESMTP"] },
  221: { else: ["2.0.0", "{hostname} Service closing transmission channel"] },
  235: { else: ["2.7.0", "Authentication successful"] },
  250: {
    else: ["2.0.0", "Ok"],
    helo: [null, "{hostname}"],
    ehlo: [null, "{hostname}"],
    lhlo: [null, "{hostname}"],
    mail: ["2.1.0", "Ok"],
    rcpt: ["2.1.5", "Ok"],
    "end-of-data": ["2.0.0", "Ok: queued"],
    vrfy: ["2.1.5", "Ok"],
    expn: ["2.1.5", "Ok"],
  },
  251: { else: ["2.1.5", "User not local; will forward"] },
  252: { else: ["2.5.0", "Cannot verify the user, but will accept the message and attempt delivery"] },
  334: { else: [null, ""] },
  354: { else: [null, "Start mail input; end with <CRLF>.<CRLF>"] },
  421: { else: ["4.3.2", "{hostname} Service not available, closing transmission channel"] },
  432: { else: ["4.7.12", "A password transition is needed"] },
  450: {
    else: ["4.2.1", "Requested action not taken: mailbox temporarily unavailable"],
    mail: ["4.7.1", "<{sender}>: Sender address temporarily refused"],
    rcpt: ["4.2.1", "<{recipient}>: Mailbox temporarily unavailable"],
  },
  451: { else: ["4.3.0", "Requested action aborted: local error in processing"] },
  // RFC 5321 §4.5.3.1.10: at RCPT 452 means too many recipients.
  452: { else: ["4.3.1", "Insufficient system storage"], rcpt: ["4.5.3", "Too many recipients"] },
  454: {
    else: ["4.7.0", "TLS not available due to temporary reason"],
    "auth-start": ["4.7.0", "Temporary authentication failure"],
    auth: ["4.7.0", "Temporary authentication failure"],
  },
  455: { else: ["4.5.4", "Server unable to accommodate parameters"] },
  500: {
    else: ["5.5.2", "Syntax error, command unrecognized"],
    auth: ["5.5.6", "Authentication exchange line is too long"],
  },
  501: {
    else: ["5.5.4", "Syntax error in parameters or arguments"],
    mail: ["5.1.7", "Bad sender address syntax"],
    rcpt: ["5.1.3", "Bad recipient address syntax"],
    auth: ["5.5.2", "Cannot decode the base64 text"],
  },
  502: { else: ["5.5.1", "Command not implemented"] },
  503: { else: ["5.5.1", "Bad sequence of commands"] },
  504: {
    else: ["5.5.4", "Command parameter not implemented"],
    "auth-start": ["5.5.4", "Unrecognized authentication mechanism"],
  },
  521: { else: ["5.3.2", "{hostname} does not accept mail"] },
  523: { else: ["5.7.10", "Encryption needed"] },
  530: { else: ["5.7.0", "Authentication required"] },
  534: { else: ["5.7.9", "Authentication mechanism is too weak"] },
  535: { else: ["5.7.8", "Authentication credentials invalid"] },
  538: { else: ["5.7.11", "Encryption required for requested authentication mechanism"] },
  550: {
    else: ["5.7.1", "Requested action not taken: refused by policy"],
    mail: ["5.7.1", "<{sender}>: Sender address rejected"],
    rcpt: ["5.1.1", "<{recipient}>: Recipient address rejected: User unknown"],
    "end-of-data": ["5.7.1", "Message rejected by policy"],
    vrfy: ["5.1.1", "User unknown"],
    expn: ["5.1.1", "Mailing list unknown"],
  },
  551: { else: ["5.1.6", "User not local; please try another address"] },
  552: {
    else: ["5.3.4", "Message size exceeds fixed maximum message size"],
    rcpt: ["5.2.2", "<{recipient}>: Mailbox full"],
  },
  553: {
    else: ["5.1.3", "Mailbox name not allowed"],
    mail: ["5.1.7", "<{sender}>: Mailbox name not allowed"],
    rcpt: ["5.1.3", "<{recipient}>: Mailbox name not allowed"],
    vrfy: ["5.1.4", "User ambiguous"],
  },
  554: {
    else: ["5.0.0", "Transaction failed"],
    greeting: [null, "{hostname} No SMTP service here"],
    rcpt: ["5.7.1", "<{recipient}>: Relay access denied"],
    data: ["5.5.1", "No valid recipients"],
    "end-of-data": ["5.7.1", "Transaction failed"],
  },
  555: { else: ["5.5.4", "Parameters not recognized or not implemented"] },
  556: { else: ["5.1.10", "<{recipient}>: Recipient domain accepts no mail (null MX)"] },
};

const byClass: Readonly<Record<number, Row>> = {
  2: ["2.0.0", "Ok"],
  3: [null, "Go on"],
  4: ["4.0.0", "Temporary failure"],
  5: ["5.0.0", "Permanent failure"],
};

/** RFC 2034 §4: no enhanced status codes in the greeting and in replies to HELO and EHLO. */
const withoutEnhanced: ReadonlySet<Place> = new Set<Place>(["greeting", "helo", "ehlo", "lhlo"]);

/** Codes that have a text of their own. */
export const tableCodes: readonly number[] = Object.keys(table).map(Number);

/**
 * Text and enhanced status code for a code (200–599) that is said at this phase.
 * @param wanted an enhanced status code that goes with it, so that the text says the same; default: the table's
 */
export function tableReply(code: number, phase: Place, wanted?: string | null): TableReply {
  const entry = table[code];
  const [enhanced, text] = entry?.[phase] ?? entry?.else ?? rowOfClass(code);
  const isUsual = wanted === undefined || wanted === null || wanted === enhanced || code < 400;
  return {
    enhanced: withoutEnhanced.has(phase) ? null : enhanced,
    text: isUsual ? text : meaningOf(wanted, code),
  };
}

function meaningOf(wanted: string, code: number): string {
  const [enhanced, text] = table[code]?.else ?? [null, ""];
  if (enhanced === wanted) return text;
  const meaning = textOfEnhanced(wanted) ?? rowOfClass(code)[1];
  return code === 421 ? `{hostname} ${meaning}` : meaning; // RFC 5321 §4.2.3
}

function rowOfClass(code: number): Row {
  return byClass[Math.floor(code / 100)] ?? [null, ""];
}
