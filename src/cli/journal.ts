/**
 * What happens in the server of this process, without the ration of `/api/events`: every event. Several clients
 * can put more into the journal in one turn than its ring holds, so the subscription keeps what was not taken yet.
 * Of too much the rest is left out, and a `reset` says so where it is missing.
 */
import type { ApiEvent } from "../api/contract.ts";
import type { JournalEvent, OwnServer } from "../mailproof.ts";

/** Events that wait to be taken, beside those that are being taken. */
export const mostPending = 100_000;

/** Events from the first on, each when the one before has been taken; after `ended` those that are left. */
export async function* readJournal(
  journal: OwnServer["journal"],
  ended: AbortSignal,
): AsyncGenerator<JournalEvent, void, undefined> {
  const first = journal.since(0);
  let pending: JournalEvent[] = [...(first ?? [])];
  let lost = first === null;
  let wake = (): void => {};
  const unsubscribe = journal.subscribe((event) => {
    if (pending.length === mostPending) lost = true;
    if (!lost) pending.push(event);
    wake();
  });
  ended.addEventListener("abort", () => wake());
  try {
    while (true) {
      const events = pending;
      pending = [];
      yield* events;
      if (pending.length > 0) continue;
      if (lost) {
        lost = false;
        const at = new Date().toISOString();
        yield { n: journal.last, at, type: "reset", data: { reason: "slow-reader" } };
        continue;
      }
      if (ended.aborted) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unsubscribe();
  }
}

/** The event as `/api/events` tells it. */
export async function asTold(event: JournalEvent, store: OwnServer["store"]): Promise<ApiEvent> {
  if (event.type !== "message.received") return event;
  return { ...event, data: { ...event.data, message: await store.summary(event.data.id) } };
}
