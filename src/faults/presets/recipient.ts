/** Recipients that are refused, for good or for now. */
import type { PresetRow } from "./row.ts";

export const recipientPresets: Readonly<Record<string, PresetRow>> = {
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
  "relay-denied": [
    "Every recipient is refused for good: the server does not relay.",
    { on: "rcpt", do: "554 5.7.1 <{recipient}>: Relay access denied" },
  ],
  "relay-denied-550": [
    "Every recipient is refused for good as Exchange does it: unable to relay.",
    { on: "rcpt", do: "550 5.7.1 Unable to relay" },
  ],
  dnsbl: [
    "Every recipient is refused for good: the client is on a block list.",
    {
      on: "rcpt",
      do: "550 5.7.1 Service unavailable; client [{remoteAddress}] blocked using bl.example.test",
    },
  ],
};
