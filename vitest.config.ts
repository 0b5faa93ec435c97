import { availableParallelism } from "node:os";
import process from "node:process";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The examples have runners of their own, and the peers of the benches their tests.
    exclude: ["test/examples/**", "**/node_modules/**"],
    // Most suites wait for sockets and clients: two of them have room on one core.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Long: a machine that does much else may take its time, and no test asserts how long something takes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // In CI a failed test is tried once more, and the summary of the gate names it: it has a fault of its own.
    retry: process.env.CI ? 1 : 0,
    expect: { poll: { timeout: 20_000 } },
    // What differs is told whole: the summary of the gate shows the message, and no more.
    chaiConfig: { truncateThreshold: 0 },
    // The fetch of Node 20 (undici 6), with MSW between: a timer finds its parser gone. Undici 7 has mended it.
    onUnhandledError: ({ message = "" }) => !message.includes("parser.deref(...)"),
  },
});
