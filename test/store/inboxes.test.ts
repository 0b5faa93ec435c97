/** What an inbox can be, what belongs to it, and what goes with it. */
import { describe, expect, test } from "vitest";
import { type Belongings, Inboxes, type InboxMatch, type NewInbox, readInbox } from "../../src/store/mod.ts";

const nobody: Belongings = {
  listener: "smtp",
  user: null,
  helo: null,
  remoteAddress: "127.0.0.1",
  from: null,
  recipients: [],
  header: null,
};
const header = () => [{ name: "X-Run", value: " 7 " }];

function open(inboxes: Inboxes, input: unknown = {}, host = "127.0.0.1"): NewInbox {
  const plan = readInbox(input);
  const id = inboxes.nextId(plan.name);
  return inboxes.add(plan, {
    id,
    listener: plan.listener ? id : null,
    password: `secret of ${id}`,
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: null,
    smtp: { host, port: 1025 },
  });
}

describe("readInbox", () => {
  test.each<[unknown, object]>([
    [{}, { name: "inbox", ttl: null, match: null, listener: false }],
    [
      { name: "Sign up", ttl: "10m", listener: true },
      { name: "Sign up", ttl: 600_000, listener: true },
    ],
    [{ ttl: 1 }, { ttl: 1 }],
    [{ ttl: 2 ** 31 - 1 }, { ttl: 2 ** 31 - 1 }],
    [{ match: { from: "*@x.test" } }, { match: { from: "*@x.test" } }],
    [{ match: { from: undefined, to: ["a", "/b/i"] } }, { match: { to: ["a", "/b/i"] } }],
    [{ match: { header: { "x-run": "7", other: undefined } } }, { match: { header: { "x-run": "7" } } }],
  ])("%j", (input, plan) => {
    expect(readInbox(input)).toMatchObject(plan);
  });

  test.each<[unknown, string, string]>([
    [null, "", "null is not an object; use the fields name, ttl, match, listener"],
    [[], "", "[] is not an object"],
    ["sign-up", "", '"sign-up" is not an object'],
    [{ nam: "x" }, "nam", 'did you mean "name"?'],
    [{ name: 7 }, "name", "7 is not a text; use a string"],
    [{ name: "x".repeat(201) }, "name", "201 characters are too many; use at most 200"],
    [{ listener: "yes" }, "listener", '"yes" is not a boolean; use true or false'],
    [{ ttl: true }, "ttl", "true is not a duration; use a number of milliseconds or 250ms, 10s, 5m, 2h"],
    [{ ttl: "soon" }, "ttl", "soon"],
    [{ ttl: 0 }, "ttl", "0 is no time at all; use more than 0"],
    [{ ttl: 2 ** 31 }, "ttl", "2147483648 is too long; use at most 596h"],
    [{ match: "x" }, "match", '"x" is not an object; use the fields from, to, user'],
    [{ match: {} }, "match", "it is empty; give one of from, to, user, helo, remoteAddress, header"],
    [{ match: { from: undefined } }, "match", "it is empty"],
    [{ match: { subject: "x" } }, "match.subject", "unknown field; use one of from, to"],
    [{ match: { from: [] } }, "match.from", "[] is not a pattern; use a glob"],
    [{ match: { to: ["a", 1] } }, "match.to", '["a",1] is not a pattern'],
    [{ match: { helo: null } }, "match.helo", "null is not a pattern"],
    [{ match: { header: "x" } }, "match.header", '"x" is not an object; use {"X-Name": "pattern"}'],
    [{ match: { header: {} } }, "match.header", "it is empty"],
    [{ match: { header: { "x-run": undefined } } }, "match.header", "it is empty"],
    [{ match: { header: { "x-run": 7 } } }, "match.header.x-run", "7 is not a pattern"],
  ])("%j is none", (input, field, reason) => {
    const place = field === "" ? "" : `${field}: `;
    expect(() => readInbox(input)).toThrow(
      expect.objectContaining({ name: "InboxError", field, message: expect.stringContaining(reason) }),
    );
    expect(() => readInbox(input)).toThrow(`Failed to make the inbox: ${place}`);
  });

  test("what the caller changes later does not count", () => {
    const match = { to: ["ada@x.test"] };
    const plan = readInbox({ match });
    match.to.push("*");
    expect(plan.match).toEqual({ to: ["ada@x.test"] });
  });
});

