/** What the values of ESMTP parameters must look like, where the extension has no file of its own. */
import type { Parameters } from "./command.ts";
import { parseDateTime } from "./date-time.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";

/** Among what a parameter stands. */
export interface ParameterContext {
  readonly client: ClientFacts;
  /** All parameters of its command. */
  readonly own: Parameters;
  /** Those of the MAIL command that opened the transaction; at MAIL its own. */
  readonly mail: Parameters;
}

/** Checks the value of a parameter; null when it is right. */
export type ParameterCheck = (
  value: string | true,
  options: SessionOptions,
  context: ParameterContext,
) => Reply | null;

/** RFC 2852 §4: by-time ";" by-mode [by-trace]. To return mail that is late already makes no sense. */
export const checkBy: ParameterCheck = (value) => {
  const [, time, mode] = /^([+-]?[0-9]{1,9});([NR])T?$/i.exec(String(value)) ?? [];
  if (time === undefined) return replies.badArgument("Malformed BY");
  return mode?.toUpperCase() === "R" && Number(time) <= 0
    ? replies.badArgument("BY with R needs a time above 0")
    : null;
};

/** RFC 6710 §3: -9 to 9. */
export const checkPriority: ParameterCheck = (value) =>
  /^(?:0|-?[1-9])$/.test(String(value)) ? null : replies.badArgument("Malformed MT-PRIORITY");

/** RFC 7293 §3.1: date-time [";" ( "C" / "R" )] */
export const checkValidSince: ParameterCheck = (value) => {
  const [, since = ""] = /^([^;]*)(?:;[CR])?$/i.exec(String(value)) ?? [];
  return parseDateTime(since) === null ? replies.badArgument("Malformed RRVS") : null;
};
