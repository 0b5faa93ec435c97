/** A listener that is closed while it is being opened, as that of an inbox may be. */
import { createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { FaultClock, systemTimers } from "../../src/server/clock.ts";
import { Gate } from "../../src/server/gate.ts";
import { Journal } from "../../src/store/mod.ts";

test("it does not stay open behind its server", async () => {
  const journal = new Journal({ now: systemTimers.now });
  const parts = { journal, clock: new FaultClock(), timers: systemTimers, refusals: () => [] };
  const servers: Server[] = [];
  const gate = new Gate(parts, "inbox-1", null, () => {
    const server = createServer();
    servers.push(server);
    return server;
  });
  const opening = gate.open(0);
  gate.close();
  await expect(opening).rejects.toThrow("Failed to listen: inbox-1 was closed meanwhile");
  expect(servers.length).toBeGreaterThan(0);
  expect(servers.filter((server) => server.listening)).toEqual([]);
});
