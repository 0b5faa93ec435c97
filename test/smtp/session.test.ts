import { describe, expect, test } from "vitest";
import { reply, type Session, warningTexts } from "../../src/smtp/mod.ts";
import { arrived, Driver, defaults, toOctets } from "./dialogue.ts";
import { agree, checkpoint, OK, open, say } from "./steps.ts";

describe("checkpoints", () => {
  test("nothing is read while one is open, and it is settled once", () => {
    const session = open();
    checkpoint(session, "HELO c.test");
    expect(() => session.next()).toThrow('the checkpoint "helo" is open');
    session.settle(OK);
    expect(() => session.settle(OK)).toThrow("no checkpoint is open");
    expect(session.next()).toEqual({ kind: "need-data" });
  });

  test("a refusal of the engine's own cannot be committed", () => {
    const session = open();
    say(session, "HELO c.test");
    expect(checkpoint(session, "MAIL FROM:<a@b..c>").proposed?.code).toBe(501);
    session.settle(OK);
    expect(session.state).toBe("ready");
    expect(checkpoint(session, "RCPT TO:<b@s.test>").proposed?.code).toBe(503);
    session.settle(OK);
    expect(session.state).toBe("ready");
  });

  test.each([
    ["HELO c.test", 250, "ready"],
    ["HELO c.test", 354, "greeted"],
    ["STARTTLS", 220, "securing"],
    ["STARTTLS", 250, "greeted"],
    ["QUIT", 421, "greeted"],
    ["QUIT", 221, "closed"],
  ])("%s answered with %i leads to %s", (line, code, state) => {
    const session = open({ startTls: "offer" });
    checkpoint(session, line);
    session.settle(reply(code, null, "text"));
    expect(session.state).toBe(state);
  });

  test("250 instead of 354 does not open the content", () => {
    const session = open();
    say(session, "HELO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>");
    checkpoint(session, "DATA");
    session.settle(OK);
    expect(session.state).toBe("rcpt");
  });

  test("the transaction is what was committed before the command", () => {
    const session = open();
    say(session, "HELO c.test");
    expect(checkpoint(session, "MAIL FROM:<a@c.test> ").transaction).toBeNull();
    session.settle(OK);
    expect(checkpoint(session, "RCPT TO:<b@s.test>").transaction).toMatchObject({
      verb: "MAIL",
      reversePath: { address: "a@c.test" },
      recipients: [],
    });
    session.settle(OK);
    expect(session.transaction?.recipients.map(({ path }) => path.address)).toEqual(["b@s.test"]);
    say(session, "RSET");
    expect(session.transaction).toBeNull();
  });

  test("end of data carries size and content, which is joined once", () => {
    const session = open();
    say(session, "HELO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA");
    const found = checkpoint(session, "..hi\r\n.");
    expect(found).toMatchObject({ phase: "end-of-data", command: null, line: null, octets: 5 });
    const content = found.content!();
    expect(content).toEqual(toOctets(".hi\r\n"));
    session.settle(OK);
    const event = session.next();
    expect(event.kind === "accepted" && event.content).toStrictEqual([content]);
    expect(session.next()).toEqual({ kind: "need-data" });
  });

  test("of content over the limit there is only the head", () => {
    const session = open({ maxMessageSize: 3 });
    say(session, "HELO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA");
    const found = checkpoint(session, "Subject: hi\r\n.");
    expect(found).toMatchObject({ octets: 13, content: null, proposed: { code: 552 } });
    expect(found.head!()).toEqual(toOctets("Subject: hi\r\n"));
    session.settle(OK);
    expect(session.next().kind).toBe("need-data");
  });

  test("the head is the first 64 KiB of content that is whole, and is nowhere else", () => {
    const session = open();
    say(session, "HELO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>");
    const data = checkpoint(session, "DATA");
    expect(data.head).toBeNull();
    session.settle(data.proposed);
    const found = checkpoint(session, `${"x".repeat(70_000)}\r\n.`);
    expect(found.head!()).toEqual(toOctets("x".repeat(65_536)));
    expect(found.content!()).toHaveLength(70_002);
  });

  test("the octets of a content are known while it is in progress", () => {
    const session = open();
    say(session, "HELO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA");
    expect(session.octets).toBe(0);
    session.receive(toOctets("..hi\r\n"));
    expect(session.next()).toEqual({ kind: "need-data" });
    expect(session.octets).toBe(5);
    const end = checkpoint(session, ".");
    expect(session.octets).toBe(5);
    session.settle(end.proposed);
    expect(session.octets).toBe(0);
  });

  test("who authenticates is told at auth only, and never how", () => {
    const session = open();
    say(session, "EHLO c.test");
    const start = checkpoint(session, "AUTH PLAIN AGJvYgBzZWNyZXQ=");
    expect(start).toMatchObject({ phase: "auth-start", proposed: null, user: null });
    session.proceed();
    const found = checkpoint(session);
    expect(found).toMatchObject({ phase: "auth", line: null, user: "bob", command: { mechanism: "PLAIN" } });
    expect(JSON.stringify(found)).not.toContain("secret");
    session.settle(reply(535, "5.7.8", "No"));
    expect(session.client.authenticated).toBe(false);
    expect(session.state).toBe("ready");
  });
});

