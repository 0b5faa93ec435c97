/** The event stream over real sockets: what a network and a slow program do to it. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { createClient, type Mailproof } from "../../src/sdk/mod.ts";
import { HttpServer } from "../../src/server/http-server.ts";
import { openRoom, type Room } from "../api/room.ts";

const open: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(ring: number): Promise<{ room: Room; port: number }> {
  const room = openRoom({}, ring);
  const server = await HttpServer.listen("127.0.0.1", 0, (request) => room.app.fetch(request));
  open.push(() => {
    room.close();
    return server.close();
  });
  return { room, port: server.port };
}

interface Network {
  readonly url: string;
  /** Octets of the next stream that reach the client before it is cut. */
  budget: () => number;
  /** Connections that were cut. */
  cuts: number;
}

/** A network in front of the port that cuts connections, in the middle of an event as well. */
async function networkTo(port: number): Promise<Network> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const origin = connect(port, "127.0.0.1");
    let left = Number.POSITIVE_INFINITY;
    for (const socket of [client, origin]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        origin.destroy();
        sockets.delete(socket);
      });
    }
    client.on("data", (octets) => {
      if (octets.includes("GET /api/events")) left = network.budget();
      origin.write(octets);
    });
    origin.on("data", (octets) => {
      client.write(octets.subarray(0, left));
      left -= octets.length;
      if (left > 0) return;
      network.cuts += 1;
      client.destroySoon();
      origin.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const network: Network = {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    budget: () => Number.POSITIVE_INFINITY,
    cuts: 0,
  };
  return network;
}

function connectTo({ url }: Network): Promise<Mailproof> {
  const connection = {
    smtp: { host: "127.0.0.1", port: 1025, url: "smtp://127.0.0.1:1025" },
    http: { url },
    tls: { ca: null },
  };
  return createClient({ fetch: globalThis.fetch, baseUrl: url, connection });
}

test("a network that cuts the stream time and again: every event comes once, in order", async () => {
  const { room, port } = await serve(5_000);
  const network = await networkTo(port);
  await using mail = await connectTo(network);
  const budgets = [700, 1_301, 333, 5_003, 2_222, 10_007];
  network.budget = () => budgets.shift() ?? Number.POSITIVE_INFINITY;
  const total = 600;
  const seen: number[] = [];
  const read = async (): Promise<void> => {
    for await (const { n } of mail.events({ since: 0 })) {
      seen.push(n);
      if (n >= total) return;
    }
  };
  const happen = async (): Promise<void> => {
    for (let n = 1; n <= total; n++) {
      room.connect();
      if (n % 10 === 0) await setTimeout(20);
    }
  };
  await Promise.all([read(), happen()]);
  expect(seen).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  expect(network.cuts).toBe(6);
});

test("away for longer than the ring reaches: a reset says so, and what follows is whole", async () => {
  const { room, port } = await serve(50);
  const network = await networkTo(port);
  await using mail = await connectTo(network);
  network.budget = () => 0;
  const events = mail.events({ since: 0 })[Symbol.asyncIterator]();
  const first = events.next();
  while (network.cuts === 0) await setTimeout(5);
  for (let n = 0; n < 200; n++) room.connect();
  network.budget = () => Number.POSITIVE_INFINITY;
  expect((await first).value).toMatchObject({ n: 200, type: "reset", data: { reason: "replay-lost" } });
  room.connect();
  expect((await events.next()).value).toMatchObject({ n: 201, type: "session.opened" });
  await events.return?.();
});

test("a program that reads nothing for a while is told what it missed, and holds nobody up", async () => {
  const { room, port } = await serve(10_000);
  const { subscribe } = room.journal;
  const listened = new Promise<void>((resolve) => {
    room.journal.subscribe = (listener) => {
      resolve();
      return subscribe.call(room.journal, listener);
    };
  });
  const slow = connect(port, "127.0.0.1");
  open.push(() => slow.destroy());
  // HTTP/1.0: no chunk sizes in between.
  slow.write(`GET /api/events HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  // Until the end nothing reads the socket. The stream is open when it waits for an event.
  await listened;
  const total = 200_000;
  for (let n = 1; n <= total; n++) {
    room.journal.append({ type: "clock.advanced", data: { offset: n, inbox: null } });
    if (n % 500 === 0) await setTimeout(0);
  }
  let text = "";
  const isWhole = (): boolean => text.includes(`"n":${total},`);
  const timePasses = async (): Promise<void> => {
    while (!isWhole()) {
      await room.timers.pass(100);
      await setTimeout(5);
    }
  };
  const read = async (): Promise<void> => {
    for await (const octets of slow) {
      text += octets;
      if (isWhole()) break;
    }
  };
  await Promise.all([timePasses(), read()]);
  const events = Array.from(text.matchAll(/^data: (.*)$/gm), ([, data]) => JSON.parse(data!));
  const resets = events.filter(({ type }) => type === "reset");
  expect(resets.length).toBeGreaterThan(0);
  expect(resets.every(({ data }) => data.reason === "slow-reader")).toBe(true);
  for (const [at, { n, type }] of events.entries()) {
    if (type === "reset") expect(n).toBeGreaterThan(events[at - 1].n);
    else expect(n).toBe(at === 0 ? 1 : events[at - 1].n + 1);
  }
});
