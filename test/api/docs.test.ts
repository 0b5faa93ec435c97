/** The page of the API: all of the document, no script, nothing from elsewhere. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { curlOf } from "../../src/api/openapi/curl.ts";
import { resources } from "../../src/api/openapi/document.ts";
import { described, document } from "./openapi/described.ts";
import { openStockedRoom } from "./openapi/stocked-room.ts";
import { openRoom } from "./room.ts";

async function page(headers: Record<string, string> = {}): Promise<{ reply: Response; text: string }> {
  const reply = await openRoom().app.request("/api/docs", {
    headers: { host: "127.0.0.1:8025", ...headers },
  });
  return { reply, text: await reply.text() };
}

/** What a reader sees. */
function visible(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

describe("docs page", () => {
  test("its policy lets in its own style sheet and nothing else", async () => {
    const { reply, text } = await page();
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(reply.headers.get("content-security-policy")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    expect(text).not.toMatch(/<script|<link|<img|style="|url\(/);
    expect(text).not.toMatch(/(?:href|src)="(?:https?:)?\/\//);
  });

  test("every route is there, with its parameters, its errors and a command", async () => {
    const { text } = await page();
    for (const { id, method, path, summary, parameters, replies } of described) {
      const article = text.slice(text.indexOf(`<article id="${id}">`)).split("</article>")[0] ?? "";
      const seen = visible(article);
      expect(seen).toContain(`${method} ${path}`);
      expect(seen).toContain(summary.replaceAll("`", ""));
      expect(seen).toContain("curl -s ");
      expect(seen).toContain("http://127.0.0.1:8025/");
      for (const { name } of parameters) expect(article, `${id} ${name}`).toContain(`<code>${name}</code>`);
      for (const { status, problem } of replies) {
        expect(article).toContain(`<th>${status}`);
        if (problem !== null) expect(article).toContain(`<code>${problem}</code>`);
      }
    }
  });

  // The address of an inline picture holds a secret of the server that is running.
  const commands = resources
    .flatMap(({ operations }) => operations)
    .filter(({ access }) => access !== "secret");
  test.each(commands.map((operation) => [curlOf(operation, "http://localhost"), operation] as const))(
    "%s",
    async (command, operation) => {
      const [, url = ""] = /(http:\/\/[^ ']+)/.exec(command) ?? [];
      const [, body] = / -d '(.*)'$/.exec(command) ?? [];
      const [, method = body === undefined ? "GET" : "POST"] = / -X (\w+)/.exec(command) ?? [];
      const headers = command.includes("-H 'Content-Type: application/json'")
        ? { "content-type": "application/json" }
        : {};
      const init = { method, headers, ...(body === undefined ? {} : { body }) };
      const reply = await (await openStockedRoom()).app.request(url, init);
      expect(reply.status).toBe(operation.replies[0]!.status);
      await reply.body?.cancel();
    },
  );

  test("every link within the page leads somewhere, and every schema is there", async () => {
    const { text } = await page();
    const ids = new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id));
    const targets = Array.from(text.matchAll(/href="#([^"]+)"/g), ([, target]) => target);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
    for (const name of Object.keys(document.components.schemas)) expect(ids).toContain(`schema-${name}`);
  });

  test("what comes from a request or a schema is text", async () => {
    const { text } = await page({ host: "localhost:1" });
    expect(text).toContain("curl -s http://localhost:1/api/info");
    expect(text).not.toContain("[object Object]");
    expect(text).not.toContain("undefined");
  });

  test("a link from elsewhere may open it, but no page may ask for it", async () => {
    const cross = { "sec-fetch-site": "cross-site" };
    const navigate = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect((await page({ ...cross, ...navigate })).reply.status).toBe(200);
    expect(
      (await page({ ...cross, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" })).reply.status,
    ).toBe(403);
  });
});
