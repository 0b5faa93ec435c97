/** Whose mail, rules, counters and time it is, told on the wire: what no inbox may have of another. */
import { createHmac } from "node:crypto";
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import type { FaultWhen, Inbox, Mailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { provedBy } from "../support/scram-client.ts";
import { start } from "./running.ts";

const encoded = (text: string): string => Buffer.from(text).toString("base64");
const decoded = (reply: string): string => Buffer.from(reply.slice(4), "base64").toString();

/** Says the lines one by one; resolves to the codes of the replies. */
async function say(client: RawClient, ...lines: string[]): Promise<string[]> {
  const codes: string[] = [];
  for (const line of lines) codes.push((await client.ask(line)).slice(0, 3));
  return codes;
}

const plain = ({ user, password }: Inbox): string => `AUTH PLAIN ${encoded(`\0${user}\0${password}`)}`;

async function inboxesOf(mail: Mailproof): Promise<(readonly string[])[]> {
  return (await mail.messages()).map(({ inboxes }) => inboxes);
}

describe("one connection for several inboxes", () => {
  test("each mail comes only to whom it is for, and the session is seen in all of them", async () => {
    const mail = await start();
    const [one, two] = [await mail.inbox(), await mail.inbox()];
    const transport = createTransport({ url: mail.smtp.url, pool: true, maxConnections: 1 });
    for (const to of [one.address(), "bob@x.test", two.address(), one.address()]) {
      await transport.sendMail({ from: "app@x.test", to, subject: "Hello", text: "Hello" });
    }
    transport.close();
    expect(await inboxesOf(mail)).toEqual([[one.id], [], [two.id], [one.id]]);
    expect(await mail.sessions()).toMatchObject([{ inboxes: [one.id, two.id] }]);
    expect([await one.transactions(), await two.transactions()].map(({ length }) => length)).toEqual([2, 1]);
  });

  test("an attempt to mail to an address that is none is whose domain it names", async () => {
    const mail = await start();
    const inbox = await mail.inbox();
    const client = await RawClient.greeted(mail.smtp.port);
    const to = inbox.address("ada..lovelace");
    expect(await say(client, "MAIL FROM:<a@c.test>", `RCPT TO:<${to}>`, "RSET")).toEqual([
      "250",
      "501",
      "250",
    ]);
    expect(await inbox.transactions({ to, outcome: "rejected" })).toMatchObject([{ inboxes: [inbox.id] }]);
    client.close();
  });

  test.each([
    ["X-Run: 7\r\n\r\nhalf of a", true],
    ["X-Run: 7\r\nSubject: half of a", false],
    ["X-Run: 8\r\n\r\nhalf of a", false],
  ])("a content that breaks off after %j is whose header it has: %s", async (said, isOurs) => {
    const mail = await start();
    const inbox = await mail.inbox({ match: { header: { "x-run": "7" } } });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await say(client, "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA")).toEqual([
      "250",
      "250",
      "354",
    ]);
    client.send(said);
    client.socket.end();
    await client.end();
    const inboxes = isOurs ? [inbox.id] : [];
    expect(await mail.waitForTransactions({ to: "b@s.test" })).toMatchObject([
      { outcome: "aborted", inboxes },
    ]);
    expect(await mail.sessions()).toMatchObject([{ inboxes }]);
  });

  test("what a transaction was for is forgotten with RSET", async () => {
    const mail = await start();
    const [one, two] = [await mail.inbox(), await mail.inbox()];
    await one.faults.add({ on: "data", do: "451 4.3.0 Not now" });
    const client = await RawClient.greeted(mail.smtp.port);
    const begin = ["MAIL FROM:<a@c.test>", `RCPT TO:<${one.address()}>`, "RSET"];
    const again = ["MAIL FROM:<a@c.test>", `RCPT TO:<${two.address()}>`, "DATA"];
    expect(await say(client, ...begin, ...again)).toEqual(["250", "250", "250", "250", "250", "354"]);
    await client.ask("Subject: x\r\n\r\n.");
    expect(await inboxesOf(mail)).toEqual([[two.id]]);
  });

  test("a user is forgotten with STARTTLS", async () => {
    const mail = await start({ starttls: "offer" });
    const inbox = await mail.inbox();
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await say(client, plain(inbox), "STARTTLS")).toEqual(["235", "220"]);
    await client.secure(mail.tls.ca ?? "");
    await client.ask("EHLO c.test");
    await say(client, "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA", "Subject: x\r\n\r\n.");
    expect(await inboxesOf(mail)).toEqual([[]]);
  });
});

