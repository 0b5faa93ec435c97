/**
 * A session with what became of its transactions: its own record names them only. One more request tells, for
 * a whole page of sessions, which transactions came to a bad end.
 */
import type { Outcome, Session } from "../../../src/api/contract.ts";
import * as api from "./api.ts";
import type { FeedPage } from "./feed.ts";

type Trouble = Exclude<Outcome, "open" | "accepted">;

export interface SessionRow extends Session {
  /** How many of its transactions ended so; null where that is not known. */
  readonly troubles: Readonly<Partial<Record<Trouble, number>>> | null;
}

/** Worst first. */
export const troubles: readonly Trouble[] = ["rejected", "reply-lost", "aborted"];

const most = 500;

export async function readSessions(
  filter: Record<string, string>,
  page: { limit: number; cursor: string | null },
  signal: AbortSignal,
): Promise<FeedPage<SessionRow>> {
  const { sessions, ...rest } = await api.sessions(filter, page, signal);
  const tried = sessions.filter(({ transactionIds }) => transactionIds.length > 0);
  const counts = new Map<string, Partial<Record<Trouble, number>>>();
  let horizon = Number.NEGATIVE_INFINITY;
  if (tried.length > 0) {
    const { transactions, nextCursor } = await api.transactions(
      { outcome: troubles, ...spanOf(tried) },
      { limit: most },
      signal,
    );
    for (const { sessionId, outcome } of transactions) {
      if (sessionId === null || outcome === "open" || outcome === "accepted") continue;
      const known = counts.get(sessionId) ?? {};
      counts.set(sessionId, { ...known, [outcome]: (known[outcome] ?? 0) + 1 });
    }
    if (nextCursor !== null) horizon = Date.parse(transactions.at(-1)?.startedAt ?? "");
  }
  const rows = sessions.map((session) => ({
    ...session,
    troubles: Date.parse(session.openedAt) < horizon ? null : (counts.get(session.id) ?? {}),
  }));
  return { rows, unread: 0, ...rest };
}

/** From when to when these sessions lasted; they come newest first. */
function spanOf(sessions: readonly Session[]): { after: string | null; before: string | null } {
  const ends = sessions.map(({ closedAt }) =>
    closedAt === null ? Number.POSITIVE_INFINITY : Date.parse(closedAt),
  );
  const end = Math.max(...ends);
  return {
    after: sessions.at(-1)?.openedAt ?? null,
    before: Number.isFinite(end) ? new Date(end + 1).toISOString() : null,
  };
}
