import type { Info, Listener } from "../api/contract.ts";
import { formatPlace } from "../notation/mod.ts";
import { readEnvironment } from "./environment.ts";
import { MailproofError } from "./error.ts";
import type { Connection, Endpoint, MailHandle, Mailproof } from "./handle.ts";
import { type ClientOptions, createClient } from "./server.ts";
import { type Fetch, Transport } from "./transport.ts";

export interface ConnectOptions {
  /** The server's `--http-token`. Default: the password in the URL, else `MAILPROOF_HTTP_TOKEN`. */
  readonly token?: string;
  /** Where SMTP is reached, when it is not where the server says: mapped ports, another host. */
  readonly smtp?: { readonly host?: string; readonly port?: number };
  /** Default: the global one that was there at import, so that a `fetch` of a test's own stays out of it. */
  readonly fetch?: Fetch;
  /** Aborting it before the server has answered rejects with its reason. */
  readonly signal?: AbortSignal;
}

const defaultUrl = "http://127.0.0.1:8025";

// Taken at import, as the timers are: tests replace it for the APIs that their program asks.
const { fetch: importedFetch } = globalThis;

/**
 * A handle on a running server. Rejects with {@link MailproofError} where none answers.
 * @param url of its inbox; default `MAILPROOF_URL`, else `http://127.0.0.1:8025`
 */
export async function connectMailproof(url?: string, options: ConnectOptions = {}): Promise<Mailproof> {
  return await createClient(await reach(url, options));
}

/**
 * The same for an inbox of it, which outlives the handle. What is asked of one that is not there rejects with
 * {@link MailproofError}.
 */
export async function connectInbox(
  id: string,
  url?: string,
  options: ConnectOptions = {},
): Promise<MailHandle> {
  return await createClient({ ...(await reach(url, options)), inbox: id });
}

async function reach(url: string | undefined, options: ConnectOptions): Promise<ClientOptions> {
  const { baseUrl, host, token } = readUrl(
    url ?? readEnvironment("MAILPROOF_URL") ?? defaultUrl,
    options.token,
  );
  const {
    smtp = {},
    fetch = (request: Request) => importedFetch(request),
    signal = new AbortController().signal,
  } = options;
  const transport = new Transport({ fetch, baseUrl, token, closing: signal });
  const info = await transport.json<Info>({ action: "connect", path: "/api/info" });
  if (info.name !== "mailproof") {
    throw new MailproofError(
      `Failed to connect: ${baseUrl} is not a Mailproof server; check the URL`,
      200,
      null,
    );
  }
  const [plain, implicitTls, lmtp] = (["smtp", "smtps", "lmtp"] as const).map((protocol) => {
    const listener = info.listeners.find((one) => one.protocol === protocol);
    return listener === undefined ? undefined : reachable(listener, host);
  });
  if (plain === undefined) {
    throw new MailproofError(
      `Failed to connect: ${baseUrl} has no SMTP listener; start it with one`,
      200,
      null,
    );
  }
  const connection: Connection = {
    smtp: endpoint("smtp", smtp.host ?? plain.host, smtp.port ?? plain.port),
    smtps: implicitTls,
    lmtp,
    http: { url: baseUrl },
    tls: { ca: await readCa(transport) },
  };
  return { fetch, baseUrl, token, connection };
}

/** A token in the URL is taken out of it: fetch refuses it there, and it must not show up in texts. */
function readUrl(
  text: string,
  token: string | undefined,
): { baseUrl: string; host: string; token: string | undefined } {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TypeError(
      `Failed to connect: ${JSON.stringify(text)} is no HTTP URL; use one such as ${defaultUrl}`,
    );
  }
  const url = new URL(text);
  const inUrl = url.password === "" ? undefined : decodeURIComponent(url.password);
  const inEnvironment = readEnvironment("MAILPROOF_HTTP_TOKEN") ?? undefined;
  const baseUrl = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  return { baseUrl, host: url.hostname.replace(/^\[|\]$/g, ""), token: token ?? inUrl ?? inEnvironment };
}

/** A listener on all addresses is reached where the inbox is reached. */
function reachable({ protocol, host, port }: Listener, inboxHost: string): Endpoint {
  const wildcard = host === "0.0.0.0" || host === "::" || host === "";
  return endpoint(protocol, wildcard ? inboxHost : host, port);
}

function endpoint(scheme: string, host: string, port: number): Endpoint {
  return { host, port, url: `${scheme}://${formatPlace(host, port)}` };
}

async function readCa(transport: Transport): Promise<string | null> {
  try {
    return await transport.text({ action: "read the CA", path: "/api/tls/ca.pem" });
  } catch (error) {
    if (error instanceof MailproofError && error.is("not-found")) return null;
    throw error;
  }
}
