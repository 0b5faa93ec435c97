/**
 * `/api/events`: the journal as server-sent events.
 *
 * A reader has no buffer of its own: it holds a place in the journal, and the journal's ring is the buffer.
 * Events are fetched when the reader takes them, so one that reads slowly costs nothing; when it has fallen
 * too far behind, or the ring has moved on, it is told so with a `reset` and goes on from now. To tell an event
 * costs more than to take a message, so of a flood of mail readers hear a part: they fall behind.
 */
import { type Context, Hono } from "hono";
import {
  compileMessageFilter,
  type JournalEvent,
  type MessageFilter,
  messageParameters,
  parseMessageQuery,
} from "../store/mod.ts";
import type { ApiEvent, ApiEventType } from "./contract.ts";
import type { Hold, Holds } from "./hold.ts";
import { confine, inboxParameter, readOfInbox } from "./inboxes.ts";
import type { ApiParts } from "./parts.ts";
import { badQuery, partQuery } from "./query.ts";
import { Ration } from "./ration.ts";
import { inboxTest } from "./report.ts";
import { refuseRestarted } from "./restarted.ts";

const heartbeatEvery = 15_000;
/** Events that a reader may be behind; a replay may be longer. */
const furthestBehind = 1_000;
/** Events that are told in a second to all readers together, beside replays: about a twentieth of a processor. */
const perSecond = 500;
/** And so many at once after a while without. */
const atOnce = 2_000;
/** A summary reads the message; so many octets take as long as to tell an event. */
const octetsPerEvent = 16 * 1024;

const knownTypes: Readonly<Record<ApiEventType, true>> = {
  "message.received": true,
  "message.updated": true,
  "message.deleted": true,
  "transaction.started": true,
  "transaction.finished": true,
  "session.opened": true,
  "session.closed": true,
  "fault.fired": true,
  "faults.changed": true,
  "clock.advanced": true,
  reset: true,
};

/** What a reader wants to hear. A `reset` always comes through. */
interface Interest {
  /** Null: all. */
  readonly types: ReadonlySet<string> | null;
  /** Narrows `message.received`; its `inbox` also what is said of transactions, sessions and faults. Null: all. */
  readonly filter: MessageFilter | null;
}

export function eventsRoutes(parts: ApiParts, holds: Holds): Hono {
  const app = new Hono();
  const ration = new Ration(parts.timers, perSecond, atOnce);

  app.get("/", (c) => {
    const { own, filter } = partQuery(
      c,
      ["types", "lastEventId", "startedAt", inboxParameter],
      messageParameters,
    );
    refuseRestarted("read the events", own, parts.info());
    const inbox = readOfInbox(own, parts.inboxes);
    const parsed = confine(parseMessageQuery(filter), inbox);
    // A bad one is refused before the stream begins.
    compileMessageFilter(parsed);
    const interest: Interest = {
      types: readTypes(own.get("types")),
      filter: Object.keys(parsed).length > 0 ? parsed : null,
    };
    const from = readLastEventId(c, own) ?? parts.journal.last;
    const headers = {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      // Else the adapter looks for the end of the stream first, on a timer that a test may have frozen.
      "transfer-encoding": "chunked",
    };
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    const hold = holds.take(c.req.raw, inbox);
    hold.stay();
    const reader = new EventReader(parts, interest, from, hold, ration);
    return c.body(reader.stream(), 200, headers);
  });

  return app;
}

class EventReader {
  readonly #parts: ApiParts;
  readonly #interest: Interest;
  readonly #hold: Hold;
  readonly #ration: Ration;
  /** What is elsewhere costs nobody else's events. */
  readonly #ofInbox: MessageFilter;
  /** Number of the last event taken from the journal. */
  #place: number;
  /** The end of the replay: up to here nobody is slow. */
  readonly #replayEnd: number;
  #taken: JournalEvent[] = [];

  constructor(parts: ApiParts, interest: Interest, from: number, hold: Hold, ration: Ration) {
    this.#parts = parts;
    this.#interest = interest;
    this.#hold = hold;
    this.#ration = ration;
    const { inbox } = interest.filter ?? {};
    this.#ofInbox = inbox === undefined ? {} : { inbox };
    this.#place = from;
    this.#replayEnd = parts.journal.last;
  }

