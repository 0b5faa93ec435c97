/** What an envelope says beside its addresses, as it is written down. */
import { expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

/** Says the lines of a transaction, each of them accepted, and sends a content of this subject. */
async function deliver(port: number, subject: string, ...lines: string[]): Promise<void> {
  const client = await RawClient.greeted(port);
  for (const line of lines) expect(await client.ask(utf8(line)), line).toMatch(/^250 /);
  expect(await client.ask("DATA")).toMatch(/^354/);
  expect(await client.ask(`Subject: ${subject}\r\n\r\nhi\r\n.`)).toMatch(/^250/);
  client.close();
}

test.each(["MAIL", "SEND", "SOML", "SAML"])("D04: %s opens a transaction and is recorded", async (verb) => {
  const mail = await start();
  await deliver(mail.smtp.port, "hi", `${verb} FROM:<a@c.test>`, "RCPT TO:<b@s.test>");
  expect((await mail.waitFor({ to: "b@s.test" })).transaction).toMatchObject({ verb, outcome: "accepted" });
});

test("D04: an attempt that was refused has its verb, too", async () => {
  const mail = await start({
    hideExtensions: ["SOML"],
    faults: [{ on: "mail", match: { verb: "SEND" }, do: "452 4.3.1 Not now" }],
  });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("SOML FROM:<a@c.test>")).toBe("502 5.5.1 Command not implemented");
  expect(await client.ask("SAML TO:<a@c.test>")).toMatch(/^501 5\.5\.4/);
  expect(await client.ask("SEND FROM:<a@c.test>")).toBe("452 4.3.1 Not now");
  expect(await client.ask("SAML FROM:<a@c.test>")).toMatch(/^250/);
  client.close();
  const verbs = (await mail.transactions({ outcome: "rejected" })).map(({ verb }) => verb);
  expect(verbs.sort()).toEqual(["SAML", "SEND", "SOML"]);
});

test("D05: TURN is refused, whatever a rule says", async () => {
  const mail = await start();
  await expect(mail.faults.add({ on: "turn", do: "250 2.0.0 Ok" })).rejects.toThrow(/turn/);
  await mail.faults.add({ on: "any", do: "250 2.0.0 Ok" });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("TURN")).toBe("502 5.5.1 Command not implemented");
  await mail.faults.clear();
  expect(await client.ask("HELP")).toMatch(/^214-2\.0\.0 Commands: .*\bSAML\b/);
  client.close();
});

test("D03: 211 by a rule", async () => {
  const mail = await start({ faults: [{ on: "help", do: "211" }] });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("HELP")).toBe("211 System status");
  client.close();
});

test("D06: a server that knows only RFC 821", async () => {
  const mail = await start({ faults: ["no-extensions"] });
  const client = await RawClient.connect(mail.smtp.port);
  await client.reply();
  expect(await client.ask("EHLO c.test")).toMatch(/^50[02] /);
  expect(await client.ask("HELO c.test")).toMatch(/^250 [^\n]*$/);
  expect(await client.ask("MAIL FROM:<a@c.test> SIZE=1")).toMatch(/^555 5\.5\.4/);
  expect(await client.ask("SOML FROM:<a@c.test>")).toMatch(/^250 /);
  client.close();
});

test("DSN: what notifications are asked for is kept with message and recipients", async () => {
  const mail = await start();
  await deliver(
    mail.smtp.port,
    "dsn",
    "MAIL FROM:<a@c.test> RET=HDRS ENVID=QQ+2B1",
    "RCPT TO:<b@s.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;Bob+2B@x.test",
    "RCPT TO:<c@s.test> NOTIFY=NEVER",
    "RCPT TO:<d@s.test>",
  );
  const { transaction } = await mail.waitFor({ subject: "dsn" });
  expect(transaction.mailParameters).toEqual({ RET: "HDRS", ENVID: "QQ+1" });
  expect(transaction.recipients.map(({ parameters }) => parameters)).toEqual([
    { NOTIFY: "SUCCESS,FAILURE,DELAY", ORCPT: "rfc822;Bob+@x.test" },
    { NOTIFY: "NEVER" },
    {},
  ]);
});

test("DELIVERBY MT-PRIORITY RRVS SIZE 8BITMIME: parameters are kept as they were sent", async () => {
  const mail = await start();
  await deliver(
    mail.smtp.port,
    "kept",
    "MAIL FROM:<a@c.test> BY=120;RT MT-PRIORITY=-3 SIZE=100 BODY=8BITMIME",
    "RCPT TO:<b@s.test> RRVS=2014-04-03T23:01:00Z;C",
  );
  expect((await mail.waitFor({ subject: "kept" })).transaction).toMatchObject({
    mailParameters: { BY: "120;RT", "MT-PRIORITY": "-3", SIZE: "100", BODY: "8BITMIME" },
    recipients: [{ parameters: { RRVS: "2014-04-03T23:01:00Z;C" } }],
  });
});

