/** The document read as a client reads it: from its JSON, with references followed. */
import { openApiJson } from "../../../src/api/openapi/document.ts";

// biome-ignore lint/suspicious/noExplicitAny: JSON of a form that the tests are about.
type Json = any;

export const document: Json = JSON.parse(openApiJson("1.2.3"));

export interface DescribedParameter {
  readonly name: string;
  readonly in: "query" | "path" | "header";
  readonly schema: Json;
  readonly description: string;
  readonly required?: boolean;
  readonly example?: unknown;
}

export interface DescribedReply {
  readonly status: number;
  /** Null: no problem. */
  readonly problem: string | null;
  readonly description: string;
  /** Media type to schema; null: any content. */
  readonly content: Readonly<Record<string, Json>>;
  readonly headers: readonly string[];
}

export interface Described {
  /** `GET /api/messages/{id}`. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** Whether it needs a token where there is one. */
  readonly guarded: boolean;
  readonly parameters: readonly DescribedParameter[];
  readonly body: { readonly description: string; readonly schema: Json; readonly example: unknown } | null;
  /** An example of `message/rfc822`, or null. */
  readonly octets: string | null;
  readonly replies: readonly DescribedReply[];
}

export const described: readonly Described[] = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
  Object.entries<Json>(item).map(([verb, operation]) => {
    const method = verb.toUpperCase();
    const json = operation.requestBody?.content["application/json"];
    return {
      route: `${method} ${path}`,
      method,
      path,
      id: operation.operationId,
      summary: operation.summary,
      guarded: operation.security === undefined,
      parameters: operation.parameters.map(follow),
      body:
        json === undefined
          ? null
          : { description: operation.requestBody.description, schema: json.schema, example: json.example },
      octets: operation.requestBody?.content["message/rfc822"]?.example ?? null,
      replies: Object.entries<Json>(operation.responses)
        .filter(([status]) => status !== "default")
        .flatMap(([status, reply]) => repliesOf(Number(status), reply)),
    };
  }),
);

export function find(route: string): Described {
  const found = described.find((one) => one.route === route);
  if (found === undefined) throw new Error(`Failed to find the route in the document: ${route}`);
  return found;
}

export function refusesUnknown({ replies }: Described): boolean {
  return replies.some(({ problem }) => problem === "bad-query");
}

/** One for each problem that shares the status. */
function repliesOf(status: number, { description, content = {}, headers = {} }: Json): DescribedReply[] {
  const shared = { status, description, headers: Object.keys(headers) };
  const { "application/problem+json": problems, ...others } = content;
  const schemas = Object.fromEntries(
    Object.entries<Json>(others).map(([type, { schema }]) => [type, schema ?? null]),
  );
  if (problems === undefined) return [{ ...shared, problem: null, content: schemas }];
  const forms: Json[] = problems.schema.anyOf ?? [problems.schema];
  return forms.map((form) => ({
    ...shared,
    problem: nameOf(form),
    content: { "application/problem+json": form },
  }));
}

function nameOf(form: Json): string {
  const [, { properties }] = follow(form).allOf;
  const { type } = properties;
  return type.const.replace("urn:mailproof:problem:", "");
}

function follow(value: Json): Json {
  if (typeof value.$ref !== "string") return value;
  return value.$ref
    .slice(2)
    .split("/")
    .reduce((place: Json, key: string) => place[key], document);
}
