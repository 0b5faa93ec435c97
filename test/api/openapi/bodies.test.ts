/** The schema of a body and the server are of one mind, at the bounds and beyond. */
import { expect, test } from "vitest";
import { described, find } from "./described.ts";
import { ask, openStockedRoom } from "./stocked-room.ts";
import { validatorOf } from "./validators.ts";

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const user = (index: number) => ({ address: `u${index}@example.test` });
const letter = { from: "Ada <ada@x.test>", to: ["bob@x.test"] };
const rule = { on: "rcpt", do: "550" };

const bodies: readonly (readonly [route: string, taken: boolean, body: unknown])[] = [
  ...["PATCH /api/messages", "PATCH /api/messages/{id}"].flatMap(
    (route) =>
      [
        [route, true, {}],
        [route, true, { read: false }],
        [route, true, { tags: many(50, (index) => `t${index}`) }],
        [route, false, { tags: many(51, (index) => `t${index}`) }],
        [route, true, { tags: ["x".repeat(100)] }],
        [route, false, { tags: ["x".repeat(101)] }],
        [route, false, { tags: [""] }],
        [route, false, { tags: "a" }],
        [route, false, { read: 1 }],
        [route, false, { seen: true }],
        [route, false, []],
        [route, false, null],
      ] as const,
  ),
  ["POST /api/messages", true, letter],
  ["POST /api/messages", true, { from: "ada@x.test", bcc: ["bob@x.test"] }],
  ["POST /api/messages", true, { ...letter, headers: { "X-Test": "7" }, date: "2030-01-31T12:00:00Z" }],
  ["POST /api/messages", true, { ...letter, attachments: [{ content: "eA==", filename: "x", cid: "x" }] }],
  ["POST /api/messages", false, { ...letter, attachments: [{ filename: "x" }] }],
  ["POST /api/messages", false, { ...letter, attachments: [{ content: "", path: "x" }] }],
  ["POST /api/messages", false, { ...letter, headers: { "X Y": "7" } }],
  ["POST /api/messages", false, { ...letter, headers: { X: "a\r\nb" } }],
  ["POST /api/messages", false, { ...letter, subject: "a\nb" }],
  ["POST /api/messages", false, { ...letter, date: "tomorrow" }],
  ["POST /api/messages", false, { ...letter, body: "x" }],
  ["POST /api/messages", false, { from: "ada@x.test" }],
  ["POST /api/messages", false, { to: "ada@x.test" }],
  ["POST /api/clock", true, { advance: 0 }],
  ["POST /api/clock", true, { advance: "1.5s" }],
  ["POST /api/clock", true, { advance: 1, inbox: "sign-up-1" }],
  ["POST /api/clock", false, { advance: 1, inbox: null }],
  ["POST /api/clock", false, { advance: -1 }],
  ["POST /api/clock", false, { advance: "5x" }],
  ["POST /api/clock", false, { advance: null }],
  ["POST /api/clock", false, { advance: 1, by: 2 }],
  ["POST /api/clock", false, {}],
  ["POST /api/inboxes", true, {}],
  ["POST /api/inboxes", true, { name: "x".repeat(200), ttl: 1, listener: false }],
  ["POST /api/inboxes", false, { name: "x".repeat(201) }],
  ["POST /api/inboxes", true, { match: { to: ["*@a.test", "*@b.test"], header: { "x-test": "7" } } }],
  ["POST /api/inboxes", false, { match: {} }],
  ["POST /api/inboxes", false, { match: { to: [] } }],
  ["POST /api/inboxes", false, { match: { tag: "x" } }],
  ["POST /api/inboxes", true, { ttl: 2 ** 31 - 1 }],
  ["POST /api/inboxes", false, { ttl: 2 ** 31 }],
  ["POST /api/inboxes", false, { ttl: 0 }],
  ["POST /api/inboxes", false, { ttl: "0s" }],
  ["POST /api/inboxes", false, { listener: 1 }],
  ["POST /api/inboxes", false, { owner: "me" }],
  ["PUT /api/directory", true, {}],
  ["PUT /api/directory", true, { users: many(10_000, user) }],
  ["PUT /api/directory", false, { users: many(10_001, user) }],
  ["PUT /api/directory", true, { lists: many(1_000, (index) => ({ name: `l${index}`, members: [] })) }],
  ["PUT /api/directory", false, { lists: many(1_001, (index) => ({ name: `l${index}`, members: [] })) }],
  ["PUT /api/directory", false, { lists: [{ name: "staff" }] }],
  ["PUT /api/directory", false, { users: [{ address: "a@x.test", name: "<a>" }] }],
  ["PUT /api/directory", false, { users: [{ name: "A" }] }],
  ["PUT /api/directory", false, { strictUsers: "yes" }],
  ["PUT /api/directory", false, { strict: true }],
  ...["POST /api/faults", "PUT /api/faults"].flatMap(
    (route) =>
      [
        [route, true, rule],
        [route, true, [rule]],
        [route, true, { rules: [] }],
        [route, true, { ...rule, match: { inbox: "sign-up-1" } }],
        [route, false, { rules: {} }],
        [route, false, { on: "rcpt" }],
        [route, false, { ...rule, wen: {} }],
        [route, false, { ...rule, when: { times: 0 } }],
        [route, false, { ...rule, ttl: 0 }],
        [route, false, 5],
      ] as const,
  ),
  ["PATCH /api/faults/{id}", true, {}],
  ["PATCH /api/faults/{id}", true, { enabled: false, when: { times: 1 }, ttl: null }],
  ["PATCH /api/faults/{id}", true, { id: "full" }],
  ["PATCH /api/faults/{id}", false, { on: null }],
  ["PATCH /api/faults/{id}", false, { do: null }],
  ["PATCH /api/faults/{id}", false, { when: { times: 0 } }],
  ["PATCH /api/faults/{id}", false, { colour: 1 }],
  ["POST /api/faults/presets/{name}", true, {}],
  ["POST /api/faults/presets/{name}", true, { match: { to: "a@x.test" }, when: { times: 1 }, ttl: "5m" }],
  ["POST /api/faults/presets/{name}", false, { ttl: 0 }],
  ["POST /api/faults/presets/{name}", false, { who: "a" }],
  ["POST /api/faults/presets/{name}", false, { match: "a" }],
];

const rows = bodies.map(([route, taken, body]) => [route, taken, JSON.stringify(body).slice(0, 60), body]);

test.each(rows as [string, boolean, string, unknown][])("%s: %s for %s", async (route, taken, _, body) => {
  const operation = find(route);
  expect(validatorOf(operation.body?.schema)(body)).toBe(taken);
  const reply = await ask(await openStockedRoom(), operation, { body });
  expect([reply.status < 300, taken || reply.status]).toEqual([taken, taken || 422]);
  if (taken) return;
  const { type } = await reply.json();
  const named = operation.replies.map(({ problem }) => `urn:mailproof:problem:${problem}`);
  expect(named).toContain(type);
});

test("every route with a body has both kinds here", () => {
  const routes = described.filter(({ body }) => body !== null).map(({ route }) => route);
  for (const taken of [true, false]) {
    const tried = new Set(bodies.filter((row) => row[1] === taken).map(([route]) => route));
    expect([...tried].sort()).toEqual([...routes].sort());
  }
});
