import { startMailproof } from "../mailproof.ts";
import type { MailproofOptions } from "../options.ts";
import type { Mailproof } from "../sdk/mod.ts";
import { isGranted } from "./permission.ts";
import { UsageError } from "./usage-error.ts";

/** Starts the server. What the surroundings refuse is said in one line, with what to do. */
export async function start(options: MailproofOptions): Promise<Mailproof> {
  const { host = "127.0.0.1", smtpPort, httpPort, smtpsPort } = options;
  for (const port of [smtpPort, httpPort, smtpsPort]) {
    const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    if (port === undefined || isGranted({ name: "net", host: place })) continue;
    throw new UsageError(`Failed to listen on ${place}: no permission; run with --allow-net`);
  }
  try {
    return await startMailproof(options);
  } catch (error) {
    throw explain(error, options);
  }
}

/** One line that says what to do. Other errors stay what they are. */
function explain(error: unknown, options: MailproofOptions): unknown {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  const flags = {
    "--smtp-port": options.smtpPort,
    "--http-port": options.httpPort,
    "--smtps-port": options.smtpsPort,
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
