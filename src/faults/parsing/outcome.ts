/** What becomes of a transaction apart from its replies: a report that comes later, a provider's answer, a label. */
import type { Bounce, HttpFault } from "../moment.ts";
import {
  at,
  isTooDeep,
  readBoolean,
  readDuration,
  readInteger,
  readObject,
  readText,
  refuse,
  show,
} from "./reader.ts";

/** RFC 3463 §2: a failure is transient or permanent. */
const statusForm = /^[45]\.\d{1,3}\.\d{1,3}$/;
const controls = /[\x00-\x1f\x7f]/;
const longestDiagnostic = 1_000;
const longestLabel = 100;
const longestCode = 100;
const httpFields = ["status", "code", "retryAfter", "body", "stored"];

/** Reads `bounce`; `after` in milliseconds. */
export function parseBounce(value: unknown, path: string): Bounce {
  const bounce = readObject(value, path, ["status", "diagnostic", "after"]);
  const { status } = bounce;
  if (typeof status !== "string" || !statusForm.test(status)) {
    refuse(at(path, "status"), `${show(status)} is no status of a failure; use a form such as "5.1.1"`);
  }
  const { diagnostic, after } = bounce;
  return {
    status,
    diagnostic:
      diagnostic === undefined ? null : readLine(diagnostic, at(path, "diagnostic"), longestDiagnostic),
    after: after === undefined ? 0 : readDuration(after, at(path, "after")),
    recipients: null,
  };
}

/** Reads `http`; `retryAfter` in seconds. */
export function parseHttp(value: unknown, path: string): HttpFault {
  const http = readObject(value, path, httpFields);
  const read = <Value>(field: string, reader: (value: unknown, path: string) => Value): Value | null =>
    http[field] === undefined ? null : reader(http[field], at(path, field));
  const retryAfter = read("retryAfter", readDuration);
  if (isTooDeep(http.body)) refuse(at(path, "body"), "is nested too deep; use at most 8 levels");
  return {
    status: readStatus(http.status, at(path, "status")),
    code: read("code", (code, where) => readLine(code, where, longestCode)),
    retryAfter: retryAfter === null ? null : Math.ceil(retryAfter / 1000),
    body: http.body,
    stored: read("stored", readBoolean) ?? false,
  };
}

function readStatus(value: unknown, path: string): number {
  const status = readInteger(value, path, 400);
  if (status > 599) refuse(path, `${status} is no error; use 400 to 599`);
  return status;
}

/** Reads `label`. */
export function parseLabel(value: unknown, path: string): string {
  return readLine(value, path, longestLabel);
}

function readLine(value: unknown, path: string, longest: number): string {
  const text = readText(value, path, longest);
  if (text === "") refuse(path, "is empty; use at least one character");
  if (controls.test(text)) refuse(path, `${show(text)} holds control characters; use plain text`);
  return text;
}
