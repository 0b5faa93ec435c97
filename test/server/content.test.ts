/** Rows of docs/smtp.md on content, over real sockets: what is kept, where it ends, and what cannot end it. */
import { createTransport } from "nodemailer";
import { describe, expect, test } from "vitest";
import type { Mailproof } from "../../mod.ts";
import { nearMisses, secondMessage } from "../smtp/near-misses.ts";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const stuffed = (content: string): string => content.replace(/(^|\r\n)\./g, "$1..");

/** The content as it was kept, one character for each octet. */
async function kept(mail: Mailproof, subject: string): Promise<string> {
  const message = await mail.waitFor({ subject });
  return Buffer.from(await message.raw()).toString("latin1");
}

const octets = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

test.each([
  ["C01 C11", "what is kept is what was sent", "plain", "Hello\r\n"],
  ["C02", "one dot of each line goes", "dots", ".\r\nx\r\n..\r\n \r\n.leading\r\n"],
  ["C05", "a line of 998 octets", "line", `${"x".repeat(998)}\r\n`],
  ["C05", "a line of 100 kB", "long", `${"x".repeat(100_000)}\r\n`],
  ["C06", "64 kB", "64k", `${"y".repeat(62)}\r\n`.repeat(1_024)],
  ["C06", "10 MB", "10M", `${"z".repeat(78)}\r\n`.repeat(131_072)],
  [
    "C07",
    "every octet",
    "octets",
    `${octets.filter((octet) => octet !== "\r" && octet !== "\n").join("")}\r\n`,
  ],
  ["C10", "bare LF, bare CR, and both at the end", "ends", "a\nb\rc\n\r\n\rd\n.\nx\r\n"],
])("%s: %s", async (_row, _what, subject, body) => {
  const mail = await start();
  const client = await toContent(mail.smtp.port);
  const content = `Subject: ${subject}\r\n\r\n${body}`;
  client.send(`${stuffed(content)}.\r\n`);
  expect(await client.reply()).toMatch(/^250 2\.0\.0 Ok: queued as m1$/);
  expect((await kept(mail, subject)) === content).toBe(true);
  client.close();
});

test("C03: the end is found in writes cut at each of its octets, and one octet at a time", async () => {
  const mail = await start();
  const end = "\r\n.\r\n";
  const one = async (subject: string, pieces: readonly string[]): Promise<void> => {
    const client = await toContent(mail.smtp.port);
    for (const piece of pieces) {
      client.send(piece);
      await pause(20);
    }
    expect(await client.reply(), subject).toMatch(/^250 2\.0\.0 /);
    expect(await kept(mail, subject), subject).toBe(`Subject: ${subject}\r\n\r\nbody\r\n`);
    client.close();
  };
  const content = (subject: string): string => `Subject: ${subject}\r\n\r\nbody`;
  await Promise.all([
    ...[0, 1, 2, 3, 4, 5].map((at) =>
      one(
        `cut${at}`,
        [content(`cut${at}`) + end.slice(0, at), end.slice(at)].filter((piece) => piece !== ""),
      ),
    ),
    one("single", [...content("single"), ...end]),
  ]);
});

test("C04: after the content the transaction is over, whatever was said", async () => {
  const mail = await start({ faults: [{ on: "end-of-data", when: { times: 1 }, do: "452 4.3.1 Full" }] });
  const client = await toContent(mail.smtp.port);
  for (const code of ["452", "250"]) {
    expect((await client.ask("Subject: x\r\n.")).slice(0, 3)).toBe(code);
    expect(await client.ask("RCPT TO:<b@s.test>")).toMatch(/^503 5\.5\.1 /);
    expect(await client.ask("DATA")).toMatch(/^503 5\.5\.1 /);
    for (const line of ["MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>"])
      expect(await client.ask(line)).toMatch(/^250/);
    expect(await client.ask("DATA")).toMatch(/^354 /);
  }
  client.close();
});

