/** Waits and events over a network that is cut: a proxy stands between the handle and the server. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiEvent, connectMailproof, type Mailproof, startMailproof } from "../../mod.ts";
import { send } from "./sender.ts";

let server: Mailproof;
let proxy: Server;
let mail: Mailproof;
/** Of the client side, those that are open. */
const sockets = new Set<Socket>();

beforeEach(async () => {
  server = await startMailproof();
  proxy = createServer((client) => {
    sockets.add(client);
    const { hostname, port } = new URL(server.http.url);
    const upstream = connect(Number(port), hostname);
    client.pipe(upstream).pipe(client);
    client
      .on("error", () => {})
      .on("close", () => {
        sockets.delete(client);
        upstream.destroy();
      });
    upstream.on("error", () => {}).on("close", () => client.destroy());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  mail = await connectMailproof(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await mail.close();
  cut();
  proxy.close();
  await server.close();
});

function cut(): void {
  for (const socket of sockets) socket.destroy();
}

async function first(events: AsyncIterable<ApiEvent>): Promise<ApiEvent | null> {
  for await (const event of events) return event;
  return null;
}

const held = () => expect.poll(() => sockets.size).toBeGreaterThan(0);

test("a wait that is cut is asked again, and what came meanwhile counts", async () => {
  cut();
  const waiting = mail.waitForAll({ to: "ada@x.test" }, { count: 2, timeout: "20s" });
  await held();
  await send(server, { subject: "one" });
  cut();
  await held();
  await send(server, { subject: "two" });
  expect((await waiting).map(({ subject }) => subject)).toEqual(["one", "two"]);
});

test("events that are cut go on after the last one", async () => {
  const subjects: string[] = [];
  cut();
  const reading = (async () => {
    for await (const event of mail.events({ types: ["message.received"], since: 0 })) {
      if (event.type === "message.received") subjects.push(event.data.message?.subject ?? "gone");
      if (subjects.length === 3) return;
      cut();
    }
  })();
  for (const subject of ["one", "two", "three"]) await send(server, { subject });
  await reading;
  expect(subjects).toEqual(["one", "two", "three"]);
});

test("a server that was restarted is told, for its numbers begin anew and its inboxes are gone", async () => {
  const inbox = await mail.inbox();
  for (let n = 0; n < 3; n++) await send(server);
  const mark = await mail.mark();
  const waiting = mail.waitFor({ subject: "After" }, { timeout: "20s" });
  const ends = expect(waiting).rejects.toThrow("the mark is of a server that was started before");
  await server.close();
  server = await startMailproof();
  cut();
  await ends;
  await send(server, { subject: "After" });
  await expect(mail.expectNone({ subject: "After" })).rejects.toThrow("started before");
  await expect(inbox.expectNone()).rejects.toThrow("started before");
  await expect(first(mail.events({ since: mark }))).rejects.toThrow(
    "Failed to read the events: the mark is of a server that was started before",
  );
  // Another one has its id now, and keeps what is its own.
  const other = await server.inbox();
  expect(other.id).toBe(inbox.id);
  await send(server, { to: other.address(), subject: "Theirs" });
  for (const act of ["messages", "transactions", "clear"] as const) {
    await expect(inbox[act]()).rejects.toThrow("the inbox is of a server that was started before");
  }
  await inbox.close();
  expect(await other.messages()).toHaveLength(1);
  expect((await mail.waitFor({ subject: "After" }, { since: 0 })).seq).toBe(1);
  await mail.mark();
  await mail.expectNone({}, { within: 20 });
});

test("events that began at a mark end when the server is started anew", async () => {
  const mark = await mail.mark();
  await send(server);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { type } of mail.events({ since: mark, types: ["message.received"] })) seen.push(type);
  })();
  const ends = expect(reading).rejects.toMatchObject({ status: 409 });
  await expect.poll(() => seen).toEqual(["message.received"]);
  await server.close();
  server = await startMailproof();
  for (let n = 0; n < 3; n++) await send(server);
  cut();
  await ends;
  expect(seen).toEqual(["message.received"]);
});

test("a server that is gone for good is told, and not that no mail came", async () => {
  proxy.close();
  cut();
  await expect(mail.waitFor({ to: "ada@x.test" }, { timeout: 300 })).rejects.toThrow(
    /^no answer about mail to ada@x\.test in 300 ms · Failed to wait: .*; check that Mailproof runs at /,
  );
});
