/** `/api/inboxes`: parts of the mail that are kept apart. */
import { type Context, Hono } from "hono";
import { type Patterns, readInbox } from "../store/mod.ts";
import { readJson } from "./body.ts";
import type { DeletedReply, Inbox, InboxesReply, NewInbox } from "./contract.ts";
import type { ApiParts, InboxDesk } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { badQuery, onlyQuery } from "./query.ts";

export function inboxesRoutes({ inboxes }: ApiParts): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    onlyQuery(c);
    await next();
  });

  app.get("/", (c) => c.json({ inboxes: [...inboxes.list()] } satisfies InboxesReply));

  app.post("/", async (c) => {
    const inbox: NewInbox = await inboxes.open(readInbox(await readJson(c, {})));
    return c.json(inbox, 201);
  });

  app.get("/:id", (c) => {
    const inbox: Inbox = findInbox(inboxes, c.req.param("id"));
    return c.json(inbox);
  });

  app.delete("/:id", (c) => {
    const { id } = findInbox(inboxes, c.req.param("id"));
    inboxes.close(id);
    return c.json({ deleted: [id] } satisfies DeletedReply);
  });

  return app;
}

/** Throws the problem where there is none of this id. */
export function findInbox(inboxes: InboxDesk, id: string): Inbox {
  const inbox = inboxes.get(id);
  if (inbox !== null) return inbox;
  throw unknownInbox(id);
}

/** The 404 of an inbox that is not there. */
export function unknownInbox(id: string): ProblemError {
  return new ProblemError(
    "not-found",
    `Failed to find the inbox: ${JSON.stringify(id)}; those there are at /api/inboxes`,
  );
}

/** Confines a filter to an inbox that must be there: of what is not there, nothing can be told. */
export const inboxParameter = "ofInbox";

/** The id in that parameter; null where it is not given. The problem where there is none of this id. */
export function readOfInbox(query: URLSearchParams, inboxes: InboxDesk): string | null {
  const id = query.get(inboxParameter);
  return id === null ? null : findInbox(inboxes, id).id;
}

/** The filter, of that inbox alone. */
export function confine<Filter extends { readonly inbox?: Patterns }>(
  filter: Filter,
  inbox: string | null,
): Filter {
  if (inbox === null) return filter;
  if (filter.inbox === undefined) return { ...filter, inbox };
  throw badQuery("inbox", String(filter.inbox), `leave it out: ${inboxParameter} says which`);
}

/** The `inbox` parameter of a route; null where it is not given. The problem where there is none of this id. */
export function readInboxParameter(c: Context, inboxes: InboxDesk): string | null {
  const id = onlyQuery(c, ["inbox"]).get("inbox");
  return id === null ? null : findInbox(inboxes, id).id;
}
