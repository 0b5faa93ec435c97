import { describe, expect, test, vi } from "vitest";
import type {
  ChangedReply,
  DeletedReply,
  HeadersReply,
  Message,
  MessagesPage,
} from "../../src/api/contract.ts";
import { MemoryStore } from "../../src/store/mod.ts";
import { StoredMessage } from "../../src/store/stored-message.ts";
import { fullMail } from "./openapi/stocked-room.ts";
import { ask, json, openRoom } from "./room.ts";

const limits = { maxMessages: null, whenFull: "evict" } as const;
const latin1 = new Uint8Array([
  ...new TextEncoder().encode("Subject: caf"),
  0xe9,
  13,
  10,
  13,
  10,
  0,
  255,
  10,
]);

describe("messages: list", () => {
  test("newest first, with totals, page by page", async () => {
    const room = openRoom();
    for (const subject of ["one", "two", "three"]) await room.deliver({ subject });
    const first = await ask<MessagesPage>(room, "/api/messages?limit=2");
    expect(first.body.messages.map((message) => message.subject)).toEqual(["three", "two"]);
    expect(first.body).toMatchObject({ total: 3, unread: 3 });
    const second = await ask<MessagesPage>(
      room,
      `/api/messages?limit=2&cursor=${encodeURIComponent(first.body.nextCursor!)}`,
    );
    expect(second.body.messages.map((message) => message.subject)).toEqual(["one"]);
    expect(second.body.nextCursor).toBeNull();
  });

  test("the filter narrows it", async () => {
    const room = openRoom();
    await room.deliver({ to: ["ada+tag@x.test"] });
    await room.deliver({ to: ["bob@x.test"] });
    expect((await ask<MessagesPage>(room, "/api/messages?to=bob@*&to=eve@*")).body.total).toBe(1);
    expect((await ask<MessagesPage>(room, "/api/messages?header.subject=hello")).body.total).toBe(2);
  });
});

test.each([
  ["to=ada+tag@x.test", ["plus"]],
  ["to=ada%2Btag@x.test", ["plus"]],
  ["to=ada%20tag@x.test", []],
  ["subject=plus&to=/a.+tag@/", ["plus"]],
  ["to=%22ada%20tag%22@x.test", ["space"]],
  ["to=/ada%20tag/", ["space"]],
  ["from=app+one@x.test", ["plus"]],
  ["from=%22app%20one%22@x.test", ["space"]],
  ["subject=a+space", ["a space"]],
])("messages: in to and from a plus means itself, and %%20 a space: %s", async (query, found) => {
  const room = openRoom();
  await room.deliver({ from: "app+one@x.test", to: ["ada+tag@x.test"], subject: "plus" });
  await room.deliver({ from: '"app one"@x.test', to: ['"ada tag"@x.test'], subject: "space" });
  await room.deliver({ subject: "a space" });
  const { body } = await ask<MessagesPage>(room, `/api/messages?${query}`);
  expect(body.messages.map(({ subject }) => subject)).toEqual(found);
});

