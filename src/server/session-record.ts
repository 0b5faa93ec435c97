import type { Session } from "../store/mod.ts";

/** What is known of a session when its connection opens. */
export type SessionFacts = Pick<Session, "id" | "listener" | "remoteAddress" | "remotePort" | "openedAt">;

/** A session in which nothing has been said yet. */
export function newSession({ id, listener, remoteAddress, remotePort, openedAt }: SessionFacts): Session {
  return {
    id,
    listener,
    remoteAddress,
    remotePort,
    openedAt,
    closedAt: null,
    closedBy: null,
    helo: null,
    esmtp: false,
    tls: null,
    tlsError: null,
    user: null,
    mechanism: null,
    inboxes: [],
    authError: null,
    warnings: [],
    faults: [],
    transactionIds: [],
  };
}
