/** VRFY, EXPN and RCPT over a real socket, answered from the directory. */
import { describe, expect, test } from "vitest";
import type { DirectoryInput, MailproofOptions } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

const directory: DirectoryInput = {
  users: [
    { address: "ada@s.test", name: "Ada Lovelace" },
    { address: "bob@s.test", name: "Bob Miller" },
    { address: "bob@other.test", name: "Bob Mason" },
    { address: "zoe@s.test", name: "Zoë" },
    { address: "jürgen@s.test", name: "Jürgen" },
  ],
  lists: [
    { name: "staff", members: ["ada@s.test", "friends@s.test", "eve@elsewhere.test"] },
    { name: "friends@s.test", members: ["bob@s.test", "staff"] },
    { name: "friends@other.test", members: ["jürgen@s.test"] },
    { name: "nobody@s.test", members: ["nobody@s.test"] },
  ],
};
const cannotVerify = "252 2.5.0 Cannot verify, but will take a message and try";
const cannotExpand = "252 2.5.0 Cannot expand, but will take a message and try";
const noSuchUser = "550 5.1.1 No such user here";
const noSuchList = "550 5.1.1 No such mailing list here";

/** Greeted, by a server with this directory. */
async function toServer(options: MailproofOptions = { directory }): Promise<RawClient> {
  const mail = await start(options);
  return await RawClient.greeted(mail.smtp.port);
}

/** UTF-8, one character for each octet, as it is on the wire. */
const octets = (text: string): string => Buffer.from(text).toString("latin1");

describe("D01: VRFY", () => {
  test.each([
    ["ada@s.test", "250 2.1.5 Ada Lovelace <ada@s.test>"],
    ["<ADA@S.TEST>", "250 2.1.5 Ada Lovelace <ada@s.test>"],
    ["ada", "250 2.1.5 Ada Lovelace <ada@s.test>"],
    ["Ada Lovelace", "250 2.1.5 Ada Lovelace <ada@s.test>"],
    ["bob@other.test", "250 2.1.5 Bob Mason <bob@other.test>"],
    [
      "bob",
      "553-5.1.4 Ambiguous, the possibilities are\n553-5.1.4 Bob Miller <bob@s.test>\n553 5.1.4 Bob Mason <bob@other.test>",
    ],
    ["staff", "252 2.5.0 Unable to verify the members of a mailing list, EXPN names them"],
    ["eve@elsewhere.test", cannotVerify],
    ["ada@x.test", cannotVerify],
  ])("D01: VRFY %s", async (text, reply) => {
    expect(await (await toServer()).ask(`VRFY ${text}`)).toBe(reply);
  });

  test("D01: never a false 250: without a directory 252, before and after EHLO", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    expect(await client.ask("VRFY ada@s.test")).toBe(cannotVerify);
    await client.ask("EHLO c.test");
    expect(await client.ask("VRFY ada@s.test")).toBe(cannotVerify);
  });

  test("D01: with strictUsers VRFY says what RCPT would", async () => {
    const client = await toServer({ directory: { ...directory, strictUsers: true } });
    expect(await client.ask("VRFY ada")).toMatch(/^250 /);
    expect(await client.ask("VRFY eve@elsewhere.test")).toBe(noSuchUser);
    expect(await client.ask("VRFY bob")).toMatch(/^553/);
    expect(await client.ask("VRFY staff")).toMatch(/^252 /);
    expect(await client.ask("VRFY Postmaster")).toBe(cannotVerify);
    expect(await client.ask("VRFY")).toMatch(/^501 5\.5\.4 /);
  });

  test("D01: a rule says 251, 551 or 502 instead", async () => {
    const mail = await start({ directory });
    const client = await RawClient.greeted(mail.smtp.port);
    for (const reply of [
      "251 2.1.5 User not local; will forward to <a@b.test>",
      "551 5.1.6 Gone",
      "502 5.5.1 No",
    ]) {
      await mail.faults.add({ on: "vrfy", do: reply });
      expect(await client.ask("VRFY ada")).toBe(reply);
    }
  });
});

