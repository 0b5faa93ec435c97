/**
 * The stored messages as their readers see them: listed, searched, described.
 *
 * A walk gives everybody else a turn now and then, and mail comes and goes meanwhile: so it steps from number
 * to number.
 */
import { describe, summarize } from "./describe.ts";
import type { MessageFilter } from "./filter.ts";
import type { LetterShelf } from "./letter-shelf.ts";
import { compileMessageFilter } from "./message-condition.ts";
import type { MessageShelf } from "./message-shelf.ts";
import { type Found, pageOfAll, pageOfMatches } from "./paging.ts";
import type { MessageCondition } from "./reading.ts";
import type { Message, MessageSummary, Transaction } from "./records.ts";
import type { Page } from "./store.ts";
import type { StoredMessage } from "./stored-message.ts";

/** Of so many newest messages the nearest misses are chosen. */
const nearestAmong = 1_000;

export class Catalogue {
  readonly #messages: MessageShelf;
  readonly #letters: LetterShelf;
  readonly #transactionOf: (id: string) => Promise<Transaction | null>;
  /** A wait asks with the same filter at every arrival. */
  readonly #compiled = new WeakMap<MessageFilter, readonly MessageCondition[]>();

  constructor(
    messages: MessageShelf,
    letters: LetterShelf,
    transactionOf: (id: string) => Promise<Transaction | null>,
  ) {
    this.#messages = messages;
    this.#letters = letters;
    this.#transactionOf = transactionOf;
  }

  async list(
    filter: MessageFilter,
    page: Page,
  ): Promise<{ messages: MessageSummary[]; total: number; unread: number; nextCursor: string | null }> {
    const conditions = this.#compile(filter);
    let unread = 0;
    let found: Found<StoredMessage>;
    if (conditions.length === 0) {
      found = pageOfAll(this.#messages.sequence, page);
      unread = this.#messages.counts.unread;
    } else {
      const walk = this.#messages.sequence.descending();
      found = await pageOfMatches(this.#matching(walk, conditions), page, (message) => {
        if (!message.read) unread += 1;
      });
    }
    const { records, total, nextCursor } = found;
    return { messages: await this.#summaries(records), total, unread, nextCursor };
  }

  async since(seq: number, filter: MessageFilter, limit: number): Promise<Message[]> {
    const walk = this.#upToNow(seq);
    const found: Message[] = [];
    if (limit < 1) return found;
    for await (const match of this.#matching(walk, this.#compile(filter))) {
      const message = await this.#describe(match);
      if (message !== null) found.push(message);
      if (found.length >= limit) break;
    }
    return found;
  }

  async message(id: string): Promise<Message | null> {
    const message = this.#messages.get(id);
    return message === null ? null : this.#describe(message);
  }

  async summary(id: string): Promise<MessageSummary | null> {
    const message = this.#messages.get(id);
    const [summary = null] = message === null ? [] : await this.#summaries([message]);
    return summary;
  }

  async latest(filter: MessageFilter): Promise<Message | null> {
    const walk = this.#messages.sequence.descending();
    for await (const match of this.#matching(walk, this.#compile(filter))) {
      const message = await this.#describe(match);
      if (message !== null) return message;
    }
    return null;
  }

  async matches(id: string, filter: MessageFilter): Promise<boolean> {
    const conditions = this.#compile(filter);
    const message = this.#messages.get(id);
    return message !== null && this.#isMatch(message, conditions);
  }

  async nearest(
    since: number,
    filter: MessageFilter,
    limit: number,
  ): Promise<{ message: MessageSummary; differs: string[] }[]> {
    const conditions = this.#compile(filter);
    const misses: { message: StoredMessage; differs: string[] }[] = [];
    let left = nearestAmong;
    for (const message of this.#messages.sequence.descending()) {
      if (message.seq <= since || left === 0) break;
      // What is in another inbox is nobody else's near miss.
      if (this.#isElsewhere(message, conditions)) continue;
      left -= 1;
      const differs = this.#differences(message, conditions);
      if (differs.length > 0) misses.push({ message, differs });
      if (this.#letters.isTurnOver) await this.#letters.nextTurn();
    }
    // Sorting is stable: the newest stay first among equals.
    const nearest = misses.sort((a, b) => a.differs.length - b.differs.length).slice(0, limit);
    const found: { message: MessageSummary; differs: string[] }[] = [];
    for (const { message, differs } of nearest) {
      for (const summary of await this.#summaries([message])) found.push({ message: summary, differs });
    }
    return found;
  }

  /** Ids of all matches, oldest first. */
  async ids(filter: MessageFilter): Promise<string[]> {
    const walk = this.#upToNow();
    const found: string[] = [];
    for await (const { id } of this.#matching(walk, this.#compile(filter))) found.push(id);
    return found;
  }

  #compile(filter: MessageFilter): readonly MessageCondition[] {
    let conditions = this.#compiled.get(filter);
    if (conditions === undefined) {
      conditions = compileMessageFilter(filter);
      this.#compiled.set(filter, conditions);
    }
    return conditions;
  }

  /** What arrives later is not in it: a walk must not run after its own tail. */
  #upToNow(after?: number): Iterable<StoredMessage> {
    return this.#messages.sequence.ascending(after, this.#messages.counts.seq);
  }

  async *#matching(
    walk: Iterable<StoredMessage>,
    conditions: readonly MessageCondition[],
  ): AsyncGenerator<StoredMessage, void, undefined> {
    for (const message of walk) {
      this.#letters.look();
      if (this.#isMatch(message, conditions)) yield message;
      if (this.#letters.isTurnOver) await this.#letters.nextTurn();
    }
  }

  #isMatch(message: StoredMessage, conditions: readonly MessageCondition[]): boolean {
    return conditions.every(({ test }) => test(message, this.#letters));
  }

  /** The filter fields whose conditions do not hold. */
  #differences(message: StoredMessage, conditions: readonly MessageCondition[]): string[] {
    const failed = conditions.filter(({ test }) => !test(message, this.#letters));
    return [...new Set(failed.map(({ field }) => field))];
  }

  #isElsewhere(message: StoredMessage, conditions: readonly MessageCondition[]): boolean {
    return conditions.some(({ field, test }) => field === "inbox" && !test(message, this.#letters));
  }

  /** Of those that do not go meanwhile. */
  async #summaries(messages: readonly StoredMessage[]): Promise<MessageSummary[]> {
    const summaries: MessageSummary[] = [];
    for (const message of messages) {
      if (this.#messages.get(message.id) === null) continue;
      if (message.sketch === null) this.#letters.letter(message);
      summaries.push(summarize(message));
      if (this.#letters.isTurnOver) await this.#letters.nextTurn();
    }
    return summaries;
  }

  /** Null where it went while it was read. */
  async #describe(message: StoredMessage): Promise<Message | null> {
    if (this.#messages.get(message.id) === null) return null;
    const letter = this.#letters.letter(message);
    const transaction = await this.#transactionOf(message.transaction.id);
    return transaction === null ? null : describe(message, letter, transaction);
  }
}
