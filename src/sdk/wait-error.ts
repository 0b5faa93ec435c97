import type { MessageSummary, NearMiss, Transaction } from "../api/contract.ts";
import type { AnyFilter } from "./filter.ts";

/** A wait that failed. Test runners print the difference between `expected` and `actual`. */
export class WaitTimeoutError extends Error {
  override readonly name: string = "WaitTimeoutError";
  /** The filter. */
  readonly expected: AnyFilter;
  /** The nearest, in the form of the filter: equal to it in the fields that matched. Null: nothing came. */
  readonly actual: Readonly<Record<string, unknown>> | null;

  constructor(
    message: string,
    expected: AnyFilter,
    actual: Readonly<Record<string, unknown>> | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.expected = expected;
    this.actual = actual;
  }
}

/** A wait that failed before its time, because more came than it allows. */
export class UnexpectedMailError extends WaitTimeoutError {
  override readonly name = "UnexpectedMailError";
  /** Runners heed it: what came does match the filter, and a difference would show nothing. */
  readonly showDiff = false;
}

/** The nearest message as the filter would have to be to find it; as it is in the fields that matched. */
export function likeMessage(
  filter: AnyFilter,
  { message, differs }: NearMiss,
): Readonly<Record<string, unknown>> {
  const values = messageValues(message);
  const fields = Object.entries(filter).map(([field, asked]) => {
    if (field === "header") return [field, likeHeader(asked, differs)];
    return [field, differs.includes(field) ? (values[field] ?? null) : asked];
  });
  return Object.fromEntries(fields);
}

/** A summary has no header fields, so of those that differ only that is known. */
function likeHeader(asked: object, differs: readonly string[]): Readonly<Record<string, unknown>> {
  const missed = (name: string) =>
    differs.some((field) => field.toLowerCase() === `header.${name.toLowerCase()}`);
  return Object.fromEntries(
    Object.entries(asked).map(([name, pattern]) => [name, missed(name) ? null : pattern]),
  );
}

/** A transaction as the filter would have to be to find it. */
export function likeTransaction(
  filter: AnyFilter,
  transaction: Transaction,
): Readonly<Record<string, unknown>> {
  const values = transactionValues(transaction);
  return Object.fromEntries(Object.entries(filter).map(([field, asked]) => [field, values[field] ?? asked]));
}

function messageValues(message: MessageSummary): Readonly<Record<string, unknown>> {
  const { envelope, from, subject, messageId, inboxes, tags, sessionId, provider, read, attachmentCount } =
    message;
  return {
    to: single(envelope.to),
    from: from?.address ?? envelope.from,
    subject,
    text: message.snippet,
    messageId: messageId ?? "",
    inbox: single(inboxes),
    tag: single(tags),
    session: sessionId ?? "",
    provider: provider ?? "",
    read,
    attachment: attachmentCount > 0,
  };
}

function transactionValues(transaction: Transaction): Readonly<Record<string, unknown>> {
  const { recipients, reversePath, content, inboxes, sessionId, provider, outcome } = transaction;
  return {
    to: single(recipients.map(({ path }) => path.address)),
    from: reversePath?.address ?? "",
    subject: content?.subject ?? "",
    messageId: content?.messageId ?? "",
    inbox: single(inboxes),
    session: sessionId ?? "",
    provider: provider ?? "",
    outcome,
  };
}

function single(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values;
}
