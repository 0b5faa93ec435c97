/**
 * What happens in the server of this process, without the ration of `/api/events`: every event, as long as
 * somebody takes them. The ring of the journal is the buffer; when it has moved on, a `reset` says so, and it
 * goes on from there.
 */
import type { ApiEvent } from "../api/contract.ts";
import type { JournalEvent, OwnServer } from "../mailproof.ts";

/** Events from the first on, each when the one before has been taken; after `ended` those that are left. */
export async function* readJournal(
  journal: OwnServer["journal"],
  ended: AbortSignal,
): AsyncGenerator<JournalEvent, void, undefined> {
  let place = 0;
  let wake = (): void => {};
  const unsubscribe = journal.subscribe(() => wake());
  ended.addEventListener("abort", () => wake());
  try {
    while (true) {
      const events = journal.since(place);
      if (events === null) {
        place = journal.last;
        const at = new Date().toISOString();
        yield { n: place, at, type: "reset", data: { reason: "slow-reader" } };
        continue;
      }
      for (const event of events) {
        place = event.n;
        yield event;
      }
      if (events.length > 0) continue;
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