describe("what is told of an inbox", () => {
  test.each([
    ["Sign-up: sends a code!", "sign-up-sends-a-code-1"],
    ["日本", "inbox-1"],
    ["--", "inbox-1"],
    [`${"x".repeat(39)}-y`, `${"x".repeat(39)}-1`],
  ])("%s: %s", (name, id) => {
    const inbox = open(new Inboxes(), { name });
    expect(inbox).toMatchObject({ id, name, user: id, domain: `${id}.inbox.test`, listener: null });
  });

  test.each([
    [{}, "127.0.0.1", "smtp://inbox-1:secret of inbox-1@127.0.0.1:1025", "smtp://127.0.0.1:1025"],
    [{ listener: true }, "127.0.0.1", "smtp://127.0.0.1:1025", "smtp://127.0.0.1:1025"],
    [{}, "::1", "smtp://inbox-1:secret of inbox-1@[::1]:1025", "smtp://[::1]:1025"],
  ])("%j at %s: the password only to who made it", (input, host, made, later) => {
    const inboxes = new Inboxes();
    expect(open(inboxes, input, host).smtp.url).toBe(made);
    expect(inboxes.get("INBOX-1")?.smtp.url).toBe(later);
    expect(JSON.stringify([inboxes.get("inbox-1"), inboxes.list()])).not.toContain("secret");
  });

  test.each<[object, "connect" | "helo" | "auth"]>([
    [{}, "auth"],
    [{ match: { from: "x", user: "y" } }, "auth"],
    [{ match: { helo: "x" } }, "helo"],
    [{ match: { remoteAddress: "x", helo: "y" } }, "connect"],
    [{ listener: true }, "connect"],
  ])("%j: its connections are known from %s on", (input, place) => {
    const inboxes = new Inboxes();
    expect(inboxes.placeOf(open(inboxes, input).id)).toBe(place);
    expect(inboxes.placeOf("other")).toBeNull();
  });
});

