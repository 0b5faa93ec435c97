/** The started program: what it says, and how it ends. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import { connectMailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { program, spawnProgram, spawnReady } from "./spawned.ts";

const runtime = process.versions.deno ? "deno" : process.versions.bun ? "bun" : "node";

async function send(port: number, to: string, subject: string): Promise<void> {
  const client = createTransport({ host: "127.0.0.1", port });
  await client.sendMail({ from: "ada@a.test", to, subject, text: "Good morning." });
}

/** So many small messages, one after the other, in a session that is open. */
async function deliver(client: RawClient, count: number): Promise<void> {
  for (let left = count; left > 0; left--) {
    client.send("MAIL FROM:<ada@a.test>\r\nRCPT TO:<bob@b.test>\r\nDATA\r\n");
    for (const code of ["250", "250", "354"]) expect(await client.reply()).toContain(code);
    expect(await client.ask("Subject: Burst\r\n\r\nGood morning.\r\n.")).toMatch(/^250 /);
  }
}

/** So many small messages at once (RFC 2920, RFC 3030). */
async function deliverAtOnce(client: RawClient, count: number): Promise<void> {
  const content = "Subject: Burst\r\n\r\nGood morning.\r\n";
  const message = `MAIL FROM:<ada@a.test>\r\nRCPT TO:<bob@b.test>\r\nBDAT ${content.length} LAST\r\n${content}`;
  client.send(message.repeat(count));
  for (let left = 3 * count; left > 0; left--) expect(await client.reply()).toMatch(/^250 /);
}

