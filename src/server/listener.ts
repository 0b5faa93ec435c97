/**
 * Listening sockets. Without a host a listener binds loopback: 127.0.0.1, and ::1 on the same port
 * where the machine has it.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { SessionOptions } from "../smtp/mod.ts";

/** What a listener says of all its sessions. */
export interface ListenerTraits {
  /** As it appears on sessions: `smtp`, `smtps`, `lmtp`. */
  readonly name: string;
  readonly protocol: SessionOptions["protocol"];
  /** Implicit TLS. */
  readonly secure: boolean;
}

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

/** Of an address that the system knows nothing of, or not as its own. */
const addressCodes = ["EADDRNOTAVAIL", "EAFNOSUPPORT", "EAI_AGAIN", "EINVAL", "ENOTFOUND"];

/** An address or port that cannot be bound for another reason. `code` is the system's. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;
  readonly port: number;
  readonly host: string;
  constructor(port: number, host: string, cause: Error & { readonly code?: string | undefined }) {
    // Bun gives none for a name that nobody knows.
    const code = cause.code ?? "ENOTFOUND";
    super(`Failed to listen on ${host} port ${port}: ${reasonOf(code) ?? cause.message}`, { cause });
    this.code = code;
    this.port = port;
    this.host = host;
  }
}

function reasonOf(code: string): string | null {
  if (code === "EACCES") return "this user may not; choose a port above 1023, or 0 for any free one";
  if (!addressCodes.includes(code)) return null;
  return "this machine has no such address; choose one that it has, or no host for loopback";
}

/** The addresses a host setting means; the first one must work. */
function bindAddresses(host: string | null): readonly [string, ...string[]] {
  return host === null ? ["127.0.0.1", "::1"] : [host];
}

interface Surroundings {
  readonly Deno?: {
    readonly permissions: {
      querySync(query: { readonly name: "net"; readonly host: string }): { readonly state: string };
    };
  };
}

/** Anything that listens as `node:net` does, an HTTP server too. */
type Listening = Pick<Server, "listen" | "address" | "close" | "on">;

/**
 * Binds one server per address, all on one port (0: any free one). Resolves to the port.
 * Rejects with {@link PortInUseError} or {@link ListenError}.
 */
export async function listenOn<S extends Listening>(
  host: string | null,
  port: number,
  create: () => S,
): Promise<{ port: number; servers: S[] }> {
  const [first, ...others] = bindAddresses(host);
  const server = create();
  const bound = await bind(server, first, port);
  const servers = [server];
  for (const address of others) {
    const other = create();
    try {
      await bind(other, address, bound);
      servers.push(other);
    } catch (error) {
      // A machine without ::1 does without, and so does Deno without the permission.
      if (!(error instanceof PortInUseError)) continue;
      await Promise.all(servers.map((open) => new Promise((resolve) => open.close(resolve))));
      // A port that is free on one address only would lead half of the clients elsewhere.
      if (port === 0) return await listenOn(host, port, create);
      throw error;
    }
  }
  return { port: bound, servers };
}

function bind(server: Listening, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // What Deno does not permit it throws where nobody can catch it.
    if (!mayBind(host, port)) {
      const cause = Object.assign(new Error("no permission; run with --allow-net"), { code: "EPERM" });
      return reject(new ListenError(port, host, cause));
    }
    // Stays: an error of a later accept, such as too many open files, must not end the program.
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE" ? new PortInUseError(port, host) : new ListenError(port, host, error),
      );
    });
    server.listen({ host, port, backlog: 1024 }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** It never prompts: a permission that Deno would ask for counts as not granted. */
function mayBind(host: string, port: number): boolean {
  const { Deno } = globalThis as Surroundings;
  if (Deno === undefined) return true;
  const place = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return Deno.permissions.querySync({ name: "net", host: place }).state === "granted";
}

/** TCP servers whose sockets may be half-closed: a client's FIN does not end our side. */
export function tcpServer(onConnection: (socket: Socket) => void): Server {
  return createServer({ allowHalfOpen: true }, onConnection);
}
