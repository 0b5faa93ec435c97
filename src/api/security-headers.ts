import type { MiddlewareHandler } from "hono";

/** On every reply; a route that has its own policy keeps it. No CORS headers, on none. */
const headers: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  // No reply at all: the connection is cut.
  if (c.res.type === "error") return;
  for (const [name, value] of Object.entries(headers)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
};
