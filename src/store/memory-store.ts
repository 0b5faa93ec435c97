/**
 * Everything in memory: shelves for messages, letters, transactions, sessions and transcripts, and what
 * concerns more than one of them. Nothing is parsed until somebody reads it.
 */
import { partByPath } from "../mail/mod.ts";
import { Catalogue } from "./catalogue.ts";
import { patternTest } from "./condition.ts";
import type { MessageFilter, SessionFilter, TransactionFilter } from "./filter.ts";
import { LetterShelf } from "./letter-shelf.ts";
import { MessageShelf } from "./message-shelf.ts";
import type { Message, MessageSummary, Session, Transaction, TranscriptLine } from "./records.ts";
import { SessionShelf } from "./session-shelf.ts";
import type {
  MailStore,
  MessageRef,
  NewMessage,
  Page,
  Selection,
  StoreCounts,
  StoreLimits,
} from "./store.ts";
import type { StoredMessage } from "./stored-message.ts";
import { TransactionShelf } from "./transaction-shelf.ts";
import { Transcripts } from "./transcripts.ts";

const keptTransactions = { transactions: 10_000, entries: 100_000 };
const keptClosedSessions = 1_000;
const transcriptLimits = {
  first: 50,
  perSession: 2_000,
  total: 100_000,
  characters: 8_000_000,
  perLine: 1_000,
};

export class MemoryStore implements MailStore {
  readonly #messages: MessageShelf;
  readonly #letters: LetterShelf;
  readonly #catalogue: Catalogue;
  readonly #transactions: TransactionShelf;
  readonly #sessions = new SessionShelf(keptClosedSessions);
  readonly #transcripts = new Transcripts(transcriptLimits);

  constructor(limits: StoreLimits) {
    this.#messages = new MessageShelf(limits);
    this.#letters = new LetterShelf(limits.maxBytes);
    this.#transactions = new TransactionShelf(keptTransactions, this.#letters);
    this.#catalogue = new Catalogue(this.#messages, this.#letters, (id) => this.#transactions.get(id));
  }

  hasRoom(octets: number, recipients: number = 1): boolean {
    return this.#messages.hasRoom(octets, recipients);
  }

  add(message: NewMessage): MessageRef {
    const { transaction } = message;
    const { added, evicted } = this.#messages.add(message, this.#sourceOf(transaction));
    transaction.storedId = added.id;
    this.#transactions.pin(added);
    for (const message of evicted) {
      this.#letGo(message);
      // What nobody read goes untold: to read it now would cost 6 to 8 µs for each arrival at a full store.
      if (message.head !== null) message.kept.describe(message.head);
    }
    return { id: added.id, seq: added.seq, evicted: evicted.map(({ id }) => id) };
  }

  messages(
    filter: MessageFilter,
    page: Page,
  ): Promise<{ messages: MessageSummary[]; total: number; unread: number; nextCursor: string | null }> {
    return this.#catalogue.list(filter, page);
  }

  messagesSince(since: number, filter: MessageFilter, limit: number): Promise<Message[]> {
    return this.#catalogue.since(since, filter, limit);
  }

  message(id: string): Promise<Message | null> {
    return this.#catalogue.message(id);
  }

  summary(id: string): Promise<MessageSummary | null> {
    return this.#catalogue.summary(id);
  }

  latest(filter: MessageFilter): Promise<Message | null> {
    return this.#catalogue.latest(filter);
  }

  matches(id: string, filter: MessageFilter): Promise<boolean> {
    return this.#catalogue.matches(id, filter);
  }

  nearest(
    since: number,
    filter: MessageFilter,
    limit: number,
  ): Promise<{ message: MessageSummary; differs: string[] }[]> {
    return this.#catalogue.nearest(since, filter, limit);
  }

  async raw(id: string): Promise<Uint8Array | null> {
    return this.#messages.get(id)?.raw ?? null;
  }

  async headers(id: string): Promise<Message["headers"] | null> {
    const message = this.#messages.get(id);
    return message === null ? null : this.#letters.header(message);
  }

