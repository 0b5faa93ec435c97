import { describe, expect, test } from "vitest";
import { openRoom, type Room } from "./room.ts";

/** One of each kind of route. */
const routes = [
  "GET /",
  "GET /api/messages",
  "GET /api/messages/wait?timeout=1ms",
  "GET /api/messages/latest/raw",
  "GET /api/messages/1/attachments/0",
  "DELETE /api/messages",
  "PATCH /api/messages",
  "GET /api/transactions",
  "GET /api/sessions",
  "GET /api/faults",
  "POST /api/faults",
  "PUT /api/faults",
  "POST /api/clock",
  "POST /api/reset",
  "GET /api/events",
  "GET /api/info",
  "GET /api/tls/ca.pem",
  "GET /view/1/html",
  "GET /metrics",
  "GET /api/docs",
  "OPTIONS /api/messages",
  "GET /providers/resend/emails",
  "POST /providers/resend/emails",
];

function ask(room: Room, route: string, headers: Record<string, string>): Promise<Response> {
  const [method = "", path = ""] = route.split(" ");
  return Promise.resolve(room.app.request(path, { method, headers }));
}

describe("guard: Host", () => {
  test.each([
    ["localhost", true],
    ["localhost:8025", true],
    ["LOCALHOST:8025", true],
    ["127.0.0.1:8025", true],
    ["172.18.0.3", true],
    ["8.8.8.8", true],
    ["[::1]:8025", true],
    ["[fd00::5]", true],
    ["mail.localhost", true],
    ["mailproof:8025", true],
    ["mail_proof", true],
    ["mailproof.internal", true],
    ["host.docker.internal:8025", true],
    ["mail.corp.test", true],
    ["MAIL.CORP.TEST.:8025", true],
    ["evil.test", false],
    ["evil.test:8025", false],
    ["localhost.evil.test", false],
    ["127.0.0.1.evil.test", false],
    ["127.0.0.1.nip.io", false],
    ["1.2.3.456", false],
    ["1.2.3", false],
    ["x.mail.corp.test", false],
    ["internal.evil.test", false],
    ["user@localhost", false],
    ["local host", false],
    ["localhost;x", false],
    ["localhost:8025:1", false],
    ["", false],
  ])("%j allowed: %s", async (host, allowed) => {
    const room = openRoom({ guard: { hosts: ["mail.corp.test"], token: null } });
    const reply = await ask(room, "GET /api/info", { host });
    expect(reply.status).toBe(allowed ? 200 : 403);
    if (!allowed) expect((await reply.json()).detail).toContain("--allowed-host");
  });

  test.each(routes)("W24 a rebound name is refused: %s", async (route) => {
    expect((await ask(openRoom(), route, { host: "evil.test" })).status).toBe(403);
  });

  test.each(["/livez", "/readyz"])("%s needs neither Host nor token", async (path) => {
    const room = openRoom({ guard: { hosts: [], token: "secret" } });
    expect((await ask(room, `GET ${path}`, { host: "evil.test" })).status).toBe(200);
  });

  test("readyz says no until all listeners accept", async () => {
    const room = openRoom({ ready: () => false });
    expect((await ask(room, "GET /readyz", {})).status).toBe(503);
  });
});