test("SMTPUTF8: addresses are kept in the form in which they were sent", async () => {
  const mail = await start();
  const [composed, decomposed] = ["ü@c.test", "u\u0308@s.test"];
  await deliver(
    mail.smtp.port,
    "utf8",
    `MAIL FROM:<${composed}> SMTPUTF8`,
    `RCPT TO:<${decomposed}> ORCPT=utf-8;\\x{7528}@s.test`,
  );
  const { envelope, transaction } = await mail.waitFor({ subject: "utf8" });
  expect(envelope).toEqual({ from: composed, to: [decomposed] });
  expect(transaction.mailParameters).toEqual({ SMTPUTF8: true });
  expect(transaction.recipients[0]?.parameters).toEqual({ ORCPT: "utf-8;用@s.test" });
});

test("FUTURERELEASE: until when a message is held", async () => {
  const mail = await start();
  const { port } = mail.smtp;
  await deliver(port, "for", "MAIL FROM:<a@c.test> HOLDFOR=3600", "RCPT TO:<b@s.test>");
  await deliver(
    port,
    "until",
    "MAIL FROM:<a@c.test> HOLDUNTIL=2100-01-01T01:00:00+01:00",
    "RCPT TO:<b@s.test>",
  );
  await deliver(port, "now", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>");
  const held = await mail.waitFor({ subject: "for" });
  expect(Date.parse(held.heldUntil ?? "") - Date.parse(held.receivedAt)).toBe(3_600_000);
  expect((await mail.waitFor({ subject: "until" })).heldUntil).toBe("2100-01-01T00:00:00.000Z");
  expect((await mail.waitFor({ subject: "now" })).heldUntil).toBeNull();
});

test("FUTURERELEASE: the past is that of the server's clock", async () => {
  const mail = await start();
  const client = await RawClient.greeted(mail.smtp.port);
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  expect(await client.ask(`MAIL FROM:<a@c.test> HOLDUNTIL=${at(-1_000)}`)).toMatch(/^501 5\.5\.4 .*past/);
  expect(await client.ask(`MAIL FROM:<a@c.test> HOLDUNTIL=${at(60_000)}`)).toMatch(/^250/);
  client.close();
});

test("LIMITS: is offered where --max-recipients is given", async () => {
  const list = async (options: { maxRecipients?: number }): Promise<string> => {
    const client = await RawClient.connect((await start(options)).smtp.port);
    await client.reply();
    const reply = await client.ask("EHLO c.test");
    client.close();
    return reply;
  };
  expect(await list({ maxRecipients: 5 })).toMatch(/^250-LIMITS RCPTMAX=5$/m);
  expect(await list({})).not.toContain("LIMITS");
});

test("B04: a source route is kept, and nextHop shows where it leads", async () => {
  const mail = await start({ faults: [{ on: "rcpt", match: { to: "gone@*" }, do: "550" }] });
  const client = await RawClient.greeted(mail.smtp.port);
  await client.ask("MAIL FROM:<@zero.test:smith@alpha.test>");
  expect(await client.ask("RCPT TO:<@other.test:gone@three.test>")).toMatch(/^550/);
  expect(await client.ask("RCPT TO:<@one.test,@two.test:joe@three.test>")).toMatch(/^250/);
  await client.ask("DATA");
  await client.ask("Subject: routed\r\n\r\nhi\r\n.");
  client.close();
  const { envelope, nextHop, transaction } = await mail.waitFor({ subject: "routed" });
  expect(envelope).toEqual({ from: "smith@alpha.test", to: ["joe@three.test"] });
  expect(transaction.recipients[1]?.path.route).toEqual(["one.test", "two.test"]);
  expect(nextHop).toEqual({
    reversePath: "<@one.test,@zero.test:smith@alpha.test>",
    forwardPaths: ["<@two.test:joe@three.test>"],
  });
});

test("a rule matches parameters as they are kept", async () => {
  const mail = await start({
    faults: [
      { on: "mail", match: { parameter: { ENVID: "a b" } }, do: "455 4.5.4 Not now" },
      { on: "rcpt", match: { parameter: { NOTIFY: "*DELAY*" } }, do: "450 4.2.1 Not now" },
      { on: "end-of-data", match: { parameter: { smtputf8: "*" } }, do: "550 5.6.7 No" },
    ],
  });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("MAIL FROM:<a@c.test> ENVID=a+20b")).toMatch(/^455/);
  expect(await client.ask("MAIL FROM:<a@c.test> SMTPUTF8")).toMatch(/^250/);
  expect(await client.ask("RCPT TO:<b@s.test> NOTIFY=FAILURE,DELAY")).toMatch(/^450/);
  expect(await client.ask("RCPT TO:<b@s.test> NOTIFY=FAILURE")).toMatch(/^250/);
  await client.ask("DATA");
  expect(await client.ask("hi\r\n.")).toMatch(/^550 5\.6\.7/);
  client.close();
});
