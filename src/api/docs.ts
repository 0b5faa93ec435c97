/** `/api/openapi.json` and `/api/docs`: what this API says of itself, for programs and for people. */
import { Hono } from "hono";
import { ownOrigin } from "./guard.ts";
import { openApiJson } from "./openapi/document.ts";
import { renderPage } from "./openapi/page.ts";
import { pageStyle } from "./openapi/page-style.ts";
import type { ApiParts } from "./parts.ts";
import { onlyQuery } from "./query.ts";

export function docsRoutes(parts: ApiParts): Hono {
  const app = new Hono();

  app.get("/openapi.json", (c) => {
    onlyQuery(c);
    return c.body(openApiJson(parts.info().version), 200, { "content-type": "application/json" });
  });

  app.get("/docs", async (c) => {
    onlyQuery(c);
    return c.body(renderPage(parts.info().version, ownOrigin(c)), 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": await pagePolicy(),
    });
  });

  return app;
}

/** Nothing but the one style sheet, by its hash (CSP3 §2.3.1). */
async function pagePolicy(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pageStyle));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
