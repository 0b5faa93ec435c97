/** The composition: makes every part once, hands them to each other, and starts them. */
import { type ApiParts, createApi } from "./api/mod.ts";
import { compileNetwork, FaultEngine, FaultRuleError, parseFaultText } from "./faults/mod.ts";
import { connectionTo, endpointOf, type Listeners, listener, smtpPorts } from "./listeners.ts";
import { composeReport, htmlForView, readEnvelope, readHeader, readText } from "./mail/mod.ts";
import { type MailproofOptions, type Settings, settle } from "./options.ts";
import { createResend } from "./providers/mod.ts";
import { createClient, type Mailproof } from "./sdk/mod.ts";
import {
  Bouncing,
  type ConversationParts,
  composeMessage,
  FaultClock,
  fullWithin,
  generateTls,
  HttpServer,
  InboxDesk,
  ListenError,
  loadTls,
  PortInUseError,
  SmtpServer,
  Submissions,
  saslChance,
  saslParts,
  speaks,
  systemTimers,
  type TlsMaterial,
  Unfinished,
} from "./server/mod.ts";
import { isMailbox } from "./smtp/mod.ts";
import { Directory, Inboxes, Journal, type JournalEvent, type MailStore, MemoryStore } from "./store/mod.ts";

export { FaultRuleError, type JournalEvent, ListenError, type MailproofOptions, PortInUseError };

/** As in package.json and deno.json. */
export const version = "0.1.0";

type ServerInfo = ReturnType<ApiParts["info"]>;

/** A server in this process: the handle on it, and what its own process sees without asking. */
export interface OwnServer {
  readonly mail: Mailproof;
  readonly journal: Journal;
  readonly store: MailStore;
}

/**
 * Starts a server in this process and connects to it.
 *
 * Rejects with `TypeError` or `RangeError` for an unknown option or one that cannot be, with
 * {@link FaultRuleError} for a rule that cannot work, with {@link PortInUseError} for a port in use, and with
 * {@link ListenError} for an address that is not this machine's.
 */
export async function startMailproof(options: MailproofOptions = {}): Promise<Mailproof> {
  return (await startServer(options)).mail;
}

/** The same for the program, which tells what happens as it happens. */
export async function startServer(options: MailproofOptions): Promise<OwnServer> {
  const settings = settle(options);
  const startedAt = new Date(systemTimers.now()).toISOString();
  const clock = new FaultClock();
  const inboxes = new Inboxes();
  const providers = [createResend()];
  const providerNames = providers.map(({ name }) => name);
  const faults = baseFaults(settings, clock, inboxes, providerNames);
  const store = new MemoryStore(settings);
  const directory = new Directory(settings.directory);
  const journal = new Journal({ now: systemTimers.now });
  const tls = await tlsMaterial(settings);
  const { hostname } = settings;
  const bouncing = new Bouncing({ store, journal, timers: systemTimers, clock, hostname, composeReport });
  const submissions = new Submissions({
    store,
    journal,
    timers: systemTimers,
    faults,
    clock,
    hostname,
    maxMessageSize: settings.maxMessageSize,
    inboxes,
    readHeader,
    readText,
  });
  const smtp = new SmtpServer(
    {
      store,
      journal,
      faults,
      clock,
      timers: systemTimers,
      readHeader,
      readText,
      policy: { store, directory, full: fullWithin(settings) },
      inboxes,
      bouncing,
      unfinished: new Unfinished(settings.maxBytes),
      engine: engineOptions(settings, directory, inboxes),
      tls,
      idleTimeout: settings.idleTimeout,
      commandTimeout: settings.commandTimeout,
      patience: settings,
      proxyProtocol: settings.proxyProtocol,
      isTrusted: trustOf(settings),
    },
    settings.maxSessions,
  );
  faults.watch(() => smtp.rulesChanged());
  const listeners: Listeners = [];
  const desk = new InboxDesk({
    inboxes,
    smtp,
    faults,
    clock,
    timers: systemTimers,
    host: settings.host,
    shared: () => endpointOf(listeners, "smtp"),
  });
  const api = createApi({
    store,
    journal,
    directory,
    faults,
    clock: {
      now: (inboxes) => clock.now(inboxes),
      get offset() {
        return clock.offset;
      },
      advance: (ms, inbox) => {
        const offset = clock.advance(ms, inbox);
        faults.timePassed();
        return offset;
      },
    },
    inboxes: desk,
    timers: systemTimers,
    info: () => serverInfo(settings, startedAt, listeners),
    ca: () => tls?.ca ?? null,
    reset: async () => {
      smtp.resetSessions();
      bouncing.forget();
      submissions.forget();
      for (const provider of providers) provider.forget();
      await store.clear();
      faults.clear();
      desk.closeAll();
      clock.reset();
      faults.restore();
      directory.set(settings.directory);
      journal.append({ type: "reset", data: { reason: "reset" } });
    },
    ready: () => listeners.length > 0,
    htmlForView,
    submissions,
    compose: composeMessage,
    readEnvelope,
    isMailbox,
    providers,
    inboxOfKey: (key) => inboxes.ofKey(key),
    guard: { hosts: settings.allowedHosts, token: settings.httpToken },
  });
  const fetch = (request: Request): Response | Promise<Response> => api.app.fetch(request);

  let http: HttpServer | null = null;
  const close = async (): Promise<void> => {
    listeners.length = 0;
    desk.closeAll();
    await smtp.close();
    bouncing.forget();
    submissions.forget();
    api.close();
    await http?.close();
    await store.close();
  };
  try {
    const { host, httpPort } = settings;
    const bound: Listeners = [];
    for (const [name, port] of smtpPorts(settings)) {
      const protocol = name === "lmtp" ? "lmtp" : "smtp";
      const traits = { name, protocol, secure: name === "smtps" } as const;
      bound.push(listener(host, name, await smtp.listen(host, { ...traits, port })));
    }
    http = await HttpServer.listen(host, httpPort, fetch);
    bound.push(listener(host, "http", http.port));
    listeners.push(...bound);
    const connection = connectionTo(listeners, tls);
    const mail = await createClient({
      fetch: async (request) => fetch(request),
      baseUrl: connection.http.url,
      ...(settings.httpToken === null ? {} : { token: settings.httpToken }),
      connection,
      onClose: close,
    });
    return { mail, journal, store };
  } catch (error) {
    await close();
    throw error;
  }
}