describe("guard: Origin and Sec-Fetch-Site", () => {
  test.each(routes)("W25 a foreign origin is refused and gets no CORS header: %s", async (route) => {
    const reply = await ask(openRoom(), route, { origin: "http://evil.test" });
    expect(reply.status).toBe(403);
    expect([...reply.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test.each([
    ["http://localhost", "localhost", true],
    ["http://localhost:8025", "localhost:8025", true],
    ["http://localhost:8026", "localhost:8025", false],
    ["https://localhost:8025", "localhost:8025", false],
    ["http://127.0.0.1:8025", "localhost:8025", false],
    ["null", "localhost:8025", false],
  ])("Origin %j at %j allowed: %s", async (origin, host, allowed) => {
    const reply = await ask(openRoom(), "GET /api/info", { origin, host });
    expect(reply.status).toBe(allowed ? 200 : 403);
  });

  test("behind a proxy that ends TLS, our origin is https", async () => {
    const headers = { origin: "https://localhost", host: "localhost", "x-forwarded-proto": "https" };
    expect((await ask(openRoom(), "GET /api/info", headers)).status).toBe(200);
  });

  const navigation = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  test.each([
    ["GET /api/info", { "sec-fetch-site": "same-origin" }, 200],
    ["GET /api/info", { "sec-fetch-site": "none" }, 200],
    ["GET /api/info", { "sec-fetch-site": "same-site" }, 403],
    ["GET /api/info", { "sec-fetch-site": "cross-site" }, 403],
    ["GET /api/info", { "sec-fetch-site": "cross-site", ...navigation }, 403],
    ["GET /api/messages/latest/raw", { "sec-fetch-site": "cross-site", ...navigation }, 403],
    ["GET /view/none/html", { "sec-fetch-site": "cross-site", ...navigation }, 404],
    [
      "GET /view/none/html",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      403,
    ],
    ["POST /view/none/html", { "sec-fetch-site": "cross-site", ...navigation }, 403],
    ["GET /view/none/inline/0/x", { "sec-fetch-site": "cross-site" }, 404],
    ["DELETE /view/none/inline/0/x", { "sec-fetch-site": "cross-site" }, 403],
  ])("%s %j: %i", async (route, headers, status) => {
    expect((await ask(openRoom(), route, headers as Record<string, string>)).status).toBe(status);
  });

  test("W27 a preflight gets no allow headers", async () => {
    const headers = { origin: "http://localhost", "access-control-request-method": "DELETE" };
    const reply = await ask(openRoom(), "OPTIONS /api/messages", headers);
    expect([reply.status, reply.headers.get("allow")]).toEqual([
      204,
      "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
    ]);
    expect([...reply.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("guard: content type", () => {
  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
    "text/plain; application/json",
  ])("W26 a form post is refused: %j", async (type) => {
    const room = openRoom();
    for (const path of ["/api/messages", "/api/faults", "/api/clock", "/api/reset"]) {
      for (const method of ["POST", "PUT", "PATCH"]) {
        const headers = { "content-type": type, "content-length": "2" };
        const reply = await room.app.request(path, { method, headers, body: "{}" });
        expect(reply.status, `${method} ${path}`).toBe(415);
      }
    }
  });

  test("JSON with a charset passes, and so does a POST without body", async () => {
    const room = openRoom();
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    const body = JSON.stringify({ advance: "1s" });
    expect((await room.app.request("/api/clock", { method: "POST", headers, body })).status).toBe(200);
    expect((await room.app.request("/api/reset", { method: "POST" })).status).toBe(204);
    expect(
      (await room.app.request("/api/reset", { method: "POST", headers: { "content-length": "0" } })).status,
    ).toBe(204);
  });
});

describe("guard: token", () => {
  const guard = { hosts: [], token: "s3cret-ü" };
  const basic = (pair: string): string =>
    `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(pair)))}`;

  test.each(routes.filter((route) => !route.includes("/providers/")))(
    "W30 without token: 401 on %s",
    async (route) => {
      const reply = await ask(openRoom({ guard }), route, {});
      expect(reply.status).toBe(401);
      expect(reply.headers.get("www-authenticate")).toMatch(/^Basic /);
    },
  );

  test.each([
    ["Bearer s3cret", "s3cret", true],
    ["bearer s3cret", "s3cret", true],
    [basic("any:s3cret"), "s3cret", true],
    [basic(":s3cret"), "s3cret", true],
    [basic("any:s3cret-ü"), "s3cret-ü", true],
    [basic("any:a:b"), "a:b", true],
    [basic("s3cret"), "s3cret", true],
    ["Bearer s3cre", "s3cret", false],
    ["Bearer s3crets3cret", "s3cret", false],
    ["Bearer", "s3cret", false],
    ["s3cret", "s3cret", false],
    ["Basic !!!", "s3cret", false],
    ["Digest s3cret", "s3cret", false],
    [basic("s3cret:other"), "s3cret", false],
  ])("%j for %j passes: %s", async (authorization, token, passes) => {
    const room = openRoom({ guard: { hosts: [], token } });
    expect((await ask(room, "GET /api/info", { authorization })).status).toBe(passes ? 200 : 401);
  });
});

describe("guard: headers and paths", () => {
  test.each(["GET /api/info", "GET /api/nothing", "GET /livez", "DELETE /api/messages"])(
    "security headers on %s",
    async (route) => {
      const { headers } = await ask(openRoom(), route, {});
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    },
  );

  test("a refusal carries them too", async () => {
    const { headers } = await ask(openRoom(), "GET /api/info", { host: "evil.test" });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-type")).toBe("application/problem+json");
  });

  test.each(["/api/..%2f..%2fetc/passwd", "/api//x", "/api/%5c", "/api/messages/..%2fraw", "/api/metrics"])(
    "W29 GET %s: 404",
    async (path) => {
      expect((await ask(openRoom(), `GET ${path}`, {})).status).toBe(404);
    },
  );
});

describe("guard: providers", () => {
  const key = { authorization: "Bearer re_1" };
  test.each<[route: string, headers: Record<string, string>, status: number]>([
    ["POST /providers/resend/emails", {}, 401],
    ["POST /providers/resend/emails", { "content-type": "text/plain" }, 401],
    ["POST /providers/resend/emails", { ...key, "content-type": "text/plain" }, 400],
    ["GET /providers/resend/emails", key, 200],
    ["GET /providers/resend/emails", { ...key, origin: "http://localhost" }, 200],
    ["GET /providers/resend/emails", { ...key, origin: "http://evil.test" }, 403],
    ["GET /providers/resend/emails", { ...key, "sec-fetch-site": "cross-site" }, 403],
    ["GET /providers/resend/..%2f..%2fapi/messages", key, 404],
    ["GET /providers/postmark/email", key, 404],
    ["GET /providers/resend", key, 404],
  ])("%s %j: %i", async (route, headers, status) => {
    expect((await ask(openRoom(), route, headers)).status).toBe(status);
  });

  test("with a token another key is not valid", async () => {
    const room = openRoom({ guard: { hosts: [], token: "secret" } });
    const route = "GET /providers/resend/emails";
    expect((await ask(room, route, key)).status).toBe(403);
    expect((await ask(room, route, { authorization: "Bearer secret" })).status).toBe(200);
  });
});
