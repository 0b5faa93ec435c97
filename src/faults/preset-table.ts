/** The presets as data: what happens in one sentence, and the rule that makes it happen. */
import type { FaultRule } from "./rule.ts";

export type PresetRow = readonly [explain: string, rule: FaultRule];

export const presetTable: Readonly<Record<string, PresetRow>> = {
  "unknown-user": [
    "Every recipient but postmaster is refused for good: there is no such user.",
    {
      on: "rcpt",
      match: { to: { not: ["postmaster", "postmaster@*"] } }, // RFC 5321 §4.5.1
      do: "550 5.1.1 <{recipient}>: Recipient address rejected: User unknown",
    },
  ],
  "mailbox-disabled": [
    "Every recipient is refused for good: the mailbox is disabled.",
    { on: "rcpt", do: "550 5.2.1 <{recipient}>: Mailbox disabled, not accepting messages" },
  ],
  "mailbox-full": [
    "Every recipient is refused for now: the mailbox is full.",
    { on: "rcpt", do: "452 4.2.2 <{recipient}>: Mailbox full" },
  ],
  "mailbox-full-hard": [
    "Every recipient is refused for good: the mailbox is full.",
    { on: "rcpt", do: "552 5.2.2 <{recipient}>: Mailbox full" },
  ],
  "mailbox-busy": [
    "Every recipient is refused for now: the mailbox is busy.",
    { on: "rcpt", do: "450 4.2.1 <{recipient}>: Mailbox temporarily unavailable" },
  ],
  "user-moved": [
    "Every recipient is refused and another address is named.",
    { on: "rcpt", do: "551 5.1.6 User not local; please try <moved@example.test>" },
  ],
  greylisting: [
    "Each sender and recipient is refused for five minutes after the first try.",
    {
      on: "rcpt",
      when: { per: "triplet", for: "5m" },
      do: "451 4.7.1 <{recipient}>: Recipient address rejected: Greylisted, try again in {retryAfter} seconds",
    },
  ],
  "greylisting-once": [
    "Each sender and recipient is refused at the first try and accepted at the second.",
    {
      on: "rcpt",
      when: { per: "triplet", times: 1 },
      do: "451 4.7.1 Greylisted, please try again later",
    },
  ],
  "rate-limit": [
    "After 100 messages in a minute a client is told to slow down and disconnected.",
    {
      on: "mail",
      when: { per: "remote-address", rate: { limit: 100, per: "1m" } },
      do: "421 4.7.28 {hostname} Too many messages from {remoteAddress}, slow down",
    },
  ],
  "rate-limit-recipient": [
    "After 10 tries in a minute a recipient is refused for now.",
    {
      on: "rcpt",
      when: { per: "recipient", rate: { limit: 10, per: "1m" } },
      do: "450 4.2.1 The user you are trying to contact is receiving mail too quickly",
    },
  ],
  "too-many-recipients": [
    "Recipients after the hundredth of a message are refused for now.",
    { on: "rcpt", match: { recipientIndex: { min: 101 } }, do: "452 4.5.3 Error: too many recipients" },
  ],
  "too-big-declared": [
    "A message that declares more than 1 MiB is refused before it is sent.",
    {
      on: "mail",
      match: { declaredSize: { min: 1_048_577 } },
      do: "552 5.3.4 Message size exceeds fixed maximum message size",
    },
  ],
  "too-big": [
    "A message of more than 1 MiB is refused after it was read.",
    {
      on: "end-of-data",
      match: { octets: { min: 1_048_577 } },
      do: "552 5.3.4 Message size exceeds fixed maximum message size",
    },
  ],
  "insufficient-storage": [
    "Every message is refused for now at MAIL: the server has no room.",
    { on: "mail", do: "452 4.3.1 Insufficient system storage" },
  ],
  "system-full-at-eod": [
    "Every message is read and then refused for now: the server has no room.",
    { on: "end-of-data", do: "452 4.3.1 Insufficient system storage" },
  ],
  "local-error": [
    "Every message is read and then refused for now: the server failed.",
    { on: "end-of-data", do: "451 4.3.0 Requested action aborted: local error in processing" },
  ],
  shutdown: [
    "The next command is answered with 421 and the connection is closed.",
    { on: "any", do: "421 4.3.2 {hostname} Service shutting down and closing transmission channel" },
  ],
  "not-accepting": [
    "The greeting says that there is no mail service here.",
    { on: "greeting", do: "554 {hostname} No SMTP service here" },
  ],
  "maintenance-window": [
    "For 30 seconds every connection is greeted with 421 and closed.",
    { on: "greeting", ttl: "30s", do: "421 4.3.2 {hostname} Service not available" },
  ],
  "relay-denied": [
    "Every recipient is refused for good: the server does not relay.",
    { on: "rcpt", do: "554 5.7.1 <{recipient}>: Relay access denied" },
  ],
  "relay-denied-550": [
    "Every recipient is refused for good as Exchange does it: unable to relay.",
    { on: "rcpt", do: "550 5.7.1 Unable to relay" },
  ],
  "sender-rejected": [
    "Every sender is refused for good: its domain does not exist.",
    { on: "mail", do: "550 5.1.8 <{sender}>: Sender address rejected: Domain not found" },
  ],
  spam: [
    "Every message is read and then refused for good as spam.",
    { on: "end-of-data", do: "550 5.7.1 Message rejected as spam" },
  ],
  dnsbl: [
    "Every recipient is refused for good: the client is on a block list.",
    {
      on: "rcpt",
      do: "550 5.7.1 Service unavailable; client [{remoteAddress}] blocked using bl.example.test",
    },
  ],
  dmarc: [
    "Every message is read and then refused for good: DMARC failed.",
    {
      on: "end-of-data",
      do: {
        reply: {
          code: 550,
          enhanced: "5.7.26",
          text: ["Unauthenticated email from this domain is not accepted", "due to domain's DMARC policy"],
        },
      },
    },
  ],
  "spf-fail": [
    "Every sender is refused for good: SPF failed.",
    { on: "mail", do: "550 5.7.23 SPF validation failed" },
  ],
  "dkim-fail": [
    "Every message is read and then refused for good: DKIM failed.",
    { on: "end-of-data", do: "550 5.7.20 No passing DKIM signature found" },
  ],
  virus: [
    "Every message is read and then refused for good: it holds a virus.",
    { on: "end-of-data", do: "554 5.7.1 Message contains a virus" },
  ],
  "auth-failed": [
    "Every log-in is refused: wrong credentials.",
    { on: "auth", do: "535 5.7.8 Authentication credentials invalid" },
  ],
  "auth-temp": [
    "Every log-in is refused for now.",
    { on: "auth", do: "454 4.7.0 Temporary authentication failure" },
  ],
  "auth-required": [
    "MAIL is refused until the client has logged in.",
    { on: "mail", match: { user: { not: "*" } }, do: "530 5.7.0 Authentication required" },
  ],
  "auth-needs-tls": [
    "AUTH is refused without TLS.",
    {
      on: "auth-start",
      match: { tls: false },
      do: "538 5.7.11 Encryption required for requested authentication mechanism",
    },
  ],
  "tls-required": [
    "MAIL is refused without TLS.",
    { on: "mail", match: { tls: false }, do: "530 5.7.0 Must issue a STARTTLS command first" },
  ],
  "tls-unavailable": [
    "STARTTLS is refused for now and the session stays plain.",
    { on: "starttls", do: "454 4.7.0 TLS not available due to temporary reason" },
  ],
  "no-extensions": [
    "EHLO is unknown, as to a server that knows only RFC 821.",
    { on: "ehlo", do: "502 5.5.1 Error: command not implemented" },
  ],
  pix: [
    "The greeting is masked by asterisks, as a Cisco PIX firewall does it.",
    { on: "greeting", do: { wire: { raw: "220 ****************************************\r\n" } } },
  ],
  "reply-lost": [
    "Every message is stored, but the connection is reset before the reply: a retry makes a duplicate.",
    { on: "end-of-data", do: { wire: { truncate: 0 }, end: "reset" } },
  ],
  "reply-lost-once": [
    "Each message is stored, but its first reply is lost by a reset: a retry makes a duplicate.",
    {
      on: "end-of-data",
      when: { per: "triplet", times: 1 },
      do: { wire: { truncate: 0 }, end: "reset" },
    },
  ],
  "reply-late": [
    "Every message is stored, but the reply comes after eleven minutes, when clients have given up.",
    { on: "end-of-data", do: { delay: "11m" } },
  ],
  "no-greeting": [
    "The connection is accepted and then nothing is said.",
    { on: "greeting", do: { reply: "none", end: "stall" } },
  ],
  "slow-greeting": [
    "The greeting comes after 20 to 40 seconds.",
    { on: "greeting", do: { delay: ["20s", "40s"] } },
  ],
  "malformed-reply": [
    "RCPT is answered with a line that is no reply.",
    { on: "rcpt", do: { reply: "none", wire: { raw: "what?\r\n" } } },
  ],
  "mixed-codes": [
    "RCPT is answered with one reply of two different codes.",
    { on: "rcpt", do: { wire: { raw: "250-ok\r\n550 no such user\r\n" } } },
  ],
  "bare-code": [
    "RCPT is answered with a code and no text.",
    { on: "rcpt", do: { wire: { raw: "250\r\n" } } },
  ],
  desync: [
    "MAIL is answered twice, so that later replies seem to belong to the wrong command.",
    { on: "mail", do: { wire: { raw: "250 2.1.0 Ok\r\n250 2.1.0 Ok\r\n" } } },
  ],
  flaky: [
    "One in twenty senders, recipients and messages is refused for now, by chance.",
    {
      on: ["mail", "rcpt", "end-of-data"],
      when: { probability: 0.05 },
      do: "451 4.3.0 Temporary failure",
    },
  ],
  "fail-twice-then-ok": [
    "Each message is refused for now at the first two tries and accepted at the third.",
    {
      on: "end-of-data",
      when: { per: "triplet" },
      do: ["451 4.3.0 Temporary failure 1", "451 4.3.0 Temporary failure 2"],
      then: "pass",
    },
  ],
};
