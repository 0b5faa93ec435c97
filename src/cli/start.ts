import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { OwnServer } from "../mailproof.ts";
import { formatPlace } from "../notation/mod.ts";
import type { MailproofOptions } from "../options.ts";
import type { FaultRule } from "../sdk/mod.ts";
import { isGranted } from "./permission.ts";
import { type PlacedRule, refusedRule } from "./rules.ts";
import type { ServeSettings } from "./settings.ts";
import { UsageError } from "./usage-error.ts";

/** Starts the server, which is loaded only here. What the surroundings refuse is said in one line, with what to do. */
export async function start(settings: ServeSettings): Promise<OwnServer> {
  const options = settings.server;
  const { host = "127.0.0.1" } = options;
  checkPlaces(host, options);
  // A name is bound by its address, and Deno wants that to be granted, too; to look it up, all ports of the name.
  if (isIP(host) === 0 && !isGranted({ name: "net", host })) {
    throw new UsageError(`Failed to look up ${host}: no permission; run with --allow-net`);
  }
  const { address } = await lookup(host).catch(() => ({ address: host }));
  checkPlaces(address, options);
  const { startServer } = await import("../mailproof.ts");
  try {
    return await startServer({ ...options, ...faultsOf(settings.rules) });
  } catch (error) {
    throw refusedOption(error as Error, settings) ?? explain(error as Error, options);
  }
}

function checkPlaces(host: string, { smtpPort, httpPort, smtpsPort, lmtpPort }: MailproofOptions): void {
  for (const port of [smtpPort, httpPort, smtpsPort, lmtpPort]) {
    if (port === undefined) continue;
    const place = formatPlace(host, port);
    if (isGranted({ name: "net", host: place })) continue;
    throw new UsageError(`Failed to listen on ${place}: no permission; run with --allow-net`);
  }
}

/** As one bundle: then a refusal says which of them it is about, `rules[2].do`. */
function faultsOf(rules: readonly PlacedRule[]): MailproofOptions {
  if (rules.length === 0) return {};
  const bundle: unknown = { rules: rules.map(({ rule }) => rule) };
  return { faults: [bundle as FaultRule] };
}

/** What the server says of a rule or an option, with the name that the user gave it. Null: it says nothing. */
function refusedOption(error: Error, { rules, places }: ServeSettings): UsageError | null {
  const { path = "" } = error as { path?: string };
  const refused = error.name === "FaultRuleError" ? refusedRule(rules, path, error.message) : null;
  if (refused !== null) return refused;
  const [, twice] = /^Failed to add the rule: (.*)$/.exec(error.message) ?? [];
  if (twice !== undefined) return new UsageError(`Failed to read ${places.get("faults")}: ${twice}`);
  const [, key = ""] = /^Failed to set (\w+): /.exec(error.message) ?? [];
  const place = places.get(key);
  return place === undefined ? null : new UsageError(error.message.replace(key, place));
}

/** What the server says of a port or an address, with the flags that set them. Other errors stay what they are. */
function explain(error: Error, options: MailproofOptions): Error {
  if (error.name !== "PortInUseError" && error.name !== "ListenError") return error;
  const flags = {
    "--smtp-port": options.smtpPort,
    "--http-port": options.httpPort,
    "--smtps-port": options.smtpsPort,
    "--lmtp-port": options.lmtpPort,
  };
  const { port } = error as { port?: number };
  const flag = Object.entries(flags).find(([, value]) => value === port)?.[0] ?? "--smtp-port";
  const line = error.message.replace(/another port|a port above 1023/, `$& with ${flag}`);
  return new Error(line.replace("no host", "no --host"));
}
