/** Every error of the API leaves through this file, as problem+json (RFC 9457). */
import { DuplicateRuleError, FaultRuleError } from "../faults/mod.ts";
import { PatternError } from "../notation/mod.ts";
import { DirectoryError, FilterError, InboxError } from "../store/mod.ts";
import type { Problem, ProblemName } from "./contract.ts";

/** The status and the title of each. */
export const problemKinds: Readonly<Record<ProblemName, readonly [status: number, title: string]>> = {
  "bad-query": [400, "The query cannot be understood"],
  "bad-json": [400, "The body is not JSON"],
  "bad-body": [422, "The body does not have the right form"],
  "bad-rule": [422, "The fault rule cannot work"],
  unauthorized: [401, "A token is needed"],
  "forbidden-host": [403, "This host name is not allowed"],
  "forbidden-origin": [403, "Requests from other sites are not allowed"],
  "not-found": [404, "There is no such thing"],
  "method-not-allowed": [405, "The method is not allowed here"],
  "duplicate-rule": [409, "A rule with this id exists"],
  "wait-timeout": [404, "Not enough came in time"],
  "wait-too-many": [409, "More came than expected"],
  restarted: [409, "The server was started anew"],
  "no-room": [507, "There is no room for the message"],
  "too-large": [413, "The body is too large"],
  "unsupported-type": [415, "The content type is not supported"],
  "too-many-held": [503, "Too many waits and streams are open"],
  closing: [503, "The server is closing"],
  internal: [500, "The server made a mistake"],
};

/** Thrown by routes, caught by the app. `more` are further fields of the problem. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly kind: ProblemName;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(kind: ProblemName, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.kind = kind;
    this.more = more;
  }
}

/** The problem that an error becomes. */
function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return problem(error.kind, error.message, error.more);
  if (error instanceof FaultRuleError) return problem("bad-rule", error.message, { path: error.path });
  if (error instanceof DuplicateRuleError) return problem("duplicate-rule", error.message);
  if (error instanceof DirectoryError) return problem("bad-body", error.message, { path: error.path });
  if (error instanceof InboxError) return problem("bad-body", error.message, { field: error.field });
  if (error instanceof FilterError) {
    const { field, column } = error;
    return problem("bad-query", error.message, column === null ? { field } : { field, column });
  }
  if (error instanceof PatternError) return problem("bad-query", error.message);
  // A mistake of ours is not hidden, but its text is for who runs the server.
  console.error("mailproof: a request failed", error);
  return problem("internal", "Failed to answer: the server made a mistake; see its log");
}

export function problemReply(error: unknown): Response {
  const body = toProblem(error);
  const headers = new Headers({ "content-type": "application/problem+json" });
  // RFC 9110 §11.6.1; basic, so that a browser asks for it
  if (body.status === 401) headers.set("www-authenticate", 'Basic realm="Mailproof", charset="UTF-8"');
  if (body.status === 503) headers.set("retry-after", "1");
  return new Response(visible(JSON.stringify(body)), { status: body.status, headers });
}

/** The same JSON without the control characters that JSON may hold as they are: problems end up on terminals. */
function visible(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function problem(name: ProblemName, detail: string, more: Readonly<Record<string, unknown>> = {}): Problem {
  const [status, title] = problemKinds[name];
  return { type: `urn:mailproof:problem:${name}`, title, status, detail, ...more };
}
