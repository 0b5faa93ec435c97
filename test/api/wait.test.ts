import { describe, expect, test, vi } from "vitest";
import type { WaitTimeoutProblem } from "../../src/api/contract.ts";
import { MemoryStore } from "../../src/store/mod.ts";
import { settle } from "./manual-timers.ts";
import { json, openRoom, type Room } from "./room.ts";

interface Held {
  /** Null while the request is held. */
  status: number | null;
  /** Of a reply of any kind: see its type and status. */
  body: WaitTimeoutProblem;
  gone: AbortController;
}

/** Asks, and looks at the reply only once it is there. */
function hold(room: Room, path: string): Held {
  const held: Held = { status: null, body: {} as WaitTimeoutProblem, gone: new AbortController() };
  const asked = Promise.resolve(room.app.request(path, { signal: held.gone.signal }));
  asked.then(async (reply) => {
    held.body = await reply.json();
    held.status = reply.status;
  });
  return held;
}

const subjects = (held: Held): string[] => held.body.messages.map((message) => message.subject);

describe("messages/wait: count", () => {
  test("what came before counts", async () => {
    const room = openRoom();
    await room.deliver({ subject: "before" });
    const held = hold(room, "/api/messages/wait?to=ada@x.test");
    await settle();
    expect(held.status).toBe(200);
    expect(subjects(held)).toEqual(["before"]);
    expect(held.body.messages[0]?.headers).toBeDefined();
  });

  test("what comes meanwhile ends it, by push", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?to=ada@x.test");
    await settle();
    await room.deliver({ to: ["bob@x.test"] });
    await settle();
    expect(held.status).toBeNull();
    await room.deliver({ subject: "meanwhile" });
    await settle();
    expect(held.status).toBe(200);
    expect(subjects(held)).toEqual(["meanwhile"]);
    expect(room.timers.pending).toBe(0);
  });

  test("since leaves out what came earlier", async () => {
    const room = openRoom();
    await room.deliver({ subject: "old" });
    const held = hold(room, `/api/messages/wait?since=${room.store.counts().seq}`);
    await settle();
    expect(held.status).toBeNull();
    await room.deliver({ subject: "new" });
    await settle();
    expect(subjects(held)).toEqual(["new"]);
  });

  test("count=2: the first two, oldest first, of before and meanwhile", async () => {
    const room = openRoom();
    await room.deliver({ subject: "one" });
    const held = hold(room, "/api/messages/wait?count=2");
    await settle();
    await room.deliver({ subject: "two" });
    await room.deliver({ subject: "three" });
    await settle();
    expect(subjects(held)).toEqual(["one", "two"]);
  });

  test("one that is deleted at once has come all the same", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?count=2");
    await settle();
    const id = await room.deliver({ subject: "one" });
    await settle();
    await room.app.request(`/api/messages/${id}`, { method: "DELETE" });
    await room.deliver({ subject: "two" });
    await settle();
    expect(subjects(held)).toEqual(["one", "two"]);
  });

  test("a reset forgets what had come", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?count=2");
    await room.deliver({ subject: "one" });
    await settle();
    await room.app.request("/api/reset", { method: "POST" });
    await room.deliver({ subject: "two" });
    await settle();
    expect(held.status).toBeNull();
    await room.deliver({ subject: "three" });
    await settle();
    expect(subjects(held)).toEqual(["two", "three"]);
  });

  test("waits of one moment do not disturb each other", async () => {
    const room = openRoom();
    const [ada, bob] = [hold(room, "/api/messages/wait?to=ada@*"), hold(room, "/api/messages/wait?to=bob@*")];
    await room.deliver({ to: ["bob@x.test"], subject: "for bob" });
    await settle();
    expect([ada.status, bob.status]).toEqual([null, 200]);
    await room.deliver({ to: ["ada@x.test"], subject: "for ada" });
    await settle();
    expect(subjects(ada)).toEqual(["for ada"]);
  });
});

