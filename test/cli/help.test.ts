import { describe, expect, test } from "vitest";
import { programOptions, serverOptions } from "../../src/cli/options.ts";
import { faultPhases } from "../../src/faults/mod.ts";
import { version } from "../../src/mailproof.ts";
import { run } from "./recorder.ts";

const commands = [
  "wait",
  "list",
  "show",
  "transactions",
  "sessions",
  "transcript",
  "faults",
  "clock",
  "clear",
  "reset",
  "health",
  "send",
  "sendmail",
  "exec",
];

describe("--help", () => {
  test("names every flag and every command, in lines that fit", async () => {
    const { code, out, err } = await run("--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const { flag } of [...serverOptions, ...programOptions])
      expect(out).toMatch(new RegExp(`^  --${flag}\\b`, "m"));
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    expect(out.split("\n").filter((line) => line.length > 110)).toEqual([]);
    expect(out).toContain("  --smtp-port PORT                  0: any free port (1025)\n");
    expect(out).toContain("  --starttls off|offer|require      TLS within a session (off)\n");
  });

  test.each(commands)("%s has its own", async (command) => {
    const { code, out, err } = await run(command, "--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`Usage: mailproof ${command}`);
    if (command === "exec") expect(out).toContain("  --smtp-port PORT                  (any free port)\n");
    else expect(out).toMatch(/--url URL .*MAILPROOF_URL/);
    expect(out, "an example").toMatch(new RegExp(`^  .*mailproof ${command}\\b`, "m"));
  });

  test("faults shows how to write a rule, and every phase", async () => {
    const { out } = await run("faults", "add", "--help");
    expect(out).toContain("  mailproof faults add 'rcpt gone@* 551 5.1.6 User has moved'\n");
    const phases = out.slice(out.indexOf("Phases:\n") + 8).match(/[\w-]+/g);
    expect(phases).toEqual(faultPhases);
    expect((await run("--help")).out).toContain("mailproof faults presets lists the presets");
  });

  test("also as -h, and for serve", async () => {
    const { out } = await run("--help");
    expect((await run("-h")).out).toBe(out);
    expect((await run("serve", "--help")).out).toBe(out);
    expect((await run("help")).out).toBe(out);
    expect((await run("help", "serve")).out).toBe(out);
    expect(await run("help", "wait")).toEqual(await run("wait", "--help"));
  });
});

test("--version", async () => {
  expect(await run("--version")).toEqual({ code: 0, out: `mailproof ${version}\n`, err: "" });
});