  async part(
    id: string,
    at: { readonly path: string } | { readonly attachment: number },
  ): Promise<{ contentType: string; filename: string | null; octets: Uint8Array } | null> {
    const message = this.#messages.get(id);
    if (message === null) return null;
    const letter = this.#letters.letter(message);
    const part = "path" in at ? partByPath(letter, at.path) : (letter.attachments[at.attachment] ?? null);
    if (part === null) return null;
    return { contentType: part.contentType, filename: part.filename, octets: part.octets() };
  }

  async patch(which: Selection, change: { read?: boolean; tags?: string[] }): Promise<string[]> {
    const ids = await this.#select(which);
    return ids.filter((id) => this.#messages.mark(id, change));
  }

  async remove(which: Selection): Promise<string[]> {
    const ids = await this.#select(which);
    const inbox = "filter" in which ? which.filter.inbox : undefined;
    // Who clears an inbox takes nothing from others.
    const isLeft = inbox === undefined ? null : patternTest("inbox", inbox);
    const gone = isLeft === null ? ids : ids.filter((id) => !this.#messages.leave(id, isLeft));
    const removed = gone.flatMap((id) => this.#messages.remove(id) ?? []);
    // All at once: others may clear the store between two turns.
    for (const message of removed) this.#letGo(message);
    for (const message of removed) {
      // The transaction outlives its message, and goes on telling what was sent.
      if (this.#transactions.has(message.kept)) message.kept.describe(this.#letters.head(message));
      this.#messages.discard(message);
      if (this.#letters.isTurnOver) await this.#letters.nextTurn();
    }
    return removed.map(({ id }) => id);
  }

  nextTransaction(): { readonly id: string; readonly seq: number } {
    return this.#transactions.next();
  }

  putTransaction(transaction: Transaction): boolean {
    return this.#transactions.put(transaction, this.#sourceOf(transaction));
  }

  transaction(id: string): Promise<Transaction | null> {
    return this.#transactions.get(id);
  }

  async transactions(
    filter: TransactionFilter,
    page: Page,
  ): Promise<{ transactions: Transaction[]; total: number; nextCursor: string | null }> {
    const { records, total, nextCursor } = await this.#transactions.list(filter, page);
    return { transactions: records, total, nextCursor };
  }

  transactionsSince(since: number, filter: TransactionFilter, limit: number): Promise<Transaction[]> {
    return this.#transactions.since(since, filter, limit);
  }

  nextSession(): { readonly id: string; readonly index: number } {
    return this.#sessions.next();
  }

  putSession(session: Session): boolean {
    const gone = this.#sessions.put(session);
    for (const id of gone ?? []) this.#transcripts.forget(id);
    return gone !== null;
  }

  async session(id: string): Promise<Session | null> {
    return this.#sessions.get(id);
  }

  async sessions(
    filter: SessionFilter,
    page: Page,
  ): Promise<{ sessions: Session[]; total: number; nextCursor: string | null }> {
    const { records, total, nextCursor } = await this.#sessions.list(filter, page);
    return { sessions: records.map(({ session }) => session), total, nextCursor };
  }

  say(sessionId: string, line: TranscriptLine): void {
    if (this.#sessions.get(sessionId) !== null) this.#transcripts.say(sessionId, line);
  }

  async transcript(sessionId: string): Promise<{ lines: TranscriptLine[]; omitted: number } | null> {
    return this.#sessions.get(sessionId) === null ? null : this.#transcripts.of(sessionId);
  }

  counts(): StoreCounts {
    return {
      ...this.#messages.counts,
      transactions: this.#transactions.size,
      sessions: this.#sessions.size,
      transactionSeq: this.#transactions.seq,
    };
  }

  async clear(): Promise<void> {
    this.#messages.clear();
    this.#letters.clear();
    this.#transactions.clear();
    this.#sessions.clear();
    this.#transcripts.clear();
  }

  close(): Promise<void> {
    return this.clear();
  }

  async #select(which: Selection): Promise<readonly string[]> {
    return "ids" in which ? [...new Set(which.ids)] : this.#catalogue.ids(which.filter);
  }

  /** The message is gone. */
  #letGo(message: StoredMessage): void {
    this.#letters.forget(message);
    this.#transactions.release(message);
  }

  #sourceOf(transaction: Transaction): string | null {
    if (transaction.sessionId === null) return null;
    return this.#sessions.get(transaction.sessionId)?.remoteAddress ?? null;
  }
}
