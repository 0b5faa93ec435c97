/** The handle on an inbox, and how it is made. */
import type { NewInbox } from "../api/contract.ts";
import { formatPlace } from "../notation/mod.ts";
import { Client, type ClientParts } from "./client.ts";
import { MailproofError } from "./error.ts";
import type { Connection, Endpoint, Inbox, InboxInput } from "./handle.ts";
import { takeMark } from "./mark.ts";
import { writePatterns } from "./pattern.ts";
import { type Providers, providersOf, providerVariables } from "./providers.ts";
import { linkSignals } from "./signal.ts";
import { segment, Transport, type TransportOptions } from "./transport.ts";

class InboxClient extends Client implements Inbox {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly expiresAt: string | null;

  constructor(parts: ClientParts, { id, name, domain, user, password, expiresAt }: NewInbox) {
    super(parts);
    this.id = id;
    this.name = name;
    this.domain = domain;
    this.user = user;
    this.password = password;
    this.expiresAt = expiresAt;
  }

  address(localPart = "test"): string {
    return `${localPart}@${this.domain}`;
  }
}

/**
 * Makes an inbox on the server of these parts. Rejects with `MailproofError` for what an inbox cannot be.
 * @param http how the server is reached
 */
export async function openInbox(
  input: InboxInput,
  server: ClientParts,
  http: Omit<TransportOptions, "closing">,
): Promise<Inbox> {
  const body = writePatterns(input);
  const call = { action: "make the inbox", method: "POST", path: "/api/inboxes", body } as const;
  const made = await server.transport.json<NewInbox>(call);
  const mark = await takeMark(server.transport);
  const { startedAt } = mark;
  const closing = linkSignals(server.transport.closing);
  const transport = new Transport({ ...http, startedAt, closing: closing.signal });
  const connection = connectionOf(made, server.connection);
  const onClose = async (): Promise<void> => {
    closing.abort(new Error("Failed to go on: the inbox was closed; make another one"));
    closing.unlink();
    const path = `/api/inboxes/${segment(made.id)}`;
    try {
      const last = new Transport({ ...http, startedAt, closing: server.transport.closing });
      await last.text({ action: "delete the inbox", method: "DELETE", path });
    } catch (error) {
      const isGone = error instanceof MailproofError && (error.is("not-found") || error.is("restarted"));
      // With the server it has gone, too.
      if (!isGone && !server.transport.closing.aborted) throw error;
    }
  };
  const { timers } = server;
  const [inbox, listener, cut] = [made.id, made.listener ?? server.listener, transport.closing];
  const providers = providersOf(connection.http.url, made.password);
  const env = environmentOf(made, connection, providers, server.env);
  const parts = { transport, connection, providers, env, timers, inbox, listener, mark, cut, onClose };
  return new InboxClient(parts, made);
}

/** Ports may be mapped: on the shared listeners it is where the server is reached. */
function connectionOf({ listener, smtp, user, password }: NewInbox, server: Connection): Connection {
  const endpoint = (scheme: string, host: string, port: number, who: string): Endpoint => ({
    host,
    port,
    url: `${scheme}://${who}${formatPlace(host, port)}`,
  });
  const [who, { host }] = [`${user}:${password}@`, server.smtp];
  const { smtps } = server;
  return {
    ...server,
    smtp:
      listener === null
        ? endpoint("smtp", host, server.smtp.port, who)
        : endpoint("smtp", host, smtp.port, ""),
    smtps: smtps === undefined ? undefined : endpoint("smtps", smtps.host, smtps.port, who),
  };
}

function environmentOf(
  { listener, user, password }: NewInbox,
  { smtp }: Connection,
  providers: Providers,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const who: Record<string, string> = listener === null ? { SMTP_USER: user, SMTP_PASSWORD: password } : {};
  return {
    ...env,
    ...providerVariables(providers),
    SMTP_HOST: smtp.host,
    SMTP_PORT: String(smtp.port),
    SMTP_URL: smtp.url,
    ...who,
  };
}
