import type { VNode } from "preact";
import type { Outcome as OutcomeName, Reply, Transaction } from "../../../src/api/contract.ts";
import { Plain } from "../text/plain.tsx";

export const outcomes: readonly {
  readonly name: OutcomeName;
  readonly title: string;
  readonly means: string;
}[] = [
  { name: "accepted", title: "Accepted", means: "Stored, and the client was told so." },
  { name: "rejected", title: "Rejected", means: "Refused with 4yz or 5yz; nothing is stored." },
  {
    name: "aborted",
    title: "Aborted",
    means: "It ended without a decision: the client left, or nothing was said.",
  },
  {
    name: "reply-lost",
    title: "Reply lost",
    means: "Stored, but the client never learnt it, and may send it again.",
  },
  { name: "open", title: "Open", means: "Under way." },
];

export function Outcome({ transaction: { outcome } }: { transaction: Transaction }): VNode {
  const known = outcomes.find(({ name }) => name === outcome);
  return (
    <span class={`outcome outcome-${outcome}`} title={known?.means} data-testid="outcome">
      {known?.title ?? outcome}
    </span>
  );
}

/** A reply as it was said, its code coloured by its class. */
export function ReplyText({ reply }: { reply: Reply | null }): VNode {
  if (reply === null) return <span class="dim">no reply</span>;
  const { code, enhanced, lines } = reply;
  return (
    <span class="reply">
      <b class={`reply-code is-${String(code)[0]}`}>{code}</b> {enhanced === null ? "" : `${enhanced} `}
      <Plain text={lines.join(" / ")} />
    </span>
  );
}
