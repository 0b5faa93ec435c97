/** Floods of errors, junk and guesses (row 2.2), and clients that take their time. */
import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("floods", () => {
  test("H06: error flood: after 50 errors 421 4.7.0 and a FIN", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("FOO\r\n".repeat(60));
    for (let error = 0; error < 50; error += 1) expect(await client.reply()).toMatch(/^500 5\.5\.2 /);
    expect(await client.reply()).toBe(
      "421 4.7.0 mailproof.test Too many errors, closing transmission channel",
    );
    expect(await client.end()).toBe("fin");
    expect(client.rest).toBe("");
    await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("server");
  });

  test("H06: error flood: --max-errors says how many, of any kind", async () => {
    const mail = await start({ maxErrors: 4 });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("RCPT TO:<b@s.test>")).toMatch(/^503 /);
    expect(await client.ask("NOOP")).toMatch(/^250 /);
    expect(await client.ask("MAIL FROM:<")).toMatch(/^501 /);
    expect(await client.ask("MAIL FROM:<a@c.test> FOO=1")).toMatch(/^555 /);
    expect(await client.ask("ETRN x")).toMatch(/^502 /);
    expect(await client.reply()).toMatch(/^421 4\.7\.0 /);
    expect(await client.end()).toBe("fin");
  });

  test("H06: error flood: what a rule refuses is no error, nor what is refused for now", async () => {
    const mail = await start({ maxErrors: 2, maxRecipients: 1, faults: ["rcpt *@gone.test 550 5.1.1 No"] });
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask("MAIL FROM:<a@c.test>");
    for (let n = 0; n < 60; n += 1) expect(await client.ask(`RCPT TO:<u${n}@gone.test>`)).toMatch(/^550 /);
    expect(await client.ask("RCPT TO:<b@s.test>")).toMatch(/^250 /);
    for (let n = 0; n < 60; n += 1) expect(await client.ask(`RCPT TO:<u${n}@s.test>`)).toMatch(/^452 /);
    expect(await client.ask("DATA")).toMatch(/^354/);
    client.close();
  });

  test("H06: junk flood: without --max-junk there is none, with it an accepted message counts anew", async () => {
    const mail = await start({ maxJunk: 6 });
    const client = await toContent(mail.smtp.port);
    client.send("hi\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250 /);
    for (const line of ["NOOP", "RSET", "VRFY b", "EXPN l"]) {
      expect(await client.ask(line)).toMatch(/^25[02] /);
    }
    for (const line of ["EHLO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA"]) {
      await client.ask(line);
    }
    client.send("hi\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250 /);
    for (let n = 0; n < 5; n += 1) expect(await client.ask("NOOP")).toMatch(/^250 /);
    expect(await client.ask("HELP")).toMatch(/^214/);
    expect(await client.reply()).toMatch(/^421 4\.7\.0 .* bring no mail forward/);
    expect(await client.end()).toBe("fin");
  });

  test("H07: AUTH guessing: ten wrong passwords end in 421 4.7.0", async () => {
    const mail = await start({ auths: ["ada:secret"] });
    const client = await RawClient.greeted(mail.smtp.port);
    for (let guess = 0; guess < 10; guess += 1) {
      expect(await client.ask(`AUTH PLAIN ${base64(`\0ada\0guess${guess}`)}`)).toMatch(/^535 5\.7\.8 /);
    }
    expect(await client.reply()).toMatch(/^421 4\.7\.0 .* Too many failed authentications/);
    expect(await client.end()).toBe("fin");
  });

  test("H07: AUTH guessing: what a rule refuses is no guess", async () => {
    const mail = await start({ faults: ["auth 535 5.7.8 No"] });
    const client = await RawClient.greeted(mail.smtp.port);
    for (let guess = 0; guess < 12; guess += 1) {
      expect(await client.ask(`AUTH PLAIN ${base64("\0ada\0secret")}`)).toMatch(/^535 /);
    }
    expect(await client.ask("NOOP")).toMatch(/^250 /);
    client.close();
  });
});