describe("where nothing has to be said", () => {
  const start = (): Session => {
    const session = open();
    say(session, "EHLO c.test");
    expect(checkpoint(session, "AUTH PLAIN AGJvYgBzZWNyZXQ=").proposed).toBeNull();
    return session;
  };

  test("proceed goes on", () => {
    const session = start();
    expect(session.proceed()).toBe(true);
    expect(session.state).toBe("authenticating");
  });

  test("silence does not, and neither does a reply", () => {
    for (const said of [null, reply(334, null, ""), reply(235, null, "Ok")]) {
      const session = start();
      expect(session.settle(said)).toBe(false);
      expect(session.state).toBe("ready");
      expect(session.next()).toEqual({ kind: "need-data" });
    }
  });

  test("proceed is for that alone", () => {
    const session = open();
    expect(() => session.proceed()).toThrow("no checkpoint is open");
    checkpoint(session, "NOOP");
    expect(() => session.proceed()).toThrow('the checkpoint "noop" needs a reply');
    session.settle(OK);
    const gone = start();
    gone.hangUp();
    expect(gone.proceed()).toBe(false);
  });
});

describe("life of a session", () => {
  test("after hangUp there is nothing more", () => {
    const session = open();
    checkpoint(session, "HELO c.test");
    session.hangUp();
    session.settle(OK);
    session.receive(toOctets("NOOP\r\n"));
    expect(session.next()).toEqual({ kind: "closed" });
    expect(session.state).toBe("closed");
  });

  test("secured is for the handshake only", () => {
    expect(() => open().secured()).toThrow("the session is greeted");
  });

  test("T4 octets between STARTTLS and the handshake are thrown away", () => {
    const session = open({ startTls: "offer" });
    say(session, "STARTTLS");
    agree(session, checkpoint(session));
    expect(session.next()).toEqual({ kind: "start-tls" });
    session.receive(toOctets("MAIL FROM:<x@y.test>\r\n"));
    expect(session.next()).toEqual({ kind: "need-data" });
    session.secured();
    expect(session.next()).toEqual({ kind: "need-data" });
    expect(session.client).toEqual({ helo: null, esmtp: false, secure: true, authenticated: false });
  });

  test("B16 100 recipients and more are kept, in order, duplicates too", () => {
    const session = open();
    say(session, "HELO c.test", "MAIL FROM:<a@c.test>");
    const addresses = Array.from({ length: 150 }, (_, at) => `r${at % 140}@s.test`);
    for (const address of addresses) say(session, `RCPT TO:<${address}>`);
    expect(session.transaction?.recipients.map(({ path }) => path.address)).toEqual(addresses);
  });

  test("P5 ten thousand commands in one piece get ten thousand replies", () => {
    const driver = new Driver();
    driver.pump();
    driver.send("EHLO c.test\r\n");
    expect(driver.send("RSET\r\n".repeat(10_000))).toEqual(Array(10_000).fill("S: 250 2.0.0 Ok"));
  });
});

