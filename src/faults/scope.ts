/** Keys: what a rule counts by, and what its draws hang on. */
import { hash53 } from "./draw.ts";
import type { Moment } from "./moment.ts";
import type { Scope } from "./rule.ts";

/** Keeps the parts of a key apart; no address holds it. */
const separator = "\u0000";

/** Longer keys are hashed, so that many recipients cost no more memory than one. */
const longestKey = 256;

/** The counter that this moment falls under. What is absent counts under one key of its own. */
export function scopeKey(scope: Scope, moment: Moment): string {
  return short(keyOf(scope, moment));
}

/** What a draw of a rule that counts for all hangs on: who talks, and about whom. */
export function naturalKey(moment: Moment): string {
  if (moment.transaction !== null) return short([sender(moment), recipients(moment)].join(separator));
  const { user, helo, remoteAddress } = moment.session;
  return short(user ?? helo ?? remoteAddress);
}

function keyOf(scope: Scope, moment: Moment): string {
  const { session, transaction } = moment;
  switch (scope) {
    case "rule":
      return "";
    case "session":
      return session.id;
    case "transaction":
      return transaction?.id ?? separator;
    case "remote-address":
      return session.remoteAddress;
    case "user":
      return session.user ?? separator;
    case "sender":
      return sender(moment);
    case "sender-domain":
      return domain(sender(moment));
    case "recipient":
      return recipients(moment);
    case "recipient-domain":
      return listKey(recipientList(moment).map(domain));
    case "triplet":
      return triplet(moment);
    case "message-id":
      return messageId(moment) ?? triplet(moment);
    case "inbox":
      return listKey(moment.inboxes());
  }
}

function sender(moment: Moment): string {
  return moment.transaction?.from.toLowerCase() ?? separator;
}

/** At RCPT the one that is tried, in LMTP the one that is answered, else all that were accepted. */
function recipientList(moment: Moment): readonly string[] {
  if (moment.recipient !== null) return [moment.recipient];
  return moment.phase === "rcpt" ? [] : (moment.transaction?.recipients ?? []);
}

function recipients(moment: Moment): string {
  return listKey(recipientList(moment));
}

/** The same for the same addresses in any order. */
function listKey(values: readonly string[]): string {
  return [...new Set(values.map((value) => value.toLowerCase()))].sort().join(separator);
}

function triplet(moment: Moment): string {
  return [moment.session.remoteAddress, sender(moment), recipients(moment)].join(separator);
}

function messageId(moment: Moment): string | null {
  const found = moment.headers?.().find((field) => field.name.toLowerCase() === "message-id");
  return found?.value.trim() || null;
}

function domain(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

function short(key: string): string {
  return key.length <= longestKey ? key : `${separator}${hash53(key).toString(36)}`;
}
