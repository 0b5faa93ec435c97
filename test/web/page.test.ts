import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { servePage } from "../../src/api/page.ts";
import { buildPage, embeddedPage } from "../../web/embed.mjs";

const gzip = { "accept-encoding": "br, gzip;q=0.8" };

function ask(path: string, headers: Record<string, string> = {}): Promise<Response | null> {
  return servePage(new Request(`http://127.0.0.1:8025/${path}`, { headers }), path);
}

test("embedding: page.gen.ts is what a fresh build gives", async () => {
  expect(await embeddedPage()).toEqual(await buildPage());
});

test("serving: the page and its two assets, nothing else", async () => {
  const [page, script, style] = await Promise.all([ask(""), ask("assets/app.js"), ask("assets/app.css")]);
  expect(page?.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(script?.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(style?.headers.get("content-type")).toBe("text/css; charset=utf-8");
  for (const path of ["index.html", "assets/", "assets/../", "..", "assets/app.js.map", "favicon.ico"]) {
    expect(await ask(path)).toBeNull();
  }
});

test("serving: gzipped for who takes it, plain for who does not, the same either way", async () => {
  const packed = await ask("", gzip);
  const plain = await ask("", { "accept-encoding": "gzip;q=0, identity" });
  expect(packed?.headers.get("content-encoding")).toBe("gzip");
  expect(plain?.headers.get("content-encoding")).toBeNull();
  const unpacked = packed?.body?.pipeThrough(new DecompressionStream("gzip"));
  expect(await new Response(unpacked).text()).toBe(await plain?.text());
  expect(packed?.headers.get("vary")).toBe("accept-encoding");
});

test("serving: 304 for who has it already", async () => {
  const etag = (await ask("assets/app.js", gzip))?.headers.get("etag") ?? "";
  expect(etag).toMatch(/^W\/"[0-9a-f]{24}"$/);
  expect((await ask("assets/app.js", { "if-none-match": `"other", ${etag}` }))?.status).toBe(304);
  expect((await ask("assets/app.js", { "if-none-match": '"other"' }))?.status).toBe(200);
});

test("serving: a policy that allows nothing inline and nothing remote", async () => {
  const policy = (await ask(""))?.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

test("the page: relative addresses only, so that it works below any path", async () => {
  const html = (await (await ask(""))?.text()) ?? "";
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = ""]) => address);
  expect(addresses).toEqual(expect.arrayContaining(["./assets/app.js", "./assets/app.css"]));
  expect(addresses.filter((address) => /^(?:\/|[a-z]+:\/\/)/.test(address))).toEqual([]);
});

test("the source: text becomes nodes, never markup", () => {
  const root = join(import.meta.dirname, "../../web/src");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  expect(files.length).toBeGreaterThan(20);
  const markup =
    /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/;
  expect(files.filter((file) => markup.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});
