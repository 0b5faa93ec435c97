/** What is written down of sessions, replies and clients. */
import { describe, expect, test } from "vitest";
import type { Mailproof, MailproofOptions, Session } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

test("the reply that keeps a message names it", async () => {
  const mail = await start();
  const client = await toContent(mail.smtp.port);
  client.send("Subject: named\r\n\r\nhi\r\n.\r\n");
  const reply = await client.reply();
  const message = await mail.waitFor({ subject: "named" });
  expect(reply).toBe(`250 2.0.0 Ok: queued as ${message.id}`);
  expect(message.transaction.reply?.lines).toEqual([`Ok: queued as ${message.id}`]);
  client.close();
});

test.each([{ on: "end-of-data", do: "250" } as const, { on: "end-of-data", do: ["250"] } as const])(
  "so does that of a rule that is a bare 250: %j",
  async (rule) => {
    const mail = await start({ faults: [rule] });
    const client = await toContent(mail.smtp.port);
    expect(await client.ask("Subject: named\r\n\r\nhi\r\n.")).toBe("250 2.0.0 Ok: queued as m1");
    client.close();
  },
);

test.each([
  ["the client, by QUIT", {}, "QUIT\r\n", "client"],
  ["the client, after a command that was refused", {}, "FOO\r\n", "client"],
  ["the server, for a line without end", {}, `AUTH LOGIN\r\n${"x".repeat(70_000)}`, "server"],
  [
    "the server, for a pipeline that strict does not forgive",
    { strict: true },
    "EHLO c.test\r\nNOOP\r\n",
    "server",
  ],
  ["a fault", { faults: ["shutdown"] }, "NOOP\r\n", "fault"],
] as const)("closed by %s", async (_, options, said, by) => {
  const mail = await start(options as MailproofOptions);
  const client = await RawClient.connect(mail.smtp.port);
  expect(await client.reply()).toMatch(/^220/);
  client.send(`EHLO c.test\r\n`);
  await client.reply();
  client.send(said);
  client.socket.end();
  await client.end();
  await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe(by);
});

test("who authenticated and how, and an attempt that was refused", async () => {
  const mail = await start({ auths: ["bob:secret"] });
  const client = await RawClient.greeted(mail.smtp.port);
  const session = async () => (await mail.sessions())[0];
  expect(await client.ask(`AUTH PLAIN ${btoa("\0bob\0wrong")}`)).toMatch(/^535 5\.7\.8/);
  expect(await session()).toMatchObject({
    user: null,
    mechanism: null,
    authError: expect.stringMatching(/^AUTH PLAIN 535 5\.7\.8 /),
  });
  expect(await client.ask(`AUTH PLAIN ${btoa("\0bob\0secret")}`)).toMatch(/^235/);
  expect(await client.ask("AUTH LOGIN")).toMatch(/^503/);
  expect(await session()).toMatchObject({ user: "bob", mechanism: "PLAIN" });
  client.close();
});
// On a busy machine the greeting may be faster than the client, who then has not talked early.
test("A03: a client that talks before the greeting is served and named", { retry: 5 }, async () => {
  const mail = await start();
  const client = await RawClient.connect(mail.smtp.port, { first: "EHLO early.test\r\nQUIT\r\n" });
  expect(await client.end()).toBe("fin");
  expect(client.rest).toMatch(/^220 .*\r\n250-.*\r\n221 /s);
  const [session] = await mail.sessions();
  expect(session?.warnings).toContain("early-talker");
});

test("a deviation in one message is none of the next", async () => {
  const mail = await start();
  const client = await RawClient.greeted(mail.smtp.port);
  for (const text of ["one\ntwo", "one"]) {
    client.send(`NOOP\r\nMAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\n${text}\r\n.\r\n`);
    for (const code of ["250", "250", "250", "354", "250"])
      expect(await client.reply()).toMatch(new RegExp(`^${code}`));
  }
  const warnings = (await mail.messages()).map((message) => message.warnings.includes("bare-lf"));
  expect(warnings).toEqual([true, false]);
  expect((await mail.sessions())[0]?.warnings).toContain("bare-lf");
  client.close();
});