describe("messages/wait: what becomes a match by a change", () => {
  test.each([
    ["tag=x", { tags: ["x"] }, 200],
    ["q=tag:x", { tags: ["x"] }, 200],
    ["read=true", { read: true }, 200],
    ["q=is:read", { read: true }, 200],
    ["tag=x&count=0", { tags: ["x"] }, 409],
    ["tag=x&since=1", { tags: ["x"] }, null],
    ["tag=x&count=2", { tags: ["x"] }, null],
    ["tag=x", { read: true }, null],
    ["q=tag:x", { tags: ["y"] }, null],
  ])("%s, changed to %j: %s at once", async (query, change, status) => {
    const room = openRoom();
    const id = await room.deliver({ subject: "old" });
    const held = hold(room, `/api/messages/wait?${query}`);
    await settle();
    expect(held.status).toBeNull();
    await room.app.request(`/api/messages/${id}`, json("PATCH", change));
    await settle();
    expect(held.status).toBe(status);
    if (status !== null) expect(subjects(held)).toEqual(["old"]);
  });

  test("many at once: the first ones are told, oldest first", async () => {
    const room = openRoom();
    for (const subject of ["one", "two", "three"]) await room.deliver({ subject });
    const held = hold(room, "/api/messages/wait?read=true&count=2");
    await settle();
    await room.app.request("/api/messages", json("PATCH", { read: true }));
    await settle();
    expect(subjects(held)).toEqual(["one", "two"]);
  });

  test("what no mark can change is not read again", async () => {
    const room = openRoom();
    await room.deliver();
    const held = hold(room, "/api/messages/wait?to=bob@x.test");
    await settle();
    const read = vi.spyOn(room.store, "messagesSince");
    await room.app.request("/api/messages", json("PATCH", { read: true }));
    await settle();
    expect([held.status, read.mock.calls]).toEqual([null, []]);
  });
});

describe("messages/wait: exactly", () => {
  test("n and no more for the quiet time", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?exactly=1&quiet=500ms");
    await room.timers.pass(1000);
    await room.deliver({ subject: "the one" });
    await room.timers.pass(499);
    expect(held.status).toBeNull();
    await room.timers.pass(1);
    expect(held.status).toBe(200);
    expect(subjects(held)).toEqual(["the one"]);
  });

  test("one more: 409 at once, with all that came", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?exactly=1&quiet=500ms");
    await settle();
    await room.deliver({ subject: "one" });
    await room.timers.pass(400);
    await room.deliver({ subject: "two" });
    await settle();
    expect(held.status).toBe(409);
    expect(held.body.type).toBe("urn:mailproof:problem:wait-too-many");
    expect(held.body.detail).toBe("Failed to wait for exactly 1 message: 2 came; see messages");
    expect(subjects(held)).toEqual(["one", "two"]);
  });

  test("too many before: 409 at once", async () => {
    const room = openRoom();
    await room.deliver();
    await room.deliver();
    const held = hold(room, "/api/messages/wait?exactly=1");
    await settle();
    expect(held.status).toBe(409);
  });

  test("the quiet time runs to its end beyond the timeout", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?exactly=1&quiet=2s&timeout=1s");
    await room.timers.pass(900);
    await room.deliver();
    await room.timers.pass(1999);
    expect(held.status).toBeNull();
    await room.timers.pass(1);
    expect(held.status).toBe(200);
  });

  test("too few: 404 at the timeout", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?exactly=2&quiet=100ms&timeout=1s");
    await room.deliver();
    await room.timers.pass(999);
    expect(held.status).toBeNull();
    await room.timers.pass(1);
    expect(held.status).toBe(404);
    expect(held.body.messages).toHaveLength(1);
  });
});

describe("messages/wait: none", () => {
  test("none within the timeout: 200", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?count=0&timeout=1s&to=ada@*");
    await room.deliver({ to: ["bob@x.test"] });
    await room.timers.pass(999);
    expect(held.status).toBeNull();
    await room.timers.pass(1);
    expect(held.status).toBe(200);
    expect(held.body).toEqual({ messages: [] });
  });

  test("one: 409 at once", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait?count=0&timeout=1s");
    await room.timers.pass(500);
    await room.deliver({ subject: "unwanted" });
    await settle();
    expect(held.status).toBe(409);
    expect(subjects(held)).toEqual(["unwanted"]);
  });

  test("one that came before: 409, unless since is later", async () => {
    const room = openRoom();
    await room.deliver();
    const [all, later] = [
      hold(room, "/api/messages/wait?count=0&timeout=1s"),
      hold(room, "/api/messages/wait?count=0&timeout=1s&since=1"),
    ];
    await room.timers.pass(1000);
    expect([all.status, later.status]).toEqual([409, 200]);
  });
});

