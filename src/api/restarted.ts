/** After a restart numbers begin anew, and the ids of inboxes too: what was meant of the server before is refused. */
import type { MiddlewareHandler } from "hono";
import type { ServerInfo } from "./contract.ts";
import { ProblemError } from "./problem.ts";

type Start = Pick<ServerInfo, "startedAt">;

/** Throws the problem where the parameter `startedAt` tells of another server. `action`: `wait` */
export function refuseRestarted(action: string, query: URLSearchParams, server: Start): void {
  refuseOther(query.get("startedAt"), server, `${action}: the mark`, "set a new mark");
}

/** A handle on an inbox says with all it asks of which server it is: its id may be that of another inbox now. */
export function refuseOfAnother(server: () => Start): MiddlewareHandler {
  return async (c, next) => {
    const then = c.req.header("mailproof-started-at") ?? null;
    if (then !== null) refuseOther(then, server(), "go on: the inbox", "make another inbox");
    await next();
  };
}

function refuseOther(then: string | null, { startedAt }: Start, what: string, advice: string): void {
  if (then === null || then === startedAt) return;
  const detail = `Failed to ${what} is of a server that was started before, at ${JSON.stringify(then)}, and this one at ${startedAt}; ${advice}`;
  throw new ProblemError("restarted", detail);
}
