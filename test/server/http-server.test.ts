/** The HTTP listener by bare sockets: what no fetch would send, and how it closes. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { start } from "./running.ts";

/** Sends a request, and gathers all that the server says until it closes the connection. */
class Exchange {
  received = "";
  readonly #socket: Socket;

  constructor(url: string, request: string) {
    this.#socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
    this.#socket.setEncoding("utf8").on("data", (text: string) => {
      this.received += text;
    });
    this.#socket.on("error", () => {});
    this.#socket.write(request);
  }

  async whole(): Promise<string> {
    if (!this.#socket.closed) await once(this.#socket, "close");
    return this.received;
  }
}

test.each([
  ["GET /livez HTTP/1.0", 200],
  ["GET /readyz HTTP/1.0", 200],
  ["GET /livez HTTP/1.1\r\nConnection: close", 200],
  ["HEAD /readyz HTTP/1.1\r\nConnection: close", 200],
  ["GET /livez HTTP/1.1\r\nHost:\r\nConnection: close", 200],
  ["GET /api/info HTTP/1.0", 403],
  ["GET / HTTP/1.0", 403],
  ["GET /api/messages HTTP/1.1\r\nConnection: close", 403],
  ["DELETE /api/messages HTTP/1.1\r\nConnection: close", 403],
  ["GET /nowhere HTTP/1.1\r\nHost:\r\nConnection: close", 403],
  ...["::1", "[fe80::1%25eth0]:8025", "a b", "caf\xe9", "localhost:99999999", "[", "a/b", "0x7f.1"].flatMap(
    (host): [string, number][] => [
      [`GET /livez HTTP/1.1\r\nHost: ${host}\r\nConnection: close`, 200],
      [`HEAD /readyz HTTP/1.1\r\nHost: ${host}\r\nConnection: close`, 200],
      [`GET /api/info HTTP/1.1\r\nHost: ${host}\r\nConnection: close`, 403],
    ],
  ),
  ["GET /api/info HTTP/1.1\r\nHost: localhost:\r\nConnection: close", 200],
  ["GET /api/info HTTP/1.1\r\nHost: localhost:99999\r\nConnection: close", 200],
])("without a Host header, or with a malformed one, %j is answered with %i", async (head, status) => {
  const mail = await start();
  const said = await new Exchange(mail.http.url, `${head}\r\n\r\n`).whole();
  expect(said).toMatch(new RegExp(`^HTTP/1\\.[01] ${status} `));
  if (status === 200) return;
  expect(said.toLowerCase()).toContain("\r\ncontent-type: application/problem+json");
  expect(said).toContain('"type":"urn:mailproof:problem:forbidden-host"');
});

const wait = "GET /api/messages/wait?timeout=30s";
const host = "Host: localhost\r\n\r\n";

test.each([
  ["a wait", `${wait} HTTP/1.1\r\n${host}`],
  ["a wait of HTTP/1.0", `${wait} HTTP/1.0\r\n${host}`],
])("%s hears 503 when the server goes", async (_, request) => {
  const mail = await start();
  const exchange = new Exchange(mail.http.url, request);
  const metrics = async (): Promise<string> => await (await fetch(new URL("/metrics", mail.http.url))).text();
  await expect.poll(metrics).toMatch(/^mailproof_held_requests 1$/m);
  await mail.close();
  const said = await exchange.whole();
  expect(said).toMatch(/^HTTP\/1\.1 503 /);
  expect(said).toContain('"type":"urn:mailproof:problem:closing"');
});

test("a stream is ended, and a request that goes on for ever is cut", async () => {
  const mail = await start();
  const stream = new Exchange(mail.http.url, `GET /api/events HTTP/1.1\r\n${host}`);
  const upload = new Exchange(
    mail.http.url,
    `POST /api/messages HTTP/1.1\r\nContent-Type: message/rfc822\r\nContent-Length: 9\r\n${host}`,
  );
  await expect.poll(() => stream.received).toContain("id: ");
  await mail.close();
  expect(await stream.whole()).toMatch(/\r\n0\r\n\r\n$/);
  await upload.whole();
});
