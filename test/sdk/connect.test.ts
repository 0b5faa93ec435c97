import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Info, Listener } from "../../src/api/contract.ts";
import { type ConnectOptions, connectMailproof } from "../../src/sdk/mod.ts";

const network = setupServer();
beforeAll(() => network.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  network.resetHandlers();
  vi.unstubAllEnvs();
});
afterAll(() => network.close());

/** Over the network of the test. */
const connect = (url?: string, options?: ConnectOptions) =>
  connectMailproof(url, { fetch: (request) => globalThis.fetch(request), ...options });

const listener = (protocol: Listener["protocol"], host: string, port: number): Listener => ({
  name: protocol,
  protocol,
  host,
  port,
  url: `${protocol}://${host}:${port}`,
});

/** A server at this URL with these listeners; tells the tokens that it was sent. */
function serve(url: string, listeners: Listener[], ca: string | null = null): (string | null)[] {
  const tokens: (string | null)[] = [];
  const info: Partial<Info> = {
    name: "mailproof",
    listeners,
    seq: 0,
    transactionSeq: 0,
    journal: 0,
    counts: {
      messages: 0,
      unread: 0,
      octets: 0,
      transactions: 0,
      sessions: 0,
      evicted: 0,
      seq: 0,
      transactionSeq: 0,
    },
    clock: { now: "2026-01-01T00:00:00.000Z", offset: 0 },
  };
  const absent = { type: "urn:mailproof:problem:not-found", detail: "no CA" };
  // As RegExp, for MSW takes the colons of an IPv6 address for parameters.
  const path = (end: string) => new RegExp(`^${url.replace(/[^\w]/g, "\\$&")}${end}$`);
  network.use(
    http.get(path("/api/info"), ({ request }) => {
      tokens.push(request.headers.get("authorization"));
      return HttpResponse.json(info);
    }),
    http.get(path("/api/tls/ca.pem"), () =>
      ca === null ? HttpResponse.json(absent, { status: 404 }) : HttpResponse.text(ca),
    ),
  );
  return tokens;
}

describe("where SMTP is reached", () => {
  const rows: [string, Listener[], ConnectOptions["smtp"], string][] = [
    ["http://127.0.0.1:8025", [listener("smtp", "127.0.0.1", 1025)], {}, "smtp://127.0.0.1:1025"],
    ["http://mail.internal:8025", [listener("smtp", "0.0.0.0", 1025)], {}, "smtp://mail.internal:1025"],
    ["http://[::1]:8025", [listener("smtp", "::", 1025)], {}, "smtp://[::1]:1025"],
    ["http://localhost:9000", [listener("smtp", "0.0.0.0", 1025)], { port: 2525 }, "smtp://localhost:2525"],
    [
      "http://localhost:9000",
      [listener("smtp", "127.0.0.1", 1025)],
      { host: "10.0.0.7" },
      "smtp://10.0.0.7:1025",
    ],
    ["http://[::1]:9000", [listener("smtp", "::1", 1025)], {}, "smtp://[::1]:1025"],
  ];
  test.each(rows)("inbox at %s, %j, %j: %s", async (url, listeners, smtp, expected) => {
    serve(url, listeners);
    const mail = await connect(url, { ...(smtp === undefined ? {} : { smtp }) });
    expect(mail.smtp.url).toBe(expected);
    expect(mail.env).toMatchObject({ SMTP_URL: expected, MAILPROOF_URL: url });
    expect(mail.smtps).toBe(undefined);
  });
});

test("implicit TLS and the CA", async () => {
  serve(
    "http://localhost:8025",
    [listener("smtp", "0.0.0.0", 1025), listener("smtps", "0.0.0.0", 1465)],
    "PEM",
  );
  const mail = await connect("http://localhost:8025/");
  expect(mail.smtps).toEqual({ host: "localhost", port: 1465, url: "smtps://localhost:1465" });
  expect(mail.tls.ca).toBe("PEM");
});

test("below a base path", async () => {
  serve("http://localhost/mail", [listener("smtp", "127.0.0.1", 1025)]);
  expect((await connect("http://localhost/mail/")).http.url).toBe("http://localhost/mail");
});

test("the token: given, else the password in the URL, which is not shown, else MAILPROOF_HTTP_TOKEN", async () => {
  const tokens = serve("http://localhost:8025", [listener("smtp", "127.0.0.1", 1025)]);
  vi.stubEnv("MAILPROOF_HTTP_TOKEN", "d");
  await connect("http://localhost:8025", { token: "a" });
  const mail = await connect("http://any:b%2Fc@localhost:8025");
  await connect("http://localhost:8025");
  expect(tokens).toEqual(["Bearer a", "Bearer b/c", "Bearer d"].flatMap((token) => [token, token]));
  expect(mail.http.url).toBe("http://localhost:8025");
});

describe("without a URL", () => {
  test("MAILPROOF_URL", async () => {
    vi.stubEnv("MAILPROOF_URL", "http://10.0.0.9:8025");
    serve("http://10.0.0.9:8025", [listener("smtp", "127.0.0.1", 1025)]);
    expect((await connect()).http.url).toBe("http://10.0.0.9:8025");
  });

  test("else the usual port of this machine", async () => {
    vi.stubEnv("MAILPROOF_URL", "");
    serve("http://127.0.0.1:8025", [listener("smtp", "127.0.0.1", 1025)]);
    expect((await connect()).http.url).toBe("http://127.0.0.1:8025");
  });

  test("Deno without the permission is not asked for it", async () => {
    vi.stubEnv("MAILPROOF_URL", "http://10.0.0.9:8025");
    const permissions = { querySync: () => ({ state: "prompt" }) };
    vi.stubGlobal("Deno", { permissions });
    serve("http://127.0.0.1:8025", [listener("smtp", "127.0.0.1", 1025)]);
    const { http } = await connect().finally(() => vi.unstubAllGlobals());
    expect(http.url).toBe("http://127.0.0.1:8025");
  });
});

describe("what cannot be connected to", () => {
  test.each(["nonsense", "smtp://localhost:1025", ""])("%j is no HTTP URL", async (url) => {
    await expect(connect(url)).rejects.toThrow(TypeError);
  });

  test("nobody there", async () => {
    network.use(http.get("http://localhost:8025/api/info", () => HttpResponse.error()));
    await expect(connect("http://localhost:8025")).rejects.toThrow(
      "; check that Mailproof runs at http://localhost:8025",
    );
  });

  test("another server", async () => {
    network.use(http.get("http://localhost:8025/api/info", () => HttpResponse.json({ name: "other" })));
    await expect(connect("http://localhost:8025")).rejects.toThrow("is not a Mailproof server");
  });
});
