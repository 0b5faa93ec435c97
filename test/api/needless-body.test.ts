/** A body that a route would not read is refused before anything is done, whoever sends it. */
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startMailproof } from "../../src/mailproof.ts";
import { described } from "./openapi/described.ts";
import { ask, openStockedRoom } from "./openapi/stocked-room.ts";

const routes = described.filter(({ body, replies }) => body === null && replies.some(isNeedlessBody));

function isNeedlessBody({ problem }: { problem: string | null }): boolean {
  return problem === "bad-body";
}

test.each(routes.filter(({ method }) => method !== "GET").map((one) => [one.route, one] as const))(
  "%s: refused, and nothing has changed",
  async (_, operation) => {
    const room = await openStockedRoom();
    const before = [room.journal.last, room.store.counts(), room.parts.faults.list()];
    const reply = await ask(room, operation, { body: { IDs: ["m1"] } });
    const { type, detail } = await reply.json();
    expect([reply.status, type]).toEqual([422, "urn:mailproof:problem:bad-body"]);
    expect(detail).toContain("takes none");
    expect([room.journal.last, room.store.counts(), room.parts.faults.list()]).toEqual(before);
  },
);

test("only pages for browsers and probes take whatever comes", () => {
  const others = described.filter(({ body }) => body === null).filter((one) => !routes.includes(one));
  expect(others.map(({ route }) => route)).toEqual([
    "GET /livez",
    "GET /readyz",
    "GET /",
    "GET /assets/{file}",
  ]);
});

test("over HTTP: by its length or in chunks, with GET too; one of no octets, or an empty object, is none", async () => {
  const mail = await startMailproof();
  try {
    const send = (method: string, path: string, octets: string, headers: Record<string, string>) =>
      new Promise<[number | undefined, string]>((resolve, reject) => {
        const asked = request(mail.http.url + path, { method, headers }, async (reply) =>
          resolve([reply.statusCode, await text(reply)]),
        );
        asked.on("error", reject).end(octets);
      });
    const json = { "content-type": "application/json" };
    const chunked = { ...json, "transfer-encoding": "chunked" };
    for (const [method, path, octets, headers, status] of [
      ["GET", "/api/messages", '{"to":"ada@*"}', { ...json, "content-length": "14" }, 422],
      // Some proxies put it so, without an octet.
      ["GET", "/api/messages", "", chunked, 200],
      ["DELETE", "/api/messages", '{"IDs":["m1"]}', { ...json, "content-length": "14" }, 422],
      ["DELETE", "/api/messages", '{"IDs":["m1"]}', chunked, 422],
      ["DELETE", "/api/messages", "to=ada", { "content-length": "6" }, 422],
      ["DELETE", "/api/messages", "", chunked, 200],
      ["DELETE", "/api/messages", "{}", chunked, 200],
      ["POST", "/api/reset", "{ }\n", { ...json, "content-length": "4" }, 204],
      ["POST", "/api/reset", '{"inbox":"a-1"}', chunked, 422],
      ["POST", "/api/reset", "", chunked, 204],
      ["POST", "/api/reset", "", { "content-length": "0" }, 204],
    ] as const) {
      const [code, body] = await send(method, path, octets, headers);
      expect([method, path, octets, code, body], body).toEqual([method, path, octets, status, body]);
    }
  } finally {
    await mail.close();
  }
});