test("C08: what is over the limit is read to its real end and never run", async () => {
  const mail = await start({ maxMessageSize: "1k" });
  const client = await toContent(mail.smtp.port);
  const command = "MAIL FROM:<x@y.test>\r\nRCPT TO:<x@y.test>\r\nDATA\r\nRSET\r\nQUIT\r\n";
  client.send(`Subject: big\r\n\r\n${"x".repeat(1_020)}\r\n`);
  for (const piece of [command, "..\r\n", "\n.\n", command.repeat(60)]) {
    client.send(piece);
    await pause(20);
    expect(client.rest).toBe("");
  }
  expect(await client.ask(".")).toMatch(/^552 5\.3\.4 /);
  expect(await client.ask("NOOP")).toMatch(/^250 2\.0\.0 /);
  expect(client.rest).toBe("");
  expect(await mail.messages()).toEqual([]);
  expect(await mail.transactions()).toMatchObject([{ outcome: "rejected", reply: { code: 552 } }]);
  client.close();
});

test("H03: the octets of a line that never ends count", async () => {
  const mail = await start({ maxMessageSize: "64k" });
  const client = await toContent(mail.smtp.port);
  for (let sent = 0; sent < 100; sent += 1) client.send("x".repeat(100_000));
  expect(await client.ask("\r\n.")).toMatch(/^552 5\.3\.4 /);
  expect(await client.ask("NOOP")).toMatch(/^250 /);
  const [transaction] = await mail.transactions();
  expect(transaction).toMatchObject({ outcome: "rejected", size: 10_000_002, storedId: null });
  client.close();
});

test("H04: the oldest messages go, or new ones are refused", async () => {
  const deliver = async (mail: Mailproof, subject: string): Promise<string> => {
    const client = await toContent(mail.smtp.port);
    const reply = await client.ask(`Subject: ${subject}\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(500)}.`);
    client.close();
    return reply.slice(0, 9);
  };
  for (const [options, limits] of [
    [{ maxMessages: 2 }, "--max-messages and --max-bytes"],
    [{ maxBytes: "100k" }, "--max-bytes"],
  ] as const) {
    const mail = await start(options);
    for (const subject of ["one", "two", "three"]) expect(await deliver(mail, subject)).toBe("250 2.0.0");
    expect((await mail.messages()).map(({ subject }) => subject)).toEqual(["two", "three"]);
    const full = await start({ ...options, whenFull: "reject" });
    for (const code of ["250 2.0.0", "250 2.0.0"]) expect(await deliver(full, "x")).toBe(code);
    const client = await RawClient.greeted(full.smtp.port);
    client.send("MAIL FROM:<a@c.test> SIZE=40000\r\n");
    expect(await client.reply()).toBe(`452 4.3.1 Insufficient system storage within ${limits}`);
    expect(await full.messages()).toHaveLength(2);
    client.close();
  }
});

test("C09: a content may be empty", async () => {
  const mail = await start();
  const client = await toContent(mail.smtp.port);
  expect(await client.ask(".")).toMatch(/^250 2\.0\.0 /);
  expect(await mail.waitFor({ to: "b@s.test" })).toMatchObject({ size: 0, subject: "" });
  client.close();
});

test.each([
  { maxMessageSize: 1_000 },
  // What can never be kept is not to be tried again.
  { maxBytes: 1_000 },
] as const)("SIZE: more than is taken is refused at MAIL, and the session goes on: %j", async (options) => {
  const mail = await start(options);
  const client = await toContent(mail.smtp.port);
  await client.ask(".");
  expect(await client.ask("EHLO c.test")).toMatch(/\n250-SIZE 1000\n/);
  expect(await client.ask("MAIL FROM:<a@c.test> SIZE=1001")).toMatch(/^552 5\.3\.4 /);
  expect(await client.ask("RCPT TO:<b@s.test>")).toMatch(/^503 5\.5\.1 /);
  expect(await client.ask("MAIL FROM:<a@c.test> SIZE=5")).toMatch(/^250 2\.1\.0 /);
  expect(await client.ask("RCPT TO:<b@s.test>")).toMatch(/^250 2\.1\.5 /);
  await client.ask("DATA");
  // More than was declared is no mistake by itself.
  expect(await client.ask("Subject: longer than declared\r\n.")).toMatch(/^250 2\.0\.0 /);
  const { transaction } = await mail.waitFor({ subject: "longer*" });
  expect(transaction.mailParameters).toEqual({ SIZE: "5" });
  client.close();
});

