/** `/metrics`: the text that Prometheus reads, and counters that move with real mail. */
import { createTransport } from "nodemailer";
import { afterEach, describe, expect, test, vi } from "vitest";
import { FaultEngine } from "../../src/faults/mod.ts";
import { startMailproof } from "../../src/mailproof.ts";
import type { Mailproof } from "../../src/sdk/mod.ts";
import { openRoom } from "./room.ts";

type Samples = Readonly<Record<string, number>>;

const open: Mailproof[] = [];

async function start(options: Parameters<typeof startMailproof>[0] = {}): Promise<Mailproof> {
  const mail = await startMailproof(options);
  open.push(mail);
  return mail;
}

afterEach(async () => {
  for (const mail of open.splice(0)) await mail.close();
});

/** Reads as Prometheus does: every sample belongs to the HELP and TYPE before it, and stands once. */
function parse(text: string): { samples: Samples; types: Readonly<Record<string, string>> } {
  expect(text.endsWith("\n")).toBe(true);
  const samples: Record<string, number> = {};
  const types: Record<string, string> = {};
  let family = "";
  for (const line of text.trimEnd().split("\n")) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) \S.*$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$/.exec(line);
    const sample =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})?) (\d+(?:\.\d+)?)$/.exec(
        line,
      );
    if (help !== null) family = help[1]!;
    else if (type !== null) {
      expect(type[1]).toBe(family);
      types[family] = type[2]!;
    } else {
      expect([line, sample?.[1]]).toEqual([line, family]);
      const key = sample![1]! + sample![2]!;
      expect(samples).not.toHaveProperty([key]);
      samples[key] = Number(sample![3]);
    }
  }
  return { samples, types };
}