  stream(): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const { release } = this.#hold;
    let gone = false;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          // An id without data: the reader knows its place before the first event.
          controller.enqueue(encoder.encode(`id: ${this.#place}\n\n`));
        },
        pull: async (controller) => {
          try {
            const text = await this.#next();
            if (gone) return;
            if (text !== null) return controller.enqueue(encoder.encode(text));
            release();
            controller.close();
          } catch (error) {
            release();
            throw error;
          }
        },
        cancel: () => {
          gone = true;
          release();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** The next event as text, or a heartbeat where there is none for a while. Null: the server closes, and all is told. */
  async #next(): Promise<string | null> {
    while (true) {
      const event = this.#taken.shift() ?? this.#take();
      if (event === null) {
        if (this.#hold.signal.aborted) return null;
        if (!(await this.#wake())) return `: heartbeat\nid: ${this.#place}\n\n`;
        continue;
      }
      if (await this.#isElsewhere(event)) continue;
      if (event.n > this.#replayEnd) await this.#ration.wait(this.#hold.signal, costOf(event));
      const shown = await this.#show(event);
      if (shown !== null) return `id: ${shown.n}\nevent: ${shown.type}\ndata: ${JSON.stringify(shown)}\n\n`;
    }
  }

  /** The next event of interest from the journal; null: there is none yet. */
  #take(): JournalEvent | null {
    const { journal } = this.#parts;
    const replaying = this.#place < this.#replayEnd;
    const events = this.#place > journal.last ? null : journal.since(this.#place);
    const wanted = events?.filter((event) => this.#wants(event)) ?? null;
    const lost = wanted === null || (!replaying && wanted.length > furthestBehind);
    const behind = this.#place;
    this.#place = journal.last;
    if (lost) return this.#resetEvent(replaying || behind > journal.last ? "replay-lost" : "slow-reader");
    this.#taken = wanted;
    return this.#taken.shift() ?? null;
  }

  #wants({ type }: JournalEvent): boolean {
    return type === "reset" || (this.#interest.types?.has(type) ?? true);
  }

  #resetEvent(reason: "replay-lost" | "slow-reader"): JournalEvent {
    const at = new Date(this.#parts.timers.now()).toISOString();
    return { n: this.#place, at, type: "reset", data: { reason } };
  }

  /** The event as it goes out; null where the filter leaves it out. */
  async #show(event: JournalEvent): Promise<ApiEvent | null> {
    const { store } = this.#parts;
    const { filter } = this.#interest;
    if (event.type !== "message.received") return event;
    if (filter !== null && !(await store.matches(event.data.id, filter))) return null;
    return { ...event, data: { ...event.data, message: await store.summary(event.data.id) } };
  }

  /** Of another inbox than is asked for; what is nobody's is for all. */
  async #isElsewhere(event: JournalEvent): Promise<boolean> {
    const { inbox } = this.#interest.filter ?? {};
    if (inbox === undefined) return false;
    if (event.type === "message.received")
      return !(await this.#parts.store.matches(event.data.id, this.#ofInbox));
    const inboxes = await this.#inboxesOf(event);
    return inboxes !== null && !inboxTest(inbox)(inboxes);
  }

  /** Null: it is about no transaction or session. */
  async #inboxesOf({ type, data }: JournalEvent): Promise<readonly string[] | null> {
    const { store } = this.#parts;
    if (type === "clock.advanced") return data.inbox === null ? null : [data.inbox];
    if (type === "transaction.started" || type === "transaction.finished") {
      return (await store.transaction(data.id))?.inboxes ?? [];
    }
    if (type === "session.opened" || type === "session.closed") {
      return (await store.session(data.id))?.inboxes ?? [];
    }
    if (type !== "fault.fired") return null;
    const { ruleId, sessionId, transactionId } = data;
    if (transactionId !== null) return (await store.transaction(transactionId))?.inboxes ?? [];
    if (sessionId !== null) return (await store.session(sessionId))?.inboxes ?? [];
    // A listener that is closed.
    const owner = this.#parts.faults.get(ruleId)?.match?.inbox;
    return typeof owner === "string" ? [owner] : null;
  }

  /** Resolves true at the next journal event or the end, false after a while without. */
  #wake(): Promise<boolean> {
    const { journal, timers } = this.#parts;
    const { signal } = this.#hold;
    return new Promise((resolve) => {
      const finish = (woken: boolean): void => {
        unsubscribe();
        timers.clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        resolve(woken);
      };
      const onAbort = (): void => finish(true);
      const unsubscribe = journal.subscribe(() => finish(true));
      const timer = timers.setTimeout(() => finish(false), heartbeatEvery);
      signal.addEventListener("abort", onAbort);
    });
  }
}

function costOf({ type, data }: JournalEvent): number {
  return type === "message.received" ? 1 + Math.floor(data.size / octetsPerEvent) : 1;
}

function readTypes(text: string | null): ReadonlySet<string> | null {
  if (text === null || text === "") return null;
  const types = text.split(",").map((type) => type.trim());
  const unknown = types.find((type) => !Object.hasOwn(knownTypes, type));
  if (unknown === undefined) return new Set(types);
  throw badQuery("types", unknown, `use some of ${Object.keys(knownTypes).join(", ")}`);
}

/** WHATWG HTML §9.2; null on the first connection. An EventSource that begins anew can give only the parameter. */
function readLastEventId(c: Context, own: URLSearchParams): number | null {
  const again = c.req.header("last-event-id") ?? "";
  const [name, id] = again === "" ? ["lastEventId", own.get("lastEventId")] : ["Last-Event-ID", again];
  if (id === null) return null;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw badQuery(name, id, "use the id of an event of this server");
}
