/**
 * The HTTP listener: any `fetch`-shaped application on `node:http`, on all runtimes. Where it answers with
 * `Response.error()`, the connection is reset.
 */
import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { listenOn } from "./listener.ts";

export class HttpServer {
  readonly port: number;
  readonly #servers: readonly Server[];

  private constructor(port: number, servers: readonly Server[]) {
    this.port = port;
    this.#servers = servers;
  }

  /** Host null: loopback. Port 0: any free one. */
  static async listen(
    host: string | null,
    port: number,
    fetch: (request: Request) => Response | Promise<Response>,
  ): Promise<HttpServer> {
    // The application's globals stay as they are.
    const answer = async (request: Request, { incoming }: HttpBindings): Promise<Response> => {
      const response = await fetch(request);
      // No reply, but an end of the connection.
      if (response.type !== "error") return response;
      incoming.socket.resetAndDestroy();
      return new Response(null, { status: 500 });
    };
    const create = (): Server =>
      createAdaptorServer({ fetch: answer as typeof fetch, overrideGlobalObjects: false }) as Server;
    const bound = await listenOn(host, port, create);
    return new HttpServer(bound.port, bound.servers);
  }

  /** The application must have ended its streams before. */
  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      }),
    );
  }
}
