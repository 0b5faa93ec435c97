/** After a restart numbers begin anew, and the ids of inboxes too: what was meant of the server before is refused. */
import type { MiddlewareHandler } from "hono";
import type { ServerInfo } from "./contract.ts";
import { ProblemError } from "./problem.ts";

type Start = Pick<ServerInfo, "startedAt">;

/** `what`: `wait: the mark` */
export function restarted(what: string, then: string, { startedAt }: Start, advice: string): ProblemError {
  const detail = `Failed to ${what} is of a server that was started before, at ${JSON.stringify(then)}, and this one at ${startedAt}; ${advice}`;
  return new ProblemError("restarted", detail);
}

/** A handle on an inbox says with all it asks of which server it is: its id may be that of another inbox now. */
export function refuseOfAnother(server: () => Start): MiddlewareHandler {
  return async (c, next) => {
    const then = c.req.header("mailproof-started-at");
    if (then !== undefined && then !== server().startedAt) {
      throw restarted("go on: the inbox", then, server(), "make another inbox");
    }
    await next();
  };
}