describe("input without measure", () => {
  test("H02: a line without end gets 421 and the end", () => {
    const driver = new Driver();
    driver.pump();
    const piece = "x".repeat(10_000);
    const seen = Array.from({ length: 20 }, () => driver.send(piece)).flat();
    expect(seen).toEqual(["S: 421 4.7.0 mock.test Line too long, closing transmission channel", "X:"]);
  });

  test("U9 an AUTH answer that is too long is read to its end", () => {
    const driver = new Driver();
    driver.pump();
    driver.send("EHLO c.test\r\n");
    driver.send("AUTH PLAIN\r\n");
    expect(driver.send("A".repeat(12_287))).toEqual([]);
    expect(driver.send("\r\n")).toEqual(["S: 500 5.5.6 Authentication exchange line is too long"]);
    expect(driver.send(`AUTH PLAIN ${"A".repeat(12_276)}\r\n`)).toEqual([
      "S: 500 5.5.6 Authentication exchange line is too long",
    ]);
    expect(driver.send(`AUTH PLAIN ${"A".repeat(12_272)}\r\n`)).toEqual([
      "S: 501 5.5.2 Malformed credentials",
    ]);
    expect(driver.send("NOOP\r\n")).toEqual(["S: 250 2.0.0 Ok"]);
  });

  test("an AUTH answer without end gets 421 and the end", () => {
    const driver = new Driver();
    driver.pump();
    driver.send("EHLO c.test\r\n");
    driver.send("AUTH PLAIN\r\n");
    expect(driver.send("A".repeat(70_000))).toEqual([
      "S: 421 4.7.0 mock.test Line too long, closing transmission channel",
      "X:",
    ]);
  });
});

describe("talking out of turn", () => {
  const strict = { strictness: "strict" } as const;
  const SYNC = "S: 554 5.5.0 SMTP synchronization error";

  test("A03 before the greeting: a warning, or the end when strict", () => {
    const early = (options: Partial<typeof defaults>): string[] =>
      new Driver(options).send("HELO c.test\r\n");
    expect(early({})).toEqual(["W: early-talker", "S: 220 mock.test ESMTP Mailproof", "S: 250 mock.test"]);
    expect(early(strict)).toEqual(["W: early-talker", SYNC, "X:"]);
  });

  test("A03 while the greeting is not settled", () => {
    for (const strictness of ["default", "strict"] as const) {
      const session = arrived({ ...defaults, strictness });
      checkpoint(session);
      session.receive(toOctets("HELO c.test\r\n"));
      session.settle(reply(220, null, "hi"));
      const found = checkpoint(session);
      expect(found.warnings).toEqual(["early-talker"]);
      expect(found.proposed?.code).toBe(strictness === "strict" ? 554 : 250);
      session.settle(found.proposed);
      expect(session.state).toBe(strictness === "strict" ? "closed" : "ready");
    }
  });

  test.each([
    ["P4 behind EHLO", [], "EHLO c.test\r\nNOOP\r\n", "pipelined-after-ehlo"],
    ["P4 behind NOOP", ["EHLO c.test"], "NOOP\r\nRSET\r\n", "pipelined-after-noop"],
    ["P4 behind VRFY", ["EHLO c.test"], "VRFY b\r\nRSET\r\n", "pipelined-after-noop"],
    ["P4 behind EXPN", ["EHLO c.test"], "EXPN l\r\nRSET\r\n", "pipelined-after-noop"],
    ["P7 after HELO", ["HELO c.test"], "NOOP\r\nNOOP\r\n", "pipelined-without-extension"],
    [
      "behind DATA",
      ["EHLO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>"],
      "DATA\r\nhi\r\n.\r\n",
      "pipelined-after-data",
    ],
    ["U14 behind AUTH", ["EHLO c.test"], "AUTH PLAIN\r\nAGJvYgB4\r\n", "pipelined-after-auth"],
    ["T4 behind STARTTLS", ["EHLO c.test"], "STARTTLS\r\nNOOP\r\n", "pipelined-after-starttls"],
  ])("%s: a warning, or the end when strict", (_, before, group, warning) => {
    for (const strictness of ["default", "strict"] as const) {
      const driver = new Driver({ strictness, startTls: "offer" });
      driver.pump();
      for (const line of before) driver.send(`${line}\r\n`);
      const seen = driver.send(group);
      expect(seen[0]).toBe(`W: ${warning}`);
      expect(seen.includes(SYNC)).toBe(strictness === "strict");
      if (strictness === "strict") expect(seen).toHaveLength(3);
    }
  });

  test("strict: a group that PIPELINING allows is served, and QUIT may end it", () => {
    const driver = new Driver(strict);
    driver.pump();
    driver.send("EHLO c.test\r\n");
    expect(driver.send("RSET\r\nRSET\r\nQUIT\r\nNOOP\r\n")).toEqual([
      "S: 250 2.0.0 Ok",
      "S: 250 2.0.0 Ok",
      "S: 221 2.0.0 Bye",
      "X:",
    ]);
  });
});

