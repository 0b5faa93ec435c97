/** Errors as Resend gives them: `{ statusCode, name, message }`. */
import type { HttpFault } from "../../faults/mod.ts";
import type { Submission } from "../../server/mod.ts";

export interface ResendError {
  readonly status: number;
  readonly name: string;
  readonly message: string;
}

const known = {
  bad_json: [400, "validation_error", "The request body must be valid JSON."],
  invalid_idempotency_key: [
    400,
    "invalid_idempotency_key",
    "The idempotency key must be between 1-256 characters.",
  ],
  missing_api_key: [401, "missing_api_key", "Missing API key in the authorization header."],
  invalid_api_key: [403, "invalid_api_key", "API key is invalid."],
  not_found: [404, "not_found", "The requested endpoint does not exist."],
  no_email: [404, "not_found", "Email not found"],
  method_not_allowed: [405, "method_not_allowed", "Method is not allowed for the requested path."],
  invalid_idempotent_request: [
    409,
    "invalid_idempotent_request",
    "Same idempotency key used with a different request payload.",
  ],
  concurrent_idempotent_requests: [
    409,
    "concurrent_idempotent_requests",
    "Same idempotency key used while original request is still in progress.",
  ],
  too_large: [413, "validation_error", "The email is too large."],
  bad_id: [422, "invalid_parameter", "The `id` must be a valid UUID."],
  application_error: [500, "application_error", "An unexpected error occurred."],
} as const satisfies Record<string, readonly [number, string, string]>;

export function errorOf(kind: keyof typeof known): ResendError {
  const [status, name, message] = known[kind];
  return { status, name, message };
}

export function invalid(message: string): ResendError {
  return { status: 422, name: "validation_error", message };
}

export function missing(fields: string): ResendError {
  return { status: 422, name: "missing_required_field", message: `Missing ${fields} field.` };
}

export function badAttachment(message: string): ResendError {
  return { status: 422, name: "invalid_attachment", message };
}

/** How the transaction that is refused shows it. */
export function refusalOf({ status, name, message }: ResendError): NonNullable<Submission["refusal"]> {
  return { code: status, enhanced: null, lines: [`${name}: ${message}`] };
}

export function errorReply(
  { status, name, message }: ResendError,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ statusCode: status, name, message }, { status, headers });
}

/** What a rule can name, or what goes with its status. */
const faults: readonly ResendError[] = [
  {
    status: 429,
    name: "rate_limit_exceeded",
    message: "Too many requests. You can only make 2 requests per second.",
  },
  { status: 429, name: "daily_quota_exceeded", message: "You have reached your daily email sending quota." },
  {
    status: 429,
    name: "monthly_quota_exceeded",
    message: "You have reached your monthly email sending quota.",
  },
  { status: 401, name: "restricted_api_key", message: "This API key is restricted to only send emails." },
  ...(["missing_api_key", "invalid_api_key", "not_found", "method_not_allowed"] as const).map(errorOf),
  ...(["concurrent_idempotent_requests", "invalid_idempotent_request"] as const).map(errorOf),
  {
    status: 422,
    name: "validation_error",
    message: "We found an error with one or more fields in the request.",
  },
  { status: 422, name: "invalid_from_address", message: "Invalid `from` field." },
  {
    status: 422,
    name: "missing_required_field",
    message: "The request body is missing one or more required fields.",
  },
  badAttachment("Attachment must have either a `content` or `path`."),
  { status: 451, name: "security_error", message: "We may have found a security issue with the request." },
  errorOf("application_error"),
  { status: 500, name: "internal_server_error", message: "An unexpected error occurred." },
];

/** The answer that a rule asks for. */
export function faultReply({ status, code, retryAfter, body }: HttpFault): Response {
  const likely = faults.find((fault) => (code === null ? fault.status === status : fault.name === code));
  const { name, message } =
    likely ?? (status < 500 ? invalid("The request was refused.") : errorOf("application_error"));
  const headers: Record<string, string> = retryAfter === null ? {} : { "retry-after": String(retryAfter) };
  if (status === 429) {
    const seconds = String(retryAfter ?? 1);
    Object.assign(headers, {
      "retry-after": seconds,
      "ratelimit-limit": "2",
      "ratelimit-remaining": "0",
      "ratelimit-reset": seconds,
    });
  }
  if (body === undefined) return errorReply({ status, name: code ?? name, message }, headers);
  if (typeof body === "string") return new Response(body, { status, headers });
  return Response.json(body, { status, headers });
}
