import { describe, expect, test, vi } from "vitest";
import { findJsonFault } from "../../src/notation/mod.ts";
import { ask, json, openRoom } from "./room.ts";

test("a problem shows no control character, whatever was asked", async () => {
  const path = `/api/messages?limit=${encodeURIComponent("\x1b[2J\r\n\x7f\x9b\u202e")}`;
  const response = await openRoom().app.fetch(new Request(`http://localhost${path}`));
  const text = await response.text();
  expect(text).not.toMatch(/[\0-\x1f\x7f-\x9f\u202e]/);
  expect(JSON.parse(text).detail).toContain("\x9b\u202e");
});

describe("bad input: query", () => {
  test.each([
    ["/api/messages?limit=0", "limit"],
    ["/api/messages?limit=501", "limit"],
    ["/api/messages?limit=ten", "limit"],
    ["/api/messages?limit=1&limit=2", "limit"],
    ["/api/messages?cursor=nonsense", "cursor"],
    ["/api/messages?to=/(?=x)/", "to"],
    ["/api/messages?subject=/(/", "subject"],
    ["/api/messages?read=maybe", "read"],
    ["/api/messages?after=yesterday", "after"],
    ["/api/messages?since=-1", "since"],
    ["/api/messages?q=(open", "q"],
    ["/api/messages/latest?before=x", "before"],
    ["/api/messages/1?to=x", "to"],
    ["/api/messages/wait?count=-1", "count"],
    ["/api/messages/wait?count=1.5", "count"],
    ["/api/messages/wait?count=1001", "count"],
    ["/api/messages/wait?count=1&exactly=1", "exactly"],
    ["/api/messages/wait?quiet=1s", "quiet"],
    ["/api/messages/wait?timeout=61s", "timeout"],
    ["/api/messages/wait?timeout=5x", "timeout"],
    ["/api/messages/wait?timeout=-1", "timeout"],
    ["/api/messages/wait?since=x", "since"],
    ["/api/messages/wait?to=/(?!x)/", "to"],
    ["/api/transactions?cursor=nonsense", "cursor"],
    ["/api/transactions/wait?open=perhaps", "open"],
    ["/api/transactions?outcome=/[/", "outcome"],
    ["/api/transactions?outcome=bogus", "outcome"],
    ["/api/transactions?to=x&outcome=open&outcome=bogus", "outcome"],
    ["/api/transactions/wait?outcome=bogus", "outcome"],
    ["/api/sessions?open=2", "open"],
    ["/api/sessions?cursor=nonsense", "cursor"],
    ["/api/events?types=message.recieved", "types"],
    ["/api/events?subject=/(/", "subject"],
    ["/api/info?x=1", "x"],
    ["/api/faults?x=1", "x"],
  ])("%s: 400 that names %s", async (path, field) => {
    const { status, type, body } = await ask(openRoom(), path);
    expect(status).toBe(400);
    expect(type).toBe("application/problem+json");
    expect(body).toMatchObject({ type: "urn:mailproof:problem:bad-query", status: 400, field });
  });

  test.each([
    ["/api/messages?limt=5", 'did you mean "limit"?'],
    ["/api/messages?messageid=x", 'did you mean "messageId"?'],
    ["/api/messages?too=x", 'did you mean "to"?'],
    ["/api/transactions?outcom=x", 'did you mean "outcome"?'],
    ["/api/transactions?zzzzzz=x", "use one of limit, cursor, ofInbox, to"],
    ["/api/transactions?outcome=acepted", '"acepted" is no outcome; did you mean "accepted"?'],
    ["/api/transactions?outcome=", "use one of open, accepted, rejected, aborted, reply-lost"],
    ["/api/info?limit=5", "this route takes no parameters"],
  ])("%s: %s", async (path, hint) => {
    expect((await ask(openRoom(), path)).body.detail).toContain(hint);
  });

  test("a bad search line points at the column", async () => {
    const { body } = await ask(openRoom(), `/api/messages?q=${encodeURIComponent("invoice (from:x")}`);
    expect(body).toMatchObject({ field: "q", column: expect.any(Number) });
  });

  test("a Last-Event-ID that is none of ours: 400", async () => {
    expect((await ask(openRoom(), "/api/events", { headers: { "last-event-id": "abc" } })).status).toBe(400);
  });
});

