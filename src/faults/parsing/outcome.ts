/** What becomes of a transaction apart from its replies: a report that comes later, a provider's answer, a label. */
import { at, isTooDeep, show } from "../../notation/mod.ts";
import type { Bounce, HttpFault } from "../moment.ts";
import { read, refuse } from "./reader.ts";

/** RFC 3463 §2: a failure is transient or permanent. */
const statusForm = /^[45]\.\d{1,3}\.\d{1,3}$/;
const controls = /[\x00-\x1f\x7f]/;
const longestDiagnostic = 1_000;
const longestLabel = 100;
const longestCode = 100;
const httpFields = ["status", "code", "retryAfter", "body", "stored"];

/** Reads `bounce`; `after` in milliseconds. */
export function parseBounce(value: unknown, path: string): Bounce {
  const bounce = read.object(value, path, ["status", "diagnostic", "after"]);
  const { status } = bounce;
  if (typeof status !== "string" || !statusForm.test(status)) {
    refuse(at(path, "status"), `${show(status)} is no status of a failure; use a form such as "5.1.1"`);
  }
  const { diagnostic, after } = bounce;
  return {
    status,
    diagnostic:
      diagnostic === undefined ? null : readLine(diagnostic, at(path, "diagnostic"), longestDiagnostic),
    after: after === undefined ? 0 : read.duration(after, at(path, "after")),
    recipients: null,
  };
}

/** Reads `http`; `retryAfter` in seconds. */
export function parseHttp(value: unknown, path: string): HttpFault {
  const http = read.object(value, path, httpFields);
  const readField = <Value>(field: string, reader: (value: unknown, path: string) => Value): Value | null =>
    http[field] === undefined ? null : reader(http[field], at(path, field));
  const retryAfter = readField("retryAfter", (given, where) => read.duration(given, where));
  if (isTooDeep(http.body)) refuse(at(path, "body"), "is nested too deep; use at most 8 levels");
  return {
    status: readStatus(http.status, at(path, "status")),
    code: readField("code", (code, where) => readLine(code, where, longestCode)),
    retryAfter: retryAfter === null ? null : Math.ceil(retryAfter / 1000),
    body: http.body,
    stored: readField("stored", (given, where) => read.boolean(given, where)) ?? false,
  };
}

function readStatus(value: unknown, path: string): number {
  const status = read.integer(value, path, 400);
  if (status > 599) refuse(path, `${status} is no error; use 400 to 599`);
  return status;
}

/** Reads `label`. */
export function parseLabel(value: unknown, path: string): string {
  return readLine(value, path, longestLabel);
}

function readLine(value: unknown, path: string, longest: number): string {
  const text = read.text(value, path, longest);
  if (text === "") refuse(path, "is empty; use at least one character");
  if (controls.test(text)) refuse(path, `${show(text)} holds control characters; use plain text`);
  return text;
}