function baseFaults(
  settings: Settings,
  clock: FaultClock,
  inboxes: Inboxes,
  providers: readonly string[],
): FaultEngine {
  const offersStartTls = settings.starttls !== "off";
  const faults = new FaultEngine({
    seed: settings.seed,
    now: (inbox) => (inbox === null ? clock.now() : clock.now(() => [inbox])),
    premises: {
      offersTls: offersStartTls || settings.smtpsPort !== null,
      offersStartTls,
      listeners: () => [...smtpPorts(settings).map(([name]) => name), ...inboxes.listeners()],
      providers,
      inboxFrom: (id) => inboxes.placeOf(id),
    },
    magic: settings.magic === "on",
    emulates: (version) => !speaks(version),
  });
  for (const rule of settings.faults) {
    faults.add(typeof rule === "string" ? { rules: parseFaultText(rule) } : rule);
  }
  faults.keepAsBase();
  return faults;
}

function trustOf({ trustedProxies }: Settings): (address: string) => boolean {
  const networks = trustedProxies.map(compileNetwork);
  return (address) => networks.some((contains) => contains(address));
}

function engineOptions(
  settings: Settings,
  directory: Directory,
  inboxes: Inboxes,
): ConversationParts["engine"] {
  const { hostname, strictness, hiddenExtensions, maxMessageSize, maxRecipients, authRequired, requireHelo } =
    settings;
  const startTls = settings.starttls;
  return {
    hostname,
    strictness,
    hiddenExtensions,
    maxMessageSize,
    maxRecipients,
    startTls,
    authRequired,
    sasl: saslParts(settings.auth, inboxes, saslChance(settings.seed)),
    requireHelo,
    hasLists: () => directory.hasLists,
    now: systemTimers.now,
  };
}

async function tlsMaterial(settings: Settings): Promise<TlsMaterial | null> {
  if (settings.starttls === "off" && settings.smtpsPort === null) return null;
  const { tlsFiles, tlsNames } = settings;
  return tlsFiles === null ? await generateTls(tlsNames) : loadTls(tlsFiles.cert, tlsFiles.key, tlsNames);
}

function serverInfo(settings: Settings, startedAt: string, listeners: Listeners): ServerInfo {
  return {
    name: "mailproof",
    version,
    startedAt,
    runtime: runtime(),
    hostname: settings.hostname,
    listeners: [...listeners],
    starttls: settings.starttls,
    auth: { mode: settings.auth.size === 0 ? "any" : "users", required: settings.authRequired },
    limits: {
      maxMessageSize: settings.maxMessageSize,
      maxMessages: settings.maxMessages,
      maxBytes: settings.maxBytes,
      whenFull: settings.whenFull,
      maxRecipients: settings.maxRecipients,
      maxSessions: settings.maxSessions,
      maxErrors: settings.maxErrors,
      maxJunk: settings.maxJunk,
      idleTimeout: settings.idleTimeout,
      commandTimeout: settings.commandTimeout,
    },
    seed: settings.seed,
  };
}

function runtime(): ServerInfo["runtime"] {
  const { Deno, Bun } = globalThis as { Deno?: { version: { deno: string } }; Bun?: { version: string } };
  if (Deno !== undefined) return { name: "deno", version: Deno.version.deno };
  if (Bun !== undefined) return { name: "bun", version: Bun.version };
  return { name: "node", version: process.versions.node };
}
