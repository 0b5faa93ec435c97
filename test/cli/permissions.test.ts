/** Under Deno the program uses what it is granted, never prompts, and names what an explicit flag lacks. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { connectMailproof, startMailproof } from "../../mod.ts";

const deno = process.versions.deno ? process.execPath : "node_modules/.bin/deno";
const there = spawnSync(deno, ["--version"]).status === 0;
if (!there && process.env.CI) throw new Error(`Failed to find ${deno}: CI needs it; run npm install`);

/** To be granted nothing that matters. With no permission flag at all, a Deno that runs this test grants a child everything. */
const nothing = "--allow-env=NOTHING";

/** The permissions are all that it has. */
function run(
  permissions: string,
  args: string,
  env: Record<string, string> = {},
): { code: number | null; err: string } {
  const { status, stderr } = spawnSync(deno, ["run", permissions, "src/cli/main.ts", ...args.split(" ")], {
    encoding: "utf8",
    timeout: 15_000,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  return { code: status, err: stderr };
}

describe.skipIf(!there)("Deno permissions", () => {
  const start = "--smtp-port 0 --http-port 0";
  test.each([
    [nothing, start, "Failed to listen on 127.0.0.1:0: no permission; run with --allow-net"],
    [
      "--allow-net=127.0.0.1",
      `${start} --host 0.0.0.0`,
      "Failed to listen on 0.0.0.0:0: no permission; run with --allow-net",
    ],
    [
      "--allow-net=localhost",
      `${start} --host localhost`,
      "Failed to listen on 127.0.0.1:0: no permission; run with --allow-net",
    ],
    [
      "--allow-net",
      `${start} --fault @rules.json`,
      "Failed to read --fault: no permission to read rules.json; run with --allow-read=rules.json",
    ],
    [
      "--allow-net",
      `${start} --tls-cert a.pem`,
      "Failed to read --tls-cert: no permission to read a.pem; run with --allow-read=a.pem",
    ],
    [
      "--allow-net",
      "--config my.mjs",
      "Failed to read the config file: no permission to read my.mjs; run with --allow-read=my.mjs",
    ],
    [
      "--allow-net",
      `${start} --starttls offer --tls-ca-out ca.pem`,
      "Failed to follow --tls-ca-out: no permission to write ca.pem; run with --allow-write=ca.pem",
    ],
  ])("%s %s", (permissions, args, line) => {
    expect(run(permissions, args)).toEqual({ code: 2, err: `mailproof: ${line}\n` });
  });

  test("where 127.0.0.1 alone is granted, ::1 is left out", async () => {
    const child = spawn(deno, [
      "run",
      "--allow-net=127.0.0.1",
      "src/cli/main.ts",
      ...start.split(" "),
      "--json",
    ]);
    const ended = once(child, "close");
    const [said] = await Promise.race([once(child.stdout, "data"), once(child.stderr, "data")]);
    child.kill();
    await ended;
    expect(String(said)).toMatch(/^\{"event":"ready".*"smtp":\{"host":"127\.0\.0\.1",/);
  });

  test("a listener of an inbox that is not granted is refused, and the server goes on", async () => {
    const free = await startMailproof();
    await free.close();
    const [smtp, http] = [free.smtp.port, Number(new URL(free.http.url).port)];
    const granted = `--allow-net=127.0.0.1:${smtp},127.0.0.1:${http}`;
    const ports = ["--smtp-port", String(smtp), "--http-port", String(http)];
    const child = spawn(deno, ["run", granted, "src/cli/main.ts", ...ports, "--json"]);
    const ended = once(child, "close");
    await Promise.race([once(child.stdout, "data"), ended]);
    const mail = await connectMailproof(free.http.url);
    const logged = once(child.stderr, "data");
    await expect(mail.inbox({ listener: true })).rejects.toThrow("the server made a mistake; see its log");
    expect(String(await logged)).toContain(
      "Failed to listen on 127.0.0.1 port 0: no permission; run with --allow-net",
    );
    expect((await mail.info()).name).toBe("mailproof");
    await mail.close();
    child.kill();
    await ended;
  });

  test("a variable counts only where it may be read", () => {
    const variable = { MAILPROOF_STARTTLS: "maybe" };
    const refused = 'mailproof: Failed to read MAILPROOF_STARTTLS: "maybe"; use off, offer, require\n';
    expect(run("--allow-env=MAILPROOF_STARTTLS", start, variable)).toEqual({ code: 2, err: refused });
    // It gets as far as the network, which it has not.
    expect(run(nothing, start, variable).err).toContain("run with --allow-net");
  });
});