describe("the user of an inbox beside --auth", () => {
  type Dialogue = (client: RawClient, inbox: Pick<Inbox, "user" | "password">) => Promise<string>;
  const scram =
    (name: string, hash: "sha1" | "sha256"): Dialogue =>
    async (client, { user, password }) => {
      const first = `n,,n=${user},r=nonce`;
      const serverFirst = decoded(await client.ask(`AUTH ${name} ${encoded(first)}`));
      const reply = await client.ask(encoded(provedBy(password, hash, first, serverFirst)));
      return reply.startsWith("334 ") ? await client.ask("") : reply;
    };
  test.each<[string, Dialogue]>([
    ["PLAIN", (client, inbox) => client.ask(plain(inbox as Inbox))],
    [
      "CRAM-MD5",
      async (client, { user, password }) => {
        const challenge = decoded(await client.ask("AUTH CRAM-MD5"));
        const digest = createHmac("md5", password).update(challenge).digest("hex");
        return await client.ask(encoded(`${user} ${digest}`));
      },
    ],
    ["SCRAM-SHA-1", scram("SCRAM-SHA-1", "sha1")],
    ["SCRAM-SHA-256", scram("SCRAM-SHA-256", "sha256")],
  ])("%s: its own password is the only one, as long as it lives", async (_, dialogue) => {
    const mail = await start({ auths: ["app:secret"] });
    const [{ user, password }, other] = [await mail.inbox(), await mail.inbox()];
    const attempt = async (password: string): Promise<string> => {
      const client = await RawClient.greeted(mail.smtp.port);
      const reply = await dialogue(client, { user, password });
      client.close();
      return reply.slice(0, 3);
    };
    expect([await attempt(password), await attempt(other.password)]).toEqual(["235", "535"]);
    await fetch(`${mail.http.url}/api/inboxes/${user}`, { method: "DELETE" });
    expect(await attempt(password)).toBe("535");
  });
});

describe("a proxy speaks for its clients", () => {
  test("XCLIENT LOGIN brings the mail to the inbox of that user", async () => {
    const mail = await start({ trustedProxies: ["127.0.0.1"] });
    const inbox = await mail.inbox();
    const client = await RawClient.greeted(mail.smtp.port);
    await say(client, `XCLIENT LOGIN=${inbox.user}`, "EHLO c.test");
    await say(client, "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA", "Subject: x\r\n\r\n.");
    expect(await inboxesOf(mail)).toEqual([[inbox.id]]);
  });

  test("behind a PROXY header the address of the proxy is nobody's", async () => {
    const mail = await start({ trustedProxies: ["127.0.0.1"], proxyProtocol: true });
    await mail.inbox({ match: { remoteAddress: "127.0.0.1" } });
    const inbox = await mail.inbox({ match: { remoteAddress: "192.0.2.7" } });
    const first = "PROXY TCP4 192.0.2.7 192.0.2.1 4000 25\r\n";
    const client = await RawClient.connect(mail.smtp.port, { first });
    await client.reply();
    expect(await mail.sessions()).toMatchObject([{ inboxes: [inbox.id] }]);
  });
});

describe("what is known at the end of data", () => {
  test.each([
    ["DATA", ["DATA", "X-Run: 7\r\n\r\n."]],
    ["BDAT", ["BDAT 10\r\nX-Run: 7", "BDAT 2 LAST\r\n"]],
  ])("%s: a header field, for the mail, the attempt and the rules", async (_, content) => {
    const mail = await start();
    const inbox = await mail.inbox({ match: { header: { "X-Run": "7" } } });
    await inbox.faults.add({ on: "end-of-data", do: "451 4.3.0 Not now", when: { times: 1 } });
    const client = await RawClient.greeted(mail.smtp.port);
    for (const code of ["451", "250"]) {
      const codes = await say(client, "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", ...content);
      expect(codes.at(-1)).toBe(code);
    }
    const attempts = await inbox.waitForTransactions({}, { count: 2 });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["rejected", "accepted"]);
    expect(await inbox.messages()).toHaveLength(1);
  });

  test("LMTP: a recipient that is refused behind the content has no mail", async () => {
    const mail = await start({ lmtpPort: 0 });
    const [one, two] = [await mail.inbox(), await mail.inbox()];
    await two.faults.add({ on: "end-of-data", do: "550 5.1.1 No" });
    const client = await RawClient.connect(mail.lmtp!.port);
    await client.reply();
    const rcpt = [one, two].map((inbox) => `RCPT TO:<${inbox.address()}>`);
    await say(client, "LHLO c.test", "MAIL FROM:<a@c.test>", ...rcpt, "DATA", "Subject: x\r\n\r\n.");
    expect((await client.reply()).slice(0, 3)).toBe("550");
    expect(await inboxesOf(mail)).toEqual([[one.id]]);
  });
});

