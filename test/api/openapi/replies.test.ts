/** Every reply that the document names, provoked by a request: its status, its type, its form, its headers. */
import { expect, test, vi } from "vitest";
import type { ApiParts } from "../../../src/api/mod.ts";
import { MemoryStore } from "../../../src/store/mod.ts";
import { settle } from "../manual-timers.ts";
import { openRoom, type Room } from "../room.ts";
import { type Described, type DescribedReply, described, find } from "./described.ts";
import { type Asking, ask, openStockedRoom, requestOf } from "./stocked-room.ts";
import { validatorOf } from "./validators.ts";

interface Row {
  readonly route: string;
  readonly status: number;
  /** Null: no problem. */
  readonly problem: string | null;
  readonly about: string;
  readonly asking: Asking;
  readonly room: () => Room | Promise<Room>;
}

const one: Asking = {};

const inboxRoutes = described
  .filter(({ parameters }) =>
    parameters.some(({ name, schema }) => name === "inbox" && schema.type === "string"),
  )
  .map(({ route }) => route);

const ofInboxRoutes = described
  .filter(({ parameters }) => parameters.some(({ name }) => name === "ofInbox"))
  .map(({ route }) => route);

/** What only this route can tell. A route with places is asked for one that is not there besides. */
const own: readonly Row[] = [
  ...["GET /api/messages/wait", "GET /api/transactions/wait"].flatMap((route) => [
    row(route, 404, "wait-timeout", "too few", { query: "count=5&timeout=0" }),
    row(route, 409, "wait-too-many", "too many", { query: "exactly=0&quiet=1" }),
    row(route, 409, "wait-too-many", "any", { query: "count=0&timeout=1" }),
    row(route, 404, "wait-timeout", "nothing is there", { query: "timeout=0" }, openRoom),
    row(route, 200, null, "none, and quiet", { query: "count=0&timeout=0" }, openRoom),
  ]),
  ...["GET /api/messages/wait", "GET /api/transactions/wait", "GET /api/events"].flatMap((route) => [
    row(route, 409, "restarted", "of another server", { query: "startedAt=2025-12-31" }),
    row(route, 503, "too-many-held", "1,000 are held", one, openFullRoom),
    row(route, 503, "closing", "the server closes", one, openClosedRoom),
  ]),
  row("POST /api/messages", 422, "bad-body", "no recipient", { body: { from: "ada@example.test" } }),
  row("POST /api/messages", 400, "bad-query", "nobody is to get it", { query: "to=" }),
  row("POST /api/messages", 201, null, "octets", { query: "from=" }),
  row("POST /api/messages", 413, "too-large", "over the size of a message", { query: "from=" }, () =>
    openLimitedRoom({ maxMessageSize: 10 }),
  ),
  row("POST /api/messages", 507, "no-room", "no room", one, () => {
    const store = new MemoryStore({ maxMessages: 0, maxBytes: 1e9, whenFull: "reject" });
    return openRoom({}, undefined, store);
  }),
  row("PATCH /api/messages", 422, "bad-body", "a wrong field", { body: { read: "yes" } }),
  row("PATCH /api/messages/{id}", 422, "bad-body", "an unknown field", { body: { seen: true } }),
  row("GET /api/messages/{id}", 404, "not-found", "no match", {
    places: { id: "latest" },
    query: "to=eve@*",
  }),
  row("GET /api/messages/{id}", 200, null, "a match", { places: { id: "latest" }, query: "to=ada@*" }),
  row("GET /api/messages/{id}/text", 404, "not-found", "no text", one, openBareRoom),
  row("GET /api/messages/{id}/html", 404, "not-found", "no HTML", one, openBareRoom),
  row("GET /view/{id}/html", 404, "not-found", "no HTML", one, openBareRoom),
  row("GET /api/sessions/{id}/transcript", 200, null, "text", { query: "format=text" }),
  row("GET /api/sessions/{id}/transcript", 200, null, "JSON", { query: "format=json" }),
  row("POST /api/faults", 201, null, "a list", { body: [{ on: "rcpt", do: "550" }] }),
  row("POST /api/faults", 201, null, "rules", { body: { rules: [] } }),
  ...["POST /api/faults", "PUT /api/faults"].map((route) =>
    row(route, 422, "bad-rule", "a phase that is none", { body: { on: "nowhere", do: "550" } }),
  ),
  row("POST /api/faults", 409, "duplicate-rule", "an id that is there", { body: ruleOf("full") }),
  row("PUT /api/faults", 409, "duplicate-rule", "an id twice", { body: [ruleOf("a"), ruleOf("a")] }),
  ...inboxRoutes.map((route) => row(route, 404, "not-found", "no such inbox", { query: "inbox=none" })),
  ...ofInboxRoutes.flatMap((route) => {
    const places: Record<string, string> = route.includes("/messages/{id}") ? { id: "latest" } : {};
    return [
      row(route, 404, "not-found", "of no inbox", { query: "ofInbox=none", places }),
      row(route, 400, "bad-query", "of two inboxes", { query: "ofInbox=sign-up-1&inbox=*", places }),
    ];
  }),
  row("POST /api/clock", 404, "not-found", "no such inbox", { body: { advance: 1, inbox: "none" } }),
  row("POST /api/clock", 200, null, "of an inbox", { body: { advance: 1, inbox: "sign-up-1" } }),
  row("POST /api/inboxes", 422, "bad-body", "a wrong field", { body: { name: 1 } }),
  row("POST /api/inboxes", 422, "bad-body", "no pattern", { body: { match: { to: "/(/" } } }),
  row("POST /api/inboxes", 201, null, "no body", { body: "" }),
  row("PATCH /api/faults/{id}", 422, "bad-rule", "no effect", { body: { do: null } }),
  row("POST /api/faults/presets/{name}", 422, "bad-rule", "an unknown field", { body: { who: 1 } }),
  row("POST /api/faults/presets/{name}", 409, "duplicate-rule", "twice", { body: {} }, async () => {
    const room = await openStockedRoom();
    room.parts.faults.use("greylisting");
    return room;
  }),
  row("PUT /api/directory", 422, "bad-body", "no address", { body: { users: [{ address: "ada" }] } }),
  row("POST /api/clock", 422, "bad-body", "no duration", { body: { advance: "soon" } }),
  row("GET /api/tls/ca.pem", 404, "not-found", "none was generated", one, openRoom),
  row("GET /readyz", 503, null, "a listener is missing", one, () => openRoom({ ready: () => false })),
  ...["GET /", "GET /assets/{file}"].map((route) =>
    row(route, 304, null, "not changed", one, async () => {
      const room = await openStockedRoom();
      const reply = await room.app.fetch(await requestOf(room, find(route), {}));
      const etag = reply.headers.get("etag") ?? "";
      const { app } = room;
      const fetch: typeof app.fetch = (request) => {
        request.headers.set("if-none-match", etag);
        return app.fetch(request);
      };
      return { ...room, app: { request: app.request, fetch } as typeof app };
    }),
  ),
  row("GET /assets/{file}", 200, null, "a script", { places: { file: "app.js" } }),
  ...["png", "pdf"].map((kind, index) =>
    row("GET /api/messages/{id}/attachments/{index}", 200, null, kind, { places: { index: String(index) } }),
  ),
];

