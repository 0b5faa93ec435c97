/** The presets, and other faults that divide the clients, as nodemailer, smtplib, msmtp and curl see them. */
import type { FaultRule, PresetOptions } from "../../mod.ts";
import type { Delivery } from "./client.ts";
import type { Sight } from "./sight.ts";

export interface Case {
  /** The preset; default: the one that the case is named after. */
  readonly use?: string;
  /** What is merged into the preset. */
  readonly but?: PresetOptions;
  /** Instead of a preset. */
  readonly rule?: FaultRule;
  /** Whether STARTTLS is offered, and clients are told to use it. */
  readonly tls?: true;
  readonly sends?: Partial<Delivery>;
  /** How often each client tries; default once. */
  readonly tries?: number;
  /** Connections that are open already. */
  readonly crowd?: number;
  /** What another client has said before. */
  readonly said?: readonly string[];
  /** The clock of faults goes on when the clients have waited long enough. */
  readonly hurries?: true;
  /** `+1`: the server keeps a copy of the message; `or`: it depends on who is faster. */
  readonly sees: Sight;
}

const auth = { mechanism: "PLAIN", user: "ada", password: "secret" };

export const cases: Readonly<Record<string, Case>> = {
  "unknown-user": { sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"] },
  "mailbox-disabled": { sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"] },
  "mailbox-full": { sees: ["EENVELOPE 452 RCPT TO", "SMTPRecipientsRefused 452", "69", "55"] },
  "mailbox-full-hard": { sees: ["EENVELOPE 552 RCPT TO", "SMTPRecipientsRefused 552", "65", "55"] },
  "mailbox-busy": { sees: ["EENVELOPE 450 RCPT TO", "SMTPRecipientsRefused 450", "69", "55"] },
  "user-moved": { sees: ["EENVELOPE 551 RCPT TO", "SMTPRecipientsRefused 551", "65", "55"] },
  greylisting: { sees: ["EENVELOPE 451 RCPT TO", "SMTPRecipientsRefused 451", "69", "55"] },
  "greylisting-once": {
    tries: 2,
    sees: ["EENVELOPE 451 RCPT TO, ok +1", "SMTPRecipientsRefused 451, ok +1", "69, ok +1", "55, ok +1"],
  },
  "rate-limit": {
    said: hundredTimes("MAIL FROM:<a@c.test>", "RSET"),
    sees: ["EENVELOPE 421 MAIL FROM", "SMTPSenderRefused 421", "69", "55"],
  },
  "rate-limit-recipient": {
    said: ["MAIL FROM:<a@c.test>", ...Array.from({ length: 10 }, () => "RCPT TO:<b@s.test>")],
    sees: ["EENVELOPE 450 RCPT TO", "SMTPRecipientsRefused 450", "69", "55"],
  },
  "too-many-connections": { crowd: 10, sees: ["EPROTOCOL 421 CONN", "SMTPConnectError 421", "76", "8"] },
  "too-many-recipients": {
    sends: { to: Array.from({ length: 101 }, (_, index) => `r${index}@s.test`) },
    sees: ["ok +1", "ok +1", "69", "55"],
  },
  "too-big-declared": {
    sends: { attachment: new Uint8Array(1_048_576) },
    sees: ["ok +1", "SMTPSenderRefused 552", "ok +1", "55"],
  },
  "too-big": {
    sends: { attachment: new Uint8Array(1_048_576) },
    sees: ["EMESSAGE 552 DATA", "SMTPDataError 552", "69", "8"],
  },
  "insufficient-storage": { sees: ["EENVELOPE 452 MAIL FROM", "SMTPSenderRefused 452", "69", "55"] },
  "system-full-at-eod": { sees: ["EMESSAGE 452 DATA", "SMTPDataError 452", "69", "8"] },
  "local-error": { sees: ["EMESSAGE 451 DATA", "SMTPDataError 451", "69", "8"] },
  shutdown: { sees: ["ECONNECTION 421 EHLO", "SMTPServerDisconnected", "76", "56"] },
  "not-accepting": { sees: ["EPROTOCOL 554 CONN", "SMTPConnectError 554", "76", "8"] },
  "maintenance-window": { sees: ["EPROTOCOL 421 CONN", "SMTPConnectError 421", "76", "8"] },
  "relay-denied": { sees: ["EENVELOPE 554 RCPT TO", "SMTPRecipientsRefused 554", "65", "55"] },
  "relay-denied-550": { sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"] },
  "sender-rejected": { sees: ["EENVELOPE 550 MAIL FROM", "SMTPSenderRefused 550", "65", "55"] },
  spam: { sees: ["EMESSAGE 550 DATA", "SMTPDataError 550", "69", "8"] },
  dnsbl: { sees: ["EENVELOPE 550 RCPT TO", "SMTPRecipientsRefused 550", "65", "55"] },
  dmarc: { sees: ["EMESSAGE 550 DATA", "SMTPDataError 550", "69", "8"] },
  "spf-fail": { sees: ["EENVELOPE 550 MAIL FROM", "SMTPSenderRefused 550", "65", "55"] },
  "dkim-fail": { sees: ["EMESSAGE 550 DATA", "SMTPDataError 550", "69", "8"] },
  virus: { sees: ["EMESSAGE 554 DATA", "SMTPDataError 554", "69", "8"] },
  "bare-lf": { sends: { text: "Good\nmorning." }, sees: ["ok +1", "ok +1", "ok +1", "8"] },
  "auth-failed": {
    sends: { auth },
    sees: ["EAUTH 535 AUTH PLAIN", "SMTPAuthenticationError 535", "77", "67"],
  },
  "auth-temp": { sends: { auth }, sees: ["EAUTH 454 AUTH PLAIN", "SMTPAuthenticationError 454", "77", "67"] },
  "auth-required": { sees: ["EENVELOPE 530 MAIL FROM", "SMTPSenderRefused 530", "65", "55"] },
  "auth-needs-tls": {
    sends: { auth },
    sees: ["EAUTH 538 AUTH PLAIN", "SMTPAuthenticationError 538", "77", "67"],
  },
  "tls-required": { sees: ["EENVELOPE 530 MAIL FROM", "SMTPSenderRefused 530", "65", "55"] },
  "tls-unavailable": { tls: true, sees: ["ETLS 454 STARTTLS", "SMTPResponseException 454", "76", "64"] },
  "tls-handshake-fails": { tls: true, sees: ["ESOCKET CONN", "SSLEOFError", "76", "35"] },
  "tls-alert": { tls: true, sees: ["ESOCKET CONN", "SSLError", "76", "35"] },
  "tls-expired": { tls: true, sees: ["ESOCKET CONN", "SSLCertVerificationError", "69", "60"] },
  "tls-wrong-host": { tls: true, sees: ["ESOCKET CONN", "SSLCertVerificationError", "69", "60"] },
  "tls-self-signed": { tls: true, sees: ["ESOCKET CONN", "SSLCertVerificationError", "69", "60"] },
  "tls-old": { tls: true, sees: ["ESOCKET CONN", "SSLError", "ok +1", "35"] },
  "no-starttls": { tls: true, sees: ["ETLS 502 STARTTLS", "SMTPNotSupportedError", "69", "64"] },
  "no-extensions": { sees: ["ok +1", "ok +1", "ok +1", "ok +1"] },
  pix: { sees: ["ok +1", "ok +1", "ok +1", "ok +1"] },
  "reply-lost": { sees: ["ESOCKET CONN ECONNRESET +1", "SMTPServerDisconnected +1", "74 +1", "56 +1"] },
  "reply-lost-once": {
    tries: 2,
    sees: ["ESOCKET CONN ECONNRESET, ok +2", "SMTPServerDisconnected, ok +2", "74, ok +2", "56, ok +2"],
  },
  "reply-late": { hurries: true, sees: ["ETIMEDOUT CONN +1", "SMTPServerDisconnected +1", "74 +1", "28 +1"] },
  "connection-refused": { sees: ["ESOCKET CONN ECONNREFUSED", "ConnectionRefusedError", "75", "7"] },
  "connection-reset": {
    sees: [
      "ESOCKET CONN ECONNRESET",
      "SMTPServerDisconnected or ConnectionResetError",
      "74 or 75",
      "56 or 7",
    ],
  },
  "no-greeting": { sees: ["ETIMEDOUT CONN", "SMTPServerDisconnected", "74", "28"] },
  "slow-greeting": { sees: ["ETIMEDOUT CONN", "SMTPServerDisconnected", "74", "28"] },
  "drop-mid-data": {
    sends: { attachment: new Uint8Array(10_000) },
    sees: ["ESOCKET CONN ECONNRESET", "SMTPServerDisconnected", "74", "56 or 55"],
  },
  "stall-mid-data": {
    sends: { attachment: new Uint8Array(8_000_000) },
    sees: ["ETIMEDOUT CONN", "SMTPServerDisconnected", "74", "28"],
  },
  "half-close": {
    sees: ["ECONNECTION CONN or ECONNECTION CONN +1", "SMTPServerDisconnected +1", "76 +1", "56 +1"],
  },
  "slow-drip": { hurries: true, sees: ["ETIMEDOUT CONN", "ok +1", "ok +1", "28"] },
  "slow-link": {
    sends: { attachment: new Uint8Array(8_000_000) },
    sees: ["ETIMEDOUT CONN", "SMTPServerDisconnected", "74", "28"],
  },
  "malformed-reply": { sees: ["EENVELOPE RCPT TO", "SMTPRecipientsRefused -1", "76", "28"] },
  "mixed-codes": { sees: ["ok +1", "SMTPRecipientsRefused 550", "ok +1", "55"] },
  "bare-code": { sees: ["ok +1", "ok +1", "76", "ok +1"] },
  "long-reply": { sees: ["ok +1", "ok +1", "76", "ok +1"] },
  desync: { sees: ["EMESSAGE 354 DATA +1", "SMTPResponseException 354", "65", "55"] },
  "lf-replies": { sees: ["ok +1", "ok +1", "ok +1", "ok +1"] },
  flaky: {
    but: { when: { probability: 1 } },
    sees: ["EENVELOPE 451 MAIL FROM", "SMTPSenderRefused 451", "69", "55"],
  },
  "async-bounce": { sees: ["ok +1", "ok +1", "ok +1", "ok +1"] },
  "fail-twice-then-ok": {
    tries: 3,
    sees: [
      "EMESSAGE 451 DATA, EMESSAGE 451 DATA, ok +1",
      "SMTPDataError 451, SMTPDataError 451, ok +1",
      "69, 69, ok +1",
      "8, 8, ok +1",
    ],
  },
  // What follows is no preset, but divides the clients too.
  "554 in two lines at the greeting": {
    rule: { on: "greeting", do: { reply: { code: 554, text: ["No", "No"] } } },
    sees: ["EPROTOCOL 554 CONN", "SMTPConnectError 554", "76", "8"],
  },
  "a greeting that is no reply": {
    rule: { on: "greeting", do: { wire: { raw: "what?\r\n" } } },
    sees: ["EPROTOCOL CONN", "SMTPConnectError -1", "76", "28"],
  },
  "a greeting of three lines": {
    rule: { on: "greeting", do: { reply: { code: 220, text: ["mailproof.test", "welcomes", "you"] } } },
    sees: ["ok +1", "ok +1", "ok +1", "ok +1"],
  },
  "MAIL is answered with 421": {
    rule: { on: "mail", do: "421 4.3.2 Going" },
    sees: ["EENVELOPE 421 MAIL FROM", "SMTPSenderRefused 421", "69", "55"],
  },
  "one of two recipients is unknown": {
    use: "unknown-user",
    but: { match: { to: "c@*" } },
    sends: { to: ["b@s.test", "c@s.test"] },
    sees: ["ok +1", "ok +1", "65", "55"],
  },
  "one recipient of two is too many": {
    use: "too-many-recipients",
    but: { match: { recipientIndex: { min: 2 } } },
    sends: { to: ["b@s.test", "c@s.test"] },
    sees: ["ok +1", "ok +1", "69", "55"],
  },
  "RCPT is answered with 999": {
    rule: { on: "rcpt", do: { wire: { raw: "999 what?\r\n" } } },
    sees: ["EENVELOPE 999 RCPT TO +1", "SMTPRecipientsRefused 999", "65", "55"],
  },
  "replies drip fast": {
    rule: { on: "connect", do: { drip: { octets: 1, every: "5ms" } } },
    sees: ["ok +1", "ok +1", "ok +1", "28"],
  },
  "DATA is answered with 250": {
    rule: { on: "data", do: "250 2.0.0 Ok" },
    sees: ["EMESSAGE 500 DATA", "SMTPDataError 250", "65", "55"],
  },
  "250 is sent for the 354 of DATA": {
    rule: { on: "data", do: { wire: { raw: "250 2.0.0 Ok\r\n" } } },
    sees: ["ok +1", "SMTPDataError 250", "65", "55"],
  },
  "the reply is lost by a FIN": {
    rule: { on: "end-of-data", do: { wire: { truncate: 0 }, end: "fin" } },
    sees: ["ECONNECTION CONN +1", "SMTPServerDisconnected +1", "76 +1", "56 +1"],
  },
  "the reply is lost by a stall": {
    rule: { on: "end-of-data", do: { wire: { truncate: 0 }, end: "stall" } },
    hurries: true,
    sees: ["ETIMEDOUT CONN +1", "SMTPServerDisconnected +1", "74 +1", "28 +1"],
  },
  "the content is answered with 421": {
    rule: { on: "end-of-data", do: "421 4.3.2 Going" },
    sees: ["EMESSAGE 421 DATA", "SMTPDataError 421", "69", "8"],
  },
  "the content is answered with 452": {
    rule: { on: "end-of-data", do: "452 4.2.2 Full" },
    sees: ["EMESSAGE 452 DATA", "SMTPDataError 452", "69", "8"],
  },
  "the content is answered with 550": {
    rule: { on: "end-of-data", do: "550 5.7.1 No" },
    sees: ["EMESSAGE 550 DATA", "SMTPDataError 550", "69", "8"],
  },
  "the content is answered with 552": {
    rule: { on: "end-of-data", do: "552 5.3.4 Too big" },
    sees: ["EMESSAGE 552 DATA", "SMTPDataError 552", "69", "8"],
  },
  "QUIT is answered with a FIN": {
    rule: { on: "quit", do: "fin" },
    sees: ["ok +1", "ok +1", "ok +1", "ok +1"],
  },
};

function hundredTimes(...lines: readonly string[]): string[] {
  return Array.from({ length: 100 }, () => lines).flat();
}
