/** MSW stands between the client and `app.fetch` and does what networks do. */
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type ClientOptions,
  createClient,
  type Mailproof,
  MailproofError,
  WaitTimeoutError,
} from "../../src/sdk/mod.ts";
import { importedTimers } from "../../src/sdk/timers.ts";
import { ManualTimers } from "../api/manual-timers.ts";
import { openRoom, type Room } from "../api/room.ts";

const baseUrl = "http://127.0.0.1:8025";
const network = setupServer();
/** Requests that arrived at the API. */
let arrived: Request[] = [];
let room: Room;
let mail: Mailproof;

const options: ClientOptions = {
  fetch: (request) => globalThis.fetch(request),
  baseUrl,
  token: "s3cret",
  connection: {
    smtp: { host: "127.0.0.1", port: 49213, url: "smtp://127.0.0.1:49213" },
    http: { url: baseUrl },
    tls: { ca: null },
  },
};

function toTheApi(): void {
  network.use(
    http.all(`${baseUrl}/*`, async ({ request }) => {
      arrived.push(request);
      return await room.app.fetch(request);
    }),
  );
}

/** The next request for the path meets this instead. */
function once(path: string, answer: () => Response | Promise<Response>): void {
  network.use(http.all(`${baseUrl}${path}`, answer, { once: true }));
}

const asked = (path: string) => arrived.filter(({ url }) => new URL(url).pathname === path);

beforeAll(() => network.listen({ onUnhandledRequest: "error" }));
beforeEach(async () => {
  room = openRoom({ timers: { ...importedTimers, now: Date.now } });
  toTheApi();
  mail = await createClient(options);
  arrived = [];
});
afterEach(async () => {
  await mail.close();
  room.close();
  network.resetHandlers();
});
afterAll(() => network.close());

const unavailable = () => HttpResponse.json({ detail: "too many waits" }, { status: 503 });
const cutOff = () => {
  const chunks = ['{"messages":[{"id":"m1","sub'];
  const pull = (controller: ReadableStreamDefaultController) => {
    const chunk = chunks.shift();
    if (chunk === undefined) controller.error(new TypeError("terminated"));
    else controller.enqueue(new TextEncoder().encode(chunk));
  };
  return new Response(new ReadableStream({ pull }), { headers: { "content-type": "application/json" } });
};
const shortened = () => new Response('{"messages":[{"id":"m1","sub');

describe("a wait is asked again within its time", () => {
  const rows: [string, () => Response][] = [
    ["503", unavailable],
    ["no connection", () => HttpResponse.error()],
    ["a connection that is cut in the answer", cutOff],
    ["half an answer", shortened],
  ];
  test.each(rows)("%s, then a message", async (_, answer) => {
    once("/api/messages/wait", answer);
    await room.deliver({ subject: "Welcome" });
    expect((await mail.waitFor()).subject).toBe("Welcome");
    expect(asked("/api/messages/wait")).toHaveLength(1);
  });

  test("and when no answer comes at all, it says so, and not that no mail came", async () => {
    network.use(http.all(`${baseUrl}/api/messages/wait`, unavailable));
    const failed = await mail
      .waitFor({ to: "ada@x.test" }, { timeout: 150 })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(WaitTimeoutError);
    expect(failed).toMatchObject({
      message: "no answer about mail to ada@x.test in 150 ms · Failed to wait: too many waits",
      cause: { name: "MailproofError", status: 503 },
      actual: null,
    });
  });

  test("but a refusal is final", async () => {
    await expect(mail.waitFor({ q: "(" })).rejects.toMatchObject({ status: 400, problem: { field: "q" } });
    expect(asked("/api/messages/wait")).toHaveLength(1);
  });
});

describe("what answers without the list that was asked for is not Mailproof", () => {
  const questions: [string, string, () => Promise<unknown>][] = [
    ["waitFor", "/api/messages/wait", () => mail.waitFor()],
    ["waitForTransactions", "/api/transactions/wait", () => mail.waitForTransactions()],
    ["expectNone", "/api/messages/wait", () => mail.expectNone({}, { attempts: false })],
    ["expectNone of attempts", "/api/transactions/wait", () => mail.expectNone({}, { within: 10 })],
    ["messages", "/api/messages", () => mail.messages()],
    ["transactions", "/api/transactions", () => mail.transactions()],
    ["sessions", "/api/sessions", () => mail.sessions()],
    ["faults.list", "/api/faults", () => mail.faults.list()],
    ["faults.presets", "/api/faults/presets", () => mail.faults.presets()],
  ];
  const answers = ["{}", "[]", "null", '{"messages":{}}'];
  const rows = questions.flatMap(([name, path, ask]) =>
    answers.map((said) => [name, said, path, ask] as const),
  );
  test.each(rows)("%s: %s", async (_, said, path, ask) => {
    once(path, () => new Response(said, { headers: { "content-type": "application/json" } }));
    await expect(ask()).rejects.toMatchObject({
      name: "MailproofError",
      status: 200,
      message: expect.stringMatching(
        /^Failed to [\w ]+: the answer has no list of \w+; check that a Mailproof server answers at http:/,
      ),
    });
  });
});

