/**
 * Listening sockets. Without a host a listener binds loopback: 127.0.0.1, and ::1 on the same port
 * where the machine has it.
 */
import { createServer, type Server, type Socket } from "node:net";

/** A port that is taken. `code` is `"EADDRINUSE"`. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
  readonly code = "EADDRINUSE";
  readonly port: number;
  readonly host: string;
  constructor(port: number, host: string) {
    super(`Failed to listen on ${host} port ${port}: it is in use; choose another port, 0 for any free one`);
    this.port = port;
    this.host = host;
  }
}

/** The addresses a host setting means; the first one must work. */
export function bindAddresses(host: string | null): readonly string[] {
  return host === null ? ["127.0.0.1", "::1"] : [host];
}

/** Anything that listens as `node:net` does, an HTTP server too. */
type Listening = Pick<Server, "listen" | "address" | "close" | "once" | "off">;

/**
 * Binds one server per address, all on one port (0: any free one). Resolves to the port.
 * Rejects with {@link PortInUseError}, or the system's error for an address that is not ours.
 */
export async function listenOn<S extends Listening>(
  host: string | null,
  port: number,
  create: () => S,
): Promise<{ port: number; servers: S[] }> {
  const servers: S[] = [];
  let bound = port;
  for (const [index, address] of bindAddresses(host).entries()) {
    const server = create();
    try {
      bound = await bind(server, address, bound);
      servers.push(server);
    } catch (error) {
      // ::1 is a convenience: a machine without it, or a free port that is taken there, is no failure.
      const { code } = error as { code?: string };
      if (index > 0 && (code !== "EADDRINUSE" || port === 0)) continue;
      await Promise.all(servers.map((open) => new Promise((resolve) => open.close(resolve))));
      throw code === "EADDRINUSE" ? new PortInUseError(port, address) : error;
    }
  }
  return { port: bound, servers };
}

function bind(server: Listening, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** TCP servers whose sockets may be half-closed: a client's FIN does not end our side. */
export function tcpServer(onConnection: (socket: Socket) => void): Server {
  return createServer({ allowHalfOpen: true }, onConnection);
}
