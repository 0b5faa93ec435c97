/**
 * Every attack of row 2.2 against one server that goes on serving: after each a clean mail arrives octet
 * for octet, and its resident memory stays within bounds. Memory is measured on Linux only; the attacks are
 * made everywhere.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Program, startProgram } from "../journeys/program.ts";
import { RawClient } from "../support/raw-client.ts";
import { cleanContent, deliver, pause, pour, repeated, times, toContent } from "./attacker.ts";
import { MemoryWatch, watched } from "./memory.ts";

/**
 * MiB that may stay after all attacks, over the warmed-up base, when the garbage is collected and what the C library
 * holds is given back. Left alone, both let it lie until there is a lot of it; that is told, not judged.
 */
const bound = 64;
/** Seconds. */
const commandTimeout = 3;

const flags = [
  ...["--max-message-size", "1M", "--max-bytes", "16M", "--max-sessions", "1200"],
  ...["--command-timeout", `${commandTimeout}s`, "--starttls", "offer", "--auth", "ada:secret"],
];

let program: Program;
let port = 0;
let watch: MemoryWatch;

beforeAll(async () => {
  for (const [name, value] of Object.entries(watched)) vi.stubEnv(name, value);
  program = await startProgram("node", flags);
  vi.unstubAllEnvs();
  port = program.ready.smtp.port;
  watch = new MemoryWatch(program.ready.pid);
  await warmUp();
  await watch.begin();
}, 60_000);

afterAll(async () => {
  expect(await program.stop()).toBe(0);
});

/** Runs an attack, and then sees that nothing has come of it. */
function attack(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 60_000 }, async () => {
    await watch.during(name, run);
    await expectCleanMail();
  });
}

/**
 * What ordinary clients do at full speed: it fills the store and the records to their limits and brings the
 * heap to the size that the runtime gives a busy server, so that only attacks add to it.
 */
async function warmUp(): Promise<void> {
  const line = `${"x".repeat(70)}\r\n`;
  for (let n = 0; n < 20; n += 1) {
    expect(await deliver(port, `Subject: large ${n}\r\n\r\n${line.repeat(14_000)}`)).toMatch(/^250 /);
  }
  const mail = `MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\nSubject: x\r\n\r\n${line.repeat(10)}.\r\n`;
  // 1,100 sessions and 11,000 transactions: more than is kept of either.
  for (let n = 0; n < 22; n += 1) {
    await times(50, async () => {
      const client = await RawClient.greeted(port);
      await pour(client, [`${mail.repeat(10)}QUIT\r\n`]);
      await client.end();
    });
  }
  for (let n = 0; n < 5; n += 1) await read("/api/messages?limit=500");
  // What is parsed for a search is kept, up to a limit.
  await read("/api/messages?text=nothing-of-this");
  await expectCleanMail();
}

async function expectCleanMail(): Promise<void> {
  const { subject, content } = cleanContent();
  expect(await deliver(port, content, "clean@s.test")).toMatch(/^250 2\.0\.0 /);
  const raw = await fetch(
    `${program.ready.http.url}/api/messages/latest/raw?subject=${encodeURIComponent(subject)}`,
  );
  expect(Buffer.from(await raw.arrayBuffer()).toString("latin1")).toBe(content);
}

