/** The handle on a whole server. */
import { Client, type ClientParts } from "./client.ts";
import type { Connection, Inbox, InboxInput, Mailproof } from "./handle.ts";
import { openInbox } from "./inbox.ts";
import { takeMark } from "./mark.ts";
import { type Providers, providersOf, providerVariables } from "./providers.ts";
import { importedTimers, type Timers } from "./timers.ts";
import { Transport, type TransportOptions } from "./transport.ts";

export interface ClientOptions extends Omit<TransportOptions, "closing"> {
  readonly connection: Connection;
  /** Id of the inbox that all is about. Default: the whole server. */
  readonly inbox?: string;
  /** Default: those that were there at import. */
  readonly timers?: Timers;
  /** Of a server in this process. Called once, by the first `close`. */
  readonly onClose?: () => Promise<void>;
}

class Server extends Client implements Mailproof {
  readonly #parts: ClientParts;
  readonly #http: Omit<TransportOptions, "closing">;

  constructor(parts: ClientParts, http: Omit<TransportOptions, "closing">) {
    super(parts);
    this.#parts = parts;
    this.#http = http;
  }

  async inbox(options: InboxInput = {}): Promise<Inbox> {
    return await openInbox(options, this.#parts, this.#http);
  }
}

/** A handle on a running server; it asks once, for its mark. */
export async function createClient(options: ClientOptions): Promise<Mailproof> {
  const { fetch, token, connection, inbox = null, timers = importedTimers, onClose } = options;
  const http = { fetch, token, baseUrl: options.baseUrl.replace(/\/+$/, "") };
  const closing = new AbortController();
  const transport = new Transport({ ...http, closing: closing.signal });
  const providers = providersOf(connection.http.url, token);
  const parts: ClientParts = {
    transport,
    connection,
    providers,
    env: environmentOf(connection, providers),
    timers,
    inbox,
    listener: "smtp",
    mark: await takeMark(transport),
    cut: onClose === undefined ? closing.signal : undefined,
    onClose: async () => {
      closing.abort(new Error("Failed to go on: the Mailproof handle was closed; connect again"));
      await onClose?.();
    },
  };
  return new Server(parts, http);
}

function environmentOf({ smtp, http }: Connection, providers: Providers): Readonly<Record<string, string>> {
  return {
    SMTP_HOST: smtp.host,
    SMTP_PORT: String(smtp.port),
    SMTP_URL: smtp.url,
    MAILPROOF_URL: http.url,
    ...providerVariables(providers),
  };
}
