/** What the journal hears of a transaction and its message, whoever it comes from. */
import type { Journal, MessageRef, Transaction } from "../store/mod.ts";

export function announceStart(journal: Journal, { id, sessionId }: Transaction): void {
  journal.append({ type: "transaction.started", data: { id, sessionId } });
}

/** The message of the transaction is kept. */
export function announceMessage(journal: Journal, transaction: Transaction, ref: MessageRef): void {
  journal.append({
    type: "message.received",
    data: {
      id: ref.id,
      seq: ref.seq,
      from: transaction.reversePath?.address ?? "",
      to: transaction.recipients.filter((tried) => tried.accepted).map((tried) => tried.path.address),
      size: transaction.size,
      sessionId: transaction.sessionId,
      transactionId: transaction.id,
    },
  });
  if (ref.evicted.length > 0) {
    journal.append({ type: "message.deleted", data: { ids: ref.evicted, reason: "evicted" } });
  }
}

export function announceEnd(journal: Journal, transaction: Transaction): void {
  const { id, sessionId, channel, outcome, reply } = transaction;
  journal.append({
    type: "transaction.finished",
    data: { id, sessionId, channel, outcome, code: reply?.code ?? null },
  });
}
