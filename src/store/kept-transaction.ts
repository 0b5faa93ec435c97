import type { Head } from "../mail/mod.ts";
import type { Transaction } from "./records.ts";
import type { StoredMessage } from "./stored-message.ts";

/** A transaction as it is kept: whole, or what is not the same in most. */
export interface KeptTransaction {
  readonly seq: number;
  /** Remote address of the session. */
  readonly source: string | null;
  /** Its message; null where none is stored. */
  readonly message: StoredMessage | null;
  /** To look at. */
  readonly transaction: Readonly<Transaction>;
  /** To hand out: the one that was put, or one that is equal. */
  readonly whole: Transaction;
  /** Addresses of the accepted recipients. */
  readonly to: string[];
  /** What its message says was read. */
  describe(head: Head): void;
}

/** One of which everything is kept. */
export class WholeTransaction implements KeptTransaction {
  readonly seq: number;
  readonly source: string | null;
  message: StoredMessage | null;
  /** As it was put last. */
  transaction: Transaction;
  /** Recipients and faults, as they were counted when it became one that may go. */
  entries = 0;

  constructor(transaction: Transaction, source: string | null, message: StoredMessage | null) {
    this.seq = transaction.seq;
    this.source = source;
    this.message = message;
    this.transaction = transaction;
  }

  get whole(): Transaction {
    return this.transaction;
  }

  get to(): string[] {
    const { recipients } = this.transaction;
    return recipients.filter(({ accepted }) => accepted).map(({ path }) => path.address);
  }

  describe(head: Head): void {
    this.transaction.content ??= contentOf(head);
  }
}

/** What a transaction tells of its message. */
export function contentOf({ subject, messageId }: Head): Transaction["content"] {
  return { subject, messageId };
}
