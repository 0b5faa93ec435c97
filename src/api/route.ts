/** What a route takes: the methods that the app has for its path, and a body if the document names one. */
import type { Hono, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { readOctets } from "./body.ts";
import { resources } from "./openapi/document.ts";
import { ProblemError } from "./problem.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** As the app names them: `PATCH /api/messages/:id`. */
const routesWithBody: ReadonlySet<string> = new Set(
  resources
    .flatMap(({ operations }) => operations)
    .filter(({ body, lenient = false }) => body !== undefined || lenient)
    .map(({ route }) => route.replace(/\{(\w+)\}/g, ":$1")),
);

/** Octets of a body that may say nothing. */
const longestNothing = 64;

/** Refuses a body that nobody would read: what it asks for would not be done, and something else would. */
export const refuseNeedlessBody: MiddlewareHandler = async (c, next) => {
  // Providers have routes of their own, for any method.
  const matched = matchedRoutes(c).find(({ method }) => method !== "ALL");
  const route = `${matched?.method} ${matched?.path}`;
  if (matched !== undefined && !routesWithBody.has(route) && (await hasBody(c.req.raw))) {
    const advice = c.req.method === "POST" ? "" : ", and say in the query what is meant";
    const detail = `Failed to read the body: ${c.req.method} ${c.req.path} takes none; leave it out${advice}`;
    throw new ProblemError("bad-body", detail, { field: "" });
  }
  await next();
};

/** The methods that this path can be asked with, as `Allow` names them; none where there is no such path. */
export function allowedMethods(app: Hono, path: string): readonly string[] {
  const own = methods.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  if (own.length === 0) return [];
  return [...own.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])), "OPTIONS"];
}

/** Clients that have nothing to say send `{}` too. */
async function hasBody(request: Request): Promise<boolean> {
  // The fetch API reads no body of a GET; its header tells of one.
  if (request.body === null) return Number(request.headers.get("content-length") ?? 0) > 0;
  try {
    return !/^\s*(?:\{\s*\})?\s*$/.test(new TextDecoder().decode(await readOctets(request, longestNothing)));
  } catch (error) {
    if (error instanceof ProblemError && error.kind === "too-large") return true;
    throw error;
  }
}