describe("--json", () => {
  test("one line when ready, then one per event", async () => {
    const { ready, child, line, end } = await spawnReady("--smtps-port", "0", "--seed", "7");
    expect(ready).toMatchObject({ event: "ready", pid: child.pid, seed: "7", smtp: { host: "127.0.0.1" } });
    expect(ready.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(ready.smtp.url).toBe(`smtp://127.0.0.1:${ready.smtp.port}`);
    expect(ready.smtps?.url).toBe(`smtps://127.0.0.1:${ready.smtps?.port}`);
    const info = await (await fetch(`${ready.http.url}/api/info`)).json();
    expect(info).toMatchObject({ version: ready.version, seed: "7", runtime: { name: runtime } });

    await send(ready.smtp.port, "bob@b.test", "Welcome");
    const received = JSON.parse(await line(/message\.received/));
    expect(received).toMatchObject({
      type: "message.received",
      data: { to: ["bob@b.test"], message: { subject: "Welcome" } },
    });
    expect(JSON.parse(await line(/session\.closed/)).n).toBeGreaterThan(received.n);
    expect(await end()).toBe(0);
  });

  test("a burst is told whole: no event is left out, and nobody else is kept from listening", async () => {
    const { ready, child, line, end } = await spawnReady();
    let said = "";
    child.stdout?.on("data", (text) => {
      said += text;
    });
    const client = await RawClient.greeted(ready.smtp.port);
    await deliver(client, 1_500);
    await line(/message\.received.*"id":"m1500"/);
    expect(await (await fetch(`${ready.http.url}/metrics`)).text()).toContain(
      "\nmailproof_held_requests 0\n",
    );
    expect(await end()).toBe(0);
    const numbers = [...said.matchAll(/^\{"n":(\d+)/gm)].map(([, n]) => Number(n));
    expect(numbers.length).toBeGreaterThan(4_500);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(said).not.toContain('"type":"reset"');
  });

  test("a burst of several clients at once is told whole", async () => {
    const { ready, child, line, end } = await spawnReady();
    let said = "";
    child.stdout?.on("data", (text) => {
      said += text;
    });
    const clients = await Promise.all(Array.from({ length: 8 }, () => RawClient.greeted(ready.smtp.port)));
    await Promise.all(clients.map((client) => deliverAtOnce(client, 500)));
    await line(/message\.received.*"id":"m4000"|"reset"/);
    expect(await end()).toBe(0);
    const numbers = [...said.matchAll(/^\{"n":(\d+)/gm)].map(([, n]) => Number(n));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(said.match(/"type":"message\.received"/g)).toHaveLength(4_000);
    expect(said).not.toContain('"type":"reset"');
  });

  test("with --quiet only the ready line", async () => {
    const { ready, child, end } = await spawnReady("--quiet");
    let more = "";
    child.stdout?.on("data", (text) => {
      more += text;
    });
    await send(ready.smtp.port, "bob@b.test", "Welcome");
    expect(await end()).toBe(0);
    expect(more).toBe("");
  });

  test("the server lives on when nobody reads any more", async () => {
    const { ready, child, end } = await spawnReady();
    child.stdout?.destroy();
    for (const subject of ["one", "two", "three"]) await send(ready.smtp.port, "bob@b.test", subject);
    const mail = await connectMailproof(ready.http.url);
    expect(await mail.messages()).toHaveLength(3);
    await mail.close();
    expect(await end()).toBe(0);
  });
});

describe("for a reader", () => {
  test("a banner, then one line per transaction", async () => {
    const rule = "rcpt nobody@* 550 5.1.1 No such user";
    const program = spawnProgram(["--smtp-port", "0", "--http-port", "0", "--fault", rule, "--verbose"]);
    expect(await program.line(/MAILPROOF/)).toMatch(/^ {2}MAILPROOF v\d+\.\d+\.\d+ {2}ready in \d+ ms$/);
    const smtp = await program.line(/SMTP/);
    expect(smtp).toMatch(/^ {2}➜ {2}SMTP {5}smtp:\/\/127\.0\.0\.1:\d+$/);
    expect(await program.line(/Inbox/)).toMatch(/http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await program.line(/Seed/)).toMatch(/Seed {5}\w+$/);
    expect(await program.line(/Faults/)).toMatch(/➜ {2}Faults {3}rcpt-550-\w+$/);
    expect(await program.line(/Runtime/)).toContain(`➜  Runtime  ${runtime} `);

    const port = Number(/\d+$/.exec(smtp)?.[0]);
    await send(port, "bob@b.test, eve@b.test", "\x1b[2J\u202eforged");
    expect(await program.line(/accepted/)).toMatch(
      /^\d\d:\d\d:\d\d {2}accepted {4}ada@a\.test → bob@b\.test \+1 {2}\d+ B {2}\\x1b\[2J\\u202eforged$/,
    );
    await send(port, "nobody@b.test", "Lost").catch(() => {});
    expect(await program.line(/ fault /)).toContain("550 5.1.1 No such user");
    expect(await program.line(/rejected/)).toMatch(
      /ada@a\.test → nobody@b\.test {2}550 5\.1\.1 No such user {2}\(rule rcpt-550-\w+\)$/,
    );
    const client = await RawClient.greeted(port);
    await client.ask("MAIL FROM:<ada@a.test>");
    client.socket.destroy();
    expect(await program.line(/aborted/)).toContain("ada@a.test → nobody");
    expect(await program.end("SIGINT")).toBe(0);
    expect(program.complaint()).toBe("");
  });

  test("the banner says that STARTTLS is offered, and where the CA is", async () => {
    const program = spawnProgram(["--smtp-port", "0", "--http-port", "0", "--starttls", "offer"]);
    expect(await program.line(/STARTTLS/)).toMatch(/➜ {2}STARTTLS offered$/);
    const [url = ""] = /http:.*$/.exec(await program.line(/CA /)) ?? [];
    expect(await (await fetch(url)).text()).toContain("BEGIN CERTIFICATE");
    expect(await program.end()).toBe(0);
  });

  test("--verbose says why TLS failed", async () => {
    const program = spawnProgram([
      ...["--smtp-port", "0", "--http-port", "0", "--starttls", "offer", "--verbose"],
    ]);
    const port = Number(/\d+$/.exec(await program.line(/SMTP/))?.[0]);
    const client = await RawClient.greeted(port);
    expect(await client.ask("STARTTLS")).toMatch(/^220 /);
    await expect(client.secure("")).rejects.toThrow();
    expect(await program.line(/closed/)).toMatch(/ closed {6}s1 by \w+, TLS/);
    expect(await program.end()).toBe(0);
  });

  test("the banner names the config file, and the rules in force where there are any", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
    const file = join(folder, "my.json");
    const start = async (config: object) => {
      writeFileSync(file, JSON.stringify({ smtpPort: 0, httpPort: 0, ...config }));
      const program = spawnProgram(["--config", file]);
      const lines = [await program.line(/Seed/), await program.line(/./), await program.line(/^/)];
      expect(await program.end()).toBe(0);
      return lines.slice(1);
    };
    expect(await start({})).toEqual([`  ➜  Config   ${file}`, ""]);
    expect(await start({ faults: ["mailbox-full", { id: "slow", on: "data", do: "451 no" }] })).toEqual([
      "  ➜  Faults   mailbox-full, slow",
      `  ➜  Config   ${file}`,
    ]);
    rmSync(folder, { recursive: true });
  });

  test("H14: a warning for anything but loopback", async () => {
    const { complaint, end, ready } = await spawnReady("--host", "0.0.0.0");
    expect(ready.smtp.port).toBeGreaterThan(0);
    expect(await end()).toBe(0);
    expect(complaint()).toMatch(/^Warning: listening on 0\.0\.0\.0: .*--http-token.*\n$/);
  });

  test.each([
    ["AUTH", ["--auth-required", "--hide-extension", "auth"]],
    ["STARTTLS", ["--starttls", "require", "--hide-extension", "STARTTLS"]],
  ])("a warning where %s is required and hidden", async (extension, options) => {
    const { complaint, end } = await spawnReady(...options);
    expect(await end()).toBe(0);
    expect(complaint()).toBe(
      `Warning: ${extension} is required, and hidden: nobody can send; leave out --hide-extension ${extension}\n`,
    );
  });

  test("the generated CA is written where it is asked for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mailproof-"));
    const file = join(folder, "ca.pem");
    const { ready, end } = await spawnReady("--starttls", "offer", "--tls-ca-out", file);
    expect(readFileSync(file, "utf8")).toBe(await (await fetch(`${ready.http.url}/api/tls/ca.pem`)).text());
    expect(await end()).toBe(0);
    rmSync(folder, { recursive: true });
  });
});