test("A03: strict refuses it", { retry: 5 }, async () => {
  const mail = await start({ strict: true });
  const client = await RawClient.connect(mail.smtp.port, { first: "EHLO early.test\r\n" });
  expect(await client.reply()).toMatch(/^554 5\.5\.0 .*synchronization/i);
  expect(await client.end()).toBe("fin");
});

test("H09: octets that are no text are escaped, in what was said and in what was asked", async () => {
  const mail = await start({ faults: [{ on: "noop", do: { wire: { raw: "250 \u0007é\r\n" } } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("NOOP")).toBe("250 \x07\xc3\xa9");
  await client.ask("MAIL FROM:<a@c.test>");
  await client.ask("RCPT TO:<b\x01@s.test>");
  await client.ask("QUIT");
  const [transaction] = await mail.waitForTransactions({ outcome: "rejected" });
  expect(transaction?.recipients[0]?.path.raw).toBe("<b\\x01@s.test>");
  const [session] = await mail.sessions();
  const transcript = await mail.transcript(session?.id ?? "");
  expect(transcript).toContain("S: 250 \\x07\\xc3\\xa9\n");
  expect(transcript).toContain("C: RCPT TO:<b\\x01@s.test>\n");
});

describe("EOL: a client that ends its lines with LF alone hears nothing, and why is written down", () => {
  const said = "EHLO lf.test\nAUTH PLAIN c2VjcmV0\n";
  const remark = "*: warning lf-command: A command line ended with LF alone";

  async function record(mail: Mailproof): Promise<{ session: Session; transcript: string }> {
    const [session] = await mail.sessions();
    if (session === undefined) throw new Error("there is no session");
    return { session, transcript: await mail.transcript(session.id) };
  }

  test("while it waits", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    client.send(said);
    await expect
      .poll(async () => (await record(mail)).session.warnings, { timeout: 5_000 })
      .toEqual(["lf-command"]);
    const { transcript } = await record(mail);
    expect(transcript).toMatch(/ C: EHLO lf\.test\\x0aAUTH PLAIN \*{4} \(not ended\)\n/);
    expect(transcript).toContain(remark);
    expect(client.rest).toBe("");
    client.close();
  });

  test("when it goes, and what has no LF at all too", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    client.send(`${said}QUI`);
    client.socket.end();
    await client.end();
    expect(client.rest).toBe("");
    await expect.poll(async () => (await record(mail)).session.closedBy).toBe("client");
    const { session, transcript } = await record(mail);
    expect(session.warnings).toEqual(["lf-command"]);
    expect(transcript).toContain("(not ended)\n");
    expect(transcript).not.toContain("c2VjcmV0");
    expect(transcript).toContain(remark);
  });

  test("when CRLF comes at once, and it is refused", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    client.send(`${said}\r\n`);
    expect(await client.reply()).toMatch(/^500 5\.5\.2 /);
    const { session, transcript } = await record(mail);
    expect(session.warnings).toEqual(["lf-command"]);
    expect(transcript).toContain(remark);
    client.close();
  });

  test("when its time is over", async () => {
    const mail = await start({ commandTimeout: 200 });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("MAIL FROM:<a@c.test>\nRCP");
    expect(await client.reply()).toMatch(/^421 4\.4\.2 /);
    const { session, transcript } = await record(mail);
    expect(session.warnings).toEqual(["lf-command"]);
    expect(transcript).toMatch(/ C: MAIL FROM:<a@c\.test>\\x0a.*RCP \(not ended\)\n.* S: 421 /s);
    client.close();
  });

  test("a rest without LF is no such deviation", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("MAIL FRO");
    client.close();
    await expect.poll(async () => (await record(mail)).session.closedBy).toBe("client");
    const { session, transcript } = await record(mail);
    expect(session.warnings).toEqual([]);
    expect(transcript).toContain(" C: MAIL FRO (not ended)\n");
  });
});

