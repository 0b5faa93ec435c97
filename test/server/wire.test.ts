/** What only sockets can show: endings, load, TLS. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import { RawClient } from "../support/raw-client.ts";
import { start, toContent } from "./running.ts";

const envelope = "MAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\nDATA\r\n";
describe("endings", () => {
  test("A19: QUIT is answered by 221 and a FIN, and what follows it is ignored", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("QUIT\r\nNOOP\r\n");
    expect(await client.reply()).toMatch(/^221 2\.0\.0 /);
    expect(await client.end()).toBe("fin");
    expect(client.rest).toBe("");
  });

  test("A21: a client that vanishes in mid-content leaves an aborted transaction and no message", async () => {
    const mail = await start();
    const client = await toContent(mail.smtp.port);
    client.send("Subject: half\r\n\r\nhalf a bo");
    client.close();
    const [transaction] = await mail.waitForTransactions({ to: "b@s.test" });
    expect(transaction).toMatchObject({ outcome: "aborted", reply: null, storedId: null });
    expect(await mail.messages()).toEqual([]);
  });

  test("A22: an idle session hears 421 4.4.2 and a FIN", async () => {
    const mail = await start({ idleTimeout: 150 });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.reply()).toMatch(/^421 4\.4\.2 /);
    expect(await client.end()).toBe("fin");
    await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("timeout");
  });

  test("a client that half-closes still gets every reply", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    client.send(`EHLO c.test\r\n${envelope}Subject: piped\r\n\r\nhi\r\n.\r\nQUIT\r\n`);
    client.socket.end();
    expect(await client.end()).toBe("fin");
    expect(client.rest).toMatch(/\r\n250 2\.0\.0 .*\r\n221 2\.0\.0 /);
    expect(await mail.waitFor({ to: "b@s.test" })).toMatchObject({ subject: "piped" });
  });

  test("a fault that resets is an RST to the client", async () => {
    const mail = await start({ faults: [{ on: "rcpt", do: "reset" }] });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^250/);
    client.send("RCPT TO:<b@s.test>\r\n");
    expect(await client.end()).toBe("reset");
    const [transaction] = await mail.waitForTransactions({ to: "b@s.test" });
    expect(transaction).toMatchObject({ outcome: "aborted", faults: [{ phase: "rcpt" }] });
  });

  test("a 421 arrives although the client has more to send", async () => {
    const mail = await start({ faults: ["shutdown"] });
    const client = await RawClient.connect(mail.smtp.port);
    client.send(`EHLO c.test\r\n${"NOOP\r\n".repeat(20_000)}`);
    expect(await client.reply()).toMatch(/^220/);
    expect(await client.reply()).toBe(
      "421 4.3.2 mailproof.test Service shutting down and closing transmission channel",
    );
    expect(await client.end()).toBe("fin");
  });

  test("a stall says nothing until its rule goes", async () => {
    const mail = await start();
    const fault = await mail.faults.add({ on: "noop", do: "stall" });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("NOOP\r\n");
    await expect.poll(() => fault.fired()).toBe(1);
    await fault.remove();
    expect(await client.end()).toBe("reset");
    expect(client.rest).toBe("");
  });

  test("reply lost: the message is stored, the client sees an RST and not an octet", async () => {
    const mail = await start({ faults: ["reply-lost"] });
    const client = await toContent(mail.smtp.port);
    client.send("Subject: twice\r\n\r\nhi\r\n.\r\n");
    expect(await client.end()).toBe("reset");
    expect(client.rest).toBe("");
    const message = await mail.waitFor({ subject: "twice" });
    expect(message.transaction).toMatchObject({
      outcome: "reply-lost",
      reply: { code: 250 },
      storedId: message.id,
    });
  });
});

describe("load", () => {
  test("H08: a client that never reads is not read from", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    client.socket.pause();
    let sent = 0;
    // Until the buffers between us are full: without back-pressure that would never come.
    while (sent < 64 * 1024 * 1024 && client.socket.writableLength < 8 * 1024 * 1024) {
      client.send("NOOP\r\n".repeat(10_000));
      sent += 60_000;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    client.close();
  });

  test("P5: ten thousand NOOPs in one write get ten thousand replies", async () => {
    const mail = await start();
    const client = await RawClient.greeted(mail.smtp.port);
    client.send(`${"NOOP\r\n".repeat(10_000)}QUIT\r\n`);
    await client.end();
    expect(client.rest.match(/^250 /gm)).toHaveLength(10_000);
  });

  test("one session too many hears 421 4.7.0", async () => {
    const mail = await start({ maxSessions: 1 });
    const first = await RawClient.greeted(mail.smtp.port);
    const second = await RawClient.connect(mail.smtp.port);
    expect(await second.reply()).toMatch(/^421 4\.7\.0 /);
    expect(await second.end()).toBe("fin");
    expect(await first.ask("NOOP")).toMatch(/^250/);
    first.close();
  });

  test("a hundred sessions at once lose nothing", async () => {
    const mail = await start();
    const one = async (n: number): Promise<void> => {
      const client = await toContent(mail.smtp.port);
      client.send(`Subject: n${n}\r\n\r\nhi\r\n.\r\n`);
      expect(await client.reply()).toMatch(/^250/);
      client.close();
    };
    await Promise.all(Array.from({ length: 100 }, (_, n) => one(n)));
    const subjects = (await mail.messages()).map((message) => message.subject);
    expect(new Set(subjects).size).toBe(100);
  });
});

describe("TLS", () => {
  const upgrade = async (client: RawClient, ca: string | null): Promise<ReturnType<typeof connectTls>> => {
    client.socket.removeAllListeners("data");
    const secure = connectTls({
      socket: client.socket,
      servername: "localhost",
      ...(ca === null ? {} : { ca }),
    });
    await once(secure, "secureConnect");
    return secure;
  };

  test("T4 H01: what was pipelined after STARTTLS in plain text is never executed", async () => {
    const mail = await start({ starttls: "offer" });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("STARTTLS\r\nNOOP\r\nMAIL FROM:<evil@c.test>\r\n");
    expect(await client.reply()).toMatch(/^220 2\.0\.0 /);
    const secure = await upgrade(client, mail.tls.ca);
    let text = "";
    secure.on("data", (octets) => {
      text += octets;
    });
    secure.write("EHLO again.test\r\n");
    await expect.poll(() => text).toMatch(/^250-mailproof\.test.*\r\n250 [^\r]*\r\n$/s);
    expect(text).not.toContain("STARTTLS");
    secure.destroy();
  });

  test("T6: what is no ClientHello closes without a word in plain text, and the session says why", async () => {
    const mail = await start({ starttls: "offer" });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("STARTTLS")).toMatch(/^220/);
    client.send("NOOP\r\nNOOP\r\n");
    await client.end();
    expect(client.rest).not.toMatch(/\d{3} /);
    await expect.poll(async () => (await mail.sessions())[0]?.tlsError).toMatch(/^TLS: \w+/);
  });

  test("implicit TLS: the ClientHello may come with the connection, and nothing is said in plain text", async () => {
    const mail = await start({ smtpsPort: 0 });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const port = mail.smtps?.port ?? 0;
      const secure = connectTls({ host: "127.0.0.1", port, servername: "localhost", ca: mail.tls.ca ?? "" });
      const [greeting] = await once(secure, "data");
      expect(String(greeting)).toMatch(/^220 mailproof\.test /);
      secure.destroy();
    }
  });

  test("a reset under TLS is an RST as well", async () => {
    const mail = await start({ starttls: "offer", faults: [{ on: "noop", do: "reset" }] });
    const { port, upstream } = await relayTo(mail.smtp.port);
    const client = await RawClient.greeted(port);
    expect(await client.ask("STARTTLS")).toMatch(/^220/);
    const secure = await upgrade(client, mail.tls.ca);
    secure.on("error", () => {});
    secure.write("EHLO again.test\r\n");
    await once(secure, "data");
    secure.write("NOOP\r\n");
    // TLS libraries tell an RST as an end of file: what counts is what came over TCP.
    const [error] = (await once(await upstream, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
    secure.destroy();
  });
});

/** A TCP relay for one connection; `upstream` is its socket to the server. */
async function relayTo(target: number): Promise<{ port: number; upstream: Promise<Socket> }> {
  const relay = createServer().listen(0, "127.0.0.1");
  await once(relay, "listening");
  const upstream = once(relay, "connection").then(([downstream]: Socket[]) => {
    relay.close();
    const socket = connect(target, "127.0.0.1");
    downstream?.on("error", () => {}).pipe(socket);
    socket.on("data", (octets) => downstream?.write(octets));
    return socket;
  });
  return { port: (relay.address() as AddressInfo).port, upstream };
}