describe("what belongs to an inbox", () => {
  test.each<[string, Partial<Belongings>, readonly string[]]>([
    ["nothing", {}, []],
    ["its user", { user: "a-1" }, ["a-1"]],
    ["a user of another case", { user: "A-1" }, []],
    ["an address", { recipients: ["ada@a-1.inbox.test"] }, ["a-1"]],
    ["an address in another case", { recipients: ["Ada@A-1.INBOX.TEST"] }, ["a-1"]],
    ["a quoted address", { recipients: ['"ada@b-2.inbox.test"@a-1.inbox.test'] }, ["a-1"]],
    ["a domain below", { recipients: ["ada@x.a-1.inbox.test"] }, []],
    ["a domain beside", { recipients: ["ada@a-1.inbox.test.x"] }, []],
    ["no such inbox", { recipients: ["ada@c-3.inbox.test"] }, []],
    ["its listener", { listener: "b-2" }, ["b-2"]],
    ["a listener that bears its name but is none of its own", { listener: "a-1" }, []],
    [
      "several ways, each once",
      { user: "a-1", listener: "b-2", recipients: ["x@b-2.inbox.test", "y@a-1.inbox.test"] },
      ["b-2", "a-1"],
    ],
  ])("%s", (_, what, ids) => {
    const inboxes = new Inboxes();
    open(inboxes, { name: "a" });
    open(inboxes, { name: "b", listener: true });
    expect(inboxes.of({ ...nobody, ...what })).toEqual(ids);
  });

  test.each<[InboxMatch, Partial<Belongings>, boolean]>([
    [{ from: "app@x.test" }, { from: "app@x.test" }, true],
    [{ from: "app@x.test" }, { from: "app@X.TEST" }, true],
    [{ from: "app@x.test" }, {}, false],
    [{ from: "" }, { from: "" }, true],
    [{ from: '"app"@x.test' }, { from: "app@x.test" }, true],
    [{ to: ['"ada"@x.test'] }, { recipients: ['"ada"@x.test'] }, true],
    [{ to: "ada@*" }, { recipients: ["bob@x.test", "ada@x.test"] }, true],
    [{ to: "ada@*" }, { recipients: ["bob@x.test"] }, false],
    [{ to: ["eve@*", "/^a/"] }, { recipients: ["ada@x.test"] }, true],
    [{ user: "app*" }, { user: "app-7" }, true],
    [{ user: "app*" }, { user: null }, false],
    [{ helo: "*.c.test" }, { helo: "a.c.test" }, true],
    [{ remoteAddress: "127.*" }, {}, true],
    [{ remoteAddress: "192.*" }, {}, false],
    [{ header: { "x-run": "7" } }, { header }, true],
    [{ header: { "X-RUN": "8" } }, { header }, false],
    [{ header: { "x-run": "7" } }, {}, false],
    [{ header: { "x-run": "7", "x-other": "*" } }, { header }, false],
    [{ from: "a@x.test", to: "b@x.test" }, { from: "a@x.test", recipients: ["b@x.test"] }, true],
    [{ from: "a@x.test", to: "b@x.test" }, { from: "a@x.test" }, false],
  ])("%j: %j, %s", (match, what, holds) => {
    const inboxes = new Inboxes();
    const { id } = open(inboxes, { match });
    expect(inboxes.of({ ...nobody, ...what })).toEqual(holds ? [id] : []);
  });
});

describe("an inbox that goes", () => {
  test("takes everything with it but its id", () => {
    const inboxes = new Inboxes();
    const inbox = open(inboxes, { listener: true, match: { remoteAddress: "*" } });
    expect(inboxes.ofKey(inbox.password)).toBe(inbox.id);
    expect(inboxes.listeners()).toEqual([inbox.id]);
    expect([inboxes.remove(inbox.id), inboxes.remove(inbox.id)]).toEqual([true, false]);
    const { id, user, password } = inbox;
    expect([inboxes.get(id), inboxes.ofKey(password), inboxes.placeOf(id)]).toEqual([null, null, null]);
    expect([inboxes.passwordOf(user), inboxes.list(), inboxes.listeners()]).toEqual([undefined, [], []]);
    expect(inboxes.of({ ...nobody, user, listener: id })).toEqual([]);
    expect(inboxes.isEmpty).toBe(true);
    expect(open(inboxes).id).not.toBe(id);
  });

  test("a pattern that cannot be understood leaves nothing behind", () => {
    const inboxes = new Inboxes();
    for (const field of ["from", "to", "user", "helo", "remoteAddress"]) {
      expect(() => open(inboxes, { match: { [field]: "/(/" } })).toThrow(
        expect.objectContaining({ name: "InboxError", field: `match.${field}` }),
      );
    }
    expect(() => open(inboxes, { match: { header: { "x-run": "/(/" } } })).toThrow("match.header.x-run");
    expect(inboxes.isEmpty).toBe(true);
    expect(inboxes.ofKey("secret of inbox-1")).toBeNull();
  });

  test("there are 10,000 at most", () => {
    const inboxes = new Inboxes();
    const ids = Array.from({ length: 10_000 }, () => open(inboxes).id);
    expect(() => open(inboxes)).toThrow("there are 10000; delete some");
    inboxes.remove(ids[0] ?? "");
    expect(open(inboxes).id).toBe("inbox-10001");
    expect(inboxes.list()[0]?.id).toBe("inbox-10001");
  });
});
