/**
 * Mail that is to be held (RFC 4865). HOLDFOR counts from receipt, HOLDUNTIL names the moment; the two
 * exclude each other. The limits that EHLO tells are those of the grammar.
 */
import type { Parameters } from "./command.ts";
import { parseDateTime } from "./date-time.ts";
import type { ParameterCheck } from "./parameter-values.ts";
import * as replies from "./replies.ts";

const maxSeconds = 999_999_999; // §4: an interval has at most nine digits
const maxDateTime = "9999-12-31T23:59:59Z";
const maxTime = parseDateTime(maxDateTime)!;

export const futureReleaseLine = `FUTURERELEASE ${maxSeconds} ${maxDateTime}`;

const onlyOne = replies.badArgument("HOLDFOR and HOLDUNTIL exclude each other"); // §4

/** future-release-integer = %x31-39 *8DIGIT */
export const checkHoldFor: ParameterCheck = (value, _, { own }) => {
  if (own.HOLDUNTIL !== undefined) return onlyOne;
  return value !== true && /^[1-9][0-9]{0,8}$/.test(value) ? null : replies.badArgument("Malformed HOLDFOR");
};

/** A date-time of RFC 3339 (erratum 2040), neither past nor beyond what EHLO tells. */
export const checkHoldUntil: ParameterCheck = (value, { now }, { own }) => {
  if (own.HOLDFOR !== undefined) return onlyOne;
  const time = value === true ? null : parseDateTime(value);
  if (time === null) return replies.badArgument("Malformed HOLDUNTIL");
  if (time > maxTime) return replies.badArgument("HOLDUNTIL is too far in the future");
  return time > now() ? null : replies.badArgument("HOLDUNTIL is in the past");
};

/** Until when a message that came at `receivedAt` is to be held; both in milliseconds since the epoch. */
export function heldUntil({ HOLDFOR, HOLDUNTIL }: Parameters, receivedAt: number): number | null {
  if (typeof HOLDFOR === "string") return receivedAt + Number(HOLDFOR) * 1000;
  return typeof HOLDUNTIL === "string" ? parseDateTime(HOLDUNTIL) : null;
}
