/**
 * Whose a session is, and whose its transaction: which inboxes they belong to. That is asked again where something
 * new is known, for there may be thousands of inboxes, recipients and chunks.
 */
import { type Checkpoint, canonicalAddress, pathIn } from "../smtp/mod.ts";
import type { Inboxes, Session, Transaction } from "../store/mod.ts";
import type { HeaderReader } from "./transaction-record.ts";

/** A connection may serve for days, and for one inbox after another: so many of the newest are written down. */
const keptInboxes = 1_000;

const none: readonly string[] = [];

export interface AttributionParts {
  readonly readHeader: HeaderReader;
  readonly inboxes: Pick<Inboxes, "of" | "isEmpty">;
}

export class Attribution {
  readonly #parts: AttributionParts;
  readonly #session: Session;
  #own: readonly string[] = none;

  constructor(parts: AttributionParts, session: Session) {
    this.#parts = parts;
    this.#session = session;
  }

  /** Ids of the inboxes that the session itself belongs to, as it was when that was asked last. */
  get own(): readonly string[] {
    return this.#own;
  }

  /** Those that a message of this transaction comes into; default: of the recipients that were accepted. */
  ofMessage(
    transaction: Transaction,
    { head }: Checkpoint,
    recipients?: readonly string[],
  ): readonly string[] {
    if (this.#parts.inboxes.isEmpty) return none;
    const accepted = () => addressesOf(transaction.recipients.filter((tried) => tried.accepted));
    return this.#find(transaction, recipients ?? accepted(), head);
  }

  /** By the session alone. */
  attributeSession(): void {
    if (this.#parts.inboxes.isEmpty) return;
    this.#own = this.#find(null, none, null);
    this.#seenIn(this.#own);
  }

  /** By what this checkpoint told of the transaction: its recipients one by one, and all once the header is known. */
  attribute(transaction: Transaction, checkpoint: Checkpoint, committed: boolean): void {
    if (this.#parts.inboxes.isEmpty) return;
    const { phase, command, head, recipient } = checkpoint;
    // A chunk that is refused is the end, too.
    const isAtEnd = phase === "end-of-data" ? (recipient ?? 0) === 0 : !committed;
    if (head !== null && isAtEnd) {
      this.attributeContent(transaction, head);
    } else if (phase === "mail" || phase === "rcpt") {
      const path = phase === "rcpt" ? pathIn(command) : null;
      this.#add(transaction, this.#find(transaction, path === null ? none : [path.address], null));
    }
  }

  /** By all that is known at its end: `head` begins with the whole header. */
  attributeContent(transaction: Transaction, head: Checkpoint["head"]): void {
    if (this.#parts.inboxes.isEmpty) return;
    this.#add(transaction, this.#find(transaction, addressesOf(transaction.recipients), head));
  }

  #add(transaction: Transaction, ids: readonly string[]): void {
    this.#seenIn(merge(transaction.inboxes, ids));
  }

  #seenIn(ids: readonly string[]): void {
    const session = this.#session;
    merge(session.inboxes, ids);
    if (session.inboxes.length > keptInboxes) session.inboxes = session.inboxes.slice(-keptInboxes);
  }

  #find(
    transaction: Transaction | null,
    recipients: readonly string[],
    head: Checkpoint["head"],
  ): readonly string[] {
    const { inboxes, readHeader } = this.#parts;
    const { listener, user, helo, remoteAddress } = this.#session;
    return inboxes.of({
      listener,
      user,
      helo,
      remoteAddress,
      from: transaction?.reversePath?.address ?? null,
      recipients: recipients.map(canonicalAddress),
      header: head === null ? null : () => readHeader(head()),
    });
  }
}

function addressesOf(recipients: Transaction["recipients"]): readonly string[] {
  return recipients.map(({ path }) => path.address);
}

/** What is in each list, which may be long. */
const members = new WeakMap<readonly string[], Set<string>>();

/** Adds ids to a list, each of them once; returns those that are new in it. */
function merge(list: string[], ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return none;
  const known = members.get(list) ?? new Set(list);
  members.set(list, known);
  const fresh = ids.filter((id) => !known.has(id));
  for (const id of fresh) {
    known.add(id);
    list.push(id);
  }
  return fresh;
}
