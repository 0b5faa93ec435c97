/** Where a server listens, and how its own process reaches it. */
import type { ApiParts } from "./api/mod.ts";
import { formatPlace } from "./notation/mod.ts";
import type { Settings } from "./options.ts";
import type { Connection, Endpoint } from "./sdk/mod.ts";
import type { TlsMaterial } from "./server/mod.ts";

export type Listeners = ReturnType<ApiParts["info"]>["listeners"];

/** The listeners that speak SMTP or LMTP; a port of null is off. */
export function smtpPorts({
  smtpPort,
  smtpsPort,
  lmtpPort,
}: Settings): ["smtp" | "smtps" | "lmtp", number][] {
  const ports: ["smtp" | "smtps" | "lmtp", number][] = [["smtp", smtpPort]];
  if (smtpsPort !== null) ports.push(["smtps", smtpsPort]);
  if (lmtpPort !== null) ports.push(["lmtp", lmtpPort]);
  return ports;
}

export function listener(
  host: string | null,
  protocol: Listeners[number]["protocol"],
  port: number,
): Listeners[number] {
  const bound = host ?? "127.0.0.1";
  return { name: protocol, protocol, host: bound, port, url: `${protocol}://${formatPlace(bound, port)}` };
}

/** How this process reaches its own listeners. */
export function connectionTo(listeners: Listeners, tls: TlsMaterial | null): Connection {
  return {
    smtp: endpointOf(listeners, "smtp"),
    smtps: reach(listeners, "smtps"),
    lmtp: reach(listeners, "lmtp"),
    http: { url: endpointOf(listeners, "http").url },
    tls: { ca: tls?.ca ?? null },
  };
}

function reach(listeners: Listeners, protocol: string): Endpoint | undefined {
  const bound = listeners.find((one) => one.protocol === protocol);
  if (bound === undefined) return undefined;
  const host = bound.host === "0.0.0.0" || bound.host === "::" ? "127.0.0.1" : bound.host;
  return { host, port: bound.port, url: `${protocol}://${formatPlace(host, bound.port)}` };
}

/** Of a listener that every server has. */
export function endpointOf(listeners: Listeners, protocol: "smtp" | "http"): Endpoint {
  const endpoint = reach(listeners, protocol);
  if (endpoint === undefined) throw new Error(`Failed to connect: the listener ${protocol} is missing`);
  return endpoint;
}
