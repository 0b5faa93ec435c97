import { afterEach, expect, test, vi } from "vitest";
import { readEnvironment, warningsOfVariables } from "../../src/cli/environment.ts";
import { programOptions, serverOptions } from "../../src/cli/options.ts";

const options = [...serverOptions, ...programOptions];

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["MAILPROOF_SMPT_PORT", "did you mean MAILPROOF_SMTP_PORT?"],
  ["MAILPROOF_FAULTS", "did you mean MAILPROOF_FAULT?"],
  ["MAILPROOF_ULR", "did you mean MAILPROOF_URL?"],
  ["MAILPROOF_FROBNICATE", "see mailproof --help"],
])("%s is warned of: %s", (name, advice) => {
  vi.stubEnv(name, "1");
  expect(warningsOfVariables(options)).toEqual([`Warning: unknown variable ${name}; ${advice}`]);
});

test("no variable that counts is warned of, nor any that is not ours", () => {
  for (const name of ["MAILPROOF_URL", "MAILPROOF_CONFIG", "MAILPROOF_AUTH", "MAILPROOFS"])
    vi.stubEnv(name, "1");
  expect(warningsOfVariables(options)).toEqual([]);
});

test("a duration needs its unit, as on the command line; nothing needs none", () => {
  vi.stubEnv("MAILPROOF_IDLE_TIMEOUT", "300");
  expect(() => readEnvironment(options)).toThrow(
    'Failed to read MAILPROOF_IDLE_TIMEOUT: "300"; give a unit: 10s, 250ms, 5m',
  );
  vi.stubEnv("MAILPROOF_IDLE_TIMEOUT", "0");
  expect(readEnvironment(options).get("idle-timeout")).toBe("0");
});
