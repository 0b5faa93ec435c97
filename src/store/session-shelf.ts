import type { SessionFilter } from "./filter.ts";
import { type Found, pageOfMatches } from "./paging.ts";
import type { Session } from "./records.ts";
import { Sequence } from "./sequence.ts";
import { compileSessionFilter } from "./session-condition.ts";
import type { Page } from "./store.ts";

interface StoredSession {
  readonly seq: number;
  /** As it was put last. */
  session: Session;
}

/**
 * All open sessions, and of the closed ones those that closed last.
 * After `clear` a session that opened before stays out, however often its writer puts it again.
 */
export class SessionShelf {
  readonly #capacity: number;
  readonly #byId = new Map<string, StoredSession>();
  readonly #sequence = new Sequence<StoredSession>();
  /** Ids in the order of closing. */
  readonly #closed = new Set<string>();
  #seq = 0;
  #forgottenUpTo = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#sequence.size;
  }

  /** `index` counts from the last `clear`. */
  next(): { readonly id: string; readonly index: number } {
    this.#seq += 1;
    return { id: `s${this.#seq}`, index: this.#seq - this.#forgottenUpTo };
  }

  get(id: string): Session | null {
    return this.#byId.get(id)?.session ?? null;
  }

  list(filter: SessionFilter, page: Page): Promise<Found<StoredSession>> {
    const tests = compileSessionFilter(filter);
    const matches = [...this.#sequence.descending()].filter(({ session }) =>
      tests.every((test) => test(session)),
    );
    return pageOfMatches(matches, page);
  }

  /** Returns the ids of the sessions that had to go. Null: it opened before `clear`, and is not taken. */
  put(session: Session): string[] | null {
    const known = this.#byId.get(session.id);
    if (known === undefined) {
      const seq = numberOf(session.id);
      if (seq <= this.#forgottenUpTo) return null;
      const added = { seq, session };
      this.#byId.set(session.id, added);
      this.#sequence.add(added);
    } else {
      known.session = session;
    }
    if (session.closedAt !== null) this.#closed.add(session.id);
    return this.#closed.size > this.#capacity ? this.#letGo() : [];
  }

  /** Forgets everything but the numbering. */
  clear(): void {
    this.#byId.clear();
    this.#sequence.clear();
    this.#closed.clear();
    this.#forgottenUpTo = this.#seq;
  }

  #letGo(): string[] {
    const gone: string[] = [];
    for (const id of this.#closed) {
      if (this.#closed.size <= this.#capacity) break;
      this.#closed.delete(id);
      this.#sequence.delete(this.#byId.get(id)!.seq);
      this.#byId.delete(id);
      gone.push(id);
    }
    return gone;
  }
}

function numberOf(id: string): number {
  const seq = /^s[1-9]\d*$/.test(id) ? Number(id.slice(1)) : Number.NaN;
  if (Number.isSafeInteger(seq)) return seq;
  throw new TypeError(`Failed to put the session: ${JSON.stringify(id)}; use an id of nextSession`);
}