/** The body of an answer of the API that must not be an error of ours. */
async function read(path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${program.ready.http.url}${path}`, init);
  expect(response.status, path).toBeLessThan(500);
  return await response.text();
}

describe("abuse: lines and contents", () => {
  attack("100 MB without CRLF", async () => {
    const client = await RawClient.connect(port);
    await pour(client, repeated(new Uint8Array(65_536).fill(0x41), 1600));
    await client.end();
    expect(client.rest).toMatch(/^220 .*\r\n421 4\.7\.0 .*\r\n$/);
  });

  attack("100 MB without CRLF, in an answer to AUTH", async () => {
    const client = await RawClient.greeted(port);
    expect(await client.ask("AUTH LOGIN")).toMatch(/^334 /);
    await pour(client, repeated(new Uint8Array(65_536).fill(0x41), 1600));
    await client.end();
    expect(client.rest).toMatch(/^421 4\.7\.0 .*\r\n$/);
  });

  attack("1,000 lines of 60,000 octets in 20 sessions", async () => {
    const line = `VRFY ${"x".repeat(60_000)}\r\n`;
    await times(20, async () => {
      const client = await RawClient.greeted(port);
      await pour(client, repeated(line, 50));
      await client.end();
      expect(client.rest.match(/^500 5\.5\.2 /gm)).toHaveLength(50);
      expect(client.rest).toMatch(/\r\n421 4\.7\.0 .*\r\n$/);
    });
  });

  attack("200 MB of content in one line, the limit is 1 MB", async () => {
    const client = await toContent(port);
    await pour(client, repeated(new Uint8Array(65_536).fill(0x41), 3200));
    client.send("\r\n.\r\n");
    expect(await client.reply()).toMatch(/^552 5\.3\.4 /);
    expect(await client.ask("NOOP")).toMatch(/^250 /);
    client.close();
  });

  attack("contents of dots and of bare CR", async () => {
    await times(20, async (n) => {
      const line = n % 2 === 0 ? "..\r\n" : "\r.\r.\r.\r\n";
      expect(await deliver(port, line.repeat(100_000))).toMatch(/^250 /);
    });
  });

  attack("contents in packets of one octet", async () => {
    await times(50, async () => {
      const client = await toContent(port);
      for (let n = 0; n < 400; n += 1) {
        client.send("..\r\n"[n % 4] ?? "");
        await new Promise((resolve) => setImmediate(resolve));
      }
      client.send(".\r\n");
      expect(await client.reply()).toMatch(/^250 /);
      client.close();
    });
  });

  attack("50 MB of junk that is no command", async () => {
    const junk = Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * at * 7919 + (at >> 3)) & 0xff);
    await times(50, async () => {
      const client = await RawClient.connect(port);
      await pour(client, [junk]);
      client.socket.end();
      await client.end();
    });
  });

  attack("commands that are refused as a group, with contents behind them", async () => {
    await times(20, async () => {
      const client = await RawClient.connect(port);
      const group = `DATA\r\nBDAT 100000\r\n${"x".repeat(2_000)}\r\n.\r\nMAIL FROM:<\r\nRCPT TO:<\0>\r\n`;
      await pour(client, repeated(group, 1_000));
      await client.end();
    });
  });
});

describe("abuse: connections", () => {
  attack("100 × 10,000 pipelined NOOPs by clients that never read", async () => {
    const noops = "NOOP\r\n".repeat(10_000);
    const clients: RawClient[] = [];
    await times(100, async () => {
      const client = await RawClient.connect(port);
      clients.push(client);
      client.socket.pause();
      client.send(noops);
    });
    await pause(1_000);
    for (const client of clients) client.close();
  });

  attack("10 clients that pipeline without end and never read", async () => {
    const lines = "HELP\r\n".repeat(20_000);
    const countTimeouts = async (): Promise<number> =>
      (await read("/api/sessions?limit=500")).match(/"closedBy":"timeout"/g)?.length ?? 0;
    const before = await countTimeouts();
    const clients: RawClient[] = [];
    await times(10, async () => {
      const client = await RawClient.connect(port);
      clients.push(client);
      client.socket.pause();
      for (let n = 0; n < 20; n += 1) client.socket.write(lines);
    });
    await pause((commandTimeout + 1.5) * 1_000);
    await expect.poll(countTimeouts, { timeout: 20_000 }).toBe(before + 10);
    for (const client of clients) client.close();
  });

  attack("1,000 connections that send one octet at a time", async () => {
    const clients: RawClient[] = [];
    for (let n = 0; n < 1_000; n += 100) {
      await times(100, async () => void clients.push(await RawClient.connect(port)));
    }
    const ended = Promise.all(clients.map((client) => client.end()));
    const dripping = setInterval(() => {
      for (const client of clients) if (client.socket.writable) client.send("x");
    }, 300);
    await ended.finally(() => clearInterval(dripping));
    for (const client of clients) expect(client.rest).toMatch(/^220 .*\r\n421 4\.4\.2 .*\r\n$/);
  });

  attack("2,000 connections, 1,200 are allowed", async () => {
    const clients: RawClient[] = [];
    for (let n = 0; n < 2_000; n += 200) {
      await times(200, async () => void clients.push(await RawClient.connect(port)));
    }
    await expect.poll(() => clients.every((client) => client.rest.includes("\r\n"))).toBe(true);
    const refused = clients.filter((client) => client.rest.startsWith("421 4.7.0 "));
    expect(refused.length).toBeGreaterThanOrEqual(800);
    for (const client of clients) client.close();
    await expect.poll(async () => JSON.parse(await read("/api/sessions?open=true")).total).toBe(0);
  });

  attack("3,000 connections that come and go", async () => {
    for (let n = 0; n < 3_000; n += 200) {
      await times(200, async () => (await RawClient.connect(port, { first: "QUIT\r\n" })).close());
    }
  });

  attack("200 handshakes of STARTTLS that are none", async () => {
    await times(200, async () => {
      const client = await RawClient.greeted(port);
      expect(await client.ask("STARTTLS")).toMatch(/^220 /);
      client.send(`\x16\x03\x01\xff\xff${"x".repeat(70_000)}`);
      await client.end();
    });
  });
});

describe("abuse: floods", () => {
  attack("error floods: 200 sessions of unknown commands", async () => {
    await times(200, async () => {
      const client = await RawClient.greeted(port);
      client.send(`${"x".repeat(1_900)}\r\n`.repeat(100));
      await client.end();
      expect(client.rest).toMatch(/(?:500 5\.5\.2 .*\r\n){50}421 4\.7\.0 .*\r\n$/);
    });
  });

  attack("AUTH floods: 200 sessions of guesses", async () => {
    const guess = `AUTH PLAIN ${Buffer.from(`\0ada\0${"guess".repeat(1_000)}`).toString("base64")}\r\n`;
    await times(200, async () => {
      const client = await RawClient.greeted(port);
      client.send(guess.repeat(20));
      await client.end();
      expect(client.rest).toMatch(/^(?:535 5\.7\.8 .*\r\n){10}421 4\.7\.0 .*\r\n$/);
    });
  });

  attack("long commands: 25 sessions of 1,000 VRFYs", async () => {
    const lines = `VRFY ${"x".repeat(1_900)}\r\n`.repeat(1_000);
    await times(25, async () => {
      const client = await RawClient.greeted(port);
      await pour(client, [`${lines}QUIT\r\n`]);
      await client.end();
      expect(client.rest.match(/^252 /gm)).toHaveLength(1_000);
    });
  });

  attack("H08: commands without end, while each of them is delayed", async () => {
    const init = (method: string, body: string): RequestInit => ({
      method,
      body,
      headers: { "content-type": "application/json" },
    });
    await read("/api/faults", init("POST", '{"on":"noop","do":{"delay":1}}'));
    const client = await RawClient.greeted(port);
    const block = `NOOP ${"x".repeat(500)}\r\n`.repeat(200);
    const until = performance.now() + 2_000;
    while (performance.now() < until) {
      if (client.socket.writableNeedDrain) await pause(10);
      else client.send(block);
    }
    client.close();
    await read("/api/faults", init("PUT", '{"rules":[]}'));
  });

  attack("recipients: 10 transactions of 2,000", async () => {
    await times(10, async () => {
      const client = await RawClient.greeted(port);
      const recipients = Array.from(
        { length: 2_000 },
        (_, n) => `RCPT TO:<${n}${"x".repeat(50)}@s.test>\r\n`,
      );
      await pour(client, [`MAIL FROM:<a@c.test>\r\n${recipients.join("")}RSET\r\nQUIT\r\n`]);
      await client.end();
      expect(client.rest.match(/^250 2\.1\.5 /gm)).toHaveLength(2_000);
    });
  });

  attack("HTTP to the SMTP port: 200 requests", async () => {
    const before = JSON.parse(await read("/api/transactions?limit=1")).total;
    const body = `EHLO c.test\r\nMAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\nhi\r\n.\r\n`;
    await times(200, async () => {
      const posted = fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: body.repeat(100) });
      await expect(posted.then((reply) => reply.text())).rejects.toThrow();
    });
    expect(JSON.parse(await read("/api/transactions?limit=1")).total).toBe(before);
  });
});

describe("abuse: what is read later", () => {
  /** Stores it and reads it in every way that the API has. */
  async function readBomb(content: string): Promise<void> {
    expect(await deliver(port, content, "bomb@s.test")).toMatch(/^250 /);
    const { messages } = JSON.parse(await read("/api/messages?to=bomb@s.test&limit=1"));
    const path = `/api/messages/${messages[0].id}`;
    for (const part of ["", "/raw", "/html", "/text", "/headers", "/mime", "/mime/1", "/attachments/0"]) {
      await read(`${path}${part}`);
    }
    await read(`/api/messages?q=${encodeURIComponent('from:x subject:"y" z header:a')}`);
    await fetch(`${program.ready.http.url}${path}`, { method: "DELETE" });
  }

  attack("MIME: 10,000 nested multiparts", async () => {
    const parts = Array.from(
      { length: 10_000 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
    );
    await readBomb(`Subject: deep\r\n${parts.join("")}Content-Type: text/plain\r\n\r\nhi\r\n`);
  });

  attack("MIME: a boundary of 1,000,000 characters", async () => {
    const boundary = "b".repeat(1_000_000);
    await readBomb(`Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--bbb\r\n\r\nhi\r\n`);
  });

  attack("MIME: 100,000 header fields", async () => {
    await readBomb(`${"a: b\r\n".repeat(100_000)}\r\nhi\r\n`);
    await readBomb(`Subject: x\r\n${" y\r\n".repeat(200_000)}\r\nhi\r\n`);
  });

  attack("MIME: 20,000 parts, 20,000 continuations, 20,000 addresses", async () => {
    const header = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    await readBomb(`${header}${"--b\r\n\r\nhi\r\n".repeat(20_000)}--b--\r\n`);
    const names = Array.from({ length: 20_000 }, (_, n) => `;\r\n filename*${n}*=%41%42`);
    await readBomb(`Content-Disposition: attachment${names.join("")}\r\n\r\nhi\r\n`);
    const addresses = Array.from({ length: 20_000 }, (_, n) => `"a\\"(${n})" <a${n}@x.test>,\r\n `);
    await readBomb(`To: ${addresses.join("")}z@x.test\r\n\r\nhi\r\n`);
  });

  attack("HTML: 100,000 open tags and 50,000 links", async () => {
    const html = "Content-Type: text/html\r\n\r\n";
    await readBomb(`${html}${"<div>\r\n".repeat(100_000)}`);
    await readBomb(`${html}${"<a href=x.y>\r\n".repeat(50_000)}`);
    await readBomb(`\r\n${"http://x.y/".repeat(80)}\r\n`.repeat(1_000));
  });

  attack("regular expressions and globs, in filters and rules", async () => {
    await deliver(port, `Subject: ${"a".repeat(100_000)}\r\n\r\n${"a".repeat(500_000)}\r\n`);
    const patterns = [
      "/(a+)+$/",
      "/(a|aa)+$/",
      "/(.*a){20}b/",
      `${"*a".repeat(30)}b`,
      `${"?*".repeat(200)}b`,
    ];
    for (const pattern of patterns) {
      await read(`/api/messages?subject=${encodeURIComponent(pattern)}`);
      await read(`/api/messages?text=${encodeURIComponent(pattern)}`);
      const rule = { on: "rcpt", match: { to: pattern }, do: "550 No" };
      const init = {
        method: "POST",
        body: JSON.stringify(rule),
        headers: { "content-type": "application/json" },
      };
      await read("/api/faults", init);
    }
    await times(20, async () => {
      const client = await RawClient.greeted(port);
      await client.ask("MAIL FROM:<a@c.test>");
      for (let n = 0; n < 20; n += 1) await client.ask(`RCPT TO:<${"a".repeat(1_800)}@s.test>`);
      client.close();
    });
    await read("/api/faults", {
      method: "PUT",
      body: '{"rules":[]}',
      headers: { "content-type": "application/json" },
    });
  });
});

test("abuse: all of it together leaves the memory within its bound", {
  timeout: 60_000,
}, async ({ skip }) => {
  skip(!watch.isPossible, "only Linux tells the resident memory of a process");
  const growth = await watch.end();
  console.log(watch.table());
  expect(growth).toBeLessThan(bound);
});
