/** `exec`: a server around a program, on each runtime. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMailproof, type Mailproof, startMailproof } from "../../mod.ts";
import { program, spawnProgram } from "./spawned.ts";

const sh = (script: string, ...options: string[]) =>
  spawnProgram(["exec", ...options, "--", "sh", "-c", script]);

test("the program is told where the server is, and both share their output", async () => {
  const own = [process.execPath, ...program].map((word) => `'${word}'`).join(" ");
  const spawned = sh(`env; ${own} send; echo said >&2`, "--http-token", "secret");
  const port = (await spawned.line(/^SMTP_PORT=/).catch(() => "")).slice("SMTP_PORT=".length);
  expect(Number(port)).toBeGreaterThan(0);
  expect(await spawned.line(/^250 /)).toMatch(/^250 2\.0\.0 Ok: queued as m1$/);
  expect(await spawned.exited).toBe(0);
  expect(spawned.complaint()).toBe("said\n");
});

test.each(["MAILPROOF_URL", "SMTP_HOST", "SMTP_PORT", "SMTP_URL", "RESEND_BASE_URL"])(
  "%s is set, whatever it was",
  async (name) => {
    const spawned = spawnProgram(["exec", "--", "sh", "-c", `echo "is $${name}"`], { [name]: "before" });
    expect(await spawned.line(/^is /)).toMatch(/127\.0\.0\.1|^is \d+$/);
    expect(await spawned.exited).toBe(0);
  },
);

test("ports of the environment are those of another server", async () => {
  const spawned = spawnProgram(["exec", "--", "sh", "-c", "echo port $SMTP_PORT"], {
    MAILPROOF_SMTP_PORT: "1",
    MAILPROOF_HTTP_PORT: "1",
  });
  expect(await spawned.line(/^port /)).toMatch(/^port \d{4,5}$/);
});

describe("beside a running server that has the same config file", () => {
  const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
  const caFile = join(folder, "ca.pem");
  const config = join(folder, "mailproof.config.json");
  let running: Mailproof;
  beforeAll(async () => {
    running = await startMailproof({ starttls: "offer", smtpsPort: 0, lmtpPort: 0 });
    const { smtp, smtps, lmtp } = running;
    const [smtpPort, smtpsPort, lmtpPort] = [smtp.port, smtps?.port, lmtp?.port];
    writeFileSync(config, JSON.stringify({ smtpPort, smtpsPort, lmtpPort, tlsCaOut: caFile }));
    writeFileSync(caFile, "of the running server");
  });
  afterAll(async () => {
    await running.close();
    rmSync(folder, { recursive: true });
  });

  /** What listens, told while the program runs. */
  async function listening(...options: string[]): Promise<Map<string, number>> {
    const spawned = sh("echo $MAILPROOF_URL; exec sleep 60", "--config", config, ...options);
    const mail = await connectMailproof(await spawned.line(/^http:/));
    const { listeners } = await mail.info();
    await mail.close();
    await spawned.end();
    return new Map(listeners.map(({ name, port }) => [name, port]));
  }

  test("every listener of it is there, on a free port, and the file of the CA stays", async () => {
    const ports = await listening();
    expect([...ports.keys()].sort()).toEqual(["http", "lmtp", "smtp", "smtps"]);
    const taken = [running.smtp, running.smtps, running.lmtp].map((endpoint) => endpoint?.port);
    expect([...ports.values()].filter((port) => taken.includes(port))).toEqual([]);
    expect(readFileSync(caFile, "utf8")).toBe("of the running server");
  });

  test("options of exec are taken as they are", async () => {
    const other = await startMailproof();
    await other.close();
    const { port } = other.smtp;
    const own = join(folder, "own.pem");
    expect((await listening("--lmtp-port", String(port), "--tls-ca-out", own)).get("lmtp")).toBe(port);
    expect(readFileSync(own, "utf8")).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });
});

test.each([
  ["exit 3", 3],
  ["kill -9 $$", 137],
  ["kill -TERM $$", 143],
])("%s: exit code %i", async (script, code) => {
  expect(await sh(script).exited).toBe(code);
});

test.each([
  [["no-such-program"], 127, /^mailproof: Failed to run no-such-program: it is not found; .*\n$/],
  [["./package.json"], 126, /^mailproof: Failed to run \.\/package\.json: .*\n$/],
])("%j: exit code %i", async (command, code, said) => {
  const spawned = spawnProgram(["exec", "--", ...command]);
  expect(await spawned.exited).toBe(code);
  expect(spawned.complaint()).toMatch(said);
});

test.each([
  [["npm", "test"], "Failed to read the arguments of exec: npm test; write mailproof exec [options] -- CMD…"],
  [["--"], "Failed to read the arguments of exec: no command; write mailproof exec [options] -- CMD…"],
  [["--fautl", "x", "--", "env"], "Unknown option: --fautl; did you mean --fault?"],
])("%j: exit code 2", async (args, line) => {
  const spawned = spawnProgram(["exec", ...args]);
  expect(await spawned.exited).toBe(2);
  expect(spawned.complaint()).toBe(`mailproof: ${line}\n`);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "%s is passed on, and the program ends as it wants",
  async (signal) => {
    const spawned = sh("trap 'echo caught; exit 7' INT TERM HUP; echo ready; while :; do sleep 0.05; done");
    await spawned.line(/^ready$/);
    const ended = spawned.end(signal);
    expect(await spawned.line(/^caught$/)).toBe("caught");
    expect(await ended).toBe(7);
  },
);

test("arguments after the two dashes are the program's", async () => {
  const spawned = spawnProgram(["exec", "--", "printf", "%s\n", "--help", "--", "-x"]);
  for (const word of ["--help", "--", "-x"]) expect(await spawned.line(/./)).toBe(word);
});