describe("D02: EXPN", () => {
  test.each([
    [
      "staff",
      "250-2.1.5 Ada Lovelace <ada@s.test>\n250-2.1.5 Bob Miller <bob@s.test>\n250 2.1.5 <eve@elsewhere.test>",
    ],
    [
      "friends@s.test",
      "250-2.1.5 Bob Miller <bob@s.test>\n250-2.1.5 Ada Lovelace <ada@s.test>\n250 2.1.5 <eve@elsewhere.test>",
    ],
    [
      "friends",
      "553-5.1.4 Ambiguous, the possibilities are\n553-5.1.4 <friends@s.test>\n553 5.1.4 <friends@other.test>",
    ],
    ["nobody", "550 5.2.4 The mailing list has no members"],
    ["strangers", noSuchList],
    ["ada", noSuchList],
  ])("D02: EXPN %s", async (text, reply) => {
    expect(await (await toServer()).ask(`EXPN ${text}`)).toBe(reply);
  });

  test("D02: without lists 252, and not advertised; advertised while there are", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("EXPN staff")).toBe(cannotExpand);
    expect(await client.ask("EHLO c.test")).not.toContain("EXPN");
    await mail.directory.set(directory);
    expect(await client.ask("EHLO c.test")).toContain("\n250-EXPN\n");
    expect(await client.ask("EXPN staff")).toMatch(/^250-/);
    await mail.directory.set({ users: directory.users ?? [] });
    expect(await client.ask("EHLO c.test")).not.toContain("EXPN");
    expect(await client.ask("EXPN staff")).toBe(cannotExpand);
  });

  test("D02: the buffers stay as they are, and a mail to a list as it was sent", async () => {
    const mail = await start({ directory: { ...directory, strictUsers: true } });
    const client = await RawClient.greeted(mail.smtp.port);
    const lines = [
      "MAIL FROM:<a@c.test>",
      "EXPN staff",
      "RCPT TO:<staff@s.test>",
      "VRFY ada",
      "EXPN none",
      "DATA",
    ];
    for (const line of lines) await client.ask(line);
    expect(await client.ask("Subject: x\r\n\r\nhi\r\n.")).toMatch(/^250 /);
    const message = await mail.waitFor();
    expect(message.envelope).toEqual({ from: "a@c.test", to: ["staff@s.test"] });
  });
});

describe("strictUsers", () => {
  test.each([
    ["<ada@s.test>", "250 2.1.5 Ok"],
    ["<@relay.test:ADA@S.TEST>", "250 2.1.5 Ok"],
    ['<"ada"@s.test>', "250 2.1.5 Ok"],
    ["<staff@any.test>", "250 2.1.5 Ok"],
    ["<friends@s.test>", "250 2.1.5 Ok"],
    ["<friends@any.test>", noSuchUser],
    ["<ada@other.test>", noSuchUser],
    ["<eve@elsewhere.test>", noSuchUser],
    ["<ada@s.test", "501 5.5.4 The path must end with >"],
  ])("D01: RCPT TO:%s", async (path, reply) => {
    const client = await toServer({ directory: { ...directory, strictUsers: true } });
    await client.ask("MAIL FROM:<a@c.test>");
    expect(await client.ask(`RCPT TO:${path}`)).toBe(reply);
  });

  test.each(["<Postmaster>", "<POSTMASTER@s.test>", "<postmaster@any.test>"])(
    "B05: RCPT TO:%s, though nobody is there",
    async (path) => {
      const client = await toServer({ directory: { strictUsers: true } });
      await client.ask("MAIL FROM:<a@c.test>");
      expect(await client.ask(`RCPT TO:${path}`)).toBe("250 2.1.5 Ok");
      expect(await client.ask("RCPT TO:<ada@s.test>")).toBe(noSuchUser);
    },
  );

  test("D01: refused recipients are on the transaction; the rest get the mail", async () => {
    const mail = await start({ directory: { ...directory, strictUsers: true } });
    const client = await RawClient.greeted(mail.smtp.port);
    for (const line of ["MAIL FROM:<a@c.test>", "RCPT TO:<who@s.test>", "RCPT TO:<ada@s.test>", "DATA"])
      await client.ask(line);
    await client.ask("hi\r\n.");
    const { envelope, transaction } = await mail.waitFor({ to: "ada@s.test" });
    expect(envelope.to).toEqual(["ada@s.test"]);
    expect(transaction.recipients.map(({ reply }) => reply?.code)).toEqual([550, 250]);
    await client.ask("MAIL FROM:<a@c.test>");
    await client.ask("RCPT TO:<who@s.test>");
    expect(await client.ask("DATA")).toBe("554 5.5.1 No valid recipients");
  });

  test("D01: without it anybody gets mail", async () => {
    const client = await toServer();
    await client.ask("MAIL FROM:<a@c.test>");
    expect(await client.ask("RCPT TO:<who@nowhere.test>")).toBe("250 2.1.5 Ok");
  });
});

