/** Rows of docs/smtp.md that need a socket: the session, its commands and TLS. */
import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

const M = "MAIL FROM:<a@c.test>";
const R = "RCPT TO:<b@s.test>";
const group = (...lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join("");

/** The codes of the next replies. */
async function codes(client: RawClient, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) found.push((await client.reply()).slice(0, 3));
  return found;
}

describe("session", () => {
  test("A01: the greeting is one short line that begins with the name", async () => {
    const hostname = `${"a".repeat(63)}.`.repeat(3) + "b".repeat(63);
    const mail = await start({ hostname });
    const client = await RawClient.connect(mail.smtp.port);
    const greeting = await client.reply();
    expect(greeting.split(" ").slice(0, 2)).toEqual(["220", hostname]);
    expect(greeting.length).toBeLessThanOrEqual(510);
    expect(greeting).not.toContain("\n");
    client.close();
  });

  test("A02: a server that does not accept mail waits for QUIT", async () => {
    const mail = await start({ faults: ["not-accepting"] });
    const client = await RawClient.connect(mail.smtp.port);
    expect(await client.reply()).toBe("554 mailproof.test No SMTP service here");
    for (const line of ["NOOP", "EHLO c.test", M, "FOO", `NOOP ${"x".repeat(3_000)}`, "STARTTLS"]) {
      expect(await client.ask(line), line).toBe("503 5.5.1 No service here, send QUIT");
    }
    expect(await client.ask("QUIT")).toMatch(/^221 2\.0\.0 /);
    expect(await client.end()).toBe("fin");
    expect(await mail.transactions()).toMatchObject([{ outcome: "rejected", reply: { code: 503 } }]);
  });

  test("A16: commands that are sent one by one have one reply each, and nothing comes unasked", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    const lines = ["EHLO c.test", "NOOP", "FOO", M, M, "RCPT TO:<", R, "VRFY b", "HELP", "RSET", "DATA", ""];
    for (const line of lines) {
      await client.ask(line);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(client.rest, line).toBe("");
    }
    client.close();
  });

  test("A17 A18: what a reply repeats is printable and short, in every line", async () => {
    const text = ["{helo} <{recipient}>", "{helo} again"];
    const mail = await start({
      faults: [{ on: "rcpt", do: { reply: { code: 550, enhanced: "5.1.1", text } } }],
    });
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    expect(await client.ask("EHLO \x80\xff\x9b[2J")).toMatch(/^250-/);
    await client.ask(`${M} SMTPUTF8`);
    client.send(`RCPT TO:<\xc3\xbc${"b".repeat(900)}@s.test>\r\n`);
    const lines = (await client.reply()).split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^550-5\.1\.1 \?\?\?\[2J <\\xc3\\xbcb+$/);
    expect(lines[0]).toHaveLength(510);
    expect(lines[1]).toBe("550 5.1.1 ???[2J again");
    client.close();
  });

  test("A22: an idle client hears 421 with the name of the server, and its transaction is broken off", async () => {
    const mail = await start({ idleTimeout: 150 });
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask(M);
    await client.ask(R);
    expect(await client.reply()).toMatch(/^421 4\.4\.2 mailproof\.test /);
    expect(await client.end()).toBe("fin");
    const [transaction] = await mail.waitForTransactions({ to: "b@s.test" });
    expect(transaction).toMatchObject({ outcome: "aborted", storedId: null });
  });

  test("A24 H13: a page that posts to the port gets an error and leaves no mail", async () => {
    const mail = await start();
    const body = group("EHLO c.test", M, R, "DATA", "Subject: smuggled", "", "x", ".");
    const verbs = ["EHLO", "HELO", "NOOP", "VRFY", "HELP", "MAIL", "AUTH", "QUIT"].map(
      (verb) => `${verb} / HTTP/1.1`,
    );
    await expect(fetch(`http://127.0.0.1:${mail.smtp.port}/`, { method: "POST", body })).rejects.toThrow();
    for (const request of ["GET / HTTP/1.1", "CONNECT s.test:25 HTTP/1.1", "POST / HTTP/1.0", ...verbs]) {
      const client = await RawClient.connect(mail.smtp.port, {
        first: `${request}\r\nHost: x\r\n\r\n${body}`,
      });
      expect(await client.end()).toBe("fin");
      expect(client.rest).toMatch(/^220 [^\n]*\r\n500 5\.5\.2 [^\n]*\r\n$/);
    }
    expect(await mail.transactions()).toEqual([]);
  });
});

test("H12: there is no way to have a message sent on", async () => {
  const mail = await start();
  const client = await toContent(mail.smtp.port);
  await client.ask("Subject: stays\r\n.");
  const { id } = await mail.waitFor({ subject: "stays" });
  const headers = { "content-type": "application/json" };
  const asked = { method: "POST", headers, body: JSON.stringify({ to: ["b@s.test"] }) };
  expect((await fetch(`${mail.http.url}/api/messages/${id}/release`, asked)).status).toBe(404);
  client.close();
});