/** What the guard, the query and the body of any route can tell. */
const shared: Readonly<Record<string, (operation: Described) => Row>> = {
  "bad-query": ({ route }) => row(route, 400, "bad-query", "an unknown parameter", { query: "zzzzzzzz=1" }),
  unauthorized: ({ route }) =>
    row(route, 401, "unauthorized", "no token", one, () => openStockedRoom(guardedBy("secret"))),
  "forbidden-host": ({ route }) =>
    row(route, 403, "forbidden-host", "a name on the net", { headers: { host: "evil.test" } }),
  "forbidden-origin": ({ route }) =>
    row(route, 403, "forbidden-origin", "another site", { headers: { origin: "http://evil.test" } }),
  "unsupported-type": ({ route }) =>
    row(route, 415, "unsupported-type", "plain text", {
      headers: { "content-type": "text/plain" },
      body: "advance=1",
    }),
  "bad-body": ({ route, method }) => {
    // The `fetch` of this test sends no body with GET.
    const asking = method === "GET" ? { headers: { "content-length": "2" } } : { body: { zzzzzzzz: 1 } };
    return row(route, 422, "bad-body", "a field that is none", asking);
  },
  "bad-json": ({ route }) => row(route, 400, "bad-json", "half of it", { body: '{"a":' }),
  "too-large": ({ route }) =>
    row(
      route,
      413,
      "too-large",
      "over 1 MiB",
      { body: `{"a":"${"x".repeat(1_048_576)}"}` },
      // A message may be larger, if that is allowed.
      route === "POST /api/messages" ? () => openLimitedRoom({ maxMessageSize: 0 }) : openStockedRoom,
    ),
};

const rows: readonly Row[] = [...described.flatMap(sharedRows), ...described.flatMap(placeRows), ...own];

test.each(rows.map((row) => [row.route, row.status, row.problem ?? "", row.about, row] as const))(
  "%s: %i %s (%s)",
  async (route, status, problem, _, { asking, room: open }) => {
    const operation = find(route);
    const reply = await ask(await open(), operation, asking);
    expect(reply.status).toBe(status);
    await expectAsDescribed(operation, reply, problem === "" ? null : problem);
  },
);