describe("SMTPUTF8 (RFC 6531 §3.7.4.2)", () => {
  test.each([
    ["VRFY zoe", "250 2.1.5 <zoe@s.test>"],
    ["VRFY zoe SMTPUTF8", "250 2.1.5 Zoë <zoe@s.test>"],
    ["VRFY Zoë smtputf8", "250 2.1.5 Zoë <zoe@s.test>"],
    ["VRFY jürgen", "252 2.6.8 The mailbox can only be shown in UTF-8, ask with SMTPUTF8"],
    ["VRFY JÜRGEN@s.test SMTPUTF8", "250 2.1.5 Jürgen <jürgen@s.test>"],
    ["EXPN friends@other.test", "252 2.6.8 The mailbox can only be shown in UTF-8, ask with SMTPUTF8"],
    ["EXPN friends@other.test SMTPUTF8", "250 2.1.5 Jürgen <jürgen@s.test>"],
    ["VRFY ada SMTPUTF8", "250 2.1.5 Ada Lovelace <ada@s.test>"],
  ])("D01 D02: %s", async (line, reply) => {
    expect(await (await toServer()).ask(octets(line))).toBe(octets(reply));
  });

  test("D01: ambiguous, and one of them outside ASCII", async () => {
    const users = ["é@a.test", "é@b.test"].map((address) => ({ address }));
    const client = await toServer({ directory: { users } });
    expect(await client.ask(octets("VRFY é"))).toMatch(/^553 5\.6\.8 /);
    expect(await client.ask(octets("VRFY é SMTPUTF8"))).toBe(
      octets("553-5.1.4 Ambiguous, the possibilities are\n553-5.1.4 <é@a.test>\n553 5.1.4 <é@b.test>"),
    );
  });

  test("D01 D02: where the extension is hidden the parameter is not known", async () => {
    const client = await toServer({ directory, hideExtensions: ["SMTPUTF8"] });
    expect(await client.ask("VRFY ada SMTPUTF8")).toMatch(/^555 5\.5\.4 /);
    expect(await client.ask("EXPN staff SMTPUTF8")).toMatch(/^555 5\.5\.4 /);
  });
});

test("D01 D02: extensions that are hidden: EXPN is refused, no reply has an enhanced code", async () => {
  const hidden = await toServer({ directory, hideExtensions: ["EXPN"] });
  expect(await hidden.ask("EHLO c.test")).not.toContain("EXPN");
  expect(await hidden.ask("EXPN staff")).toBe("502 5.5.1 Command not implemented");
  const plain = await toServer({
    directory: { ...directory, strictUsers: true },
    hideExtensions: ["ENHANCEDSTATUSCODES"],
  });
  expect(await plain.ask("VRFY ada")).toBe("250 Ada Lovelace <ada@s.test>");
  expect(await plain.ask("EXPN none")).toBe("550 No such mailing list here");
  await plain.ask("MAIL FROM:<a@c.test>");
  expect(await plain.ask("RCPT TO:<who@s.test>")).toBe("550 No such user here");
});

test("D01 D02: before TLS that is required nothing is told", async () => {
  const client = await toServer({ directory, starttls: "require" });
  expect(await client.ask("VRFY ada")).toMatch(/^530 5\.7\.0 /);
  expect(await client.ask("EXPN staff")).toMatch(/^530 5\.7\.0 /);
});

test("a reset brings back the directory of the options", async () => {
  const mail = await start({ directory });
  const before = await mail.directory.get();
  await mail.directory.set({ strictUsers: true });
  await mail.reset();
  expect(await mail.directory.get()).toEqual(before);
  expect(await (await RawClient.greeted(mail.smtp.port)).ask("VRFY ada")).toMatch(/^250 /);
});
