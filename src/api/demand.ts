import type { ServerInfo } from "./contract.ts";
import { badQuery, duration, wholeNumber } from "./query.ts";
import { refuseRestarted } from "./restarted.ts";
import type { Demand } from "./wait.ts";

/** The parameters that every wait takes beside its filter. */
export const waitParameters: readonly string[] = [
  "count",
  "exactly",
  "quiet",
  "timeout",
  "since",
  "journal",
  "startedAt",
];

const longestWait = 60_000;
const defaultTimeout = 5_000;
const defaultQuiet = 500;
/** More records than this in one reply are a listing's business. */
const mostAwaited = 1_000;

export interface WaitQuery extends Demand {
  /** Only a greater `seq` counts. */
  readonly since: number;
  /** Journal number after which the report of a failed wait begins; null: at the arrival of `since`. */
  readonly journal: number | null;
}

/**
 * `count` (default 1) or `exactly` with `quiet` (default 500 ms); `timeout` (default 5 s, at most 60 s); `since`
 * (default 0) of the server that `startedAt` tells.
 */
export function readWait(query: URLSearchParams, server: Pick<ServerInfo, "startedAt">): WaitQuery {
  refuseRestarted("wait", query, server);
  const exactly = wholeNumber(query, "exactly", 0, mostAwaited);
  const count = wholeNumber(query, "count", 0, mostAwaited);
  const quiet = duration(query, "quiet", longestWait);
  const timeout = duration(query, "timeout", longestWait) ?? defaultTimeout;
  if (exactly !== null && count !== null)
    throw badQuery("exactly", String(exactly), "use either count or exactly");
  if (exactly === null && quiet !== null) throw badQuery("quiet", query.get("quiet")!, "it needs exactly");
  const since = wholeNumber(query, "since", 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const journal = wholeNumber(query, "journal", 0, Number.MAX_SAFE_INTEGER);
  const more = { timeout, since, journal };
  if (exactly !== null) return { count: exactly, exact: true, quiet: quiet ?? defaultQuiet, ...more };
  // None within the timeout is exactly none, and quiet for all of it.
  if (count === 0) return { count: 0, exact: true, quiet: timeout, ...more };
  return { count: count ?? 1, exact: false, quiet: 0, ...more };
}
