/** The server itself: what it is, its clock, its certificate authority, starting over. */
import { Hono } from "hono";
import * as v from "valibot";
import { parseDuration } from "../notation/mod.ts";
import { readForm } from "./body.ts";
import type { ClockReply, Info } from "./contract.ts";
import { findInbox } from "./inboxes.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";
import { onlyQuery } from "./query.ts";

const clockInput = v.strictObject({
  advance: v.union([v.number(), v.string()], "use milliseconds or 250ms, 10s, 5m, 2h"),
  inbox: v.optional(v.string("use the id of an inbox")),
});

/** The last millisecond that a `Date` can name. */
const endOfTime = 8.64e15;

export function systemRoutes(parts: ApiParts): Hono {
  const { store, journal, clock } = parts;
  const app = new Hono();

  app.get("/info", (c) => {
    onlyQuery(c);
    const counts = store.counts();
    const info: Info = {
      ...parts.info(),
      counts,
      seq: counts.seq,
      transactionSeq: counts.transactionSeq,
      journal: journal.last,
      clock: { now: new Date(clock.now()).toISOString(), offset: clock.offset },
    };
    return c.json(info);
  });

  app.post("/clock", async (c) => {
    onlyQuery(c);
    const { advance, inbox } = await readForm(c, clockInput);
    const id = inbox === undefined ? null : findInbox(parts.inboxes, inbox).id;
    const ms = readAdvance(advance, clock.now(id === null ? undefined : () => [id]));
    const offset = clock.advance(ms, id);
    journal.append({ type: "clock.advanced", data: { offset, inbox: id } });
    const now = clock.now() + offset - clock.offset;
    const reply: ClockReply = { offset, now: new Date(now).toISOString() };
    return c.json(reply);
  });

  app.post("/reset", async (c) => {
    onlyQuery(c);
    await parts.reset();
    return c.body(null, 204);
  });

  app.get("/tls/ca.pem", (c) => {
    onlyQuery(c);
    const pem = parts.ca();
    if (pem !== null) return c.body(pem, 200, { "content-type": "application/x-pem-file" });
    const detail =
      "Failed to find the CA: no certificate was generated; start with --starttls offer and without --tls-cert";
    throw new ProblemError("not-found", detail);
  });

  return app;
}

function readAdvance(advance: number | string, now: number): number {
  let ms: number;
  try {
    ms = parseDuration(advance);
  } catch (error) {
    throw new ProblemError("bad-body", `advance: ${(error as Error).message}`, { field: "advance" });
  }
  if (now + ms <= endOfTime) return ms;
  const detail = `Failed to advance the clock: ${JSON.stringify(advance)}; it would pass the last date there is`;
  throw new ProblemError("bad-body", detail, { field: "advance" });
}
