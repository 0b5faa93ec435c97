import { describe, expect, test } from "vitest";
import type { DeletedReply, FaultRuleReport, FaultsReply, PresetsReply } from "../../src/api/contract.ts";
import { faultPhases } from "../../src/faults/mod.ts";
import { ask, json, openRoom, type Room } from "./room.ts";

const full = { id: "full", on: "rcpt", match: { to: "*@full.test" }, do: "452 4.2.2 Mailbox full" };
const gone = { id: "gone", on: "rcpt", do: "550 5.1.1 No such user" };

const ids = (room: Room): string[] =>
  room.parts.faults
    .list()
    .map((rule) => rule.id)
    .sort();

test("GET schema: what a rule may be", async () => {
  const room = openRoom();
  const reply = await room.app.request("/api/faults/schema");
  expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "application/schema+json"]);
  const schema = await reply.json();
  expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(schema.$defs.phase.enum).toEqual(faultPhases);
});

describe("faults: rules", () => {
  test("POST one: 201 the rule, with explain and state; GET, PATCH and DELETE by id", async () => {
    const room = openRoom();
    const added = await ask<FaultRuleReport>(room, "/api/faults", json("POST", full));
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      ...full,
      enabled: true,
      state: { matched: 0, fired: 0, spent: false },
    });
    expect(added.body.explain).toMatch(/\w+/);
    expect((await ask(room, "/api/faults/full")).body).toEqual(added.body);
    expect((await ask<FaultsReply>(room, "/api/faults")).body).toEqual({ rules: [added.body] });
    expect(
      (await ask<FaultRuleReport>(room, "/api/faults/full", json("PATCH", { enabled: false }))).body.enabled,
    ).toBe(false);
    expect((await ask<DeletedReply>(room, "/api/faults/full", { method: "DELETE" })).body).toEqual({
      deleted: ["full"],
    });
    expect((await ask(room, "/api/faults/full")).status).toBe(404);
  });

  test("POST several: all or none", async () => {
    const room = openRoom();
    const added = await ask<FaultsReply>(room, "/api/faults", json("POST", { rules: [full, gone] }));
    expect(added.status).toBe(201);
    expect(added.body.rules).toHaveLength(2);
    const refused = await ask(
      room,
      "/api/faults",
      json("POST", {
        rules: [
          { ...gone, id: "new" },
          { on: "nowhere", do: "pass" },
        ],
      }),
    );
    expect(refused.status).toBe(422);
    expect(refused.body.path).toBe("rules[1].on");
    expect(ids(room)).toEqual(["full", "gone"]);
  });

  test("an existing id: 409, and nothing changes", async () => {
    const room = openRoom();
    await ask(room, "/api/faults", json("POST", full));
    const again = await ask(room, "/api/faults", json("POST", { rules: [gone, full] }));
    expect(again).toMatchObject({ status: 409, body: { type: "urn:mailproof:problem:duplicate-rule" } });
    expect(ids(room)).toEqual(["full"]);
  });

  test("PUT replaces all; DELETE takes all", async () => {
    const room = openRoom();
    await ask(room, "/api/faults", json("POST", full));
    expect(
      (await ask<FaultsReply>(room, "/api/faults", json("PUT", { rules: [gone] }))).body.rules,
    ).toHaveLength(1);
    expect(ids(room)).toEqual(["gone"]);
    expect((await ask<DeletedReply>(room, "/api/faults", { method: "DELETE" })).body).toEqual({
      deleted: ["gone"],
    });
    expect(ids(room)).toEqual([]);
  });

  test.each(["PUT", "POST"])("what GET gives can be sent back: %s", async (method) => {
    const room = openRoom();
    const everybody = { ...gone, id: "everybody" };
    await ask(room, "/api/faults", json("POST", { rules: [full, everybody, gone] }));
    const { body } = await ask<FaultsReply>(room, "/api/faults");
    expect(body.rules.map(({ id }) => id)).toEqual(["full", "everybody", "gone"]);
    if (method === "POST") await ask(room, "/api/faults", { method: "DELETE" });
    const sent = await ask<FaultsReply>(room, "/api/faults", json(method, body));
    expect([sent.status < 300, sent.body]).toEqual([true, body]);
    expect((await ask<FaultsReply>(room, "/api/faults")).body).toEqual(body);
  });

  test("reset sets the counters to zero and keeps the rules", async () => {
    const room = openRoom();
    await ask(room, "/api/faults", json("POST", full));
    expect((await ask<FaultsReply>(room, "/api/faults/reset", { method: "POST" })).body.rules).toHaveLength(
      1,
    );
  });

  test.each([
    [{ on: "rcpt", do: "999 no" }, "do"],
    [{ on: "rcpt", do: [{ reply: 7 }] }, "do[0].reply"],
    [{ on: "rcpt" }, "do"],
    [{ do: "pass" }, "on"],
    [{ on: "rcpt", do: "pass", match: { to: "/(?=x)/" } }, "match.to"],
    [{ on: "rcpt", do: "pass", wen: {} }, "wen"],
    ["452", ""],
    [null, ""],
  ])("a rule that cannot work: %j, 422 at %j", async (rule, path) => {
    const { status, body } = await ask(openRoom(), "/api/faults", json("POST", rule));
    expect(status).toBe(422);
    expect(body).toMatchObject({ type: "urn:mailproof:problem:bad-rule", path });
  });

  test.each([
    ["GET", undefined],
    ["PATCH", {}],
    ["DELETE", undefined],
  ])("%s of an unknown rule: 404", async (method, body) => {
    const init = body === undefined ? { method } : json(method, body);
    expect((await ask(openRoom(), "/api/faults/none", init)).status).toBe(404);
  });

  test("a refused change is not told, a made one is", async () => {
    const room = openRoom();
    await ask(room, "/api/faults", json("POST", { on: "nowhere", do: "pass" }));
    expect(room.journal.last).toBe(0);
    await ask(room, "/api/faults", json("POST", full));
    expect(room.journal.since(0)).toMatchObject([{ type: "faults.changed" }]);
  });
});

