import { describe, expect, test } from "vitest";
import type { DirectoryState } from "../../src/api/contract.ts";
import { ask, json, openRoom } from "./room.ts";

const full = {
  users: [{ address: "ada@x.test", name: "Ada Lovelace" }],
  lists: [{ name: "staff", members: ["ada@x.test"] }],
  strictUsers: true,
};
const empty = { users: [], lists: [], strictUsers: false };

describe("directory", () => {
  test("GET tells it, PUT replaces the whole and tells it", async () => {
    const room = openRoom();
    expect(await ask(room, "/api/directory")).toMatchObject({ status: 200, body: empty });
    expect(await ask(room, "/api/directory", json("PUT", full))).toMatchObject({ status: 200, body: full });
    expect((await ask(room, "/api/directory")).body).toEqual(full);
    expect(room.parts.directory.get()).toEqual(full);
    const { body } = await ask<DirectoryState>(room, "/api/directory", json("PUT", {}));
    expect(body).toEqual(empty);
  });

  test.each([
    [{ ...full, users: [{ address: "ada" }] }, "users[0].address"],
    [{ ...full, lists: [{ name: "staff", members: ["ada@x.test", "bob"] }] }, "lists[0].members[1]"],
    [{ ...full, strict: true }, "strict"],
    [[full], ""],
    ["full", ""],
  ])("PUT %j: 422 with the path, and nothing changes", async (body, path) => {
    const room = openRoom();
    await ask(room, "/api/directory", json("PUT", full));
    const refused = await ask(room, "/api/directory", json("PUT", body));
    expect(refused).toMatchObject({
      status: 422,
      type: "application/problem+json",
      body: { type: "urn:mailproof:problem:bad-body", path },
    });
    expect(refused.body.detail).toMatch(/^Failed to set directory: .*; /);
    expect((await ask(room, "/api/directory")).body).toEqual(full);
  });

  test("no JSON, another type, a query: as everywhere", async () => {
    const room = openRoom();
    const put = (body: string, type = "application/json") =>
      ask(room, "/api/directory", { method: "PUT", headers: { "content-type": type }, body });
    expect((await put("{")).status).toBe(400);
    expect((await put("{}", "text/plain")).status).toBe(415);
    expect((await ask(room, "/api/directory?x=1")).status).toBe(400);
    expect((await ask(room, "/api/directory?x=1", json("PUT", full))).status).toBe(400);
    expect(room.parts.directory.get()).toEqual(empty);
  });
});
