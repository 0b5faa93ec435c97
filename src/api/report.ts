/**
 * What a failed wait tells: not only that nothing came, but what came instead.
 * The report looks at what the journal says happened since the caller's mark, as far back as is of use.
 */
import { compilePatterns } from "../notation/mod.ts";
import {
  type Journal,
  type JournalEvent,
  journalEvents,
  type MailStore,
  type Patterns,
  type Session,
  type Transaction,
} from "../store/mod.ts";

/** Of each kind. */
const mostReported = 20;
/** Events; half of what the journal keeps. */
const mostLookedAt = journalEvents / 2;

/** The events after a journal number; without one, after the arrival of the message `since`. None before a reset. */
export function eventsSince(journal: Journal, after: number | null, since: number): readonly JournalEvent[] {
  const events = journal.since(Math.max(after ?? 0, journal.last - mostLookedAt)) ?? [];
  const isEarlier = (event: JournalEvent): boolean =>
    after === null && event.type === "message.received" && event.data.seq <= since;
  return events.slice(events.findLastIndex((event) => event.type === "reset" || isEarlier(event)) + 1);
}

/** Whether what belongs to these inboxes is asked for; without a filter of inboxes it always is. */
export function inboxTest(wanted: Patterns | undefined): (inboxes: readonly string[]) => boolean {
  if (wanted === undefined) return () => true;
  const test = compilePatterns(wanted);
  return (inboxes) => inboxes.some(test);
}

/** Attempts that were refused wholly or for a recipient, broke off or are still open; newest first. */
export async function findRejections(
  store: MailStore,
  events: readonly JournalEvent[],
  inbox: Patterns | undefined,
): Promise<Transaction[]> {
  const isAskedFor = inboxTest(inbox);
  const ids = idsOf(events, ["transaction.started", "transaction.finished"]);
  return collect(ids, async (id) => {
    const transaction = await store.transaction(id);
    if (transaction === null || !isAskedFor(transaction.inboxes)) return null;
    return isTroubled(transaction) ? transaction : null;
  });
}

function isTroubled(transaction: Transaction): boolean {
  const stored = transaction.outcome === "accepted" || transaction.outcome === "reply-lost";
  return !stored || transaction.recipients.some((recipient) => !recipient.accepted);
}

/**
 * Sessions that never reached MAIL: open now, or opened or closed since; newest first. Whose one is that broke
 * off early nobody can tell: it may be of any inbox.
 */
export async function findIdleSessions(
  store: MailStore,
  events: readonly JournalEvent[],
  inbox: Patterns | undefined,
): Promise<Session[]> {
  const isAskedFor = inboxTest(inbox);
  const open = await store.sessions({ open: true }, { limit: 500 });
  const ids = new Set([
    ...idsOf(events, ["session.opened", "session.closed"]),
    ...open.sessions.map((session) => session.id),
  ]);
  const idle = await collect([...ids], async (id) => {
    const session = await store.session(id);
    if (session === null || session.transactionIds.length > 0) return null;
    return session.inboxes.length === 0 || isAskedFor(session.inboxes) ? session : null;
  });
  return idle.sort((a, b) => b.openedAt.localeCompare(a.openedAt));
}

/** Newest first, each once. */
function idsOf(events: readonly JournalEvent[], types: readonly JournalEvent["type"][]): string[] {
  const ids = new Set<string>();
  for (const event of events.toReversed()) {
    if (types.includes(event.type) && "id" in event.data) ids.add(event.data.id);
  }
  return [...ids];
}

async function collect<T>(ids: readonly string[], read: (id: string) => Promise<T | null>): Promise<T[]> {
  const found: T[] = [];
  for (const id of ids) {
    const record = await read(id);
    if (record !== null) found.push(record);
    if (found.length === mostReported) break;
  }
  return found;
}
