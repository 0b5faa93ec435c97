/** PROXY headers, XCLIENT and XFORWARD: who may say for whom he speaks, and what comes of it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import type { Mailproof, MailproofOptions } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

const behindProxy: MailproofOptions = { proxyProtocol: true, trustedProxies: ["127.0.0.0/8"] };
const header = "PROXY TCP4 192.0.2.1 127.0.0.1 4711 25\r\n";
const headerV2 = `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\x7f\0\0\x01\x12\x67\0\x19`;

const transcriptOfFirst = async (mail: Mailproof): Promise<string> => {
  const [session] = await mail.sessions();
  return await mail.transcript(session?.id ?? "");
};

describe("PROXY protocol", () => {
  test.each([
    ["v1", header],
    ["v2", headerV2],
  ])("%s: nothing is said before the header, and then the client is who it names", async (_, first) => {
    const mail = await start({
      ...behindProxy,
      faults: [{ on: "mail", match: { remoteAddress: "192.0.2.0/24" }, do: "451 4.3.0 Not you" }],
    });
    const client = await RawClient.connect(mail.smtp.port);
    for (const octet of first) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(client.rest).toBe("");
      client.send(octet);
    }
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.ask("EHLO c.test")).not.toContain("XCLIENT");
    expect(await client.ask("MAIL FROM:<a@c.test>")).toBe("451 4.3.0 Not you");
    expect((await mail.sessions())[0]).toMatchObject({
      remoteAddress: "192.0.2.1",
      remotePort: 4711,
      warnings: [],
    });
    expect(await transcriptOfFirst(mail)).toContain("PROXY header: from 192.0.2.1 port 4711, by 127.0.0.1");
    client.close();
  });

  test.each([
    ["UNKNOWN", "PROXY UNKNOWN\r\n"],
    ["LOCAL", "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"],
  ])("%s: the proxy speaks for itself, and is trusted", async (_, first) => {
    const mail = await start(behindProxy);
    const client = await RawClient.connect(mail.smtp.port, { first });
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.ask("EHLO proxy.test")).toContain("XCLIENT");
    expect((await mail.sessions())[0]).toMatchObject({ remoteAddress: "127.0.0.1" });
    client.close();
  });

  test("PROXY: what comes behind the header is the client's, and it talks early", async () => {
    const mail = await start(behindProxy);
    const client = await RawClient.connect(mail.smtp.port, { first: `${header}EHLO early.test\r\n` });
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.reply()).toMatch(/^250-/);
    expect((await mail.sessions())[0]?.warnings).toContain("early-talker");
    client.close();
  });

  test.each([
    ["malformed", "EHLO c.test\r\n", "PROXY header: it does not begin with a header", "server"],
    ["too long", `PROXY TCP4 ${"1".repeat(100)}`, "PROXY header: its line is too long", "server"],
    ["too late", "PROXY TCP4 192.0.2.1", "PROXY header: it did not come in time", "timeout"],
    ["nothing", "", "PROXY header: it did not come in time", "timeout"],
  ])("%s: closed without a word, with a remark", async (_, first, remark, closedBy) => {
    const mail = await start({ ...behindProxy, commandTimeout: 100 });
    const client = await RawClient.connect(mail.smtp.port, { first });
    expect(await client.end()).toBe("fin");
    expect(client.rest).toBe("");
    await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe(closedBy);
    expect(await transcriptOfFirst(mail)).toContain(remark);
  });

  test("cut off by the proxy: closed, with a remark", async () => {
    const mail = await start(behindProxy);
    const client = await RawClient.connect(mail.smtp.port, { first: "PROXY TCP4 192.0" });
    client.socket.end();
    expect(await client.end()).toBe("fin");
    await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("client");
    expect(await transcriptOfFirst(mail)).toContain("the connection ended before it was whole");
  });

  test("PROXY: from a peer that is not trusted no header is expected, and one is junk", async () => {
    const mail = await start({ proxyProtocol: true, trustedProxies: ["192.0.2.0/24"] });
    const client = await RawClient.connect(mail.smtp.port);
    expect(await client.reply()).toMatch(/^220 /);
    client.send(header);
    expect(await client.reply()).toMatch(/^500 5\.5\.2 /);
    expect((await mail.sessions())[0]).toMatchObject({ remoteAddress: "127.0.0.1" });
    client.close();
  });

  test.each([
    ["in one piece with the ClientHello", 0],
    ["and then the ClientHello", 50],
  ])("implicit TLS: the header comes before TLS, %s", async (_, pause) => {
    const mail = await start({ ...behindProxy, smtpsPort: 0 });
    const port = await proxyTo(mail.smtps?.port ?? 0, pause);
    const secure = connectTls({ host: "127.0.0.1", port, servername: "localhost", ca: mail.tls.ca ?? "" });
    const [greeting] = await once(secure, "data");
    expect(String(greeting)).toMatch(/^220 mailproof\.test /);
    expect((await mail.sessions())[0]).toMatchObject({ remoteAddress: "192.0.2.1", tlsError: null });
    secure.destroy();
  });

  test("without a proxy that is trusted it is refused at start", async () => {
    await expect(start({ proxyProtocol: true })).rejects.toThrow(
      "Failed to set proxyProtocol: no proxy is trusted; name the network of yours as a trusted proxy",
    );
    await expect(start({ trustedProxies: ["10.0.0.0/33"] })).rejects.toThrow(
      'Failed to set trustedProxies: "10.0.0.0/33"; use a network such as 10.0.0.0/8 or 2001:db8::/32, or an address',
    );
  });
});

describe("XCLIENT and XFORWARD", () => {
  test("XCLIENT: the record and the rules see the client that is named", async () => {
    const mail = await start({
      trustedProxies: ["127.0.0.0/8"],
      authRequired: true,
      faults: [{ on: "rcpt", match: { remoteAddress: "2001:db8::/32", user: "bob" }, do: "452 4.2.2 Full" }],
    });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("XCLIENT ADDR=IPV6:2001:db8::7 PORT=4711 HELO=h.test LOGIN=bob")).toMatch(
      /^220 mailproof\.test ESMTP/,
    );
    expect((await mail.sessions())[0]).toMatchObject({
      remoteAddress: "2001:db8::7",
      remotePort: 4711,
      helo: "h.test",
      user: "bob",
    });
    await client.ask("EHLO real.test");
    expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^250 /);
    expect(await client.ask("RCPT TO:<b@s.test>")).toBe("452 4.2.2 Full");
    expect(await client.ask("RSET")).toMatch(/^250 /);
    expect(await client.ask("XCLIENT ADDR=[UNAVAILABLE] LOGIN=[UNAVAILABLE]")).toMatch(/^220 /);
    expect((await mail.sessions())[0]).toMatchObject({
      remoteAddress: "unknown",
      remotePort: 0,
      helo: null,
      user: null,
    });
    expect(await client.ask("MAIL FROM:<a@c.test>")).toMatch(/^530 /);
    client.close();
  });

  test("XFORWARD: what it says is kept in the transcript, and nothing else changes", async () => {
    const mail = await start({ trustedProxies: ["127.0.0.0/8"] });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("XFORWARD ADDR=192.0.2.1 NAME=a+2Bb.test HELO=[UNAVAILABLE]")).toMatch(
      /^250 2\.0\.0 /,
    );
    expect(await transcriptOfFirst(mail)).toContain(
      "forwarded from ADDR=192.0.2.1 NAME=a+b.test HELO=unknown",
    );
    expect((await mail.sessions())[0]).toMatchObject({ remoteAddress: "127.0.0.1", helo: "raw.test" });
    client.close();
  });

  test("XCLIENT: a rule may end it, and then nobody is replaced", async () => {
    const mail = await start({
      trustedProxies: ["127.0.0.0/8"],
      faults: [{ on: "unknown", match: { verb: "XCLIENT" }, do: "reset" }],
    });
    const client = await RawClient.greeted(mail.smtp.port);
    client.send("XCLIENT ADDR=192.0.2.1\r\n");
    expect(await client.end()).toBe("reset");
    expect((await mail.sessions())[0]).toMatchObject({ closedBy: "fault" });
  });

  test("XCLIENT: nobody else may", async () => {
    const mail = await start();
    const client = await RawClient.connect(mail.smtp.port);
    await client.reply();
    expect(await client.ask("EHLO c.test")).not.toMatch(/XCLIENT|XFORWARD/);
    expect(await client.ask("XCLIENT ADDR=192.0.2.1")).toMatch(/^550 5\.7\.0 /);
    expect(await client.ask("XFORWARD ADDR=192.0.2.1")).toMatch(/^550 5\.7\.0 /);
    expect((await mail.sessions())[0]).toMatchObject({ remoteAddress: "127.0.0.1" });
    client.close();
  });
});

/** A proxy for one connection: the header, and after a pause, or in the same write, what the client sends. */
async function proxyTo(target: number, pause: number): Promise<number> {
  const proxy = createServer((downstream) => {
    proxy.close();
    const upstream = connect(target, "127.0.0.1");
    upstream.on("error", () => {}).pipe(downstream.on("error", () => {}));
    downstream.once("data", async (first) => {
      if (pause > 0) upstream.write(header);
      await new Promise((resolve) => setTimeout(resolve, pause));
      upstream.write(pause > 0 ? first : Buffer.concat([Buffer.from(header), first]));
      downstream.pipe(upstream);
    });
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return (proxy.address() as AddressInfo).port;
}