describe("time", () => {
  test("a rule goes by the clock of its own inbox, whoever else has a part in the mail", async () => {
    const mail = await start();
    const [one, two] = [await mail.inbox(), await mail.inbox()];
    await one.faults.add({ on: "rcpt", do: "451 4.7.1 Later", when: { for: "5m" } });
    await two.clock.advance("1h");
    const client = await RawClient.greeted(mail.smtp.port);
    const rcpt = `RCPT TO:<${one.address()}>`;
    // The user brings the other inbox, an hour ahead.
    expect(await say(client, plain(two), "MAIL FROM:<a@c.test>", rcpt)).toEqual(["235", "250", "451"]);
    await one.clock.advance("5m");
    expect(await say(client, rcpt)).toEqual(["250"]);
  });

  test.each<[FaultWhen, string]>([
    [{ for: "5m", per: "triplet" }, "451"],
    [{ rate: { limit: 1, per: "5m" }, per: "triplet" }, "250"],
  ])("what is counted for all goes for each inbox by its own clock: %j", async (when, first) => {
    const mail = await start();
    await mail.faults.add({ on: "rcpt", do: "451 4.7.1 Later", when });
    const [one, two] = [await mail.inbox(), await mail.inbox()];
    const tryOnce = async (inbox: Inbox | null): Promise<string | undefined> => {
      const client = await RawClient.greeted(mail.smtp.port);
      const user = inbox === null ? "NOOP" : plain(inbox);
      const codes = await say(client, user, "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>");
      client.close();
      return codes.at(-1);
    };
    await one.clock.advance("1h");
    expect(await tryOnce(one)).toBe(first);
    // Neither for who is an hour ahead nor for the others has time passed since.
    for (const inbox of [one, two, null]) expect(await tryOnce(inbox)).toBe("451");
    await two.clock.advance("6m");
    expect([await tryOnce(two), await tryOnce(one), await tryOnce(null)]).toEqual(["250", "451", "451"]);
  });

  test("a delay that goes by the clock of an inbox does not grow when it goes", async () => {
    const mail = await start();
    const inbox = await mail.inbox();
    await inbox.clock.advance("1h");
    await inbox.faults.add({ on: "rcpt", do: { delay: 100 } });
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask("MAIL FROM:<a@c.test>");
    const reply = client.ask(`RCPT TO:<${inbox.address()}>`);
    await expect.poll(async () => (await mail.transactions())[0]?.faults.length).toBe(1);
    await inbox.close();
    expect(await reply).toMatch(/^250/);
  });

  test("a stall of a rule for all lasts as long for an inbox that is ahead", async () => {
    const mail = await start();
    const inbox = await mail.inbox();
    await inbox.clock.advance("1h");
    await mail.faults.add({ on: "rcpt", ttl: "10m", do: "stall" });
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask("MAIL FROM:<a@c.test>");
    client.send(`RCPT TO:<${inbox.address()}>\r\n`);
    const isOpen = async (): Promise<boolean> => (await mail.sessions())[0]?.closedAt === null;
    await expect.poll(async () => (await mail.transactions())[0]?.faults.length).toBe(1);
    await inbox.clock.advance("9m");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await isOpen()).toBe(true);
    await inbox.clock.advance("1m");
    await expect.poll(isOpen).toBe(false);
  });

  test("a slow connection goes on when it is no longer for an inbox that is ahead", async () => {
    const mail = await start({ faults: [{ on: "connect", do: { drip: { octets: 50, every: 10 } } }] });
    const inbox = await mail.inbox();
    await inbox.clock.advance("1h");
    const client = await RawClient.greeted(mail.smtp.port);
    const ours = ["MAIL FROM:<a@c.test>", `RCPT TO:<${inbox.address()}>`, "RSET"];
    expect(await say(client, ...ours, "MAIL FROM:<a@c.test>")).toEqual(["250", "250", "250", "250"]);
    client.close();
  });

  test("a clock does not go beyond the last date", async () => {
    const inbox = await (await start()).inbox();
    await inbox.clock.advance(4.5e15);
    await expect(inbox.clock.advance(4.5e15)).rejects.toMatchObject({ problem: { status: 422 } });
  });
});

