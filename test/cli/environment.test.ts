import { afterEach, expect, test, vi } from "vitest";
import { urlOf } from "../../src/cli/connection.ts";
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

test.each([
  ["MAILPROOF_SMTP_PORT", "tcp://10.96.0.1:1025"],
  ["MAILPROOF_HTTP_PORT", "udp://10.96.0.1:8025"],
  ["MAILPROOF_PORT", "tcp://10.96.0.1:1025"],
  ["MAILPROOF_SERVICE_HOST", "10.96.0.1"],
  ["MAILPROOF_SERVICE_PORT_SMTP", "1025"],
  ["MAILPROOF_PORT_1025_TCP", "tcp://10.96.0.1:1025"],
  ["MAILPROOF_PORT_1025_TCP_ADDR", "10.96.0.1"],
  ["MAILPROOF_SMTP_SERVICE_PORT", "1025"],
])("%s=%s is of a service, and none of ours", (name, text) => {
  vi.stubEnv(name, text);
  expect(warningsOfVariables(options)).toEqual([]);
  expect([...readEnvironment(options).keys()]).toEqual([]);
});

test("where a command finds the server, a port that is none is told by its variable", () => {
  vi.stubEnv("MAILPROOF_HTTP_PORT", "tcp://10.96.0.1:8025");
  expect(urlOf(new Map())).toBe("http://127.0.0.1:8025");
  vi.stubEnv("MAILPROOF_HTTP_PORT", "9000");
  expect(urlOf(new Map())).toBe("http://127.0.0.1:9000");
  vi.stubEnv("MAILPROOF_HTTP_PORT", "many");
  expect(() => urlOf(new Map())).toThrow('Failed to read MAILPROOF_HTTP_PORT: "many"; use a port');
});

test("a duration needs its unit, as on the command line; nothing needs none", () => {
  vi.stubEnv("MAILPROOF_IDLE_TIMEOUT", "300");
  expect(() => readEnvironment(options)).toThrow(
    'Failed to read MAILPROOF_IDLE_TIMEOUT: "300"; give a unit: 10s, 250ms, 5m',
  );
  vi.stubEnv("MAILPROOF_IDLE_TIMEOUT", "0");
  expect(readEnvironment(options).get("idle-timeout")).toBe("0");
});
