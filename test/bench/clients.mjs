/** Clients that are there and want little: one that waits for a greeting, idle ones, readers of events. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Asks a port of loopback until somebody listens there and says 220; fails after ten seconds. */
export async function greeted(port) {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    if (await greets(port)) return;
    await sleep(1);
  }
  throw new Error(`Failed to be greeted on port ${port}: nobody said 220 in 10 s`);
}

function greets(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(false));
    socket.on("close", () => resolve(false));
    socket.once("data", (octets) => {
      resolve(octets.toString("latin1").startsWith("220"));
      socket.destroy();
    });
  });
}

/** Connections that were greeted, said EHLO and say no more. */
export async function openIdle(port, count) {
  for (let open = 0; open < count; open += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - open) }, () => openOne(port)));
  }
}

function openOne(port) {
  const socket = connect(port, "127.0.0.1");
  let said = "";
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("Failed to stay idle: the server closed the connection")));
    socket.on("data", (octets) => {
      said += octets.toString("latin1");
      if (/^220 .*\r\n$/.test(said)) {
        said = "";
        socket.write("EHLO idle.test\r\n");
      } else if (/^250 .*\r\n$/m.test(said)) {
        resolve();
      } else if (/^[45]/.test(said)) {
        reject(new Error(`Failed to stay idle: ${said.trim()}`));
      }
    });
  });
}

/**
 * Readers of `/api/events` that take what comes as fast as a program can: on few cores they are a load of their own.
 * Resolves to a function that tells how many octets came so far.
 */
export async function listenToEvents(url, count) {
  let octets = 0;
  const hear = (length) => {
    octets += length;
  };
  await Promise.all(Array.from({ length: count }, () => listenOne(new URL(url), hear)));
  return () => octets;
}

function listenOne({ host, port }, hear) {
  return new Promise((resolve, reject) => {
    let isHeard = false;
    const callback = (length, buffer) => {
      hear(length);
      if (isHeard) return true;
      isHeard = true;
      const status = buffer.toString("latin1", 0, 12);
      if (status === "HTTP/1.1 200") resolve();
      else reject(new Error(`Failed to listen to events: ${status}`));
      return true;
    };
    const onread = { buffer: Buffer.alloc(65_536), callback };
    const socket = connect({ port, host: "127.0.0.1", onread });
    // The server ends it when it stops.
    socket.on("error", reject);
    socket.write(`GET /api/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  });
}