describe("a slow answer", () => {
  test("ends with an abort", async () => {
    once("/api/messages/wait", () => new Promise(() => {}));
    const controller = new AbortController();
    const reason = new Error("enough");
    const failing = expect(mail.waitFor({}, { signal: controller.signal })).rejects.toBe(reason);
    controller.abort(reason);
    await failing;
  });

  test("ends with the handle", async () => {
    once("/api/messages", () => new Promise(() => {}));
    const failing = expect(mail.messages()).rejects.toThrow("the Mailproof handle was closed");
    await mail.close();
    await failing;
  });

  test("ends when the server holds a wait beyond its time", async () => {
    const timers = new ManualTimers();
    mail = await createClient({ ...options, timers });
    network.use(http.all(`${baseUrl}/api/messages/wait`, () => new Promise(() => {})));
    const failing = expect(mail.waitFor()).rejects.toThrow("no answer about mail in 3000 ms");
    await timers.pass(10_000);
    await failing;
  });
});

test("a long wait is a chain of requests that are held for a minute at most", async () => {
  const timers = new ManualTimers();
  room = openRoom({ timers });
  mail = await createClient({ ...options, timers });
  const waiting = mail.waitFor({}, { timeout: "150s" });
  await timers.pass(130_000);
  await room.deliver({ subject: "late" });
  expect((await waiting).subject).toBe("late");
  const timeouts = asked("/api/messages/wait").map(({ url }) => new URL(url).searchParams.get("timeout"));
  expect(timeouts).toEqual(["60000", "60000", "30000"]);

  const none = mail.expectNone({ subject: "later" }, { within: "61s" });
  await timers.pass(61_000);
  await none;
});

describe("other calls are not asked again", () => {
  const rows: [string, () => Response, Partial<MailproofError>][] = [
    ["503", unavailable, { status: 503, message: "Failed to read the info: too many waits" }],
    [
      "no connection",
      () => HttpResponse.error(),
      { status: null, message: expect.stringContaining(`; check that Mailproof runs at ${baseUrl}`) },
    ],
    ["half an answer", shortened, { status: null, problem: null }],
    [
      "a page of another server",
      () => HttpResponse.html("<h1>Hello</h1>", { status: 404, statusText: "Not Found" }),
      {
        status: 404,
        problem: null,
        message: expect.stringContaining("404 Not Found; check that a Mailproof server"),
      },
    ],
  ];
  test.each(rows)("%s", async (_, answer, expected) => {
    once("/api/info", answer);
    const failed = await mail.info().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MailproofError);
    expect(failed).toMatchObject(expected);
    expect(arrived).toEqual([]);
  });
});

test("every call carries the token", async () => {
  await mail.info();
  await mail.clear();
  expect(arrived.map(({ headers }) => headers.get("authorization"))).toEqual(Array(3).fill("Bearer s3cret"));
});

test("lists follow the cursor to the end, and come in order of arrival", async () => {
  for (let n = 1; n <= 1001; n++) room.refuse({ to: [`${n}@x.test`] });
  const transactions = await mail.transactions();
  expect(transactions.map(({ seq }) => seq)).toEqual(Array.from({ length: 1001 }, (_, n) => n + 1));
  expect(asked("/api/transactions")).toHaveLength(3);
});

describe("a limit", () => {
  test("is asked of the API, page by page; the newest come, in order of arrival", async () => {
    for (let n = 1; n <= 600; n++) room.refuse({ to: [`${n}@x.test`] });
    const transactions = await mail.transactions({}, { limit: 501 });
    expect(transactions.map(({ seq }) => seq)).toEqual(Array.from({ length: 501 }, (_, n) => n + 100));
    const limits = asked("/api/transactions").map(({ url }) => new URL(url).searchParams.get("limit"));
    expect(limits).toEqual(["500", "1"]);
  });

  test("no message beyond it is read", async () => {
    for (const subject of ["one", "two", "three"]) await room.deliver({ subject });
    const messages = await mail.messages({}, { limit: 2 });
    expect(messages.map(({ subject }) => subject)).toEqual(["two", "three"]);
    expect(asked("/api/messages/wait").map(({ url }) => new URL(url).searchParams.get("count"))).toEqual([
      "2",
    ]);
    expect(arrived).toHaveLength(2);
  });

  test.each([0, -1, 1.5, Number.NaN])("%d is refused", async (limit) => {
    await expect(mail.sessions({}, { limit })).rejects.toThrow(RangeError);
  });
});

