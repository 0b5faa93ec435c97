/**
 * Pages, newest first. A cursor is the number of the last record of a page, and the next page holds
 * smaller numbers: so it stays right while records come and go.
 */
import { FilterError } from "./filter.ts";
import type { Sequence } from "./sequence.ts";
import type { Page } from "./store.ts";

export interface Found<T> {
  readonly records: T[];
  /** All matches, not only those of this page. */
  readonly total: number;
  readonly nextCursor: string | null;
}

type Walk<T extends { readonly seq: number }> = Pick<Sequence<T>, "size" | "descending">;

/** A page of everything: walks no further than the page. */
export function pageOfAll<T extends { readonly seq: number }>(sequence: Walk<T>, page: Page): Found<T> {
  const records: T[] = [];
  for (const record of sequence.descending(startOf(page))) {
    if (records.length === page.limit) return { records, total: sequence.size, nextCursor: endOf(records) };
    records.push(record);
  }
  return { records, total: sequence.size, nextCursor: null };
}

/** A page of matches, which must come newest first; all of them are walked and shown to `count`. */
export async function pageOfMatches<T extends { readonly seq: number }>(
  matches: AsyncIterable<T> | Iterable<T>,
  page: Page,
  count: (match: T) => void = () => {},
): Promise<Found<T>> {
  const start = startOf(page);
  const records: T[] = [];
  let total = 0;
  let more = false;
  for await (const match of matches) {
    total += 1;
    count(match);
    if (match.seq >= start) continue;
    if (records.length < page.limit) records.push(match);
    else more = true;
  }
  return { records, total, nextCursor: more ? endOf(records) : null };
}

function startOf(page: Page): number {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > 500) {
    throw new RangeError(`Failed to list: a limit of ${page.limit}; use 1 to 500`);
  }
  return page.cursor === undefined ? Number.POSITIVE_INFINITY : readCursor(page.cursor);
}

function endOf(records: readonly { readonly seq: number }[]): string | null {
  const last = records.at(-1);
  return last === undefined ? null : writeCursor(last.seq);
}

function writeCursor(seq: number): string {
  return btoa(String(seq)).replaceAll("=", "");
}

function readCursor(cursor: string): number {
  const seq = Number(decode(cursor));
  if (Number.isSafeInteger(seq) && seq > 0 && writeCursor(seq) === cursor) return seq;
  throw new FilterError(
    `Failed to read the cursor: ${JSON.stringify(cursor)}; use a nextCursor as it was given out`,
    "cursor",
  );
}

function decode(cursor: string): string {
  try {
    return atob(cursor);
  } catch {
    return "none";
  }
}
