/** TLS handshakes with a fault: certificates, versions, and what may happen behind the ClientHello. */
import { once } from "node:events";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import { describe, expect, test } from "vitest";
import type { FaultEffect, FaultRule } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { start } from "./running.ts";

type TlsFault = NonNullable<FaultEffect["tls"]>;

/** A ClientHello of TLS 1.2 as far as anybody here reads it: a record with a length. */
const hello = `\x16\x03\x01\x00\x28${"\x01".repeat(40)}`;

async function withFault(tls: TlsFault, options = {}) {
  return await start({ starttls: "offer", smtpsPort: 0, faults: [{ on: "tls", do: { tls } }], ...options });
}

const isNode = !("Deno" in globalThis || "Bun" in globalThis);

/** Past the greeting, whatever is wrong with the certificate. */
async function connected(port: number, ca: string): Promise<TLSSocket> {
  const socket = connectTls({
    host: "127.0.0.1",
    port,
    servername: "localhost",
    ca,
    rejectUnauthorized: false,
  });
  await once(socket, "data");
  return socket;
}

/** What the runtime's own client says of the handshake; null: nothing is wrong. */
async function verify(port: number, ca: string): Promise<string | null> {
  const socket = connectTls({ host: "127.0.0.1", port, servername: "localhost", ca });
  try {
    await once(socket, "data");
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    socket.destroy();
  }
}

describe("certificates", () => {
  // What a client of Node says; those of the other runtimes name some of these reasons in other words.
  test.each<[NonNullable<TlsFault["certificate"]>, string, string, string]>([
    ["expired", "CERT_HAS_EXPIRED", "localhost", "Mailproof test CA"],
    ["not-yet-valid", "CERT_NOT_YET_VALID", "localhost", "Mailproof test CA"],
    ["wrong-host", "ERR_TLS_CERT_ALTNAME_INVALID", "wrong-host.invalid", "Mailproof test CA"],
    ["self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT", "localhost", "localhost"],
    ["untrusted-ca", "SELF_SIGNED_CERT_IN_CHAIN", "localhost", "Mailproof untrusted CA"],
  ])("%s: %s", async (certificate, code, subject, issuer) => {
    const mail = await withFault({ certificate });
    const socket = await connected(mail.smtps?.port ?? 0, mail.tls.ca ?? "");
    const { authorizationError } = socket;
    expect(String(authorizationError)).toMatch(isNode ? code : /[A-Z_]{10}/);
    expect(socket.getPeerCertificate()).toMatchObject({ subject: { CN: subject }, issuer: { CN: issuer } });
    socket.destroy();
  });

  test("what is not yet valid does not become so while the server runs", async () => {
    const mail = await withFault({ certificate: "not-yet-valid" });
    const socket = await connected(mail.smtps?.port ?? 0, mail.tls.ca ?? "");
    const aYear = 365 * 24 * 60 * 60 * 1000;
    expect(Date.parse(socket.getPeerCertificate().valid_from)).toBeGreaterThan(Date.now() + aYear);
    socket.destroy();
  });

  test("without a fault nothing is wrong, and the rule gone there is none", async () => {
    const mail = await start({ smtpsPort: 0 });
    const fault = await mail.faults.add({ on: "tls", do: { tls: { certificate: "expired" } } });
    expect(await verify(mail.smtps?.port ?? 0, mail.tls.ca ?? "")).not.toBe(null);
    await fault.remove();
    expect(await verify(mail.smtps?.port ?? 0, mail.tls.ca ?? "")).toBe(null);
  });
});