describe("bad input: body", () => {
  const headers = { "content-type": "application/json" };

  test.each([
    ["", 1, 1],
    ['{"advance": }', 1, 13],
    ['{"advance": "5m"', 1, 17],
    ["{\n  advance: 1\n}", 2, 3],
    ['{"advance": 1,}', 1, 15],
    ["[1, 2,\n\n]", 3, 1],
    ["[1 2]", 1, 4],
    ['{"a" 1}', 1, 6],
    ['{"a": tru}', 1, 7],
    ['{"a": 01}', 1, 8],
    ['{"a": "\\x"}', 1, 7],
    ['{"a": 1} x', 1, 10],
    ["]", 1, 1],
    ['{"a": ]}', 1, 7],
    ["{1: 2}", 1, 2],
    ["[}", 1, 2],
    ["\ufeff{", 1, 2],
  ])("not JSON: %j, 400 at line %i, column %i", async (body, line, column) => {
    const reply = await ask(openRoom(), "/api/clock", { method: "POST", headers, body });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ type: "urn:mailproof:problem:bad-json", line, column });
  });

  test.each(['{"a":[1,-2.5e+3,true,null,"\\u00e9\\n"],"b":{}}', "[]", " 0 ", '""'])(
    "what is JSON has no fault before its end: %s",
    (text) => {
      expect(findJsonFault(text).column).toBe(text.length + 1);
    },
  );

  test.each([
    ["PATCH", "/api/messages", { read: "yes" }, "read"],
    ["PATCH", "/api/messages", { tags: ["a", 1] }, "tags.1"],
    ["PATCH", "/api/messages", { tags: [""] }, "tags.0"],
    ["PATCH", "/api/messages", { red: true }, "red"],
    ["PATCH", "/api/messages", [], ""],
    ["POST", "/api/clock", {}, "advance"],
    ["POST", "/api/clock", { advance: "soon" }, "advance"],
    ["POST", "/api/clock", { advance: -1 }, "advance"],
    ["POST", "/api/clock", { advance: 1e300 }, "advance"],
    ["POST", "/api/clock", { advance: null }, "advance"],
    ["POST", "/api/clock", 5, ""],
  ])("%s %s %j: 422 that names %j", async (method, path, body, field) => {
    const reply = await ask(openRoom(), path, json(method, body));
    expect(reply.status).toBe(422);
    expect(reply.body).toMatchObject({ type: "urn:mailproof:problem:bad-body", field });
  });

  test.each([
    ["PATCH", "/api/messages", { reed: true }, '"reed" is no field here; did you mean "read"?'],
    ["PATCH", "/api/messages", { read: true, colour: 1 }, '"colour" is no field here; use one of read, tags'],
    ["POST", "/api/clock", { advance: 1, by: "5m" }, '"by" is no field here; use one of advance, inbox'],
  ])("%s %s %j: %s", async (method, path, body, detail) => {
    expect((await ask(openRoom(), path, json(method, body))).body.detail).toBe(
      `Failed to read the body: ${detail}`,
    );
  });

  test("W28 a body over 1 MiB: 413, by its length before it is read, else while it is read", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    for (const path of ["/api/faults", "/api/clock", "/api/faults/presets/greylisting"]) {
      const announced = await ask(openRoom(), path, {
        method: "POST",
        headers: { ...headers, "content-length": "1048577" },
        body: "{}",
      });
      expect(announced.status, path).toBe(413);
    }
    const init = { method: "POST", headers, body: endless, duplex: "half" } as RequestInit;
    expect((await ask(openRoom(), "/api/faults", init)).status).toBe(413);
    expect(sent).toBeLessThan(2_000_000);
  });

  test("a body without type: 415", async () => {
    const body = new TextEncoder().encode('{"advance": 1}');
    expect((await ask(openRoom(), "/api/clock", { method: "POST", body })).status).toBe(415);
    expect(
      (
        await ask(openRoom(), "/api/clock", {
          method: "POST",
          body,
          headers: { "content-type": "message/rfc822" },
        })
      ).status,
    ).toBe(415);
  });
});