describe("messages: one", () => {
  test("as JSON, by id and as latest of a filter; reading does not mark it", async () => {
    const room = openRoom();
    const id = await room.deliver({ subject: "first" });
    await room.deliver({ subject: "second", to: ["bob@x.test"] });
    expect((await ask<Message>(room, `/api/messages/${id}`)).body).toMatchObject({
      id,
      subject: "first",
      read: false,
    });
    expect((await ask<Message>(room, "/api/messages/latest")).body.subject).toBe("second");
    expect((await ask<Message>(room, "/api/messages/latest?to=ada@x.test")).body).toMatchObject({
      id,
      read: false,
    });
    expect((await ask<Message>(room, "/api/messages/latest?to=eve@x.test")).status).toBe(404);
  });

  test("a large one is read once for its parts one after the other, and not at all for its header", async () => {
    const raw = `${fullMail}${"x".repeat(5_000)}`;
    // A quarter of what all may have would not hold it.
    const room = openRoom({}, undefined, new MemoryStore({ ...limits, maxBytes: 4 * raw.length - 1 }));
    const id = await room.deliver({ raw });
    const read = vi.spyOn(StoredMessage.prototype, "raw", "get");
    const headers = await ask<HeadersReply>(room, `/api/messages/${id}/headers`);
    expect([headers.status, headers.body.headers[0]?.name, read.mock.calls.length]).toEqual([200, "From", 0]);
    for (const path of ["", "/text", "/html", "/mime", "/mime/1", "/attachments/0", ""]) {
      expect((await room.app.request(`/api/messages/${id}${path}`)).status, path).toBe(200);
    }
    expect(read).toHaveBeenCalledTimes(1);
    const { body } = await ask<Message>(room, `/api/messages/${id}`);
    expect(body.headers).toEqual(headers.body.headers);
    read.mockRestore();
  });

  test("raw is byte-exact, and a download", async () => {
    const room = openRoom();
    const id = await room.deliver({ raw: latin1 });
    for (const path of [`/api/messages/${id}/raw`, "/api/messages/latest/raw"]) {
      const reply = await room.app.request(path);
      expect(reply.headers.get("content-type")).toBe("message/rfc822");
      expect(reply.headers.get("content-disposition")).toMatch(/^attachment; filename="/);
      expect(reply.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
      expect(new Uint8Array(await reply.arrayBuffer())).toEqual(latin1);
    }
  });

  test("HEAD gives the headers without the body", async () => {
    const room = openRoom();
    const id = await room.deliver();
    const reply = await room.app.request(`/api/messages/${id}/raw`, { method: "HEAD" });
    expect(reply.status).toBe(200);
    expect(Number(reply.headers.get("content-length"))).toBeGreaterThan(0);
    expect(await reply.text()).toBe("");
  });

  test.each([
    ["text", "text/plain; charset=utf-8", "Grüße"],
    ["html", "text/html; charset=utf-8", "<p>Grüße"],
    ["headers", "application/json", '"name"'],
    ["mime", "application/json", '"multipart/mixed"'],
    ["mime/2", "application/octet-stream", "<svg"],
    ["attachments/0", "application/octet-stream", "<svg"],
  ])("%s is served as %s", async (sub, type, content) => {
    const room = openRoom();
    const id = await room.deliver({ raw: mixed });
    const reply = await room.app.request(`/api/messages/${id}/${sub}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe(type);
    expect(await reply.text()).toContain(content);
  });

  test("html on its own runs and loads nothing", async () => {
    const room = openRoom();
    const id = await room.deliver({ raw: mixed });
    const { headers } = await room.app.request(`/api/messages/${id}/html`);
    expect(headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
  });

  test.each([
    "/api/messages/none",
    "/api/messages/none/raw",
    "/api/messages/latest",
    "/api/messages/1/checks",
    "/api/messages/1/attachments/x",
  ])("%s: 404 that says what to do", async (path) => {
    const { status, body } = await ask(openRoom(), path);
    expect(status).toBe(404);
    expect(body).toMatchObject({ type: "urn:mailproof:problem:not-found", status: 404 });
    expect(body.detail).toMatch(/; /);
  });

  test.each(["html", "attachments/0", "attachments/-1", "attachments/9999999999", "mime/7", "mime/1.1.1"])(
    "a message without %s: 404",
    async (sub) => {
      const room = openRoom();
      const id = await room.deliver();
      expect((await ask(room, `/api/messages/${id}/${sub}`)).status).toBe(404);
    },
  );
});

describe("messages: change and delete", () => {
  test.each([
    ["GET", "/raw"],
    ["PATCH", ""],
    ["DELETE", ""],
  ])("%s /api/messages/{id}%s does not read the message", async (method, sub) => {
    const room = openRoom();
    const id = await room.deliver();
    const read = vi.spyOn(room.store, "message");
    const init = method === "PATCH" ? json(method, { read: true }) : { method };
    expect((await room.app.request(`/api/messages/${id}${sub}`, init)).status).toBe(200);
    expect((await ask(room, `/api/messages/none${sub}`, init)).status).toBe(404);
    expect(read).not.toHaveBeenCalled();
  });

  test("PATCH one marks and tags it, and the journal says so", async () => {
    const room = openRoom();
    const id = await room.deliver();
    const reply = await ask<ChangedReply>(
      room,
      `/api/messages/${id}`,
      json("PATCH", { read: true, tags: ["a"] }),
    );
    expect(reply.body).toEqual({ changed: [id] });
    expect(await room.store.message(id)).toMatchObject({ read: true, tags: ["a"] });
    expect(room.journal.since(room.journal.last - 1)).toMatchObject([
      { type: "message.updated", data: { ids: [id], read: true, tags: ["a"] } },
    ]);
  });

  test("PATCH by filter changes the matches only", async () => {
    const room = openRoom();
    const ada = await room.deliver({ to: ["ada@x.test"] });
    await room.deliver({ to: ["bob@x.test"] });
    expect(
      (await ask<ChangedReply>(room, "/api/messages?to=ada@*", json("PATCH", { read: true }))).body,
    ).toEqual({ changed: [ada] });
    expect((await ask<MessagesPage>(room, "/api/messages")).body.unread).toBe(1);
  });

  test("DELETE one, by filter, and all", async () => {
    const room = openRoom();
    const one = await room.deliver();
    const ada = await room.deliver({ to: ["ada@x.test"] });
    const bob = await room.deliver({ to: ["bob@x.test"] });
    expect((await ask<DeletedReply>(room, `/api/messages/${one}`, { method: "DELETE" })).body).toEqual({
      deleted: [one],
    });
    expect((await ask<DeletedReply>(room, "/api/messages?to=ada@*", { method: "DELETE" })).body).toEqual({
      deleted: [ada],
    });
    expect((await ask<DeletedReply>(room, "/api/messages", { method: "DELETE" })).body).toEqual({
      deleted: [bob],
    });
    expect((await ask<DeletedReply>(room, `/api/messages/${one}`, { method: "DELETE" })).status).toBe(404);
    const deleted = (room.journal.since(0) ?? []).filter((event) => event.type === "message.deleted");
    expect(deleted.map((event) => event.data)).toEqual(
      [one, ada, bob].map((id) => ({ ids: [id], reason: "deleted" })),
    );
  });

  test("a mistyped filter deletes nothing", async () => {
    const room = openRoom();
    await room.deliver();
    expect((await ask<DeletedReply>(room, "/api/messages?too=ada@*", { method: "DELETE" })).status).toBe(400);
    expect(room.store.counts().messages).toBe(1);
  });
});

const mixed = [
  "Subject: mixed",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  'Content-Type: multipart/alternative; boundary="c"',
  "",
  "--c",
  "Content-Type: text/plain; charset=utf-8",
  "",
  "Grüße",
  "--c",
  "Content-Type: text/html; charset=utf-8",
  "",
  "<p>Grüße</p>",
  "--c--",
  "--b",
  "Content-Type: image/svg+xml",
  'Content-Disposition: attachment; filename="x.svg"',
  "",
  "<svg onload=alert(1)></svg>",
  "--b--",
  "",
].join("\r\n");
