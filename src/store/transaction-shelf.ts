import type { TransactionFilter } from "./filter.ts";
import { type KeptTransaction, WholeTransaction } from "./kept-transaction.ts";
import type { LetterShelf } from "./letter-shelf.ts";
import { OrdinaryTransaction } from "./ordinary-transaction.ts";
import { type Found, pageOfAll, pageOfMatches } from "./paging.ts";
import type { Transaction } from "./records.ts";
import { Sequence } from "./sequence.ts";
import { SharedReplies } from "./shared-replies.ts";
import type { Page } from "./store.ts";
import type { StoredMessage } from "./stored-message.ts";
import { compileTransactionFilter, type TransactionCondition } from "./transaction-condition.ts";

export interface TransactionLimits {
  /** Of those that may go. */
  readonly transactions: number;
  /** Recipients and faults of all those together. */
  readonly entries: number;
}

/**
 * Every transaction that is open or whose message is stored, and of the others the newest.
 * After `clear` a transaction that began before stays out, however often its writer puts it again.
 */
export class TransactionShelf {
  readonly #limits: TransactionLimits;
  readonly #letters: LetterShelf;
  readonly #replies = new SharedReplies();
  readonly #sequence = new Sequence<KeptTransaction>();
  /** Those that may go: finished, and no message is stored. */
  readonly #loose = new Sequence<WholeTransaction>();
  #looseEntries = 0;
  #seq = 0;
  #forgottenUpTo = 0;

  /** @param letters tell what the stored message of a transaction says, when somebody reads */
  constructor(limits: TransactionLimits, letters: LetterShelf) {
    this.#limits = limits;
    this.#letters = letters;
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
    return { records: records.map((known) => this.#asItIs(known)), total, nextCursor };
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
      const kept = this.#restore(known);
      kept.transaction = transaction;
      this.#settle(kept);
      return true;
    }
    if (transaction.seq <= this.#forgottenUpTo) return false;
    const added = new WholeTransaction(transaction, source, null);
    this.#sequence.add(added);
    this.#settle(added);
    return true;
  }

  /** The message is stored, and its transaction kept as long as that. */
  pin({ kept }: StoredMessage): void {
    this.#tighten(kept.seq);
    if (this.#sequence.has(kept.seq)) this.#sequence.replace(kept);
    else this.#sequence.add(kept);
    this.#settle(this.#restore(kept));
  }

  /** The message is gone; whether its transaction stays depends on how many came after it. */
  release({ kept }: StoredMessage): void {
    if (!this.has(kept)) return;
    const loose = this.#restore(kept);
    loose.message = null;
    this.#settle(loose);
  }

  has(kept: KeptTransaction): boolean {
    return this.#sequence.get(kept.seq) === kept;
  }

  /** Forgets everything but the numbering. */
  clear(): void {
    this.#sequence.clear();
    this.#loose.clear();
    this.#looseEntries = 0;
    this.#forgottenUpTo = this.#seq;
  }

  #find(id: string): KeptTransaction | null {
    const known = this.#sequence.get(Number(id.slice(1)));
    return known?.transaction.id === id ? known : null;
  }

  async *#matches(
    walk: Iterable<KeptTransaction>,
    conditions: readonly TransactionCondition[],
  ): AsyncGenerator<KeptTransaction, void, undefined> {
    const holds = (known: KeptTransaction): boolean =>
      conditions.every(({ needsContent, test }) => {
        if (needsContent) this.#fill(known);
        return test(known);
      });
    for (const known of walk) {
      this.#letters.look();
      if (holds(known)) yield known;
      if (this.#letters.isTurnOver) await this.#letters.nextTurn();
    }
  }

  /** It may have been put again, or lost its message, since a walk came past it. */
  #asItIs({ seq, whole }: KeptTransaction): Transaction {
    const known = this.#sequence.get(seq);
    return known === null ? whole : this.#filled(known);
  }

  #filled(known: KeptTransaction): Transaction {
    this.#fill(known);
    return known.whole;
  }

  /** Reads what the stored message says. */
  #fill(known: KeptTransaction): void {
    const { message, transaction } = known;
    if (message === null || transaction.content !== null) return;
    known.describe(this.#letters.head(message));
  }

  /** Where it may go, it does when its turn has come; where it has to stay, it is made small. */
  #settle(known: WholeTransaction): void {
    const { message, transaction, source } = known;
    if (message === null) {
      this.#loosen(known);
      return;
    }
    const ordinary = OrdinaryTransaction.of(transaction, source, message, this.#replies);
    if (ordinary !== null) this.#replace(message, ordinary);
  }

  /** The whole again, in its place. */
  #restore(known: KeptTransaction): WholeTransaction {
    if (known instanceof WholeTransaction) return known;
    const { whole, source, message } = known;
    const restored = new WholeTransaction(whole, source, message);
    if (message !== null) this.#replace(message, restored);
    return restored;
  }

  #replace(message: StoredMessage, kept: KeptTransaction): void {
    message.kept = kept;
    this.#sequence.replace(kept);
  }

  #loosen(known: WholeTransaction): void {
    if (known.transaction.finishedAt === null || this.#loose.has(known.seq)) return;
    known.entries = known.transaction.recipients.length + known.transaction.faults.length;
    this.#loose.add(known);
    this.#looseEntries += known.entries;
    const { transactions, entries } = this.#limits;
    while (this.#loose.size > transactions || this.#looseEntries > entries) {
      const { seq } = this.#loose.after()!;
      this.#tighten(seq);
      this.#sequence.delete(seq);
    }
  }

  #tighten(seq: number): void {
    const loose = this.#loose.get(seq);
    if (loose === null) return;
    this.#loose.delete(seq);
    this.#looseEntries -= loose.entries;
  }
}