describe("rules", () => {
  test("a change does not make a rule that of all", async () => {
    const mail = await start();
    const inbox = await mail.inbox();
    const rule = await inbox.faults.add({ on: "rcpt", do: "550 5.1.1 No", match: { to: "ada@*" } });
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask("MAIL FROM:<a@c.test>");
    for (const match of [{ to: "bob@*" }, null]) {
      await fetch(`${mail.http.url}/api/faults/${rule.id}`, {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ match }),
      });
      const rcpt = ["bob@x.test", inbox.address("bob")].map((to) => `RCPT TO:<${to}>`);
      expect(await say(client, ...rcpt)).toEqual(["250", "550"]);
      expect(await inbox.faults.list()).toHaveLength(1);
    }
  });

  test("a magic address counts for each inbox", async () => {
    const mail = await start();
    for (const inbox of [await mail.inbox(), await mail.inbox()]) {
      const client = await RawClient.greeted(mail.smtp.port);
      await say(client, plain(inbox), "MAIL FROM:<a@c.test>");
      const rcpt = "RCPT TO:<ada+fault.451.x1@x.test>";
      expect(await say(client, rcpt, rcpt)).toEqual(["451", "250"]);
    }
  });

  test("a limit of connections lets the first ones in, whoever comes at the same time", async () => {
    const mail = await start();
    await mail.faults.add({ on: "greeting", match: { openSessions: { min: 3 } }, do: "421 4.7.0 Too many" });
    const clients = await Promise.all(Array.from({ length: 6 }, () => RawClient.connect(mail.smtp.port)));
    const greetings = await Promise.all(clients.map((client) => client.reply()));
    expect(greetings.map((greeting) => greeting.slice(0, 3)).sort()).toEqual([
      ...["220", "220"],
      ...["421", "421", "421", "421"],
    ]);
    for (const client of clients) client.close();
  });

  test("a limit of connections counts those of the inbox", async () => {
    const mail = await start();
    const [one, two] = [await mail.inbox({ listener: true }), await mail.inbox({ listener: true })];
    await one.faults.add({ on: "greeting", match: { openSessions: { min: 2 } }, do: "421 4.7.0 Too many" });
    const greet = async ({ smtp }: Inbox) => (await (await RawClient.connect(smtp.port)).reply()).slice(0, 3);
    expect(await greet(two)).toBe("220");
    expect([await greet(one), await greet(one)]).toEqual(["220", "421"]);
  });
});

test("a report comes to whom it is about and whom it is for, and to no other who was tried", async () => {
  const mail = await start();
  const [one, two, sender] = [await mail.inbox(), await mail.inbox(), await mail.inbox()];
  await two.faults.add({ on: "rcpt", do: "550 5.1.1 No" });
  await one.faults.add({ on: "end-of-data", do: { bounce: { status: "5.1.1" } } });
  const client = await RawClient.greeted(mail.smtp.port);
  await say(client, `MAIL FROM:<${sender.address()}>`);
  const rcpt = [one, two].map((inbox) => `RCPT TO:<${inbox.address()}>`);
  expect(await say(client, ...rcpt, "DATA", "Subject: x\r\n\r\n.")).toEqual(["250", "550", "354", "250"]);
  expect((await sender.waitFor({ from: "" })).inboxes.toSorted()).toEqual([one.id, sender.id].toSorted());
  expect(await two.messages()).toEqual([]);
});

test("an inbox hears nothing of rules that fire for others: on the wire, over HTTP, on a closed port", async () => {
  const mail = await start();
  const [one, two] = [await mail.inbox({ listener: true }), await mail.inbox()];
  const since = await mail.mark();
  await one.faults.add({ on: "rcpt", do: "550 5.1.1 No" });
  await one.faults.add({ on: "http", do: { http: { status: 500 } } });
  await one.faults.add({ on: "connect", do: { end: "refuse", for: "1h" } });
  const { url, key } = one.providers.resend;
  await fetch(`${url}/emails`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ from: "a@x.test", to: "b@x.test", subject: "x", text: "x" }),
  });
  const client = await RawClient.greeted(mail.smtp.port);
  await say(client, "MAIL FROM:<a@c.test>", `RCPT TO:<${one.address()}>`);
  const heard = async (inbox: Inbox): Promise<string[]> => {
    const phases: string[] = [];
    for await (const event of inbox.events({ since, types: ["fault.fired", "clock.advanced"] })) {
      if (event.type === "clock.advanced") break;
      if (event.type === "fault.fired") phases.push(event.data.phase);
    }
    return phases.toSorted();
  };
  await mail.clock.advance(1);
  expect(await heard(one)).toEqual(["connect", "http", "rcpt"]);
  expect(await heard(two)).toEqual([]);
});