test("8BITMIME SMTPUTF8: what was announced is kept as it was written", async () => {
  const mail = await start({ strict: true });
  const client = await toContent(mail.smtp.port);
  await client.ask(".");
  // An e with a combining accent, which a normalization would make one letter.
  const address = Buffer.from("ze\u0301@例え.test").toString("latin1");
  expect(await client.ask(`MAIL FROM:<${address}> BODY=8BITMIME SMTPUTF8`)).toMatch(/^250 2\.1\.0 /);
  expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250 2\.1\.5 /);
  expect(await client.ask("VRFY x SMTPUTF8")).toMatch(/^252 2\.5\.0 /);
  await client.ask("DATA");
  expect(await client.ask("Subject: utf8\r\n\r\n\xc3\xa9\r\n.")).toMatch(/^250 2\.0\.0 /);
  const message = await mail.waitFor({ subject: "utf8" });
  expect(message.envelope).toEqual({ from: "ze\u0301@例え.test", to: ["ze\u0301@例え.test"] });
  expect(message.warnings).toEqual([]);
  client.close();
});

test("SMTPUTF8: nodemailer writes to an address beyond ASCII, with nothing to blame it for", async () => {
  const mail = await start({ strict: true });
  const transport = createTransport({ host: mail.smtp.host, port: mail.smtp.port, ignoreTLS: true });
  await transport.sendMail({ from: "a@c.test", to: "jõgeva@s.test", subject: "to all", text: "hi" });
  const { transaction, warnings } = await mail.waitFor({ to: "jõgeva@s.test" });
  expect(transaction.mailParameters).toEqual({ SMTPUTF8: true });
  expect(warnings).toEqual([]);
  expect(await kept(mail, "to all")).toContain("j\xc3\xb5geva@s.test");
});

describe("smuggling", () => {
  const mailOf = (row: string, octets: string): string =>
    `Subject: ${row}\r\n\r\nbody${octets}${secondMessage}`;

  /** Sends a near miss in pieces, 200 ms apart, and says what came of it. */
  async function smuggle(client: RawClient, pieces: readonly string[]): Promise<string> {
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) await pause(200);
      client.send(piece);
    }
    const reply = await client.reply();
    client.send("QUIT\r\n");
    await client.end();
    return `${reply.slice(0, 9)} | ${client.rest.slice(0, 9)}`;
  }

  test.each(nearMisses)(
    "%s %j: one message, whole and in two writes, with the second one inside",
    async (row, octets) => {
      const mail = await start();
      const whole = mailOf(row, octets);
      const from = whole.indexOf("body") + 4;
      const cuts = Array.from({ length: octets.length + 1 }, (_, at) => from + at);
      const ways = [[whole], ...cuts.map((at) => [whole.slice(0, at), whole.slice(at)])];
      const said = await Promise.all(
        ways.map(async (pieces) => smuggle(await toContent(mail.smtp.port), pieces)),
      );
      expect(said).toEqual(ways.map(() => "250 2.0.0 | 221 2.0.0"));
      const messages = await mail.messages();
      expect(messages.map(({ subject }) => subject)).toEqual(ways.map(() => row));
      for (const message of messages) {
        expect(message.envelope).toEqual({ from: "a@c.test", to: ["b@s.test"] });
        expect(Buffer.from(await message.raw()).toString("latin1")).toContain("MAIL FROM:<evil@x>\r\n");
      }
    },
  );
});