describe("behind the ClientHello", () => {
  const cases: [NonNullable<TlsFault["handshake"]>, RegExp, "fin" | "reset"][] = [
    ["close", /^$/, "fin"],
    ["reset", /^$/, "reset"],
    ["alert", /^\x15\x03\x03\x00\x02\x02\x28$/, "fin"],
    ["garbage", /^[^\x14-\x18]/, "fin"],
  ];

  test.each(cases)("%s, after STARTTLS", async (handshake, sent, end) => {
    const mail = await withFault({ handshake });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("STARTTLS")).toMatch(/^220/);
    client.send(hello.slice(0, 3));
    client.send(hello.slice(3, 20));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(client.rest).toBe("");
    client.send(hello.slice(20));
    expect(await client.end()).toBe(end);
    expect(client.rest).toMatch(sent);
    await expect
      .poll(async () => (await mail.sessions())[0])
      .toMatchObject({
        closedBy: "fault",
        tls: null,
        tlsError: `TLS: a fault ended the handshake (${handshake})`,
      });
  });

  test.each(cases)("%s, under implicit TLS", async (handshake, sent, end) => {
    const mail = await withFault({ handshake });
    const client = await RawClient.connect(mail.smtps?.port ?? 0, { first: hello });
    expect(await client.end()).toBe(end);
    expect(client.rest).toMatch(sent);
    await expect.poll(async () => (await mail.sessions())[0]?.closedBy).toBe("fault");
  });

  test("a stall lasts until its rule goes", async () => {
    const mail = await start({ starttls: "offer" });
    const fault = await mail.faults.add({ on: "tls", do: { tls: { handshake: "stall" } } });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("STARTTLS")).toMatch(/^220/);
    client.send(hello);
    await expect.poll(async () => (await mail.sessions())[0]?.tlsError).toMatch(/\(stall\)$/);
    expect(client.rest).toBe("");
    await fault.remove();
    expect(await client.end()).toBe("reset");
  });

  test.each<[string, FaultRule]>([
    ["the time of its rule", { on: "tls", ttl: "5m", do: { tls: { handshake: "stall" } } }],
    ["its own time", { on: "tls", do: { tls: { handshake: "stall" }, for: "5m" } }],
  ])("a stall ends with %s", async (_, rule) => {
    const mail = await start({ starttls: "offer" });
    await mail.faults.add(rule);
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("STARTTLS")).toMatch(/^220/);
    client.send(hello);
    await expect.poll(async () => (await mail.sessions())[0]?.tlsError).toMatch(/\(stall\)$/);
    await mail.clock.advance("5m");
    expect(await client.end()).toBe("reset");
  });

  test("a client that leaves before its ClientHello is told as one that left", async () => {
    const mail = await withFault({ handshake: "close" });
    const client = await RawClient.greeted(mail.smtp.port);
    expect(await client.ask("STARTTLS")).toMatch(/^220/);
    client.send(hello.slice(0, 10));
    client.socket.end();
    await client.end();
    await expect
      .poll(async () => (await mail.sessions())[0])
      .toMatchObject({ closedBy: "client", tlsError: "TLS: the client left in the handshake" });
  });

  test("a client that sends none is cut", async () => {
    const mail = await withFault({ handshake: "close" }, { idleTimeout: 150 });
    const client = await RawClient.connect(mail.smtps?.port ?? 0);
    await client.end();
    await expect
      .poll(async () => (await mail.sessions())[0])
      .toMatchObject({ closedBy: "timeout", tlsError: "TLS: no handshake in time" });
  });
});

test.each(["connect", "tls"] as const)("what comes during a delay at %s is for the handshake", async (on) => {
  const mail = await start({ starttls: "offer", smtpsPort: 0, faults: [{ on, do: { delay: "1h" } }] });
  const verified = verify(mail.smtps?.port ?? 0, mail.tls.ca ?? "");
  await expect.poll(async () => (await mail.sessions())[0]?.faults).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await mail.clock.advance("1h");
  expect(await verified).toBe(null);
});

test("a delay between the 220 and the handshake of STARTTLS loses nothing", async () => {
  const mail = await start({ starttls: "offer", faults: [{ on: "tls", do: { delay: "1h" } }] });
  const client = await RawClient.greeted(mail.smtp.port);
  expect(await client.ask("STARTTLS")).toMatch(/^220/);
  const secured = client.secure(mail.tls.ca ?? "");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await mail.clock.advance("1h");
  await secured;
  expect(await client.ask("EHLO again.test")).toMatch(/^250-mailproof/);
  client.close();
});

describe("versions", () => {
  test.each([
    ["TLSv1.2", /^TLSv1\.2$/],
    ["TLSv1.3", /^TLSv1\.[23]$/],
  ] as const)("%s at most", async (maxVersion, spoken) => {
    const mail = await withFault({ maxVersion });
    expect(await verify(mail.smtps?.port ?? 0, mail.tls.ca ?? "")).toBe(null);
    await expect.poll(async () => (await mail.sessions())[0]?.tls?.version).toMatch(spoken);
  });

  test.each(["TLSv1", "TLSv1.1"] as const)(
    "%s at most: a client of today is turned away",
    async (maxVersion) => {
      const mail = await withFault({ maxVersion });
      expect(await verify(mail.smtps?.port ?? 0, mail.tls.ca ?? "")).not.toBe(null);
      await expect.poll(async () => (await mail.sessions())[0]?.tlsError).toMatch(/^TLS/);
      const [session] = await mail.sessions();
      const transcript = await mail.transcript(session?.id ?? "");
      if ("Deno" in globalThis)
        expect(transcript).toContain(
          `${maxVersion.replace("TLSv", "")} (emulated: this runtime cannot speak it)`,
        );
      else expect(transcript).not.toContain("emulated");
    },
  );

  test.runIf(isNode)("an old client is served where it can be", async () => {
    const mail = await withFault({ maxVersion: "TLSv1.1" });
    const socket = connectTls({
      host: "127.0.0.1",
      port: mail.smtps?.port ?? 0,
      servername: "localhost",
      ca: mail.tls.ca ?? "",
      minVersion: "TLSv1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    await once(socket, "secureConnect");
    expect(socket.getProtocol()).toBe("TLSv1.1");
    socket.destroy();
  });
});

test("where certificate and key were given, the faults are there too", async () => {
  const given = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const mail = await start({ smtpsPort: 0, tlsCert: given.cert, tlsKey: given.private });
  const port = mail.smtps?.port ?? 0;
  expect(await verify(port, given.cert)).toBe(null);
  await mail.faults.add({ on: "tls", do: { tls: { certificate: "expired" } } });
  // Its CA is not known to the client, so any complaint will do.
  expect(await verify(port, given.cert)).not.toBe(null);
  await mail.faults.add({ on: "tls", do: { tls: { maxVersion: "TLSv1.2" } } });
  expect(await verify(port, given.cert)).toBe(null);
});
