/** JSON bodies: their type, their size, their syntax, their form. */
import type { Context } from "hono";
import * as v from "valibot";
import { findJsonFault, suggest } from "../notation/mod.ts";
import { mediaType } from "./guard.ts";
import type { ApiParts } from "./parts.ts";
import { ProblemError } from "./problem.ts";

/** Octets. */
const longestJson = 1_048_576;

/** The JSON body, or `whenEmpty`. A body over the limit, by default 1 MiB, of another type or that is not JSON becomes its problem. */
export async function readJson(c: Context, whenEmpty?: unknown, limit = longestJson): Promise<unknown> {
  const octets = await readOctets(c.req.raw, limit);
  if (octets.length === 0 && whenEmpty !== undefined) return whenEmpty;
  if (octets.length > 0 && mediaType(c.req.header("content-type")) !== "application/json") {
    const type = JSON.stringify(c.req.header("content-type") ?? "");
    throw new ProblemError("unsupported-type", `Failed to read the body: ${type}; send application/json`);
  }
  const text = new TextDecoder().decode(octets);
  try {
    return JSON.parse(text);
  } catch {
    const { line, column } = findJsonFault(text);
    const place = text.trim() === "" ? "it is empty" : `line ${line}, column ${column}`;
    throw new ProblemError("bad-json", `Failed to parse the body as JSON: ${place}; correct it there`, {
      line,
      column,
    });
  }
}

/** The JSON body in the form of the schema; unknown and wrong fields are named. */
export async function readForm<Schema extends v.StrictObjectSchema<v.ObjectEntries, undefined>>(
  c: Context,
  schema: Schema,
  whenEmpty?: v.InferInput<Schema>,
  limit?: number,
): Promise<v.InferOutput<Schema>> {
  const body = await readJson(c, whenEmpty, limit);
  // To valibot a list is an object without fields.
  if (Array.isArray(body))
    throw new ProblemError("bad-body", "Failed to read the body: it is a list; send an object", {
      field: "",
    });
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue) ?? "";
  const isUnknown = issue.type === "strict_object" && issue.expected === "never";
  const mistake = isUnknown
    ? `${JSON.stringify(field)} is no field here; ${suggest(field, Object.keys(schema.entries))}`
    : `${field === "" ? "" : `${field}: `}${issue.message}`;
  throw new ProblemError("bad-body", `Failed to read the body: ${mistake}`, { field });
}

/** The body as it is. Over so many octets: `too-large`; broken off by the client: `bad-body`. */
export async function readOctets(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch(() => {
      throw new ProblemError("bad-body", "Failed to read the body: it broke off; send all of it", {
        field: "",
      });
    });
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
  const octets = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    octets.set(chunk, at);
    at += chunk.length;
  }
  return octets;
}

/** Octets of a body that may hold the greatest message in base64. */
export function maxEncodedSize(parts: ApiParts): number {
  return Math.ceil(parts.info().limits.maxMessageSize * 1.4) + longestJson;
}

function tooLarge(limit: number): ProblemError {
  return new ProblemError(
    "too-large",
    `Failed to read the body: it is over ${limit} octets; send less at a time`,
    { limit },
  );
}
