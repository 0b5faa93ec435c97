/**
 * A list that lives: newest first, read page by page from the API, kept current by its head.
 *
 * The server tells only that something happened; the feed then reads the head of the list again and lays it
 * over what it has. So whatever was missed, added or changed near the top comes right by itself, and a storm
 * of events costs one request at a time. Further pages are read when the reader scrolls there.
 */
import { Cell } from "./cell.ts";

export interface FeedPage<T> {
  readonly rows: T[];
  readonly total: number;
  /** Rows not yet read by the user; 0 where the list knows no such thing. */
  readonly unread: number;
  readonly nextCursor: string | null;
}

export type LoadPage<T> = (
  page: { limit: number; cursor: string | null },
  signal: AbortSignal,
) => Promise<FeedPage<T>>;

export interface FeedState<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly unread: number;
  /** `opening`: what is shown belongs to the filter before. */
  readonly phase: "opening" | "ready" | "failed";
  readonly error: unknown;
}

const headSize = 100;
const pageSize = 500;
/** A reader who was away for longer than this many pages gets a fresh list. */
const catchUpPages = 20;
/** Between two reads of the head; the first one is immediate. */
const pause = 120;
/** How long a row that came is new, in milliseconds. */
export const freshness = 2_000;

export class Feed<T extends { readonly id: string }> {
  readonly state: Cell<FeedState<T>> = new Cell<FeedState<T>>({
    rows: [],
    total: 0,
    unread: 0,
    phase: "opening",
    error: null,
  });
  /** When a row came while the list was open, in milliseconds since the epoch. */
  readonly arrivals = new Map<string, number>();

  #load: LoadPage<T> | null = null;
  #nextCursor: string | null = null;
  #abort = new AbortController();
  #syncing = false;
  #again = false;
  /** Something happened while the first page was on its way. */
  #stale = false;
  /** Pages further down, while they are on their way. */
  #reading: Promise<void> | null = null;

  /** Shows what `load` finds, from the top. */
  async open(load: LoadPage<T>): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#load = load;
    this.#syncing = false;
    this.#reading = null;
    this.#stale = false;
    this.arrivals.clear();
    this.#patch({ phase: "opening" });
    try {
      const page = await load({ limit: headSize, cursor: null }, signal);
      if (signal.aborted) return;
      this.#nextCursor = page.nextCursor;
      this.#patch({ ...withoutCursor(page), phase: "ready", error: null });
      if (this.#stale) void this.sync();
    } catch (error) {
      if (!signal.aborted) this.#patch({ phase: "failed", error });
    }
  }

