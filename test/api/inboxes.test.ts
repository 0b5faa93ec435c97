/** `/api/inboxes`, and `?inbox=` wherever something of one inbox is asked for. */
import { describe, expect, test } from "vitest";
import type {
  DeletedReply,
  FaultRuleReport,
  FaultsReply,
  Inbox,
  InboxesReply,
  NewInbox,
} from "../../src/api/contract.ts";
import { ask, json, openRoom, type Room } from "./room.ts";

const make = async (room: Room, input: object = {}): Promise<NewInbox> =>
  (await ask<NewInbox>(room, "/api/inboxes", json("POST", input))).body;

describe("inboxes", () => {
  test("POST 201 tells the password, and nothing else does", async () => {
    const room = openRoom();
    const made = await ask<NewInbox>(room, "/api/inboxes", json("POST", { name: "Sign up" }));
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: "sign-up-1",
        name: "Sign up",
        domain: "sign-up-1.inbox.test",
        user: "sign-up-1",
        password: "secret",
        smtp: { host: "127.0.0.1", port: 1025, url: "smtp://sign-up-1:secret@127.0.0.1:1025" },
        expiresAt: null,
      },
    });
    const { password: _, smtp, ...told } = made.body;
    const expected = { ...told, smtp: { ...smtp, url: "smtp://127.0.0.1:1025" } };
    expect((await ask<Inbox>(room, "/api/inboxes/sign-up-1")).body).toEqual(expected);
    expect((await ask<InboxesReply>(room, "/api/inboxes")).body).toEqual({ inboxes: [expected] });
  });

  test("GET lists the newest first, DELETE takes one", async () => {
    const room = openRoom();
    const ids = [(await make(room)).id, (await make(room)).id];
    const listed = async () =>
      (await ask<InboxesReply>(room, "/api/inboxes")).body.inboxes.map(({ id }) => id);
    expect(await listed()).toEqual(ids.toReversed());
    const deleted = await ask<DeletedReply>(room, `/api/inboxes/${ids[0]}`, { method: "DELETE" });
    expect(deleted).toMatchObject({ status: 200, body: { deleted: [ids[0]] } });
    expect(await listed()).toEqual([ids[1]]);
  });

  test("an id is known in any case", async () => {
    const room = openRoom();
    const { id } = await make(room);
    expect((await ask<Inbox>(room, `/api/inboxes/${id.toUpperCase()}`)).body.id).toBe(id);
    const deleted = await ask<DeletedReply>(room, "/api/inboxes/INBOX-1", { method: "DELETE" });
    expect(deleted.body).toEqual({ deleted: [id] });
  });

  test.each<[unknown, string]>([
    [[], ""],
    [{ nam: "x" }, "nam"],
    [{ name: null }, "name"],
    [{ ttl: "soon" }, "ttl"],
    [{ listener: 1 }, "listener"],
    [{ match: {} }, "match"],
    [{ match: { header: {} } }, "match.header"],
    [{ match: { to: "/(/" } }, "match.to"],
  ])("POST %j: 422 that names %j, and there is none", async (input, field) => {
    const room = openRoom();
    expect(await ask(room, "/api/inboxes", json("POST", input))).toMatchObject({
      status: 422,
      type: "application/problem+json",
      body: { type: "urn:mailproof:problem:bad-body", field },
    });
    expect((await ask<InboxesReply>(room, "/api/inboxes")).body.inboxes).toEqual([]);
  });

  test.each([
    ["GET", "/api/inboxes/none", 404],
    ["DELETE", "/api/inboxes/none", 404],
    ["GET", "/api/inboxes?limit=1", 400],
    ["GET", "/api/inboxes/none?x=1", 400],
    ["GET", "/api/faults?inbox=none", 404],
    ["GET", "/api/faults?inbox=a&inbox=b", 400],
    ["DELETE", "/api/faults?inbox=none", 404],
    ["POST", "/api/faults/reset?inbox=none", 404],
    ["GET", "/api/faults/full?inbox=none", 400],
  ])("%s %s: %i", async (method, path, status) => {
    expect((await ask(openRoom(), path, { method })).status).toBe(status);
  });

  test.each([
    ["POST", "/api/faults?inbox=none", { on: "rcpt", do: "550 5.1.1 No" }],
    ["PUT", "/api/faults?inbox=none", []],
    ["POST", "/api/faults/presets/greylisting?inbox=none", {}],
    ["POST", "/api/clock", { advance: 1, inbox: "none" }],
  ])("%s %s: no such inbox", async (method, path, body) => {
    expect((await ask(openRoom(), path, json(method, body))).status).toBe(404);
  });
});

