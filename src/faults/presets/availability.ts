/** Servers that are out of order, now or now and then. */
import type { PresetRow } from "./row.ts";

export const availabilityPresets: Readonly<Record<string, PresetRow>> = {
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