describe("messages/wait: what a timeout tells", () => {
  test("near misses, rejections, sessions that never reached MAIL, evictions", async () => {
    const room = openRoom();
    const near = await room.deliver({ to: ["ada@x.test"], subject: "Goodbye" });
    const refused = room.refuse({ to: ["ada@x.test"] });
    const broken = room.open();
    room.finish(broken, "aborted");
    const open = room.open();
    const partly = room.open({ to: ["bob@x.test"], refused: ["eve@x.test"] });
    room.finish(partly, "accepted");
    const silent = room.connect();
    const held = hold(room, "/api/messages/wait?to=ada@*&subject=welcome");
    await room.timers.pass(4999);
    expect(held.status).toBeNull();
    await room.timers.pass(1);
    expect(held.status).toBe(404);
    expect(held.body.type).toBe("urn:mailproof:problem:wait-timeout");
    expect(held.body.messages).toEqual([]);
    expect(held.body.nearMisses[0]).toMatchObject({ message: { id: near }, differs: ["subject"] });
    expect(held.body.rejections.map(({ id }) => id)).toEqual([partly.id, open.id, broken.id, refused.id]);
    expect(held.body.sessions.map(({ id }) => id)).toEqual([silent]);
    expect(held.body.evicted).toBe(0);
  });

  test("it tells what happened after the message since, or after a journal number", async () => {
    const room = openRoom();
    room.refuse();
    await room.deliver();
    const second = room.refuse();
    const mark = room.journal.last;
    const third = room.refuse();
    const [bySeq, byJournal] = [
      hold(room, "/api/messages/wait?since=1&timeout=1s"),
      hold(room, `/api/messages/wait?since=1&timeout=1s&journal=${mark}`),
    ];
    await room.timers.pass(1000);
    const ids = (held: Held): string[] => held.body.rejections.map(({ id }) => id);
    expect(ids(bySeq)).toEqual([third.id, second.id]);
    expect(ids(byJournal)).toEqual([third.id]);
  });

  test("evicted: since the last reset", async () => {
    const room = openRoom(
      {},
      undefined,
      new MemoryStore({ maxMessages: 1, maxBytes: 1e9, whenFull: "evict" }),
    );
    const evicted = async (): Promise<unknown> => {
      const held = hold(room, "/api/messages/wait?to=eve@x.test&timeout=1s");
      await room.timers.pass(1000);
      return held.body.evicted;
    };
    for (let i = 0; i < 3; i++) await room.deliver();
    expect(await evicted()).toBe(2);
    await room.parts.reset();
    for (let i = 0; i < 2; i++) await room.deliver();
    expect(await evicted()).toBe(1);
  });

  test("it tells what is left when the journal's ring has moved on", async () => {
    const room = openRoom();
    for (let i = 0; i < 6_000; i++) room.connect();
    const last = room.refuse();
    const held = hold(room, "/api/messages/wait?timeout=1ms");
    await room.timers.pass(1);
    expect(held.body.rejections.map(({ id }) => id)).toEqual([last.id]);
    expect(held.body.sessions).toHaveLength(20);
  });
});

describe("held requests", () => {
  test("a client that goes ends its wait", async () => {
    const room = openRoom();
    const held = hold(room, "/api/messages/wait");
    await settle();
    expect(room.timers.pending).toBe(1);
    held.gone.abort();
    await settle();
    expect(room.timers.pending).toBe(0);
  });

  test("close ends all of them, and later ones", async () => {
    const room = openRoom();
    const held = [hold(room, "/api/messages/wait"), hold(room, "/api/transactions/wait")];
    await settle();
    room.close();
    held.push(hold(room, "/api/messages/wait"));
    await settle();
    expect(held.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(held[0]?.body.type).toBe("urn:mailproof:problem:closing");
  });

  test("1,000 waits and streams, then 503, until one ends", async () => {
    const room = openRoom();
    const stream = await room.app.request("/api/events");
    const held = Array.from({ length: 999 }, () => hold(room, "/api/messages/wait?timeout=60s&to=eve@*"));
    await settle();
    const refused = await room.app.request("/api/messages/wait");
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect((await room.app.request("/api/events")).status).toBe(503);
    expect((await room.app.request("/api/messages/wait?timeout=0")).status).toBe(404);
    expect((await room.app.request("/api/messages/wait?count=0&timeout=0")).status).toBe(200);
    await room.deliver({ to: ["bob@x.test"] });
    const atOnce = ["/api/messages/wait?to=bob@*", "/api/transactions/wait?to=bob@*"];
    for (const path of atOnce) expect((await room.app.request(path)).status).toBe(200);
    await stream.body?.cancel();
    held.push(hold(room, "/api/messages/wait?timeout=60s&to=eve@*"));
    await settle();
    expect(held.every(({ status }) => status === null)).toBe(true);
    room.close();
  });
});