describe("the environment", () => {
  test("variables are read", async () => {
    const variables = {
      MAILPROOF_SMTP_PORT: "0",
      MAILPROOF_HTTP_PORT: "0",
      MAILPROOF_JSON: "1",
      MAILPROOF_HOSTNAME: "env.test",
    };
    const program = spawnProgram([], variables);
    const ready = JSON.parse(await program.line(/ready/));
    const client = await RawClient.connect(ready.smtp.port);
    expect(await client.reply()).toMatch(/^220 env\.test /);
    client.socket.destroy();
    expect(await program.end()).toBe(0);
    expect(program.complaint()).toBe("");
  });

  test("a misspelt variable is warned of", async () => {
    const program = spawnProgram(["--smtp-port", "0", "--http-port", "0", "--json"], {
      MAILPROOF_SMPT_PORT: "1",
    });
    await program.line(/ready/);
    expect(await program.end()).toBe(0);
    expect(program.complaint()).toBe(
      "Warning: unknown variable MAILPROOF_SMPT_PORT; did you mean MAILPROOF_SMTP_PORT?\n",
    );
  });
});

test("a command writes all before it ends", async () => {
  const { ready, line, end } = await spawnReady();
  const client = createTransport({ host: "127.0.0.1", port: ready.smtp.port });
  const content = Buffer.alloc(1_000_000, 0xff);
  await client.sendMail({
    from: "ada@a.test",
    to: "bob@b.test",
    subject: "Large",
    attachments: [{ content }],
  });
  const { size } = JSON.parse(await line(/message\.received/)).data;
  const show = [...program, "show", "latest", "--raw", "--url", ready.http.url];
  const { status, stdout } = spawnSync(process.execPath, show, { maxBuffer: 10_000_000 });
  expect([status, stdout.length]).toEqual([0, size]);
  expect(await end()).toBe(0);
});

describe("a port in use", () => {
  test.each([
    ["--smtp-port", "--http-port"],
    ["--http-port", "--smtp-port"],
  ])("%s: one line, exit code 1", async (flag, other) => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const address = squatter.address();
    const port = typeof address === "object" ? address?.port : 0;
    const program = spawnProgram([flag, String(port), other, "0"]);
    expect(await program.exited).toBe(1);
    expect(program.complaint()).toBe(
      `mailproof: Failed to listen on 127.0.0.1 port ${port}: it is in use; choose another port with ${flag}, 0 for any free one\n`,
    );
    squatter.close();
  });
});

describe("signals", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s: a session that can speak gets 421, exit code 0",
    async (signal) => {
      const { ready, end } = await spawnReady("--quiet");
      const client = await RawClient.greeted(ready.smtp.port);
      const ended = end(signal);
      expect(await client.reply()).toMatch(/^421 4\.3\.2 /);
      expect(await ended).toBe(0);
    },
  );

  test("SIGTERM while nobody reads what is said: exit code 0", async () => {
    const { ready, child } = await spawnReady();
    child.stdout?.pause();
    await deliver(await RawClient.greeted(ready.smtp.port), 400);
    const exited = once(child, "exit");
    if (child.pid !== undefined) process.kill(child.pid, "SIGTERM");
    expect(await exited).toEqual([0, null]);
    child.stdout?.destroy();
  });

  test("SIGTERM while a client is in mid-content: it is cut off without a reply, exit code 0", async () => {
    const { ready, end } = await spawnReady("--quiet");
    const client = await RawClient.greeted(ready.smtp.port);
    for (const line of ["MAIL FROM:<a@a.test>", "RCPT TO:<b@b.test>"])
      expect(await client.ask(line)).toMatch(/^250 /);
    expect(await client.ask("DATA")).toMatch(/^354 /);
    client.send("Subject: half\r\n\r\nGood mor");
    expect(await end()).toBe(0);
    await client.end();
    await expect(client.reply()).rejects.toThrow("before a reply");
  });

  test("with --json, what the closing does to sessions is told before the end", async () => {
    const { ready, child, end } = await spawnReady();
    let said = "";
    child.stdout?.on("data", (text) => {
      said += text;
    });
    const clients = await Promise.all([1, 2, 3].map(() => RawClient.greeted(ready.smtp.port)));
    for (const client of clients) expect(await client.ask("MAIL FROM:<a@a.test>")).toMatch(/^250 /);
    expect(await end()).toBe(0);
    const types = said.match(/"type":"[^"]+"/g)?.map((type) => type.slice(8, -1)) ?? [];
    for (const type of ["transaction.finished", "session.closed"])
      expect(types.filter((one) => one === type)).toHaveLength(3);
  });

  test("a page that listens to events does not hold the server back", async () => {
    const { ready, end } = await spawnReady("--quiet");
    const stream = await fetch(`${ready.http.url}/api/events`);
    expect(stream.ok).toBe(true);
    expect(await end()).toBe(0);
    await stream.text().catch(() => {});
  });
});
