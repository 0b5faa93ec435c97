/** Senders and contents that are not wanted, and a message that bounces later. */
import type { PresetRow } from "./row.ts";

export const policyPresets: Readonly<Record<string, PresetRow>> = {
  "sender-rejected": [
    "Every sender is refused for good: its domain does not exist.",
    { on: "mail", do: "550 5.1.8 <{sender}>: Sender address rejected: Domain not found" },
  ],
  spam: [
    "Every message is read and then refused for good as spam.",
    { on: "end-of-data", do: "550 5.7.1 Message rejected as spam" },
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
  "bare-lf": [
    "A message with a line that ends in LF alone is refused for good, as Exchange does it.",
    { on: "end-of-data", match: { warning: "bare-lf" }, do: "550 5.6.11 BareLinefeedsAreIllegal" },
  ],
  "async-bounce": [
    "Every message is accepted, and a second later a report for the sender says that it failed.",
    {
      on: "end-of-data",
      do: { bounce: { status: "5.1.1", diagnostic: "smtp; 550 5.1.1 User unknown", after: "1s" } },
    },
  ],
};
