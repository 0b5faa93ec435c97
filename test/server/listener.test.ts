import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { startMailproof } from "../../mod.ts";

const taken: Server[] = [];
afterEach(async () => {
  for (const server of taken.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function take(host: string, port = 0): Promise<number> {
  const server = createServer();
  await once(server.listen({ host, port }), "listening");
  taken.push(server);
  return (server.address() as AddressInfo).port;
}

describe("a port", () => {
  test("is the same on 127.0.0.1 and ::1", async () => {
    const mail = await startMailproof();
    for (const host of ["127.0.0.1", "::1"]) {
      const socket = connect({ host, port: mail.smtp.port });
      const [greeting] = await once(socket.setEncoding("latin1"), "data");
      expect(greeting).toMatch(/^220 mailproof\.test /);
      socket.destroy();
    }
    await mail.close();
  });

  test.each(["127.0.0.1", "::1"])("that is in use on %s is named, and nothing is left open", async (host) => {
    const smtpPort = await take(host);
    const started = startMailproof({ smtpPort });
    await expect(started).rejects.toMatchObject({
      name: "PortInUseError",
      code: "EADDRINUSE",
      port: smtpPort,
      host,
    });
    const other = host === "::1" ? "127.0.0.1" : "::1";
    await expect(take(other, smtpPort)).resolves.toBe(smtpPort);
  });

  test("that is in use for HTTP leaves no SMTP listener behind", async () => {
    const httpPort = await take("127.0.0.1");
    const smtpPort = await take("127.0.0.1");
    await new Promise((resolve) => taken.pop()?.close(resolve));
    await expect(startMailproof({ smtpPort, httpPort })).rejects.toMatchObject({ port: httpPort });
    await expect(take("127.0.0.1", smtpPort)).resolves.toBe(smtpPort);
  });
});

test.each(["192.0.2.1", "nope.invalid"])("the address %s, which is not ours, is refused", async (host) => {
  await expect(startMailproof({ host })).rejects.toMatchObject({
    name: "ListenError",
    code: expect.stringMatching(/^E[A-Z_]+$/),
    host,
    message: `Failed to listen on ${host} port 0: this machine has no such address; choose one that it has, or no host for loopback`,
  });
});