describe("system", () => {
  test("the clock only goes forward, and info shows it", async () => {
    const room = openRoom();
    const first = await (await room.app.request("/api/clock", json("POST", { advance: "5m" }))).json();
    const second = await (await room.app.request("/api/clock", json("POST", { advance: 1000 }))).json();
    expect([first.offset, second.offset]).toEqual([300_000, 301_000]);
    const info = await (await room.app.request("/api/info")).json();
    expect(info.clock).toEqual({ now: second.now, offset: 301_000 });
  });

  test("info has the counts and the marks of waits", async () => {
    const room = openRoom();
    await room.deliver();
    room.refuse();
    const info = await (await room.app.request("/api/info")).json();
    expect(info).toMatchObject({
      name: "mailproof",
      seq: 1,
      transactionSeq: 2,
      journal: room.journal.last,
      counts: { messages: 1 },
    });
  });

  test("the CA is there where one was generated", async () => {
    expect((await openRoom().app.request("/api/tls/ca.pem")).status).toBe(404);
    const reply = await openRoom({ ca: () => "-----BEGIN CERTIFICATE-----\n" }).app.request(
      "/api/tls/ca.pem",
    );
    expect(await reply.text()).toContain("BEGIN CERTIFICATE");
  });

  test.each(["/api/tls/ca.pem", "/api/messages", "/api/messages?cursor=MQ", "/api/sessions?cursor=MQ"])(
    "%s: a mistake of ours is a problem too, and its stack is in the log alone",
    async (path) => {
      const said = vi.spyOn(console, "error").mockImplementation(() => {});
      const mistake = new TypeError("cannot read the secret of null");
      const fail = (): never => {
        throw mistake;
      };
      const room = openRoom({ ca: fail });
      room.store.messages = fail;
      room.store.sessions = fail;
      const { status, body } = await ask(room, path);
      expect([status, body.type]).toEqual([500, "urn:mailproof:problem:internal"]);
      expect(body.detail).toBe("Failed to answer: the server made a mistake; see its log");
      expect(said.mock.calls).toEqual([["mailproof: a request failed", mistake]]);
      said.mockRestore();
    },
  );

  test("a client that goes in the middle of its body is no mistake of ours", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"read":')),
      pull: (controller) => controller.error(new Error("aborted")),
    });
    const headers = { "content-type": "application/json" };
    const init: RequestInit & { duplex: "half" } = { method: "PATCH", headers, body, duplex: "half" };
    const { status, body: problem } = await ask(openRoom(), "/api/messages", init);
    expect([status, problem.type]).toEqual([422, "urn:mailproof:problem:bad-body"]);
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
  });

  test.each([
    "GET /api/none",
    "OPTIONS /api/none",
    "GET /api",
    "PROPFIND /none",
    "GET /assets/none.js",
    "HEAD /assets/none.js",
  ])("%s: 404", async (route) => {
    const [method = "", path = ""] = route.split(" ");
    const reply = await openRoom().app.request(path, { method });
    expect([reply.status, reply.headers.get("allow")]).toEqual([404, null]);
  });

  test.each([
    ["PUT /api/messages", "GET, HEAD, POST, PATCH, DELETE, OPTIONS"],
    ["POST /", "GET, HEAD, OPTIONS"],
    ["DELETE /api/info", "GET, HEAD, OPTIONS"],
    ["GET /api/reset", "POST, OPTIONS"],
    ["HEAD /api/reset", "POST, OPTIONS"],
    ["PUT /api/faults/full", "GET, HEAD, PATCH, DELETE, OPTIONS"],
    ["POST /livez", "GET, HEAD, OPTIONS"],
    ["PROPFIND /view/m1/html", "GET, HEAD, OPTIONS"],
  ])("%s: 405 that allows %s, and OPTIONS says the same", async (route, allow) => {
    const [method = "", path = ""] = route.split(" ");
    const { app } = openRoom();
    const reply = await app.request(path, { method });
    expect([reply.status, reply.headers.get("allow")]).toEqual([405, allow]);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    if (method !== "HEAD") {
      const { type, detail } = await reply.json();
      expect(type).toBe("urn:mailproof:problem:method-not-allowed");
      expect(detail).toContain(`${route}; use one of ${allow}`);
    }
    const asked = await app.request(path, { method: "OPTIONS" });
    expect([asked.status, asked.headers.get("allow"), await asked.text()]).toEqual([204, allow, ""]);
  });
});