test("B10: an address that is none is found by what was tried", async () => {
  const mail = await start();
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("MAIL FROM:<app> SIZE=5")).toMatch(/^501 5\.1\.7 /);
  expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^250 /);
  for (const path of ["<ada>", "<eve@x..test> NOTIFY=NEVER", "bob@x.test a=", ""])
    expect(await client.ask(`RCPT TO:${path}`)).toMatch(/^501 5\./);
  client.close();
  expect(await mail.waitForTransactions({ from: "app" })).toMatchObject([
    { outcome: "rejected", reversePath: { raw: "<app>", address: "app", route: [] }, recipients: [] },
  ]);
  const [tried] = await mail.waitForTransactions({ to: "ada", outcome: "rejected" });
  expect(tried?.recipients.map(({ path, accepted }) => [path.raw, path.address, accepted])).toEqual([
    ["<ada>", "ada", false],
    ["<eve@x..test>", "eve@x..test", false],
    ["bob@x.test", "bob@x.test", false],
    ["", "", false],
  ]);
  const found = await (await fetch(new URL("/api/transactions?to=ada", mail.http.url))).json();
  expect(found).toMatchObject({ total: 1 });
});

test("B10: a rule sees an address that is none, as it sees others that are refused", async () => {
  const mail = await start();
  await mail.faults.add({ on: "rcpt", match: { to: "ada" }, do: { label: "to" } });
  await mail.faults.add({ on: "mail", match: { from: "app" }, do: { label: "from" } });
  const client = await RawClient.greeted(mail.smtp.port);
  for (const line of ["MAIL FROM:<app>", "MAIL FROM:<a@c.test>", "RCPT TO:<ada>"]) await client.ask(line);
  client.close();
  const transactions = await mail.waitForTransactions({ outcome: "rejected" }, { exactly: 2 });
  expect(transactions.map(({ labels }) => labels)).toEqual([["from"], ["to"]]);
});

test("a content over the limit still tells what it was", async () => {
  const mail = await start({ maxMessageSize: "1k" });
  const client = await toContent(mail.smtp.port);
  client.send(`Subject: too big\r\n\r\n${"x".repeat(4_981)}\r\n.\r\n`);
  expect(await client.reply()).toMatch(/^552 5\.3\.4 /);
  const [refused] = await mail.waitForTransactions({ subject: "too big" });
  expect(refused).toMatchObject({ outcome: "rejected", size: 5_003 });
  client.close();
});

test.each([
  ["DATA", "Subject: half\r\nMess", 19, null],
  [
    "DATA",
    "Subject: half\r\nMessage-ID: <1@c.test>\r\n\r\n",
    41,
    { subject: "half", messageId: "<1@c.test>" },
  ],
  ["DATA", "Subject: half\n\nhi", 17, { subject: "half", messageId: null }],
  ["DATA", "\r\nhi", 4, { subject: "", messageId: null }],
  ["BDAT 100", "Subject: half\r\n\r\nhi", 19, { subject: "half", messageId: null }],
  ["BDAT 17", "Subject: half\r\n\r\n", 17, { subject: "half", messageId: null }],
])(
  "of a content that breaks off after %s and %j %i octets and %j are known",
  async (line, said, size, content) => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send(`MAIL FROM:<a@c.test>\r\nRCPT TO:<c@s.test>\r\n${line}\r\n`);
    for (const code of [250, 250]) expect(await client.reply()).toContain(String(code));
    if (line === "DATA") expect(await client.reply()).toMatch(/^354 /);
    client.send(said);
    client.socket.end();
    await client.end();
    expect(await mail.waitForTransactions({ to: "c@s.test" })).toMatchObject([
      { outcome: "aborted", size, content },
    ]);
  },
);

test("a rule that withholds the answer to AUTH lets nobody in", async () => {
  const mail = await start({ faults: [{ on: "auth-start", do: { reply: "none" } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  client.send(`AUTH PLAIN ${btoa("\0bob\0secret")}\r\nNOOP\r\n`);
  expect(await client.reply()).toMatch(/^250 /);
  expect(await mail.sessions()).toMatchObject([{ user: null }]);
  client.close();
});