async function scrape(mail: Mailproof): Promise<Samples> {
  const reply = await fetch(`${mail.http.url}/metrics`);
  expect(reply.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parse(await reply.text()).samples;
}

async function send(url: string, to: string): Promise<void> {
  const transport = createTransport({ url, ignoreTLS: true });
  try {
    await transport.sendMail({ from: "app@x.test", to, subject: "Hi", text: "Hello" });
  } finally {
    transport.close();
  }
}

function changes(before: Samples, after: Samples): Samples {
  const moved = Object.entries(after).filter(([name, value]) => value !== before[name]);
  return Object.fromEntries(moved.map(([name, value]) => [name, value - (before[name] ?? 0)]));
}

describe("metrics", () => {
  test("names, types and units are those that Prometheus asks for", async () => {
    const { samples, types } = parse(await (await openRoom().app.request("/metrics")).text());
    for (const [name, type] of Object.entries(types)) {
      expect(name).toMatch(/^mailproof_/);
      expect([name, name.endsWith("_total")]).toEqual([name, type === "counter"]);
    }
    expect(samples).toMatchObject({
      'mailproof_build_info{version="0.0.0",runtime="node",runtime_version="20"}': 1,
      mailproof_messages: 0,
      mailproof_held_requests: 0,
      'mailproof_transactions_total{channel="http",outcome="rejected"}': 0,
      'mailproof_faults_fired_total{phase="end-of-data"}': 0,
    });
  });

  test("labels are quoted", async () => {
    const info = openRoom().parts.info();
    const room = openRoom({ info: () => ({ ...info, version: 'a"b\\c\nd' }) });
    const text = await (await room.app.request("/metrics")).text();
    expect(text).toContain('version="a\\"b\\\\c\\nd"');
    parse(text);
  });

  test("mail that is accepted and mail that is refused move the counters, and a reset takes nothing back", async () => {
    const mail = await start();
    await mail.faults.add({ on: "rcpt", match: { to: "full@*" }, do: "452 4.2.2 Full" });
    const before = await scrape(mail);

    await send(mail.smtp.url, "ada@x.test");
    await send(mail.smtp.url, "bob@x.test");
    await expect(send(mail.smtp.url, "full@x.test")).rejects.toThrow("452");
    await mail.waitForTransactions({}, { count: 3 });
    const after = await scrape(mail);
    const [ada, bob] = await mail.messages();
    const octets = ada!.size + bob!.size;
    const { mailproof_sessions_open, mailproof_journal_number, ...rest } = changes(before, after);
    expect(rest).toEqual({
      mailproof_messages: 2,
      mailproof_messages_unread: 2,
      mailproof_messages_bytes: octets,
      mailproof_messages_received_total: 2,
      mailproof_messages_received_bytes_total: octets,
      mailproof_message_seq: 2,
      mailproof_transaction_seq: 3,
      mailproof_sessions_total: 3,
      'mailproof_transactions_total{channel="smtp",outcome="accepted"}': 2,
      'mailproof_transactions_total{channel="smtp",outcome="rejected"}': 1,
      'mailproof_faults_fired_total{phase="rcpt"}': 1,
    });

    await mail.reset();
    const reset = await scrape(mail);
    expect(reset).toMatchObject({
      mailproof_messages: 0,
      mailproof_sessions_open: 0,
      mailproof_fault_rules: 0,
    });
    for (const name of Object.keys(after).filter((name) => name.includes("_total"))) {
      expect([name, reset[name]]).toEqual([name, after[name]]);
    }
  });

  test("rules are counted without a report on each, those that are over not", async () => {
    const mail = await start({ faults: [{ on: "rcpt", do: "452" }] });
    await mail.faults.add([
      { on: "mail", do: "451", enabled: false },
      { on: "noop", do: "421", ttl: "1h" },
    ]);
    const reported = vi.spyOn(FaultEngine.prototype, "list");
    expect((await scrape(mail)).mailproof_fault_rules).toBe(3);
    await mail.clock.advance("2h");
    expect((await scrape(mail)).mailproof_fault_rules).toBe(2);
    expect(reported).not.toHaveBeenCalled();
    reported.mockRestore();
  });

  test("LMTP, a lost reply, and messages that had to make room", async () => {
    const mail = await start({ lmtpPort: 0, maxMessages: 1 });
    const { host, port } = mail.lmtp!;
    const lmtp = createTransport({ host, port, lmtp: true });
    await lmtp.sendMail({ from: "app@x.test", to: "ada@x.test", text: "Hello" });
    lmtp.close();
    await mail.faults.add({ on: "end-of-data", do: { wire: { truncate: 0 }, end: "reset" } });
    await expect(send(mail.smtp.url, "bob@x.test")).rejects.toThrow();
    await mail.waitForTransactions({ outcome: "reply-lost" });
    expect(await scrape(mail)).toMatchObject({
      mailproof_messages: 1,
      mailproof_messages_received_total: 2,
      mailproof_messages_evicted_total: 1,
      'mailproof_transactions_total{channel="lmtp",outcome="accepted"}': 1,
      'mailproof_transactions_total{channel="smtp",outcome="accepted"}': 0,
      'mailproof_transactions_total{channel="smtp",outcome="reply-lost"}': 1,
      'mailproof_faults_fired_total{phase="end-of-data"}': 1,
    });
    await mail.reset();
    expect((await scrape(mail)).mailproof_messages_evicted_total).toBe(1);
  });

  test("mail by hand and mail of a provider", async () => {
    const mail = await start();
    const before = await scrape(mail);
    const letter = JSON.stringify({ from: "app@x.test", to: "ada@x.test", subject: "Hi", text: "Hello" });
    const headers = { "content-type": "application/json", authorization: "Bearer re_1" };
    for (const path of ["/api/messages", "/providers/resend/emails"]) {
      expect((await fetch(mail.http.url + path, { method: "POST", headers, body: letter })).ok).toBe(true);
    }
    const moved = changes(before, await scrape(mail));
    expect(moved).toMatchObject({
      mailproof_messages_received_total: 2,
      'mailproof_transactions_total{channel="api",outcome="accepted"}': 1,
      'mailproof_transactions_total{channel="http",outcome="accepted"}': 1,
    });
    expect(moved).not.toHaveProperty("mailproof_sessions_total");
  });

  test("a wait that is held is counted as long as it is", async () => {
    const mail = await start();
    const stop = new AbortController();
    const wait = mail.waitFor({ to: "nobody@x.test" }, { timeout: "30s", signal: stop.signal });
    await expect.poll(async () => (await scrape(mail)).mailproof_held_requests).toBe(1);
    stop.abort();
    await expect(wait).rejects.toThrow();
    await expect.poll(async () => (await scrape(mail)).mailproof_held_requests).toBe(0);
  });

  test.each([
    ["no token", {}, 401],
    ["the bearer token", { authorization: "Bearer secret" }, 200],
    ["the token as basic password", { authorization: `Basic ${btoa("prometheus:secret")}` }, 200],
  ])("with --http-token and %s: %i", async (_, headers, status) => {
    const mail = await start({ httpToken: "secret" });
    expect((await fetch(`${mail.http.url}/metrics`, { headers: headers as HeadersInit })).status).toBe(
      status,
    );
  });
});
