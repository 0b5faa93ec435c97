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

/** A delivery report has no client: the server made it, and no session brought it. */
export function isReport({ channel, sessionId }: Transaction): boolean {
  return channel === "smtp" && sessionId === null;
}

/** What its outcome means, in a sentence. */
export function meansOf(transaction: Transaction): string | undefined {
  const { outcome } = transaction;
  if (isReport(transaction)) return outcome === "accepted" ? "Stored for the sender." : undefined;
  return outcomes.find(({ name }) => name === outcome)?.means;
}

export function Outcome({ transaction }: { transaction: Transaction }): VNode {
  const { outcome } = transaction;
  const title = outcomes.find(({ name }) => name === outcome)?.title;
  return (
    <span class={`outcome outcome-${outcome}`} title={meansOf(transaction)} data-testid="outcome">
      {title ?? outcome}
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