describe("messages are read by the hundred", () => {
  test("all of them, in order of arrival", async () => {
    for (let n = 1; n <= 250; n++) await room.deliver({ to: [n % 5 === 0 ? "bob@x.test" : "ada@x.test"] });
    const messages = await mail.messages({ to: "ada@*" });
    const expected = Array.from({ length: 250 }, (_, n) => n + 1).filter((seq) => seq % 5 !== 0);
    expect(messages.map(({ seq }) => seq)).toEqual(expected);
    expect(messages[0]).toMatchObject({ text: "Hi there\n", transaction: { storedId: "m1" } });
    expect(arrived).toHaveLength(3);
  });

  /** What happens between the list and the reading, with three messages there. */
  const rows: [string, () => Promise<unknown> | Response, string[]][] = [
    ["one is gone", () => room.store.remove({ ids: ["m1"] }), ["two", "three"]],
    ["all are gone", () => room.store.clear(), []],
    ["one came", () => room.deliver({ subject: "four" }), ["one", "two", "three"]],
    ["one is gone and one came", () => goAndCome("m2"), ["one", "three"]],
    ["one matches no more", () => room.store.patch({ ids: ["m2"] }, { read: true }), ["one", "two", "three"]],
    [
      "the server has no place for a wait",
      () =>
        HttpResponse.json({ type: "urn:mailproof:problem:too-many-held", detail: "full" }, { status: 503 }),
      ["one", "two", "three"],
    ],
  ];
  const goAndCome = async (id: string) => {
    await room.store.remove({ ids: [id] });
    await room.deliver({ subject: "four" });
  };
  test.each(rows)("%s", async (_, meanwhile, expected) => {
    for (const subject of ["one", "two", "three"]) await room.deliver({ subject });
    network.use(
      http.all(
        `${baseUrl}/api/messages/wait`,
        async ({ request }) => {
          const happened = await meanwhile();
          return happened instanceof Response ? happened : await room.app.fetch(request);
        },
        { once: true },
      ),
    );
    const messages = await mail.messages({ read: false });
    expect(messages.map(({ subject }) => subject)).toEqual(expected);
  });
});

describe("events", () => {
  /** Lets so many events through, then cuts the connection in the middle of the next one. */
  const cutAfter = (events: number) => {
    network.use(
      http.get(
        `${baseUrl}/api/events`,
        async ({ request }) => {
          arrived.push(request);
          const { body, headers } = await room.app.fetch(request);
          let left = events;
          const cut = new TransformStream<Uint8Array, Uint8Array>({
            transform: (chunk, controller) => {
              if (!new TextDecoder().decode(chunk).includes("data:")) return controller.enqueue(chunk);
              if (left-- > 0) return controller.enqueue(chunk);
              controller.enqueue(chunk.slice(0, chunk.length / 2));
              controller.terminate();
            },
          });
          return new Response(body!.pipeThrough(cut), { headers });
        },
        { once: true },
      ),
    );
  };

  test("a stream that is cut goes on after the last event that was read", async () => {
    cutAfter(2);
    const since = await mail.mark();
    for (const subject of ["one", "two", "three"]) await room.deliver({ subject });
    const subjects: string[] = [];
    for await (const event of mail.events({ types: ["message.received"], since })) {
      if (event.type === "message.received") subjects.push(event.data.message?.subject ?? "");
      if (subjects.length === 3) break;
    }
    expect(subjects).toEqual(["one", "two", "three"]);
    const places = asked("/api/events").map(({ headers }) => headers.get("last-event-id"));
    const second = room.journal.since(since.journal)!.filter(({ type }) => type === "message.received")[1];
    expect(places).toEqual([String(since.journal), String(second!.n)]);
  });

  test("a stream that cannot be opened yet is opened again", async () => {
    once("/api/events", unavailable);
    once("/api/events", () => HttpResponse.error());
    const since = await mail.mark();
    await room.deliver();
    const { value } = await mail.events({ since })[Symbol.asyncIterator]().next();
    expect(value.type).toBe("transaction.started");
  });

  test("who stops reading gives the place on the server back", async () => {
    const mostHeld = 1000;
    const direct = await createClient({ ...options, fetch: (request) => room.app.fetch(request) });
    const since = await direct.mark();
    await room.deliver();
    for (let reader = 0; reader <= mostHeld; reader++) {
      for await (const { n } of direct.events({ since })) {
        expect(n).toBe(since.journal + 1);
        break;
      }
    }
  });
});