describe("content that deviates", () => {
  const deliver = (content: string, parameters = "", options: Partial<typeof defaults> = {}): string[] => {
    const driver = new Driver(options);
    driver.pump();
    driver.send("EHLO c.test\r\n");
    driver.send(`MAIL FROM:<a@c.test>${parameters}\r\n`);
    driver.send("RCPT TO:<b@s.test>\r\n");
    driver.send("DATA\r\n");
    return driver.send(`${content}\r\n.\r\n`).filter((line) => !line.startsWith("M: "));
  };

  test.each([
    [
      "C07 8-bit without BODY",
      "\xe9",
      "8bit-without-8bitmime",
      "554 5.6.3 The content is 8-bit, but MAIL did not say BODY=8BITMIME",
    ],
    ["C10 bare LF", "a\nb", "bare-lf", "550 5.6.11 The content contains bare CR or LF"],
    ["C10 bare CR", "a\rb", "bare-cr", "550 5.6.11 The content contains bare CR or LF"],
    [
      "C05 a line of 100 kB",
      "x".repeat(100_000),
      "long-line",
      "554 5.6.0 The content contains a line of more than 998 octets",
    ],
    ["C07 NUL is legal", "a\0b", "nul", "250 2.0.0 Ok: queued"],
  ])("%s", (_, content, warning, refusal) => {
    expect(deliver(content)).toEqual([`W: ${warning}`, "S: 250 2.0.0 Ok: queued"]);
    expect(deliver(content, "", { strictness: "strict" })).toEqual([`W: ${warning}`, `S: ${refusal}`]);
  });

  test.each([
    [" SMTPUTF8", "Subject: \xc3\xbc\r\n\r\nhi", true],
    [" SMTPUTF8 BODY=7BIT", "Subject: \xc3\xbc\r\n\r\nhi", true],
    [" SMTPUTF8", "Subject: x\r\n\r\n\xc3\xbc", false],
    [" SMTPUTF8 BODY=8BITMIME", "Subject: \xc3\xbc\r\n\r\n\xc3\xbc", true],
    ["", "Subject: \xc3\xbc\r\n\r\nhi", false],
  ])("SMTPUTF8:%s, %j: announced: %s", (parameters, content, isAnnounced) => {
    const queued = "S: 250 2.0.0 Ok: queued";
    const warning = "W: 8bit-without-8bitmime";
    expect(deliver(content, parameters)).toEqual(isAnnounced ? [queued] : [warning, queued]);
    const refused = [warning, "S: 554 5.6.3 The content is 8-bit, but MAIL did not say BODY=8BITMIME"];
    expect(deliver(content, parameters, { strictness: "strict" })).toEqual(isAnnounced ? [queued] : refused);
  });

  test("8BITMIME 8-bit content that was announced is no deviation", () => {
    expect(deliver("\xe9", " BODY=8bitmime", { strictness: "strict" })).toEqual(["S: 250 2.0.0 Ok: queued"]);
  });
});

test("every warning has a stable name and a sentence", () => {
  for (const [name, sentence] of Object.entries(warningTexts)) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});
