import { describe, expect, test } from "vitest";
import type { ApiEvent } from "../../src/api/contract.ts";
import { settle } from "./manual-timers.ts";
import { json, openRoom, type Room } from "./room.ts";

/** A reader that takes a block only when asked to. */
class Listener {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #text = "";

  constructor(reply: Response) {
    this.#reader = reply.body!.getReader();
  }

  /** The next block of lines; null at the end of the stream. */
  async block(): Promise<string | null> {
    while (!this.#text.includes("\n\n")) {
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += new TextDecoder().decode(value);
    }
    const end = this.#text.indexOf("\n\n");
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return block;
  }

  /** The next event, with its framing checked. */
  async event(): Promise<ApiEvent> {
    const fields = /^id: (\d+)\nevent: (\S+)\ndata: (.*)$/.exec((await this.block()) ?? "");
    expect(fields).not.toBeNull();
    const event: ApiEvent = JSON.parse(fields![3]!);
    expect([String(event.n), event.type]).toEqual([fields![1], fields![2]]);
    return event;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** Connects, and takes the first block, which only says the place. */
async function listen(room: Room, query = "", lastEventId?: number): Promise<Listener> {
  const headers: Record<string, string> =
    lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
  const reply = await room.app.request(`/api/events${query}`, { headers });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toBe("text/event-stream");
  const listener = new Listener(reply);
  expect(await listener.block()).toMatch(/^id: \d+$/);
  return listener;
}

async function types(listener: Listener, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) found.push((await listener.event()).type);
  return found;
}

describe("events: live", () => {
  test("a message arrives as it is listed, with the journal's number", async () => {
    const room = openRoom();
    const listener = await listen(room, "?types=message.received");
    const id = await room.deliver({ subject: "Live" });
    const event = await listener.event();
    expect(event).toMatchObject({
      type: "message.received",
      data: { id, message: { id, subject: "Live", read: false } },
    });
    expect(Object.keys((event.data as { message: object }).message)).not.toContain("html");
  });

  test("what came before the connection is not told", async () => {
    const room = openRoom();
    room.refuse();
    const listener = await listen(room);
    room.connect();
    expect((await listener.event()).type).toBe("session.opened");
  });

  test("a message that is gone already is told without its summary", async () => {
    const room = openRoom();
    const listener = await listen(room, "?types=message.received,message.deleted");
    const id = await room.deliver();
    await room.app.request("/api/messages", { method: "DELETE" });
    expect(await listener.event()).toMatchObject({ type: "message.received", data: { id, message: null } });
    expect(await listener.event()).toMatchObject({ type: "message.deleted", data: { ids: [id] } });
  });

  test("the filter narrows message.received, types the rest", async () => {
    const room = openRoom();
    const listener = await listen(room, "?types=message.received,session.opened&to=ada@*");
    await room.deliver({ to: ["bob@x.test"] });
    room.connect();
    const id = await room.deliver({ to: ["ada@x.test"] });
    expect((await listener.event()).type).toBe("session.opened");
    expect(await listener.event()).toMatchObject({ type: "message.received", data: { id } });
  });

  test("changes through the API are told", async () => {
    const room = openRoom();
    const listener = await listen(room);
    await room.app.request("/api/clock", json("POST", { advance: "5m" }));
    await room.app.request("/api/faults", json("POST", { on: "rcpt", do: "550 5.1.1 No" }));
    await room.app.request("/api/reset", { method: "POST" });
    expect(await types(listener, 3)).toEqual(["clock.advanced", "faults.changed", "reset"]);
  });

  test("a heartbeat every 15 s of silence carries the place", async () => {
    const room = openRoom();
    const listener = await listen(room, "?types=message.received");
    room.refuse();
    const block = listener.block();
    await room.timers.pass(15_000);
    expect(await block).toBe(`: heartbeat\nid: ${room.journal.last}`);
  });

  test("HEAD opens no stream", async () => {
    const reply = await openRoom().app.request("/api/events", { method: "HEAD" });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toBe("");
  });
});

describe("events: replay", () => {
  test("Last-Event-ID: everything after it, then live, without a gap or a double", async () => {
    const room = openRoom();
    room.connect();
    const mark = room.journal.last;
    room.refuse();
    const listener = await listen(room, "", mark);
    room.connect();
    const numbers = [await listener.event(), await listener.event(), await listener.event()].map(
      (event) => event.n,
    );
    expect(numbers).toEqual([mark + 1, mark + 2, mark + 3]);
  });

  test("Last-Event-ID 0 replays all there is", async () => {
    const room = openRoom();
    room.connect();
    expect((await (await listen(room, "", 0)).event()).n).toBe(1);
  });

  test("lastEventId does the same, and Last-Event-ID goes first: it is what an EventSource has come to", async () => {
    const room = openRoom();
    for (let i = 0; i < 4; i++) room.connect();
    const later = room.journal.last;
    expect((await (await listen(room, "?lastEventId=1")).event()).n).toBe(2);
    expect((await (await listen(room, "?lastEventId=1", later - 1)).event()).n).toBe(later);
    const bad = await room.app.request("/api/events?lastEventId=x");
    expect([bad.status, (await bad.json()).field]).toEqual([400, "lastEventId"]);
  });

  test("the ring has moved on: reset with replay-lost, then live", async () => {
    const room = openRoom({}, 3);
    for (let i = 0; i < 5; i++) room.connect();
    const listener = await listen(room, "", 1);
    expect(await listener.event()).toMatchObject({ type: "reset", data: { reason: "replay-lost" } });
    room.refuse();
    expect(await types(listener, 2)).toEqual(["transaction.started", "transaction.finished"]);
  });

  test("a number from the future, of a server before a restart: replay-lost", async () => {
    const room = openRoom();
    room.connect();
    const listener = await listen(room, "", 1_000_000);
    expect(await listener.event()).toMatchObject({
      n: room.journal.last,
      type: "reset",
      data: { reason: "replay-lost" },
    });
  });

  test("a long replay is not a slow reader", async () => {
    const room = openRoom({}, 5_000);
    for (let i = 0; i < 2_000; i++) room.connect();
    const listener = await listen(room, "", 0);
    const found = await types(listener, 2_000);
    expect(found.every((type) => type === "session.opened")).toBe(true);
  });
});

describe("events: slow readers", () => {
  test("over 1,000 events behind: reset with slow-reader, then live", async () => {
    const room = openRoom({}, 5_000);
    const listener = await listen(room);
    for (let i = 0; i < 1_001; i++) room.connect();
    expect(await listener.event()).toMatchObject({ type: "reset", data: { reason: "slow-reader" } });
    room.refuse();
    expect(await types(listener, 2)).toEqual(["transaction.started", "transaction.finished"]);
  });

  test("1,000 events behind: all are told", async () => {
    const room = openRoom({}, 5_000);
    const listener = await listen(room);
    for (let i = 0; i < 1_000; i++) room.connect();
    expect(await types(listener, 1_000)).not.toContain("reset");
  });

  test("of a flood readers together hear 2,000 events at once, then 500 a second", async () => {
    const room = openRoom({}, 50_000);
    const listeners = [await listen(room), await listen(room)];
    let heard = 0;
    for (const listener of listeners) {
      void (async () => {
        for (;;) {
          await listener.event();
          heard += 1;
        }
      })().catch(() => {});
    }
    for (let i = 0; i < 1_900; i++) {
      room.connect();
      if (i % 500 === 499) await settle();
    }
    for (let turns = 0; turns < 200 && heard < 2_000; turns++) await settle();
    expect(heard).toBe(2_000);
    await room.timers.pass(1_000);
    expect(heard).toBe(2_500);
    room.close();
  });

  test("what is in another inbox costs nobody's events", async () => {
    const room = openRoom({}, 50_000);
    const [mine, all] = [await listen(room, "?inbox=mine"), await listen(room)];
    const nothing = mine.block();
    const heard = types(all, 1_990);
    for (let i = 0; i < 1_990; i++) {
      room.connect();
      if (i % 500 === 499) await settle();
    }
    expect(await heard).not.toContain("reset");
    room.close();
    expect(await nothing).toBeNull();
  });

  test("only what it asked for counts, and a reset comes whatever it asked for", async () => {
    const room = openRoom({}, 5_000);
    const listener = await listen(room, "?types=fault.fired");
    for (let i = 0; i < 2_000; i++) room.connect();
    await room.app.request("/api/reset", { method: "POST" });
    expect(await listener.event()).toMatchObject({ type: "reset", data: { reason: "reset" } });
  });
});

describe("events: the end", () => {
  test("close ends the stream of a waiting and of a resting reader", async () => {
    const room = openRoom();
    const [waiting, resting] = [await listen(room), await listen(room)];
    const block = waiting.block();
    await settle();
    room.close();
    expect(await block).toBeNull();
    expect(await resting.block()).toBeNull();
    expect(room.timers.pending).toBe(0);
  });

  test("a store that fails ends the stream, and nothing is left behind", async () => {
    const room = openRoom();
    const listener = await listen(room);
    room.store.summary = () => Promise.reject(new Error("broken"));
    const events = [listener.event(), listener.event(), listener.event()];
    await Promise.all([room.deliver(), expect(Promise.all(events)).rejects.toThrow()]);
    expect(room.timers.pending).toBe(0);
  });

  test("a reader that cancels leaves nothing behind", async () => {
    const room = openRoom();
    const listener = await listen(room);
    const block = listener.block();
    await settle();
    await listener.cancel();
    await block;
    await settle();
    expect(room.timers.pending).toBe(0);
  });
});
