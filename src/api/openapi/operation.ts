/** What is said of a route: the data that the document and its page are made of. */
import type { ProblemName } from "../contract.ts";
import type { JsonSchema } from "./form.ts";

/** Routes that belong together. */
export interface Resource {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

export interface Operation {
  /** `GET /api/messages/{id}`. */
  readonly route: string;
  /** A name for generated clients. */
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  /** A query for the example, without the question mark. */
  readonly query?: string;
  readonly body?: Body;
  readonly replies: readonly Reply[];
  /** Beside those that every route of its kind has. */
  readonly failures?: readonly Failure[];
  /** Default `token`. `secret`: its address is the secret; `free`: neither token nor Host is looked at. */
  readonly access?: "token" | "secret" | "free";
  /** Unknown parameters and a needless body are ignored, not refused. */
  readonly lenient?: true;
}

export interface Parameter {
  readonly name: string;
  readonly in: "query" | "path" | "header";
  readonly description: string;
  readonly schema: JsonSchema;
  readonly required?: true;
  readonly style?: string;
  readonly explode?: boolean;
  readonly example?: unknown;
  /** Its name in the components, where several routes have it. */
  readonly component?: string;
}

export interface Body {
  readonly description: string;
  readonly required: boolean;
  /** Of `application/json`. */
  readonly schema: JsonSchema;
  readonly example: unknown;
  /** An example of `message/rfc822`, where that is taken too. */
  readonly octets?: string;
}

export interface Reply {
  readonly status: number;
  readonly description: string;
  /** Media types; none: no content. */
  readonly types: readonly string[];
  readonly schema?: JsonSchema;
  readonly example?: unknown;
  /** By name, with what each says. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Failure {
  readonly name: ProblemName;
  /** A sentence. */
  readonly when: string;
  /** Where the problem has fields of its own. */
  readonly schema?: JsonSchema;
}

export function fails(name: ProblemName, when: string, schema?: JsonSchema): Failure {
  return schema === undefined ? { name, when } : { name, when, schema };
}

/** A reply of JSON. */
export function answers(status: number, description: string, schema: JsonSchema, example: unknown): Reply {
  return { status, description, types: ["application/json"], schema, example };
}

/** A reply of text or octets. */
export function sends(
  status: number,
  description: string,
  types: readonly string[],
  headers: Reply["headers"] = {},
): Reply {
  return { status, description, types, headers };
}

export function takes(
  description: string,
  schema: JsonSchema,
  example: unknown,
  required: "required" | "optional" = "required",
): Body {
  return { description, schema, example, required: required === "required" };
}

/** A part of the path. */
export function place(name: string, description: string, example: string): Parameter {
  return { name, in: "path", required: true, description, schema: { type: "string" }, example };
}

/** The method and the path of a route. */
export function partRoute({ route }: Operation): { method: string; path: string } {
  const [method = "", path = ""] = route.split(" ");
  return { method, path };
}