describe("MAIL and RCPT", () => {
  test("B03 B06 B10: the envelope is what was said, mistakes apart", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    for (const line of ["MAIL FROM:<a@b", "MAIL FROM a@b", "MAIL", "MAIL FROM:<a..b@c.test>"]) {
      expect(await client.ask(line), line).toMatch(/^501 5\.(5\.4|1\.7) /);
    }
    for (const line of ["MAIL FROM:<>", 'RCPT TO:<"bob"@S.test>', "RCPT TO:<Postmaster>"]) {
      expect(await client.ask(line), line).toMatch(/^250 2\.1\.[05] /);
    }
    for (const line of ["RCPT TO:", "RCPT TO:<>", "RCPT TO:<b\x07@s.test>"]) {
      expect(await client.ask(line), line).toMatch(/^501 5\.(5\.4|1\.3) /);
    }
    await client.ask("DATA");
    expect(await client.ask("Subject: quoted\r\n.")).toMatch(/^250 2\.0\.0 /);
    const message = await mail.waitFor({ to: "bob@s.test" });
    expect(await mail.transactions({ to: '"postmaster"' })).toHaveLength(1);
    expect(message.envelope).toEqual({ from: "", to: ['"bob"@S.test', "Postmaster"] });
    client.close();
  });

  test("B05: the postmaster is there although nobody else is", async () => {
    const mail = await start({ faults: ["unknown-user"] });
    const client = await RawClient.greeted(mail.smtp.port);
    await client.ask(M);
    for (const address of ["Postmaster", "POSTMASTER@s.test", "postmaster"]) {
      expect(await client.ask(`RCPT TO:<${address}>`)).toMatch(/^250 2\.1\.5 /);
    }
    expect(await client.ask(R)).toMatch(/^550 5\.1\.1 /);
    client.close();
  });

  test.each([null, 100])(
    "B16: with a limit of %s a hundred recipients get the mail",
    async (maxRecipients) => {
      const mail = await start(maxRecipients === null ? {} : { maxRecipients });
      const client = await RawClient.greeted(mail.smtp.port);
      const recipients = Array.from({ length: 101 }, (_, n) => `r${n}@s.test`);
      client.send(group(M, ...recipients.map((address) => `RCPT TO:<${address}>`)));
      const found = await codes(client, 102);
      expect(found).toEqual(
        Array(101)
          .fill("250")
          .concat(maxRecipients === null ? "250" : "452"),
      );
      await client.ask("DATA");
      expect(await client.ask("Subject: many\r\n.")).toMatch(/^250 2\.0\.0 /);
      const { envelope } = await mail.waitFor({ subject: "many" });
      expect(envelope.to).toEqual(recipients.slice(0, maxRecipients ?? 101));
      client.close();
    },
  );
});

describe("groups", () => {
  test("P1 P3: replies in order, and the next transaction behind the end of a content", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send(group(M, R, "RCPT TO:<c@s.test>", "DATA"));
    expect(await codes(client, 4)).toEqual(["250", "250", "250", "354"]);
    client.send(group("Subject: one", ".", M, R, "DATA"));
    expect(await codes(client, 4)).toEqual(["250", "250", "250", "354"]);
    client.send(group("Subject: two", ".", "QUIT"));
    expect(await codes(client, 2)).toEqual(["250", "221"]);
    expect((await mail.messages()).map(({ subject }) => subject)).toEqual(["one", "two"]);
  });

  test("P2 P6: DATA behind refused recipients is refused, and nothing behind QUIT is run", async () => {
    const mail = await start({ faults: ["unknown-user"] });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send(group(M, R, R, "DATA", "QUIT", "NOOP", M));
    expect(await codes(client, 5)).toEqual(["250", "550", "550", "554", "221"]);
    expect(await client.end()).toBe("fin");
    expect(client.rest).toBe("");
    expect(await mail.transactions()).toHaveLength(1);
  });
});