describe("rules of an inbox", () => {
  const rule = { id: "full", on: "rcpt", do: "452 4.2.2 Mailbox full" };
  const ids = async (room: Room, query = ""): Promise<string[]> =>
    (await ask<FaultsReply>(room, `/api/faults${query}`)).body.rules.map(({ id }) => id).toSorted();

  async function stocked(): Promise<Room> {
    const room = openRoom();
    for (const query of ["", `?inbox=${(await make(room)).id}`, `?inbox=${(await make(room)).id}`]) {
      expect((await ask(room, `/api/faults${query}`, json("POST", rule))).status).toBe(201);
    }
    return room;
  }

  test("the same id is taken once for each, and once for all", async () => {
    const room = await stocked();
    expect(await ids(room)).toEqual(["full", "inbox-1.full", "inbox-2.full"]);
    for (const query of ["", "?inbox=inbox-1"]) {
      expect((await ask(room, `/api/faults${query}`, json("POST", rule))).status).toBe(409);
    }
  });

  test.each([
    ["PUT", "/api/faults?inbox=inbox-1", [], ["full", "inbox-2.full"]],
    ["PUT", "/api/faults?inbox=inbox-1", [{ ...rule, id: "new" }], ["full", "inbox-1.new", "inbox-2.full"]],
    ["PUT", "/api/faults?inbox=inbox-1", [rule], ["full", "inbox-1.full", "inbox-2.full"]],
    ["PUT", "/api/faults", [rule], ["full"]],
    ["DELETE", "/api/faults?inbox=inbox-2", undefined, ["full", "inbox-1.full"]],
    ["DELETE", "/api/faults", undefined, []],
    ["DELETE", "/api/faults/inbox-1.full", undefined, ["full", "inbox-2.full"]],
  ])("%s %s %j leaves %j", async (method, path, body, left) => {
    const room = await stocked();
    const { status } = await ask(room, path, body === undefined ? { method } : json(method, body));
    expect(status).toBe(200);
    expect(await ids(room)).toEqual(left);
  });

  test("a rule without an id stays what it is when it is put back as it was listed", async () => {
    const room = openRoom();
    await make(room);
    const path = "/api/faults?inbox=inbox-1";
    await ask(room, path, json("POST", { on: "rcpt", do: "550 5.1.1 No" }));
    const { body: listed } = await ask<FaultsReply>(room, path);
    expect(listed.rules.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^inbox-1\.rcpt-550-[0-9a-f]{8}$/),
    ]);
    expect((await ask(room, path, json("PUT", listed))).body).toEqual(listed);
    expect((await ask(room, "/api/faults", json("PUT", listed))).body).toEqual(listed);
  });

  const of = (inbox: unknown): object => ({ ...rule, id: "of", match: { inbox } });
  test.each([
    ["POST", "/api/faults", of("inbox-1"), 201],
    ["POST", "/api/faults", of("INBOX-1"), 201],
    ["POST", "/api/faults", of("inbox-2"), "match.inbox"],
    ["POST", "/api/faults", of({ not: "inbox-1" }), "match.inbox"],
    ["PUT", "/api/faults", { rules: [rule, of("*")] }, "rules[1].match.inbox"],
    ["PUT", "/api/faults", [rule, of("inbox-1")], 200],
    ["POST", "/api/faults/presets/unknown-user", { match: { inbox: "inbox-2" } }, "match.inbox"],
    ["POST", "/api/faults/presets/unknown-user", { match: { inbox: "inbox-1" } }, 201],
  ])("a rule that names an inbox besides is of that one, or refused: %s %s %j: %s", async (...row) => {
    const [method, path, body, said] = row;
    const room = await stocked();
    const before = await ids(room);
    const reply = await ask(room, `${path}?inbox=inbox-1`, json(method, body));
    if (typeof said === "number") return expect(reply.status).toBe(said);
    expect([reply.status, reply.body.path]).toEqual([422, said]);
    expect(reply.body.detail).toContain('is not the inbox that the rule is added to, "inbox-1"');
    expect(await ids(room)).toEqual(before);
  });

  test.each<[unknown, object]>([
    [{ match: { to: "ada@*" } }, { to: "ada@*", inbox: "inbox-1" }],
    [{ match: null }, { inbox: "inbox-1" }],
    [{ enabled: false }, { inbox: "inbox-1" }],
    [{ match: { inbox: "inbox-2" } }, { inbox: "inbox-2" }],
  ])("PATCH %j: it matches %j", async (patch, match) => {
    const room = await stocked();
    const { body } = await ask<FaultRuleReport>(room, "/api/faults/inbox-1.full", json("PATCH", patch));
    expect(body.match).toEqual(match);
  });
});
