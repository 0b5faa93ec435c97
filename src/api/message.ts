/** `/api/messages/{id}` and what is below it. `latest` is the newest match of the filter. */
import { type Context, Hono } from "hono";
import { type Message, messageParameters, parseMessageQuery } from "../store/mod.ts";
import { readForm } from "./body.ts";
import { changeMessages, deleteMessages, messageChange } from "./change.ts";
import type { ChangedReply, DeletedReply, HeadersReply } from "./contract.ts";
import { download } from "./download.ts";
import { confine, inboxParameter, readOfInbox } from "./inboxes.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { onlyQuery, partQuery } from "./query.ts";

export function messageRoutes(parts: ApiParts): Hono {
  const { store } = parts;
  const app = new Hono();
  const find = (c: Context): Promise<Message> => findMessage(parts, c);

  app.get("/:id", async (c) => c.json(await find(c)));

  app.get("/:id/raw", async (c) => {
    const id = await findId(parts, c);
    const octets = await store.raw(id);
    if (octets === null) throw unknownMessage(id);
    return download({ contentType: "message/rfc822", filename: `${id}.eml`, octets }, "message.eml");
  });

  app.get("/:id/html", async (c) => {
    const { id, html } = await find(c);
    if (html === null) throw noSuchPart(id, "HTML", "text");
    // As a download of markup it may be looked at, but nothing in it acts or loads; /view/{id}/html shows it.
    return c.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    });
  });

  app.get("/:id/text", async (c) => {
    const { id, text } = await find(c);
    if (text === null) throw noSuchPart(id, "text", "html");
    return c.body(text, 200, { "content-type": "text/plain; charset=utf-8" });
  });

  app.get("/:id/headers", async (c) => {
    const id = await findId(parts, c);
    const headers = await store.headers(id);
    if (headers === null) throw unknownMessage(id);
    const reply: HeadersReply = { headers };
    return c.json(reply);
  });

  app.get("/:id/mime", async (c) => c.json((await find(c)).mime));

  app.get("/:id/mime/:path{[0-9.]*}", async (c) => {
    const { id } = await find(c);
    const path = c.req.param("path");
    const part = await store.part(id, { path });
    if (part !== null) return download(part, path === "" ? "part" : `part-${path}`);
    const detail = `Failed to find the part: ${JSON.stringify(path)} of message ${id}; see /api/messages/${id}/mime for its parts`;
    throw new ProblemError("not-found", detail);
  });

  app.get("/:id/attachments/:index", async (c) => {
    const { id, attachments } = await find(c);
    const index = c.req.param("index");
    const part = /^\d{1,6}$/.test(index) ? await store.part(id, { attachment: Number(index) }) : null;
    if (part !== null) return download(part, `attachment-${index}`);
    const detail = `Failed to find the attachment: ${JSON.stringify(index)} of message ${id}; it has ${attachments.length}, from index 0`;
    throw new ProblemError("not-found", detail);
  });

  app.patch("/:id", async (c) => {
    const id = await findId(parts, c);
    const changed = await changeMessages(parts, { ids: [id] }, await readForm(c, messageChange));
    if (changed.length === 0) throw unknownMessage(id);
    const reply: ChangedReply = { changed };
    return c.json(reply);
  });

  app.delete("/:id", async (c) => {
    const id = await findId(parts, c);
    const deleted = await deleteMessages(parts, { ids: [id] });
    if (deleted.length === 0) throw unknownMessage(id);
    const reply: DeletedReply = { deleted };
    return c.json(reply);
  });

  return app;
}

async function findMessage(parts: ApiParts, c: Context): Promise<Message> {
  const id = c.req.param("id")!;
  if (id === "latest") return findLatest(parts, c);
  onlyQuery(c);
  const message = await parts.store.message(id);
  if (message === null) throw unknownMessage(id);
  return message;
}

/** For what need not read the message; an id is taken as it is. */
async function findId(parts: ApiParts, c: Context): Promise<string> {
  const id = c.req.param("id")!;
  if (id === "latest") return (await findLatest(parts, c)).id;
  onlyQuery(c);
  return id;
}

async function findLatest({ store, inboxes }: ApiParts, c: Context): Promise<Message> {
  const { own, filter } = partQuery(c, [inboxParameter], messageParameters);
  const latest = await store.latest(confine(parseMessageQuery(filter), readOfInbox(own, inboxes)));
  if (latest !== null) return latest;
  throw new ProblemError(
    "not-found",
    "Failed to find the latest message: none matches; wait for it at /api/messages/wait",
  );
}

/** The 404 of a message that is not there. */
export function unknownMessage(id: string): ProblemError {
  return new ProblemError(
    "not-found",
    `Failed to find the message: ${JSON.stringify(id)}; it never came, was deleted or had to make room; see /api/messages`,
  );
}

function noSuchPart(id: string, what: string, other: string): ProblemError {
  return new ProblemError(
    "not-found",
    `Failed to find the ${what} of message ${id}: it has none; see /api/messages/${id}/${other}`,
  );
}
