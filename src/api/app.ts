import { Hono } from "hono";
import { composeRoutes } from "./compose.ts";
import { directoryRoutes } from "./directory.ts";
import { docsRoutes } from "./docs.ts";
import { eventsRoutes } from "./events.ts";
import { faultsRoutes } from "./faults.ts";
import { guard } from "./guard.ts";
import { Holds } from "./hold.ts";
import { inboxesRoutes } from "./inboxes.ts";
import { messageRoutes } from "./message.ts";
import { messagesRoutes } from "./messages.ts";
import { metricsRoutes } from "./metrics.ts";
import { servePage } from "./page.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError, problemReply } from "./problem.ts";
import { providersRoutes } from "./providers.ts";
import { refuseOfAnother } from "./restarted.ts";
import { allowedMethods, refuseNeedlessBody } from "./route.ts";
import { securityHeaders } from "./security-headers.ts";
import { sessionsRoutes } from "./sessions.ts";
import { systemRoutes } from "./system.ts";
import { Tally } from "./tally.ts";
import { transactionsRoutes } from "./transactions.ts";
import { viewRoutes } from "./view.ts";

/** The window: `app.fetch` answers, `close` ends every wait and stream that is held. */
export interface Api {
  readonly app: Hono;
  close(): void;
}

const plainText = { "content-type": "text/plain; charset=utf-8" };

/** Waits and streams together. */
const mostHeld = 1_000;

export function createApi(parts: ApiParts): Api {
  const holds = new Holds(mostHeld, parts.inboxes);
  const tally = new Tally(parts.journal);
  const app = new Hono();

  app.use(securityHeaders);
  app.use(guard(parts.guard));
  app.use(refuseOfAnother(parts.info));
  app.use(refuseNeedlessBody);

  app.get("/livez", (c) => c.body("ok\n", 200, plainText));
  app.get("/readyz", (c) => {
    const ready = parts.ready();
    return c.body(ready ? "ok\n" : "not ready\n", ready ? 200 : 503, plainText);
  });

  app.route("/api/messages", messagesRoutes(parts, holds));
  app.route("/api/messages", messageRoutes(parts));
  app.route("/api/messages", composeRoutes(parts));
  app.route("/api/transactions", transactionsRoutes(parts, holds));
  app.route("/api/sessions", sessionsRoutes(parts));
  app.route("/api/faults", faultsRoutes(parts));
  app.route("/api/inboxes", inboxesRoutes(parts));
  app.route("/api/directory", directoryRoutes(parts));
  app.route("/api/events", eventsRoutes(parts, holds));
  app.route("/api", systemRoutes(parts));
  app.route("/view", viewRoutes(parts));
  app.route("/providers", providersRoutes(parts));

  app.route("/api", docsRoutes(parts));
  app.route("/metrics", metricsRoutes(parts, holds, tally));
  for (const path of ["/", "/assets/:file"]) {
    app.get(path, async (c) => (await servePage(c.req.raw, c.req.path.slice(1))) ?? c.notFound());
  }

  app.notFound((c) => {
    const { method, path } = c.req;
    const allowed = allowedMethods(app, path);
    if (allowed.length === 0 || (method !== "OPTIONS" && allowed.includes(method)))
      return problemReply(unknownRoute(method, path));
    const allow = allowed.join(", ");
    if (method === "OPTIONS") return c.body(null, 204, { allow });
    const reply = problemReply(wrongMethod(method, path, allow));
    reply.headers.set("allow", allow);
    return reply;
  });
  app.onError(problemReply);

  const close = (): void => {
    holds.close();
    tally.close();
  };
  return { app, close };
}

function wrongMethod(method: string, path: string, allow: string): ProblemError {
  return new ProblemError(
    "method-not-allowed",
    `Failed to answer the method: ${method} ${path}; use one of ${allow}`,
  );
}

function unknownRoute(method: string, path: string): ProblemError {
  return new ProblemError(
    "not-found",
    `Failed to find the route: ${method} ${path}; the API is below /api, the page at /`,
  );
}
