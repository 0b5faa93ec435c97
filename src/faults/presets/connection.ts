/** Connections that break, stall or crawl, and replies that come late or never. */
import type { PresetRow } from "./row.ts";

export const connectionPresets: Readonly<Record<string, PresetRow>> = {
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
  "connection-refused": [
    "For 30 seconds nobody listens, and connections are refused.",
    { on: "connect", do: { end: "refuse", for: "30s" } },
  ],
  "connection-reset": ["Every connection is reset before the greeting.", { on: "connect", do: "reset" }],
  "no-greeting": [
    "The connection is accepted and then nothing is said.",
    { on: "greeting", do: { reply: "none", end: "stall" } },
  ],
  "slow-greeting": [
    "The greeting comes after 20 to 40 seconds.",
    { on: "greeting", do: { delay: ["20s", "40s"] } },
  ],
  "drop-mid-data": [
    "The connection is reset after 4 KiB of content.",
    { on: "content", match: { octets: { min: 4096 } }, do: "reset" },
  ],
  "stall-mid-data": [
    "After 4 KiB of content nothing more is read.",
    { on: "content", match: { octets: { min: 4096 } }, do: "stall" },
  ],
  "half-close": [
    "The server closes its side after the go-ahead for the content, and reads on.",
    { on: "data", do: { end: "half-close" } },
  ],
  "slow-drip": [
    "Every reply comes one octet per second.",
    { on: "connect", do: { drip: { octets: 1, every: "1s" } } },
  ],
  "slow-link": [
    "The connection carries 1 KiB per second in each direction.",
    { on: "connect", do: { throttle: { read: 1024, write: 1024 } } },
  ],
};