  /** The same list again, from the top. */
  async reopen(): Promise<void> {
    if (this.#load !== null) await this.open(this.#load);
  }

  /** Knows no row any more; `open` begins anew. */
  clear(): void {
    this.#abort.abort();
    this.#load = null;
    this.#reading = null;
    this.#nextCursor = null;
    this.arrivals.clear();
    this.state.set({ rows: [], total: 0, unread: 0, phase: "opening", error: null });
  }

  /** Reads the head again; calls while one is under way become one more. */
  async sync(): Promise<void> {
    const { phase } = this.state.get();
    // A list that was refused stays so until its filter changes or `reopen` is called.
    if (this.#load === null || phase === "failed") return;
    if (phase === "opening") {
      this.#stale = true;
      return;
    }
    if (this.#syncing) {
      this.#again = true;
      return;
    }
    this.#syncing = true;
    const { signal } = this.#abort;
    do {
      this.#again = false;
      await this.#readHead(signal).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, pause));
    } while (this.#again && !signal.aborted);
    if (!signal.aborted) this.#syncing = false;
  }

  /** Reads on until row `index` is there. */
  async need(index: number): Promise<void> {
    if (this.#reading === null) await this.#readWhile((rows) => rows.length <= index);
  }

  /** Reads on until the list goes down to a row that `isThere` knows. */
  async reach(isThere: (row: T) => boolean): Promise<void> {
    while (this.#reading !== null) await this.#reading;
    await this.#readWhile((rows) => !rows.slice(-1).some(isThere));
  }

  remove(ids: Iterable<string>): void {
    const gone = new Set(ids);
    const { rows, total } = this.state.get();
    const kept = rows.filter((row) => !gone.has(row.id));
    if (kept.length < rows.length) this.#patch({ rows: kept, total: total - (rows.length - kept.length) });
  }

  /** Changes the rows of these ids in place. */
  change(ids: Iterable<string>, change: (row: T) => T): void {
    const changed = new Set(ids);
    const { rows } = this.state.get();
    if (rows.some((row) => changed.has(row.id))) {
      this.#patch({ rows: rows.map((row) => (changed.has(row.id) ? change(row) : row)) });
    }
  }

  async #readHead(signal: AbortSignal): Promise<void> {
    const load = this.#load;
    if (load === null) return;
    let page = await load({ limit: headSize, cursor: null }, signal);
    const { total, unread } = page;
    const head = [...page.rows];
    for (let read = 1; !this.#meets(head) && page.nextCursor !== null && read < catchUpPages; read++) {
      page = await load({ limit: pageSize, cursor: page.nextCursor }, signal);
      head.push(...page.rows);
    }
    if (!signal.aborted) this.#layOver(head, page.nextCursor, { total, unread });
  }

  /** Whether the head reaches down into what we have, or covers it. */
  #meets(head: readonly T[]): boolean {
    const { rows } = this.state.get();
    const [bottom, oldest] = [head.at(-1)?.id, rows.at(-1)?.id];
    if (bottom === undefined || oldest === undefined) return true;
    return rows.some(({ id }) => id === bottom) || head.some(({ id }) => id === oldest);
  }

  /** Down to the head's last row the head is the truth; below it, what we had stays. */
  #layOver(head: readonly T[], nextCursor: string | null, counts: { total: number; unread: number }): void {
    const { rows } = this.state.get();
    const last = head.at(-1);
    const seam = last === undefined ? -1 : rows.findIndex((row) => row.id === last.id);
    const joined = nextCursor !== null && seam >= 0;
    const below = joined ? rows.slice(seam + 1) : [];
    if (!joined || below.length === 0) this.#nextCursor = nextCursor;
    const known = new Set(rows.map((row) => row.id));
    const now = Date.now();
    for (const [id, at] of this.arrivals) if (now - at >= freshness) this.arrivals.delete(id);
    for (const row of head) if (!known.has(row.id)) this.arrivals.set(row.id, now);
    // What the server lets go for want of room goes at the bottom, and is not told.
    this.#patch({ rows: [...head, ...below].slice(0, counts.total), ...counts });
  }

  async #readWhile(isShort: (rows: readonly T[]) => boolean): Promise<void> {
    const reading = this.#readPages(isShort);
    this.#reading = reading;
    await reading;
    if (this.#reading === reading) this.#reading = null;
  }

  async #readPages(isShort: (rows: readonly T[]) => boolean): Promise<void> {
    const { signal } = this.#abort;
    try {
      while (!signal.aborted && this.#nextCursor !== null && isShort(this.state.get().rows)) {
        await this.#readOn(signal);
      }
    } catch {
      // The rows stay grey; the next scroll asks again.
    }
  }

  async #readOn(signal: AbortSignal): Promise<void> {
    const page = await this.#load?.({ limit: pageSize, cursor: this.#nextCursor }, signal);
    if (page === undefined || signal.aborted) return;
    const { rows } = this.state.get();
    const known = new Set(rows.map((row) => row.id));
    this.#nextCursor = page.nextCursor;
    this.#patch({ rows: [...rows, ...page.rows.filter((row) => !known.has(row.id))] });
  }

  #patch(change: Partial<FeedState<T>>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

function withoutCursor<T>({ rows, total, unread }: FeedPage<T>): Omit<FeedPage<T>, "nextCursor"> {
  return { rows, total, unread };
}
