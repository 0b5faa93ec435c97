import { suggest } from "../notation/mod.ts";
import {
  holds,
  holdsAddress,
  holdsMessageId,
  patternTest,
  readInstant,
  readSeq,
  refuseUnknownFields,
  type Test,
} from "./condition.ts";
import { FilterError, type Patterns, type TransactionFilter, transactionFields } from "./filter.ts";
import type { KeptTransaction } from "./kept-transaction.ts";
import type { Outcome, Recipient, Transaction } from "./records.ts";

export interface TransactionCondition {
  /** Whether `Transaction.content` must have been filled in before. */
  readonly needsContent: boolean;
  readonly test: (kept: KeptTransaction) => boolean;
}

/** Conditions that must all hold, the cheap ones first. @throws FilterError where the filter cannot be understood. */
export function compileTransactionFilter(filter: TransactionFilter): readonly TransactionCondition[] {
  refuseUnknownFields(filter, transactionFields);
  const conditions: TransactionCondition[] = [];
  const add = (
    test: (transaction: Readonly<Transaction>, kept: KeptTransaction) => boolean,
    needsContent = false,
  ): void => {
    conditions.push({ needsContent, test: (kept) => test(kept.transaction, kept) });
  };
  const { since, before, after, session, source, provider, inbox, from, to, outcome, subject, messageId } =
    filter;
  if (since !== undefined) {
    const seq = readSeq("since", since);
    add((transaction) => transaction.seq > seq);
  }
  if (before !== undefined) {
    const instant = readInstant("before", before);
    add((transaction) => Date.parse(transaction.startedAt) < instant);
  }
  if (after !== undefined) {
    const instant = readInstant("after", after);
    add((transaction) => Date.parse(transaction.startedAt) >= instant);
  }
  if (session !== undefined) {
    const test = patternTest("session", session);
    add((transaction) => holds(test, transaction.sessionId));
  }
  if (source !== undefined) {
    const test = patternTest("source", source);
    add((_, kept) => holds(test, kept.source));
  }
  if (provider !== undefined) {
    const test = patternTest("provider", provider);
    add((transaction) => holds(test, transaction.provider));
  }
  if (inbox !== undefined) {
    const test = patternTest("inbox", inbox);
    add((transaction) => transaction.inboxes.some(test));
  }
  if (from !== undefined) {
    const test = patternTest("from", from, "address");
    add(({ reversePath }) => reversePath !== null && holdsAddress(test, reversePath.address));
  }
  if (to !== undefined) {
    const isTried = patternTest("to", to, "address");
    const isOutcome = outcome === undefined ? () => true : outcomeTest(outcome);
    add((transaction) =>
      transaction.recipients.some(
        (recipient) =>
          holdsAddress(isTried, recipient.path.address) && isOutcome(outcomeOf(recipient, transaction)),
      ),
    );
  } else if (outcome !== undefined) {
    const test = outcomeTest(outcome);
    add((transaction) => test(transaction.outcome));
  }
  if (subject !== undefined) {
    const test = patternTest("subject", subject, "contains");
    add((transaction) => holds(test, transaction.content?.subject ?? null), true);
  }
  if (messageId !== undefined) {
    const test = patternTest("messageId", messageId);
    add((transaction) => holdsMessageId(test, transaction.content?.messageId ?? null), true);
  }
  return conditions;
}

export const outcomes: readonly Outcome[] = ["open", "accepted", "rejected", "aborted", "reply-lost"];

/** A misspelt outcome would be waited for in vain. */
function outcomeTest(patterns: Patterns): Test {
  const test = patternTest("outcome", patterns);
  for (const pattern of [patterns].flat()) {
    const isPlain = !/[*?\\]|^\//.test(pattern);
    if (isPlain && !outcomes.some((outcome) => outcome === pattern.toLowerCase())) {
      throw new FilterError(
        `Failed to read the filter: ${JSON.stringify(pattern)} is no outcome; ${suggest(pattern, outcomes)}`,
        "outcome",
      );
    }
  }
  return test;
}

/** What became of one recipient: refused on its own, or what became of all. */
function outcomeOf(recipient: Recipient, transaction: Readonly<Transaction>): Outcome {
  const { accepted, reply, finalReply } = recipient;
  if (accepted) return transaction.outcome;
  const decisive = finalReply ?? reply;
  if (decisive !== null && decisive.code >= 400) return "rejected";
  return transaction.outcome === "open" ? "open" : "aborted";
}
