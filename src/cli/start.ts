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
  const { host = "127.0.0.1", smtpPort, httpPort, smtpsPort, lmtpPort } = options;
  for (const port of [smtpPort, httpPort, smtpsPort, lmtpPort]) {
    if (port === undefined) continue;
    const place = formatPlace(host, port);
    if (isGranted({ name: "net", host: place })) continue;
    throw new UsageError(`Failed to listen on ${place}: no permission; run with --allow-net`);
  }
  const { startServer } = await import("../mailproof.ts");
  try {
    return await startServer({ ...options, ...faultsOf(settings.rules) });
  } catch (error) {
    throw refusedOption(error as Error, settings) ?? explain(error, options);
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

/** One line that says what to do. Other errors stay what they are. */
function explain(error: unknown, options: MailproofOptions): unknown {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  const flags = {
    "--smtp-port": options.smtpPort,
    "--http-port": options.httpPort,
    "--smtps-port": options.smtpsPort,
    "--lmtp-port": options.lmtpPort,
  };
  const flag = Object.entries(flags).find(([, value]) => value === port)?.[0] ?? "--smtp-port";
  if (code === "EADDRINUSE") {
    return new Error(
      `Failed to listen on port ${port}: it is in use; choose another with ${flag}, 0 for any free one`,
    );
  }
  if (code === "EACCES") {
    return new Error(
      `Failed to listen on port ${port}: this user may not; choose one above 1023 with ${flag}`,
    );
  }
  if (["EADDRNOTAVAIL", "EAFNOSUPPORT", "EAI_AGAIN", "EINVAL", "ENOTFOUND"].includes(code ?? "")) {
    return new Error(
      `Failed to listen on ${options.host}: this machine has no such address; choose another with --host`,
    );
  }
  return error;
}
