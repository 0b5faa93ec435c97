/** A listener that is closed while it is being opened, or while it waits for its port, as that of an inbox may be. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect, test, vi } from "vitest";
import { FaultClock, systemTimers, type Timers } from "../../src/server/clock.ts";
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

test("it does not wait for its port any more", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  const waits = new Set<unknown>();
  const timers: Timers = {
    now: systemTimers.now,
    setTimeout: (run) => {
      waits.add(run);
      return run;
    },
    clearTimeout: (timer) => void waits.delete(timer),
  };
  const journal = new Journal({ now: systemTimers.now });
  const parts = { journal, clock: new FaultClock(), timers, refusals: () => [] };
  const gate = new Gate(parts, "inbox-1", null, () => createServer());
  const port = await gate.open(0);
  gate.check([{ ruleId: "r1", concerns: () => true, until: Number.POSITIVE_INFINITY, explain: "closed" }]);
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  gate.check();
  await expect.poll(() => waits.size).toBe(1);
  gate.close();
  expect(waits.size).toBe(0);
  other.close();
  told.mockRestore();
});
