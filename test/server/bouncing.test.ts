/** Reports on their way, apart from the sessions that ask for them: whom they concern, and what goes wrong. */
import { afterEach, expect, test, vi } from "vitest";
import type { Bounce } from "../../src/faults/mod.ts";
import { Bouncing, type BouncingParts } from "../../src/server/bouncing.ts";
import { FaultClock, systemTimers } from "../../src/server/clock.ts";
import type { TransactionState } from "../../src/smtp/mod.ts";
import { Journal, MemoryStore } from "../../src/store/mod.ts";

const bounce: Bounce = { status: "5.1.1", diagnostic: null, after: 0, recipients: null };

function path(address: string) {
  return { raw: `<${address}>`, address, route: [] };
}

const transaction: TransactionState = {
  verb: "MAIL",
  reversePath: path("a@c.test"),
  parameters: {},
  recipients: ['"b"@s.test', "c@s.test"].map((address) => ({ path: path(address), parameters: {} })),
};

function bouncing(changed: Partial<BouncingParts> = {}) {
  const store = new MemoryStore({ maxMessages: null, maxBytes: 10_000, whenFull: "reject" });
  const journal = new Journal({ now: systemTimers.now });
  const told: string[][] = [];
  const composeReport: BouncingParts["composeReport"] = ({ recipients }) => {
    told.push(recipients.map(({ address }) => address));
    return new Uint8Array(10);
  };
  const parts = { store, journal, timers: systemTimers, clock: new FaultClock(), hostname: "m.test" };
  return { bouncing: new Bouncing({ ...parts, composeReport, ...changed }), store, told };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each<[string, Bounce["recipients"], string[] | string]>([
  ["all", null, ['"b"@s.test', "c@s.test"]],
  ["one, by its canonical address", (address) => address === "b@s.test", ['"b"@s.test']],
  ["none", () => false, "it is about no recipient that was accepted"],
])("which recipients it is about: %s", async (_, recipients, expected) => {
  const { bouncing: reports, told } = bouncing();
  const obstacle = reports.expect({ ...bounce, recipients }, transaction, transaction.recipients, "m1");
  if (typeof expected === "string") expect(obstacle).toBe(expected);
  else await expect.poll(() => told).toEqual([expected]);
});

const brokenStore = new MemoryStore({ maxMessages: null, maxBytes: 10_000, whenFull: "reject" });
brokenStore.raw = () => Promise.reject(new Error("broken"));
const fullStore = new MemoryStore({ maxMessages: 0, maxBytes: 1, whenFull: "reject" });

test.each<[string, Partial<BouncingParts>, RegExp]>([
  ["its message cannot be read", { store: brokenStore }, /could not be kept: Error: broken$/],
  [
    "it cannot be composed",
    {
      composeReport: () => {
        throw new Error("no words");
      },
    },
    /could not be kept: Error: no words$/,
  ],
  ["the store is full", { store: fullStore }, /could not be kept: StoreFullError: .*$/],
])("one line where %s", async (_, changed, line) => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const { bouncing: reports } = bouncing(changed);
  expect(reports.expect(bounce, transaction, transaction.recipients, "m1")).toBeNull();
  await expect.poll(() => said.mock.calls).toEqual([[expect.stringMatching(line)]]);
});

test("a report that the full store refuses is a rejected transaction", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { bouncing: reports } = bouncing({ store: fullStore });
  reports.expect(bounce, transaction, transaction.recipients, "m1");
  await expect
    .poll(async () => (await fullStore.transactions({}, { limit: 1 })).transactions[0])
    .toMatchObject({ outcome: "rejected", reply: { code: 452 } });
});
