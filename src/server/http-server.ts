/**
 * The HTTP listener: any `fetch`-shaped application on `node:http`, on all runtimes. Where it answers with
 * `Response.error()`, the connection is reset.
 */
import type { Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { systemTimers } from "./clock.ts";
import { listenOn } from "./listener.ts";

/** Milliseconds that the replies of a server that goes may take to leave. */
const lastWords = 200;

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
      // RFC 9112 §6.1: a client of HTTP/1.0 knows no chunks.
      if (incoming.httpVersion === "1.0") response.headers.delete("transfer-encoding");
      // No reply, but an end of the connection.
      if (response.type !== "error") return response;
      incoming.socket.resetAndDestroy();
      return new Response(null, { status: 500 });
    };
    const create = (): Server => {
      const server = createAdaptorServer({
        fetch: answer as typeof fetch,
        overrideGlobalObjects: false,
        serverOptions: { requireHostHeader: false },
        // For the URL of every request: what its Host says, be it empty or malformed, is for the application to judge.
        hostname: "localhost",
      }) as Server;
      return server.prependListener("request", ({ headers, rawHeaders }) => {
        if (headers.host === undefined) rawHeaders.push("Host", "");
        headers.host = "";
      });
    };
    const bound = await listenOn(host, port, create);
    return new HttpServer(bound.port, bound.servers);
  }

  /** The application must have ended its waits and streams before: their last words still leave. */
  async close(): Promise<void> {
    const closed = Promise.all(
      this.#servers.map((server) => new Promise((resolve) => server.close(resolve))),
    );
    const until = systemTimers.now() + lastWords;
    let timer: unknown;
    const letGo = (): void => {
      for (const server of this.#servers) {
        // A connection whose reply has ended would wait for another request.
        if (systemTimers.now() < until) server.closeIdleConnections();
        else server.closeAllConnections();
      }
      timer = systemTimers.setTimeout(letGo, 10);
    };
    letGo();
    await closed;
    systemTimers.clearTimeout(timer);
  }
}
