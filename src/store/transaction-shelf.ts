import type { TransactionFilter } from "./filter.ts";
import type { LetterShelf } from "./letter-shelf.ts";
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
  /** Recipients and faults, as they were counted when it became one that may go. */
  entries: number;
}

export interface TransactionLimits {
  /** Of those that may go. */
  readonly transactions: number;
  /** Recipients and faults of all those together. */
  readonly entries: number;
}

/** A walk that reads gives everybody else a turn when it is time. */
type Turns = Pick<LetterShelf, "look" | "isTurnOver" | "nextTurn">;

/**
 * Every transaction that is open or whose message is stored, and of the others the newest.
 * After `clear` a transaction that began before stays out, however often its writer puts it again.
 */
export class TransactionShelf {
  readonly #limits: TransactionLimits;
  readonly #contentOf: (transaction: Transaction) => Transaction["content"];
  readonly #turns: Turns;
  readonly #sequence = new Sequence<StoredTransaction>();
  /** Those that may go: finished and not pinned. */
  readonly #loose = new Sequence<StoredTransaction>();
  #looseEntries = 0;
  #seq = 0;
  #forgottenUpTo = 0;

  /** `contentOf`: what the stored message of a transaction says; it is asked when somebody reads. */
  constructor(
    limits: TransactionLimits,
    contentOf: (transaction: Transaction) => Transaction["content"],
    turns: Turns,
  ) {
    this.#limits = limits;
    this.#contentOf = contentOf;
    this.#turns = turns;
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
    const known = this.#find(id);
    return known === null ? null : this.#filled(known);
  }

  async list(filter: TransactionFilter, page: Page): Promise<Found<Transaction>> {
    const conditions = compileTransactionFilter(filter);
    const { records, total, nextCursor } =
      conditions.length === 0
        ? pageOfAll(this.#sequence, page)
        : await pageOfMatches(this.#matches(this.#sequence.descending(), conditions), page);
    return { records: records.map((known) => this.#filled(known)), total, nextCursor };
  }

  async since(seq: number, filter: TransactionFilter, limit: number): Promise<Transaction[]> {
    const found: Transaction[] = [];
    if (limit < 1) return found;
    for await (const known of this.#matches(
      this.#sequence.ascending(seq),
      compileTransactionFilter(filter),
    )) {
      found.push(this.#filled(known));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** False: it began before `clear`, and is not taken. */
  put(transaction: Transaction, source: string | null): boolean {
    const known = this.#sequence.get(transaction.seq);
    if (known !== null) {
      known.transaction = transaction;
      this.#loosen(known);
      return true;
    }
    if (transaction.seq <= this.#forgottenUpTo) return false;
    this.#loosen(this.#add(transaction, source, false));
    return true;
  }

  /** Keeps the transaction for as long as its message is stored. */
  pin(transaction: Transaction, source: string | null): void {
    const known = this.#sequence.get(transaction.seq);
    if (known === null) {
      this.#add(transaction, source, true);
    } else {
      known.transaction = transaction;
      known.pinned = true;
      this.#tighten(known);
    }
  }

  /** Its message is gone; whether it stays depends on how many came after it. */
  release({ seq }: Transaction): void {
    const known = this.#sequence.get(seq);
    if (known === null) return;
    known.pinned = false;
    this.#loosen(known);
  }

  has({ seq }: Transaction): boolean {
    return this.#sequence.has(seq);
  }

  /** Forgets everything but the numbering. */
  clear(): void {
    this.#sequence.clear();
    this.#loose.clear();
    this.#looseEntries = 0;
    this.#forgottenUpTo = this.#seq;
  }

  #find(id: string): StoredTransaction | null {
    const known = this.#sequence.get(Number(id.slice(1)));
    return known?.transaction.id === id ? known : null;
  }

  async *#matches(
    walk: Iterable<StoredTransaction>,
    conditions: readonly TransactionCondition[],
  ): AsyncGenerator<StoredTransaction, void, undefined> {
    const holds = (known: StoredTransaction): boolean =>
      conditions.every(({ needsContent, test }) => {
        if (needsContent) this.#filled(known);
        return test(known);
      });
    for (const known of walk) {
      this.#turns.look();
      if (holds(known)) yield known;
      if (this.#turns.isTurnOver) await this.#turns.nextTurn();
    }
  }

  #filled({ transaction }: StoredTransaction): Transaction {
    transaction.content ??= this.#contentOf(transaction);
    return transaction;
  }

  #add(transaction: Transaction, source: string | null, pinned: boolean): StoredTransaction {
    const added: StoredTransaction = { seq: transaction.seq, transaction, source, pinned, entries: 0 };
    this.#sequence.add(added);
    return added;
  }

  #loosen(known: StoredTransaction): void {
    if (known.pinned || known.transaction.finishedAt === null || this.#loose.has(known.seq)) return;
    known.entries = known.transaction.recipients.length + known.transaction.faults.length;
    this.#loose.add(known);
    this.#looseEntries += known.entries;
    const { transactions, entries } = this.#limits;
    while (this.#loose.size > transactions || this.#looseEntries > entries) {
      const oldest = this.#loose.after()!;
      this.#tighten(oldest);
      this.#sequence.delete(oldest.seq);
    }
  }

  #tighten(known: StoredTransaction): void {
    if (this.#loose.delete(known.seq)) this.#looseEntries -= known.entries;
  }
}
