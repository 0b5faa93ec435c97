import type { SessionOptions } from "../smtp/mod.ts";

/** What is the same for all sessions of a server. */
export type CommonOptions = Omit<SessionOptions, "secure" | "protocol" | "trusted" | "nextStop">;

/** Written out: to spread the common ones takes V8 longer than all the rest of a new session. */
export function sessionOptions(
  common: CommonOptions,
  protocol: SessionOptions["protocol"],
  secure: boolean,
  trusted: boolean,
  nextStop: SessionOptions["nextStop"],
): SessionOptions {
  return {
    protocol,
    secure,
    trusted,
    nextStop,
    hostname: common.hostname,
    strictness: common.strictness,
    hiddenExtensions: common.hiddenExtensions,
    maxMessageSize: common.maxMessageSize,
    maxRecipients: common.maxRecipients,
    startTls: common.startTls,
    authRequired: common.authRequired,
    sasl: common.sasl,
    requireHelo: common.requireHelo,
    hasLists: common.hasLists,
    now: common.now,
  };
}
