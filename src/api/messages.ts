/** `/api/messages`: listing, waiting, changing and deleting by filter. */
import { Hono } from "hono";
import type { Message, MessageFilter } from "../store/mod.ts";
import { messageParameters, parseMessageQuery } from "../store/mod.ts";
import { readForm } from "./body.ts";
import { changeMessages, deleteMessages, messageChange } from "./change.ts";
import type { ChangedReply, DeletedReply, MessagesPage, WaitResult } from "./contract.ts";
import { readWait, type WaitQuery, waitParameters } from "./demand.ts";
import type { Holds } from "./hold.ts";
import { confine, inboxParameter, readOfInbox } from "./inboxes.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { pageParameters, partQuery, readPage } from "./query.ts";
import { eventsSince, findIdleSessions, findRejections } from "./report.ts";
import { type Source, waitFor } from "./wait.ts";

const mostNearMisses = 5;

export function messagesRoutes(parts: ApiParts, holds: Holds): Hono {
  const { store, journal, timers, inboxes } = parts;
  const app = new Hono();

  app.get("/", async (c) => {
    const { own, filter } = partQuery(c, [...pageParameters, inboxParameter], messageParameters);
    const parsed = confine(parseMessageQuery(filter), readOfInbox(own, inboxes));
    const page: MessagesPage = await store.messages(parsed, readPage(own));
    return c.json(page);
  });

  app.get("/wait", async (c) => {
    const { own, filter } = partQuery(c, [...waitParameters, inboxParameter], messageParameters);
    const query = readWait(own, parts.info());
    const inbox = readOfInbox(own, inboxes);
    const parsed = confine(parseMessageQuery(filter), inbox);
    const hold = holds.take(c.req.raw, inbox);
    try {
      const end = await waitFor(sourceOf(parts, parsed, query.since), query, journal, timers, hold);
      const messages = [...end.found];
      const reply: WaitResult = { messages };
      if (end.kind === "met") return c.json(reply);
      if (end.kind === "gone") throw hold.ended();
      if (end.kind === "too-many") throw tooMany("messages", query, messages);
      throw await timedOut(parts, parsed, query, messages);
    } finally {
      hold.release();
    }
  });

  app.patch("/", async (c) => {
    const { own, filter } = partQuery(c, [inboxParameter], messageParameters);
    const which = { filter: confine(parseMessageQuery(filter), readOfInbox(own, inboxes)) };
    const reply: ChangedReply = {
      changed: await changeMessages(parts, which, await readForm(c, messageChange)),
    };
    return c.json(reply);
  });

  app.delete("/", async (c) => {
    const { own, filter } = partQuery(c, [inboxParameter], messageParameters);
    const which = { filter: confine(parseMessageQuery(filter), readOfInbox(own, inboxes)) };
    const reply: DeletedReply = { deleted: await deleteMessages(parts, which) };
    return c.json(reply);
  });

  return app;
}

function sourceOf(parts: ApiParts, filter: MessageFilter, since: number): Source<Message> {
  const { store } = parts;
  const read = (limit: number): Promise<Message[]> => store.messagesSince(since, filter, limit);
  // What arrived long ago can become a match by its tags or its mark alone.
  const heedsMarks = filter.tag !== undefined || filter.read !== undefined || filter.q !== undefined;
  return {
    read,
    pick: async (event, limit) => {
      if (event.type === "message.updated") return heedsMarks ? read(limit) : [];
      if (event.type !== "message.received" || event.data.seq <= since) return [];
      const message = (await store.matches(event.data.id, filter))
        ? await store.message(event.data.id)
        : null;
      return message === null ? [] : [message];
    },
  };
}

/** The 409 of a wait. */
export function tooMany(
  what: "messages" | "transactions",
  query: WaitQuery,
  found: readonly unknown[],
): ProblemError {
  const wanted = counted(query.count, what === "messages" ? "message" : "transaction");
  const detail = `Failed to wait for exactly ${wanted}: ${found.length} came; see ${what}`;
  return new ProblemError("wait-too-many", detail, { [what]: found });
}

/** `1 message`, `2 messages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

async function timedOut(
  parts: ApiParts,
  filter: MessageFilter,
  query: WaitQuery,
  messages: WaitResult["messages"],
): Promise<ProblemError> {
  const { store, journal } = parts;
  const events = eventsSince(journal, query.journal, query.since);
  const nearMisses = await store.nearest(query.since, filter, mostNearMisses);
  const detail =
    `Failed to wait for ${counted(query.count, "message")}: ${messages.length} came in ${query.timeout} ms; ` +
    "see nearMisses, rejections and sessions for what came instead";
  return new ProblemError("wait-timeout", detail, {
    messages,
    nearMisses,
    rejections: await findRejections(store, events, filter.inbox),
    sessions: await findIdleSessions(store, events, filter.inbox),
    evicted: store.counts().evicted,
  });
}
