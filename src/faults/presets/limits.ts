/** Limits that are reached: of rate, number, size and room. */
import type { PresetRow } from "./row.ts";

export const limitsPresets: Readonly<Record<string, PresetRow>> = {
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
  "too-many-connections": [
    "An eleventh connection at the same time from one address is turned away.",
    {
      on: "greeting",
      match: { openSessions: { min: 11 } },
      do: "421 4.7.0 {hostname} Error: too many connections from {remoteAddress}",
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
};