describe("faults: presets", () => {
  test("they are listed with their rules and a sentence", async () => {
    const { presets } = (await ask<PresetsReply>(openRoom(), "/api/faults/presets")).body;
    expect(presets.map((preset) => preset.name)).toContain("greylisting");
    for (const preset of presets)
      expect(preset).toMatchObject({ explain: expect.stringMatching(/\w/), rules: expect.any(Array) });
  });

  test("one is used as it is, or merged with match, when and ttl", async () => {
    const room = openRoom();
    const plain = await ask(room, "/api/faults/presets/unknown-user", { method: "POST" });
    expect(plain.status).toBe(201);
    await ask(room, "/api/faults", { method: "DELETE" });
    const change = { match: { to: "*@x.test" }, when: { times: 2 }, ttl: "1m" };
    const merged = await ask<FaultsReply>(room, "/api/faults/presets/unknown-user", json("POST", change));
    expect(merged.body.rules[0]).toMatchObject({ match: { to: "*@x.test" }, when: { times: 2 } });
  });

  test.each([
    ["greylistin", 'did you mean "greylisting"?'],
    ["gravity", "all are at /api/faults/presets"],
  ])("an unknown preset, %s: 404, %s", async (name, advice) => {
    const { status, body } = await ask(openRoom(), `/api/faults/presets/${name}`, { method: "POST" });
    expect(status).toBe(404);
    expect(body.detail).toBe(`Failed to find the preset: "${name}"; ${advice}`);
  });

  test("a preset with a bad option: 422", async () => {
    const room = openRoom();
    expect((await ask(room, "/api/faults/presets/greylisting", json("POST", { whn: {} }))).status).toBe(422);
  });
});