describe("TLS", () => {
  const offered = async (client: RawClient): Promise<string[]> => {
    const [, ...lines] = (await client.ask("EHLO c.test")).split("\n");
    return lines.map((line) => line.slice(4));
  };

  test("T1 T2 T3 T5: after the handshake there is no greeting, and nothing that was said before counts", async () => {
    const mail = await start({ starttls: "offer", authRequired: true });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await offered(client)).toContain("STARTTLS");
    expect(await client.ask(`AUTH PLAIN ${btoa("\0bob\0secret")}`)).toMatch(/^235 2\.7\.0 /);
    expect(await client.ask(M)).toMatch(/^250 /);
    expect(await client.ask(R)).toMatch(/^250 /);
    expect(await client.ask("STARTTLS x")).toMatch(/^501 5\.5\.4 /);
    expect(await client.ask("STARTTLS")).toMatch(/^220 2\.0\.0 /);
    await client.secure(mail.tls.ca ?? "");
    expect(await client.ask("DATA")).toMatch(/^503 5\.5\.1 /);
    expect(await client.ask(R)).toMatch(/^503 5\.5\.1 /);
    const [session] = await mail.sessions();
    expect(session).toMatchObject({ helo: null, esmtp: false, user: null, tls: { version: "TLSv1.3" } });
    expect(await offered(client)).not.toContain("STARTTLS");
    expect(await client.ask("STARTTLS")).toMatch(/^503 5\.5\.1 /);
    expect(await client.ask(M)).toBe("530 5.7.0 Authentication required");
    const [transaction] = await mail.waitForTransactions({ to: "b@s.test" });
    expect(transaction?.outcome).toBe("aborted");
    client.close();
  });

  test("T7: where TLS is required nothing of importance is done before it", async () => {
    const mail = await start({ starttls: "require" });
    const client = await RawClient.greeted(mail.smtp.port);
    for (const line of [M, R, "AUTH PLAIN", "AUTH LOGIN", "VRFY b", "EXPN l"]) {
      expect(await client.ask(line), line).toMatch(/^530 5\.7\.0 /);
    }
    for (const line of ["NOOP", "RSET", "HELO c.test"]) expect(await client.ask(line), line).toMatch(/^250/);
    expect((await offered(client)).some((line) => line.startsWith("AUTH"))).toBe(false);
    expect(await client.ask("STARTTLS")).toMatch(/^220 /);
    await client.secure(mail.tls.ca ?? "");
    expect((await offered(client)).some((line) => line.startsWith("AUTH"))).toBe(true);
    expect(await client.ask(M)).toMatch(/^250 /);
    client.close();
  });

  test("T8: without a certificate TLS is not offered, and a rule can make it unavailable", async () => {
    const plain = await RawClient.greeted((await start()).smtp.port);
    expect(await offered(plain)).not.toContain("STARTTLS");
    expect(await plain.ask("STARTTLS")).toMatch(/^502 5\.5\.1 /);
    plain.close();
    const mail = await start({ starttls: "offer", faults: ["tls-unavailable"] });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("STARTTLS")).toMatch(/^454 4\.7\.0 /);
    expect(await client.ask("NOOP")).toMatch(/^250 /);
    client.close();
  });

  test("T9: under implicit TLS there is no STARTTLS", async () => {
    const mail = await start({ smtpsPort: 0, starttls: "offer" });
    const { port = 0 } = mail.smtps ?? {};
    const socket = connectTls({ host: "127.0.0.1", port, servername: "localhost", ca: mail.tls.ca ?? "" });
    let text = "";
    socket.setEncoding("latin1").on("data", (piece) => {
      text += piece;
    });
    await expect.poll(() => text).toMatch(/^220 /);
    socket.write("EHLO c.test\r\nSTARTTLS\r\n");
    await expect.poll(() => text).toMatch(/\r\n503 5\.5\.1 /);
    expect(text).not.toContain("STARTTLS");
    socket.destroy();
  });
});

test("ENH: in a whole session each reply has a code of its class, where there is to be one", async () => {
  const mail = await start({ starttls: "offer", auths: ["bob:secret"] });
  const client = await RawClient.connect(mail.smtp.port);
  for (const reply of [
    await client.reply(),
    await client.ask("HELO c.test"),
    await client.ask("EHLO c.test"),
  ]) {
    for (const line of reply.split("\n")) expect(line).not.toMatch(/^\d{3}[ -]\d\.\d+\.\d+ /);
  }
  const said = ["NOOP", "HELP", "VRFY b", "EXPN l", "FOO", "RSET x", `AUTH PLAIN ${btoa("\0bob\0no")}`, M, M];
  said.push(
    `${M} FOO=1`,
    "RCPT TO:<>",
    "DATA",
    "RSET",
    `${M} SIZE=99999999999`,
    "TURN",
    "RCPT TO:<b@s.test>",
  );
  for (const line of said) {
    for (const reply of (await client.ask(line)).split("\n")) {
      expect(reply, line).toMatch(/^([245])\d\d[ -]\1\.\d{1,3}\.\d{1,3} \S/);
    }
  }
  expect(await client.ask("AUTH PLAIN")).toBe("334");
  expect(await client.ask("*")).toMatch(/^501 5\.0\.0 /);
  const receiving = await toContent(mail.smtp.port);
  expect(await receiving.ask("Subject: x\r\n.")).toMatch(/^250 2\.0\.0 /);
  client.close();
  receiving.close();
});