describe("slow clients", () => {
  /** Sends it octet by octet, until it is all sent or the server has had enough. */
  async function drip(client: RawClient, text: string, every: number): Promise<void> {
    let ended = false;
    void client.end().then(() => {
      ended = true;
    });
    for (const octet of text) {
      if (ended) return;
      client.send(octet);
      await pause(every);
    }
  }

  test("H05: slowloris: single octets do not prolong a command", async () => {
    const mail = await start({ commandTimeout: 300 });
    const client = await RawClient.greeted(mail.smtp.port);
    await drip(client, `NOOP ${"x".repeat(200)}`, 20);
    expect(await client.reply()).toMatch(/^421 4\.4\.2 mailproof\.test Command not complete in time/);
    expect(await client.end()).toBe("fin");
    await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("timeout");
  });

  test("H05: slowloris: the time between commands is not counted", async () => {
    const mail = await start({ commandTimeout: 150 });
    const client = await RawClient.greeted(mail.smtp.port);
    for (let n = 0; n < 3; n += 1) {
      await pause(250);
      expect(await client.ask("NOOP")).toMatch(/^250 /);
    }
    client.close();
  });

  test("H05: slowloris: in a content single octets count for nothing, a KiB does", async () => {
    const mail = await start({ commandTimeout: 300 });
    const steady = await toContent(mail.smtp.port);
    for (let n = 0; n < 8; n += 1) {
      steady.send(`${"x".repeat(1022)}\r\n`);
      await pause(100);
    }
    steady.send(".\r\n");
    expect(await steady.reply()).toMatch(/^250 /);
    steady.close();

    const slow = await toContent(mail.smtp.port);
    await drip(slow, "x".repeat(200), 20);
    expect(await slow.reply()).toMatch(/^421 4\.4\.2 /);
    expect(await slow.end()).toBe("fin");
    await expect.poll(async () => (await mail.transactions({ outcome: "aborted" })).length).toBe(1);
  });

  test("H05: slowloris: an answer to a challenge is due as well", async () => {
    const mail = await start({ commandTimeout: 150 });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("AUTH LOGIN")).toMatch(/^334/);
    expect(await client.reply()).toMatch(/^421 4\.4\.2 /);
    expect(await client.end()).toBe("fin");
  });

  test("H05: slowloris: so is a TLS handshake, octet by octet", async () => {
    const mail = await start({ smtpsPort: 0, commandTimeout: 300 });
    const client = await RawClient.connect(mail.smtps?.port ?? 0);
    await drip(client, `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${"\x00".repeat(200)}`, 20);
    await client.end();
    expect(client.rest).toBe("");
    await expect
      .poll(async () => (await mail.sessions())[0])
      .toMatchObject({ closedBy: "timeout", tlsError: "TLS: no handshake in time" });
  });

  test("H05: slowloris: a handshake in time is not cut, nor what comes after it", async () => {
    const mail = await start({ smtpsPort: 0, commandTimeout: 500 });
    const secure = connectTls({
      host: "127.0.0.1",
      port: mail.smtps?.port ?? 0,
      servername: "localhost",
      ca: mail.tls.ca ?? "",
    });
    await once(secure, "data");
    await pause(800);
    secure.write("NOOP\r\n");
    expect(String((await once(secure, "data"))[0])).toMatch(/^250 /);
    secure.destroy();
  });

  test("never reading: a client that does not take its replies is cut", async () => {
    const mail = await start({ commandTimeout: 300 });
    const client = await RawClient.connect(mail.smtp.port);
    client.socket.pause();
    client.send("HELP\r\n".repeat(400_000));
    await expect.poll(async () => (await mail.sessions())[0]?.closedBy, { timeout: 10_000 }).toBe("timeout");
    client.close();
  });

  test("a delay is not the client's fault, whatever it has begun meanwhile", async () => {
    const mail = await start({ commandTimeout: 200, faults: [{ on: "noop", do: { delay: "1h" } }] });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("NOOP\r\nRS");
    await pause(500);
    await mail.clock.advance("1h");
    client.send("ET\r\n");
    expect(await client.reply()).toMatch(/^250 /);
    expect(await client.reply()).toMatch(/^250 /);
    client.close();
  });

  test("a stall outlasts it", async () => {
    const mail = await start({ commandTimeout: 100, faults: [{ on: "noop", do: "stall" }] });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("NOOP\r\nRS");
    await pause(400);
    expect((await mail.sessions())[0]?.closedBy).toBe(null);
    client.close();
  });
});

describe("cross-protocol", () => {
  test("A24: what a browser posts to the SMTP port is no mail", async () => {
    const mail = await start();
    const body = "EHLO c.test\r\nMAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\nhi\r\n.\r\n";
    const url = `http://127.0.0.1:${mail.smtp.port}/`;
    await expect(fetch(url, { method: "POST", body }).then((reply) => reply.text())).rejects.toThrow();
    await expect.poll(async () => (await mail.sessions())[0]?.closedAt).not.toBe(null);
    expect(await mail.transactions()).toEqual([]);
  });
});
