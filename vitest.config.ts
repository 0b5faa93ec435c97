import { defineConfig } from "vitest/config";

export default defineConfig({
  // The examples have runners of their own.
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/examples/**"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