test("every reply of the document has a request here", () => {
  const provoked = new Set(rows.map(({ route, status, problem }) => `${route}: ${status} ${problem ?? ""}`));
  const said = described.flatMap(({ route, replies }) =>
    replies.map(({ status, problem }) => `${route}: ${status} ${problem ?? ""}`),
  );
  expect([...provoked].sort()).toEqual(said.sort());
});

test("the message that is asked for has something of everything, so that every form is tried", async () => {
  const message = await (await openStockedRoom()).store.message("m1");
  const lists = Object.entries(message!).filter(([, value]) => Array.isArray(value));
  const empty = lists.filter(([, value]) => value.length === 0).map(([name]) => name);
  expect(empty).toEqual(["inboxes", "cc", "bcc", "replyTo", "tags", "warnings"]);
});

test("default: a mistake of ours is a problem, whatever the route", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const broken: string[] = [];
  for (const operation of described) {
    const reply = await ask(openBrokenRoom(), operation);
    if (reply.status !== 500) continue;
    broken.push(operation.route);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    const body = await reply.json();
    expect(body).toMatchObject({ type: "urn:mailproof:problem:internal" });
    const validate = validatorOf({ $ref: "#/components/schemas/Problem" });
    expect([validate(body), validate.errors]).toEqual([true, null]);
  }
  said.mockRestore();
  // The rest need nothing that is broken here.
  expect(described.map(({ route }) => route).filter((route) => !broken.includes(route))).toEqual([
    "GET /api/faults/schema",
    "GET /api/faults/presets",
    "GET /livez",
    "GET /",
    "GET /assets/{file}",
    "GET /view/{id}/inline/{token}/{contentId}",
  ]);
});

function row(
  route: string,
  status: number,
  problem: string | null,
  about: string,
  asking: Asking,
  room: Row["room"] = openStockedRoom,
): Row {
  return { route, status, problem, about, asking, room };
}

/** The example, and what any route can tell. */
function sharedRows(operation: Described): Row[] {
  const { route, replies } = operation;
  const problems = replies.flatMap(({ problem }) => (problem === null ? [] : (shared[problem] ?? [])));
  return [
    row(route, replies[0]!.status, null, "the example", one),
    ...problems.map((make) => make(operation)),
  ];
}

/** Each place of the path in turn is one that is not there. */
function placeRows({ route, parameters }: Described): Row[] {
  const places = parameters.filter((parameter) => parameter.in === "path");
  return places.map(({ name }) =>
    row(route, 404, "not-found", `no such ${name}`, { places: { [name]: "404" } }),
  );
}

async function expectAsDescribed(
  operation: Described,
  reply: Response,
  problem: string | null,
): Promise<void> {
  const said = operation.replies.find((one) => one.status === reply.status && one.problem === problem);
  expect(said).toBeDefined();
  const { content, headers } = said as DescribedReply;
  for (const name of headers) expect(reply.headers.get(name), name).not.toBeNull();
  if (Object.keys(content).length === 0) {
    expect(await reply.text()).toBe("");
    return;
  }
  const type = reply.headers.get("content-type")?.split(";")[0] ?? "none";
  expect(Object.keys(content)).toContain(type);
  if (!type.endsWith("json")) return reply.body?.cancel();
  const body = await reply.json();
  const validate = validatorOf(content[type]);
  expect([validate(body), validate.errors]).toEqual([true, null]);
}

function ruleOf(id: string): object {
  return { id, on: "rcpt", do: "550" };
}

function guardedBy(token: string): Partial<ApiParts> {
  return { guard: { hosts: [], token } };
}

/** Its one message has neither text nor HTML. */
async function openBareRoom(): Promise<Room> {
  const room = openRoom();
  await room.deliver({ raw: "Subject: A picture\r\nContent-Type: image/png\r\n\r\nx\r\n" });
  return room;
}

function openLimitedRoom(limits: { maxMessageSize: number }): Room {
  const info = openRoom().parts.info();
  return openRoom({ info: () => ({ ...info, limits: { ...info.limits, ...limits } }) });
}

async function openFullRoom(): Promise<Room> {
  const room = openRoom();
  const held = Array.from({ length: 1_000 }, () => room.app.request("/api/events"));
  await Promise.all(held);
  return room;
}

async function openClosedRoom(): Promise<Room> {
  const room = openRoom();
  room.close();
  await settle();
  return room;
}

/** Whatever a route touches throws. */
function openBrokenRoom(): Room {
  const fail = (): never => {
    throw new Error("broken");
  };
  const broken = <T extends object>(): T => new Proxy({}, { get: fail }) as T;
  return openRoom({
    store: broken(),
    faults: broken(),
    directory: broken(),
    clock: broken(),
    inboxes: broken(),
    info: fail,
    ca: fail,
    reset: fail,
    ready: fail,
    htmlForView: fail,
  });
}
