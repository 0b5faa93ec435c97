/** `POST /api/messages`: a message by hand. */
import { describe, expect, test } from "vitest";
import type { ComposedMessage, Message } from "../../src/api/contract.ts";
import { MemoryStore } from "../../src/store/mod.ts";
import { ask, json, openRoom } from "./room.ts";

const letter = { from: "Ada <ada@x.test>", to: "bob@x.test", subject: "Hello", text: "Hi" };
const raw = "From: Ada <ada@x.test>\nTo: Bob <bob@x.test>\nBcc: eve@x.test\nSubject: As it is\n\nHi\r\n.\n";

function post(body: string | Uint8Array<ArrayBuffer>): RequestInit {
  return { method: "POST", headers: { "content-type": "message/rfc822" }, body };
}

describe("fields", () => {
  test("all of them", async () => {
    const room = openRoom();
    const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    const full: ComposedMessage = {
      from: "Ädä <ada@x.test>",
      to: ["Bob <bob@x.test>", "eve@x.test"],
      cc: "cc@x.test",
      bcc: ["bcc@x.test"],
      replyTo: "help@x.test",
      subject: "Wëlcome",
      text: "Your code is 481516",
      html: "<p>Hi</p>",
      headers: { "X-Test": "1" },
      attachments: [
        { filename: "a.txt", content: btoa(String.fromCharCode(...octets)), contentType: "text/plain" },
        { content: btoa("png"), contentType: "image/png", cid: "logo" },
      ],
      date: "2030-01-31T12:00:00.000Z",
    };
    const { status, body } = await ask<Message>(room, "/api/messages", json("POST", full));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: "m1",
      channel: "api",
      provider: null,
      sessionId: null,
      envelope: { from: "ada@x.test", to: ["bob@x.test", "eve@x.test", "cc@x.test", "bcc@x.test"] },
      from: { name: "Ädä", address: "ada@x.test" },
      to: [{ name: "Bob", address: "bob@x.test" }, { address: "eve@x.test" }],
      cc: [{ address: "cc@x.test" }],
      bcc: [],
      replyTo: [{ address: "help@x.test" }],
      subject: "Wëlcome",
      date: "2030-01-31T12:00:00.000Z",
      codes: ["481516"],
      html: "<p>Hi</p>",
      transaction: { outcome: "accepted", channel: "api", verb: null, faults: [], reply: { code: 201 } },
    });
    const index = body.attachments.find(({ filename }) => filename === "a.txt")?.index;
    const part = await room.app.request(`/api/messages/m1/attachments/${index}`);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(octets);
    expect(body.headers).toContainEqual({ name: "X-Test", value: "1" });
    expect((await ask<Message>(room, "/api/messages/latest?to=bcc@x.test")).body.id).toBe("m1");
  });

  test("as few as can be", async () => {
    const { status, body } = await ask<Message>(
      openRoom(),
      "/api/messages",
      json("POST", { from: "ada@x.test", bcc: "bob@x.test" }),
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ subject: "", envelope: { to: ["bob@x.test"] } });
  });

  test.each<[change: object, field: string]>([
    [{ from: undefined }, "from"],
    [{ from: "ada" }, "from"],
    [{ from: "" }, "from"],
    [{ to: undefined }, "to"],
    [{ to: [] }, "to"],
    [{ to: ["bob@x.test", "bob@"] }, "to"],
    [{ cc: "x\r\nRCPT TO:<eve@x.test>" }, "cc"],
    [{ replyTo: 5 }, "replyTo"],
    [{ subject: "a\nBcc: eve@x.test" }, "subject"],
    [{ headers: { "X Y": "1" } }, "headers.X Y"],
    [{ headers: { X: "a\r\nBcc: eve@x.test" } }, "headers.X"],
    [{ from: "Postmaster" }, "from"],
    [{ replyTo: "Postmaster" }, "replyTo"],
    [{ to: 'Ada <"a b@x.test>' }, "to"],
    [{ to: '"a\r\nb"@x.test' }, "to"],
    [{ to: "ada@[127.0.0.256]" }, "to"],
    [{ attachments: [{ content: "§" }] }, "attachments.0.content"],
    [{ attachments: [{ content: "YQ" }] }, "attachments.0.content"],
    [{ attachments: [{ path: "/etc/passwd" }] }, "attachments.0.content"],
    [{ attachments: [{ content: "", path: "/etc/passwd" }] }, "attachments.0.path"],
    [{ date: "tomorrow" }, "date"],
    [{ body: "Hi" }, "body"],
  ])("%j: 422", async (change, field) => {
    const room = openRoom();
    const { status, body } = await ask(room, "/api/messages", json("POST", { ...letter, ...change }));
    expect([status, body.field]).toEqual([422, field]);
    expect(room.store.counts().messages).toBe(0);
  });
});

