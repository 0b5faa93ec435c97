/**
 * The server's events keep the page current. EventSource reconnects and asks for what it missed by itself;
 * where it gives up, we begin again. On each connection the lists read their heads, so the gap between
 * loading and listening loses nothing.
 *
 * A browser has six connections to one server for all its tabs, and an open stream holds one of them. So a tab
 * that nobody sees has none: it only looks now and then how many messages are unread, for its title. When it is
 * seen again, it takes the stream up where it left it.
 */
import type { ApiEvent, ApiEventType } from "../../../src/api/contract.ts";
import { address } from "./api.ts";
import * as model from "./model.ts";
import { go, route, type View } from "./route.ts";

const types: readonly ApiEventType[] = [
  "message.received",
  "message.updated",
  "message.deleted",
  "transaction.started",
  "transaction.finished",
  "session.opened",
  "session.closed",
  "fault.fired",
  "faults.changed",
  "clock.advanced",
  "reset",
];

const patience = 3_000;
/** Who is back sooner has not left. */
const grace = 3_000;
/** How often a hidden page looks; browsers may make it seldomer. */
const glance = 5_000;

let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The id of the newest event that was taken; empty before the first. */
let place = "";

export function listen(): void {
  document.addEventListener("visibilitychange", follow);
  follow();
}

function follow(): void {
  clearTimeout(timer);
  if (document.hidden) timer = setTimeout(rest, source === null ? 0 : grace);
  else if (source === null) connect();
}

function rest(): void {
  source?.close();
  source = null;
  // Where no event came, nothing has happened since the server was asked.
  place ||= String(model.info.get()?.journal ?? "");
  refreshCounts();
  timer = setTimeout(rest, glance);
}

function connect(): void {
  const stream = new EventSource(address("api/events", { lastEventId: place }));
  source = stream;
  stream.addEventListener("open", () => {
    if (model.connection.get() === "lost") void model.welcomeBack().catch(() => {});
    model.connection.set("live");
    catchUp();
  });
  stream.addEventListener("error", () => {
    model.connection.set("lost");
    if (stream.readyState !== EventSource.CLOSED) return;
    source = null;
    clearTimeout(timer);
    timer = setTimeout(follow, patience);
  });
  for (const type of types) {
    stream.addEventListener(type, (event: MessageEvent<string>) => {
      place = event.lastEventId;
      take(JSON.parse(event.data) as ApiEvent);
    });
  }
}

function take(event: ApiEvent): void {
  switch (event.type) {
    case "message.received":
      syncShown("inbox");
      refreshCounts();
      break;
    case "message.updated": {
      const { ids, read, tags } = event.data;
      model.revise(ids, (message) => ({
        ...message,
        read: read ?? message.read,
        tags: tags === undefined ? message.tags : [...tags],
      }));
      syncShown("inbox");
      refreshCounts();
      break;
    }
    case "message.deleted": {
      const { view, id } = route.get();
      const { ids } = event.data;
      model.inbox.remove(ids);
      // Who deletes it here goes on to the next one.
      if (view === "inbox" && id !== null && ids.includes(id) && !model.leaving.has(id))
        go({ id: null }, true);
      syncShown("inbox");
      refreshCounts();
      break;
    }
    case "transaction.started":
    case "transaction.finished":
      syncShown("transactions");
      if (event.type === "transaction.finished") syncShown("sessions");
      model.ledgerPulse.set(event.n);
      model.pulse(event.data.sessionId);
      break;
    case "session.opened":
    case "session.closed":
      model.pulse(event.data.id);
      syncShown("sessions");
      break;
    case "fault.fired":
      model.noteFaults([event.data.transactionId]);
      model.pulse(event.data.sessionId);
      refreshFaults();
      break;
    case "faults.changed":
      refreshFaults();
      break;
    case "clock.advanced":
      if (event.data.inbox === null) model.clockOffset.set(event.data.offset);
      break;
    case "reset":
      if (event.data.reason === "reset") model.forget();
      else {
        void model.shownFeed().reopen();
        // What is open may have gone or changed, too.
        void model.welcomeBack().catch(() => {});
      }
      catchUp();
      break;
  }
}

/** A list that is not shown comes right when it is opened. */
function syncShown(view: View): void {
  if (route.get().view === view) void model.shownFeed().sync();
}

function catchUp(): void {
  const feed = model.shownFeed();
  void (feed.state.get().phase === "failed" ? feed.reopen() : feed.sync());
  refreshFaults();
  refreshCounts();
}

const refreshFaults = seldom(model.readFaults);
const refreshCounts = seldom(model.readInfo);

/** Runs at once, then at most every 300 ms; a failure leaves what was known. */
function seldom(read: () => Promise<void>): () => void {
  let busy = false;
  let again = false;
  return function run(): void {
    again = busy;
    if (busy) return;
    busy = true;
    read()
      .catch(() => {})
      .then(() => new Promise((resolve) => setTimeout(resolve, 300)))
      .then(() => {
        busy = false;
        if (again) run();
      });
  };
}
