/** `/api/sessions`: every connection, and what was said on it. */
import { type Context, Hono } from "hono";
import { parseSessionQuery, type Session, sessionParameters, type TranscriptLine } from "../store/mod.ts";
import type { SessionsPage, Transcript } from "./contract.ts";
import { confine, inboxParameter, readOfInbox } from "./inboxes.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { badQuery, onlyQuery, pageParameters, partQuery, readPage } from "./query.ts";

export function sessionsRoutes(parts: ApiParts): Hono {
  const { store, inboxes } = parts;
  const app = new Hono();

  const find = async (c: Context): Promise<Session> => {
    const id = c.req.param("id")!;
    const session = await store.session(id);
    if (session !== null) return session;
    const detail = `Failed to find the session: ${JSON.stringify(id)}; the newest are at /api/sessions`;
    throw new ProblemError("not-found", detail);
  };

  app.get("/", async (c) => {
    const { own, filter } = partQuery(c, [...pageParameters, inboxParameter], sessionParameters);
    const parsed = confine(parseSessionQuery(filter), readOfInbox(own, inboxes));
    const page: SessionsPage = await store.sessions(parsed, readPage(own));
    return c.json(page);
  });

  app.get("/:id", async (c) => {
    onlyQuery(c);
    return c.json(await find(c));
  });

  app.get("/:id/transcript", async (c) => {
    const format = readFormat(c);
    const { id, openedAt } = await find(c);
    const { lines, omitted } = (await store.transcript(id)) ?? { lines: [], omitted: 0 };
    c.header("vary", "accept");
    if (format === "text") return c.text(renderTranscript(lines, omitted));
    const reply: Transcript = { sessionId: id, openedAt, lines, omitted };
    return c.json(reply);
  });

  return app;
}

function readFormat(c: Context): "text" | "json" {
  const format = onlyQuery(c, ["format"]).get("format");
  if (format === "text" || format === "json") return format;
  if (format !== null) throw badQuery("format", format, "use text or json");
  return c.req.header("accept")?.includes("application/json") === true ? "json" : "text";
}

/** One line per line of the dialogue: milliseconds, who, what. */
function renderTranscript(lines: readonly TranscriptLine[], omitted: number): string {
  const rendered = lines.map(({ at, by, text }) => `${String(at).padStart(6)} ${by}: ${text}\n`);
  if (omitted > 0) rendered.unshift(`       *: ${omitted} older lines were let go\n`);
  return rendered.join("");
}