test.each([
  ["Date", /^Failed to read the body: headers\.Date: use the field date$/],
  ["From", /use the field from$/],
  ["to", /use the field to$/],
  ["CC", /use the field cc$/],
  ["Bcc", /use the field bcc$/],
  ["Reply-To", /use the field replyTo$/],
  ["Subject", /use the field subject$/],
  ["MIME-Version", /send message\/rfc822/],
  ["Content-Type", /send message\/rfc822/],
  ["content-transfer-encoding", /send message\/rfc822/],
  ["Content-Disposition", /send message\/rfc822/],
])("headers.%s is made of something else: 422 says of what", async (name, detail) => {
  const form = { ...letter, headers: { "X-Test": "1", [name]: "x" } };
  const { status, body } = await ask(openRoom(), "/api/messages", json("POST", form));
  expect([status, body.field]).toEqual([422, `headers.${name}`]);
  expect(body.detail).toMatch(detail);
});

test.each(["Message-ID", "In-Reply-To", "Content-Language", "X-Test"])("headers.%s is kept", async (name) => {
  const form = { ...letter, headers: { [name]: "<a@x.test>" } };
  const { body } = await ask<Message>(openRoom(), "/api/messages", json("POST", form));
  expect(body.headers).toContainEqual({ name, value: "<a@x.test>" });
});

test.each([
  ["x@[127.0.0.1]", "x@[127.0.0.1]"],
  ["Ada <x@[IPv6:::1]>", "x@[IPv6:::1]"],
  ['"a b"@x.test', '"a b"@x.test'],
  ['"Ada L." <"a b"@x.test>', '"a b"@x.test'],
  ["Postmaster", "Postmaster"],
  ["ada@x_y.test", "ada@x_y.test"],
])("the recipient %j, which SMTP takes, in both forms", async (written, address) => {
  const room = openRoom();
  const composed = await ask<Message>(room, "/api/messages", json("POST", { ...letter, to: written }));
  const query = `?to=${encodeURIComponent(written)}`;
  const asItIs = await ask<Message>(room, `/api/messages${query}`, post(raw));
  for (const { status, body } of [composed, asItIs]) {
    expect([status, body.envelope.to]).toEqual([201, [address]]);
  }
});

describe("octets", () => {
  test("are kept as they are; the envelope is that of the header", async () => {
    const room = openRoom();
    const { status, body } = await ask<Message>(room, "/api/messages", post(raw));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      channel: "api",
      subject: "As it is",
      envelope: { from: "ada@x.test", to: ["bob@x.test", "eve@x.test"] },
    });
    expect(await (await room.app.request("/api/messages/m1/raw")).text()).toBe(raw);
  });

  test.each<[query: string, from: string, to: string[]]>([
    ["?from=app@x.test&to=c@x.test&to=d+e@x.test", "app@x.test", ["c@x.test", "d+e@x.test"]],
    ["?from=", "", ["bob@x.test", "eve@x.test"]],
    ["?to=c@x.test", "ada@x.test", ["c@x.test"]],
  ])("%s", async (query, from, to) => {
    const { body } = await ask<Message>(openRoom(), `/api/messages${query}`, post(raw));
    expect(body.envelope).toEqual({ from, to });
  });

  test.each([
    ["?to=bob", raw, "to"],
    ["?from=bob&to=a@x.test", raw, "from"],
    ["?from=a@x.test&from=b@x.test", raw, "from"],
    ["?subject=x", raw, "subject"],
    ["", "Subject: for nobody\r\n\r\nHi\r\n", "to"],
  ])("%s %j: 400", async (query, octets, field) => {
    const { status, body } = await ask(openRoom(), `/api/messages${query}`, post(octets));
    expect([status, body.field]).toEqual([400, field]);
  });
});

