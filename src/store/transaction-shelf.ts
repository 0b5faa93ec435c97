import type { TransactionFilter } from "./filter.ts";
import { type Found, pageOfAll, pageOfMatches } from "./paging.ts";
import type { Transaction } from "./records.ts";
import { Sequence } from "./sequence.ts";
import type { Page } from "./store.ts";
import { compileTransactionFilter, type TransactionCondition } from "./transaction-condition.ts";

export interface StoredTransaction {
  readonly seq: number;
  /** As it was put last. */
  transaction: Transaction;
  /** Remote address of the session. */
  readonly source: string | null;
  /** Its message is stored, so it stays. */
  pinned: boolean;
}

/**
 * Every transaction that is open or whose message is stored, and of the others the newest.
 * After `clear` a transaction that began before stays out, however often its writer puts it again.
 */
export class TransactionShelf {
  readonly #capacity: number;
  readonly #readContent: (transaction: Transaction) => Promise<Transaction["content"]>;
  readonly #byId = new Map<string, StoredTransaction>();
  readonly #sequence = new Sequence<StoredTransaction>();
  /** Those that may go: finished and not pinned. */
  readonly #loose = new Sequence<StoredTransaction>();
  #seq = 0;
  #forgottenUpTo = 0;

  /** `readContent`: what the stored message of a transaction says; it is asked when somebody reads. */
  constructor(capacity: number, readContent: (transaction: Transaction) => Promise<Transaction["content"]>) {
    this.#capacity = capacity;
    this.#readContent = readContent;
  }

  get size(): number {
    return this.#sequence.size;
  }

  /** Highest number so far. */
  get seq(): number {
    return this.#seq;
  }

  next(): { readonly id: string; readonly seq: number } {
    this.#seq += 1;
    return { id: `t${this.#seq}`, seq: this.#seq };
  }

  async get(id: string): Promise<Transaction | null> {
    const known = this.#byId.get(id);
    return known === undefined ? null : this.#filled(known);
  }

  async list(filter: TransactionFilter, page: Page): Promise<Found<Transaction>> {
    const conditions = compileTransactionFilter(filter);
    const { records, total, nextCursor } =
      conditions.length === 0
        ? pageOfAll(this.#sequence, page)
        : await pageOfMatches(this.#matches(this.#sequence.descending(), conditions), page);
    return { records: await Promise.all(records.map((known) => this.#filled(known))), total, nextCursor };
  }

  async since(seq: number, filter: TransactionFilter, limit: number): Promise<Transaction[]> {
    const found: Transaction[] = [];
    if (limit < 1) return found;
    for await (const known of this.#matches(
      this.#sequence.ascending(seq),
      compileTransactionFilter(filter),
    )) {
      found.push(await this.#filled(known));
      if (found.length >= limit) break;
    }
    return found;
  }

  put(transaction: Transaction, source: string | null): void {
    const known = this.#byId.get(transaction.id);
    if (known !== undefined) {
      known.transaction = transaction;
      this.#loosen(known);
    } else if (transaction.seq > this.#forgottenUpTo) {
      this.#loosen(this.#add(transaction, source, false));
    }
  }

  /** Keeps the transaction for as long as its message is stored. */
  pin(transaction: Transaction, source: string | null): void {
    const known = this.#byId.get(transaction.id);
    if (known === undefined) {
      this.#add(transaction, source, true);
    } else {
      known.transaction = transaction;
      known.pinned = true;
      this.#loose.delete(known.seq);
    }
  }

  /** Its message is gone. Returns the transaction where it stays. */
  release(id: string): Transaction | null {
    const known = this.#byId.get(id);
    if (known === undefined) return null;
    known.pinned = false;
    this.#loosen(known);
    return this.#byId.has(id) ? known.transaction : null;
  }

  /** Forgets everything but the numbering. */
  clear(): void {
    this.#byId.clear();
    this.#sequence.clear();
    this.#loose.clear();
    this.#forgottenUpTo = this.#seq;
  }

  async *#matches(
    walk: Iterable<StoredTransaction>,
    conditions: readonly TransactionCondition[],
  ): AsyncGenerator<StoredTransaction, void, undefined> {
    const holds = async (known: StoredTransaction): Promise<boolean> => {
      for (const { needsContent, test } of conditions) {
        if (needsContent) await this.#filled(known);
        if (!test(known)) return false;
      }
      return true;
    };
    for (const known of walk) if (await holds(known)) yield known;
  }

  async #filled(known: StoredTransaction): Promise<Transaction> {
    const { transaction } = known;
    transaction.content ??= await this.#readContent(transaction);
    return transaction;
  }

  #add(transaction: Transaction, source: string | null, pinned: boolean): StoredTransaction {
    const added: StoredTransaction = { seq: transaction.seq, transaction, source, pinned };
    this.#byId.set(transaction.id, added);
    this.#sequence.add(added);
    return added;
  }

  #loosen(known: StoredTransaction): void {
    if (known.pinned || known.transaction.finishedAt === null || this.#loose.has(known.seq)) return;
    this.#loose.add(known);
    while (this.#loose.size > this.#capacity) {
      const oldest = this.#loose.after()!;
      this.#loose.delete(oldest.seq);
      this.#sequence.delete(oldest.seq);
      this.#byId.delete(oldest.transaction.id);
    }
  }
}
