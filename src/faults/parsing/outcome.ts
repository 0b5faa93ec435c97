/** What becomes of a transaction apart from its replies: a report that comes later, a label. */
import type { Bounce } from "../moment.ts";
import { at, readDuration, readObject, readText, refuse, show } from "./reader.ts";

/** RFC 3463 §2: a failure is transient or permanent. */
const statusForm = /^[45]\.\d{1,3}\.\d{1,3}$/;
const controls = /[\x00-\x1f\x7f]/;
const longestDiagnostic = 1_000;
const longestLabel = 100;

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