describe("limits", () => {
  const limited = () => {
    const { parts } = openRoom();
    const info = parts.info();
    return openRoom({ info: () => ({ ...info, limits: { ...info.limits, maxMessageSize: 2_000 } }) });
  };

  test("a message over --max-message-size: 413", async () => {
    const large = `${raw}${"x".repeat(2_000)}`;
    expect((await ask(limited(), "/api/messages", post(large))).status).toBe(413);
    const composed = json("POST", { ...letter, text: "x".repeat(2_000) });
    const { status, body } = await ask(limited(), "/api/messages", composed);
    expect([status, body.type]).toEqual([413, "urn:mailproof:problem:too-large"]);
    const huge = json("POST", { ...letter, text: "x".repeat(2_000_000) });
    expect((await ask(limited(), "/api/messages", huge)).status).toBe(413);
    expect((await ask(limited(), "/api/messages", json("POST", letter))).status).toBe(201);
  });

  test("a large attachment below the limit", async () => {
    const content = "AAAA".repeat(5_000_000);
    const large = json("POST", { ...letter, attachments: [{ filename: "a.bin", content }] });
    const { status, body } = await ask<Message>(openRoom(), "/api/messages", large);
    expect(status).toBe(201);
    expect(body.attachments).toMatchObject([{ size: 15_000_000 }]);
  });

  test("over 1,000 recipients: 413", async () => {
    const to = Array.from({ length: 1_001 }, (_, n) => `n${n}@x.test`);
    const crowd = `To: ${to.join(",\r\n ")}\r\n\r\nHi\r\n`;
    for (const init of [json("POST", { ...letter, to: to.slice(1), cc: to[0] }), post(crowd)]) {
      const { status, body } = await ask(openRoom(), "/api/messages", init);
      expect([status, body]).toMatchObject([413, { limit: 1_000 }]);
    }
  });

  test.each([
    [{ maxMessages: 1, maxBytes: 1e6 }, "raise --max-messages or --max-bytes"],
    [{ maxMessages: null, maxBytes: 4_000 }, "raise --max-bytes"],
  ])("a store that rejects: 507, and a transaction that says so: %j, %s", async (limits, advice) => {
    const store = new MemoryStore({ ...limits, whenFull: "reject" });
    const info = openRoom().parts.info();
    const change = { info: () => ({ ...info, limits: { ...info.limits, ...limits } }) };
    const room = openRoom(change, undefined, store);
    expect((await ask(room, "/api/messages", post(raw))).status).toBe(201);
    const { status, body } = await ask(room, "/api/messages", post(raw));
    expect([status, body.type]).toEqual([507, "urn:mailproof:problem:no-room"]);
    expect(body.detail).toBe(`Failed to keep the message: there is no room; delete messages, or ${advice}`);
    const { transactions } = await store.transactions({}, { limit: 1 });
    expect(transactions).toMatchObject([{ outcome: "rejected", reply: { code: 507 }, storedId: null }]);
  });

  test("another type: 415", async () => {
    const init = { method: "POST", headers: { "content-type": "text/plain" }, body: raw };
    expect((await ask(openRoom(), "/api/messages", init)).status).toBe(415);
  });
});
