/** The OpenAPI document (3.1), put together from what the resources say of their routes. */
import type { ProblemName } from "../contract.ts";
import { problemKinds } from "../problem.ts";
import { directory } from "./directory.ts";
import { eventSchema, events } from "./events.ts";
import { faultSchemas } from "./fault-schemas.ts";
import { faults } from "./faults.ts";
import type { JsonSchema } from "./form.ts";
import { inboxes, inboxSchemas } from "./inboxes.ts";
import { messages } from "./messages.ts";
import {
  type Failure,
  type Operation,
  type Parameter,
  partRoute,
  type Reply,
  type Resource,
} from "./operation.ts";
import { pages } from "./pages.ts";
import { failuresOf, problemForm, problemSchemas, urnOf } from "./problems.ts";
import { recordSchemas } from "./records.ts";
import { sessions } from "./sessions.ts";
import { system } from "./system.ts";
import { transactions } from "./transactions.ts";

/** All routes, in the order in which they are shown. */
export const resources: readonly Resource[] = [
  messages,
  transactions,
  sessions,
  faults,
  inboxes,
  directory,
  events,
  system,
  pages,
];

/** What holds for all routes, in paragraphs. */
export const description: readonly string[] = [
  "Everything that Mailproof knows and does, as JSON.",
  "Errors are problems (RFC 9457): `type` says what failed, `detail` what to do. An unknown query parameter or " +
    "body field is refused, never ignored, and so is a body where none is taken. `GET` changes nothing, and `HEAD` " +
    "works wherever `GET` does. A path that is asked with another method answers `method-not-allowed` (405), with its " +
    "methods in `Allow`; `OPTIONS` tells them too.",
  "A pattern is a glob for the whole value (`*`, `?`, `\\` before either), whatever the case, or `/regex/ims`; " +
    "repeated it means any of them. In `to` and `from`, and in the zone of a time, a `+` means itself; a blank is " +
    "`%20` there. A duration is milliseconds, or `250ms`, `10s`, `5m`, `2h`.",
  "With `--http-token` every route but `/livez` and `/readyz` needs the token, as bearer token or as basic " +
    "password.",
  "Below `/providers/{name}` the APIs of mail providers are played, as those define them.",
];

let json: string | null = null;

/** The document as JSON; made when it is first asked for. */
export function openApiJson(version: string): string {
  json ??= JSON.stringify(openApiDocument(version));
  return json;
}

function openApiDocument(version: string): JsonSchema {
  const operations = resources.flatMap((resource) =>
    resource.operations.map((operation) => [resource.name, operation] as const),
  );
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [tag, operation] of operations) {
    const { method, path } = partRoute(operation);
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation, tag) };
  }
  const parameters = operations.flatMap(([, operation]) => operation.parameters ?? []);
  return {
    openapi: "3.1.0",
    info: {
      title: "Mailproof",
      version,
      description: description.join("\n\n"),
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "The server that this document comes from." }],
    security: [{ bearer: [] }, { basic: [] }, {}],
    tags: resources.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas: componentSchemas(),
      parameters: Object.fromEntries(
        parameters.flatMap((parameter) =>
          parameter.component === undefined ? [] : [[parameter.component, plain(parameter)]],
        ),
      ),
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "The token of `--http-token`, if there is one.",
        },
        basic: { type: "http", scheme: "basic", description: "Any user name, and the token as password." },
      },
    },
  };
}

/** Every schema that has a name. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  return { ...recordSchemas, ...inboxSchemas, ...problemSchemas, Event: eventSchema, ...faultSchemas() };
}

function describe(operation: Operation, tag: string): JsonSchema {
  const { id, summary, description, parameters = [], body, replies, access } = operation;
  const ok = replies.map((reply) => [String(reply.status), success(reply)] as const);
  return {
    tags: [tag],
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(access === undefined ? {} : { security: [] }),
    parameters: parameters.map((parameter) =>
      parameter.component === undefined
        ? plain(parameter)
        : { $ref: `#/components/parameters/${parameter.component}` },
    ),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            description: body.description,
            required: body.required,
            content: {
              "application/json": { schema: body.schema, example: body.example },
              ...(body.octets === undefined ? {} : { "message/rfc822": { example: body.octets } }),
            },
          },
        }),
    responses: {
      ...Object.fromEntries(ok),
      ...failures(failuresOf(operation)),
      default: {
        description: "Any other mistake, `internal` for one of ours.",
        content: problemContent([]),
      },
    },
  };
}

function plain({ component: _, ...parameter }: Parameter): JsonSchema {
  return parameter;
}

function success({ description, types, schema, example, headers = {} }: Reply): JsonSchema {
  const form = {
    ...(schema === undefined ? {} : { schema }),
    ...(example === undefined ? {} : { example }),
  };
  return {
    description,
    ...(Object.keys(headers).length === 0 ? {} : { headers: headersOf(headers) }),
    ...(types.length === 0
      ? {}
      : { content: Object.fromEntries(types.map((type) => [type, type.includes("json") ? form : {}])) }),
  };
}

/** By status; what shares one is told apart by its `type`. */
function failures(all: readonly Failure[]): Readonly<Record<string, JsonSchema>> {
  const statuses = new Set(all.map(({ name }) => problemKinds[name][0]));
  const responses = Array.from(statuses, (status) => {
    const group = all.filter(({ name }) => problemKinds[name][0] === status);
    const headers = problemHeaders[status];
    return [
      status,
      {
        description: group.map(({ name, when }) => `\`${name}\`: ${when}`).join(" "),
        ...(headers === undefined ? {} : { headers: headersOf(headers) }),
        content: problemContent(group),
      },
    ] as const;
  });
  return Object.fromEntries(responses);
}

const problemHeaders: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { "www-authenticate": "Basic, so that a browser asks for it." },
  503: { "retry-after": "Seconds." },
};

function headersOf(headers: Readonly<Record<string, string>>): JsonSchema {
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: "string" } },
  ]);
  return Object.fromEntries(described);
}

function problemContent(group: readonly Failure[]): JsonSchema {
  const schema = group.length === 0 ? { $ref: "#/components/schemas/Problem" } : problemForm(group);
  const examples = group
    .filter(({ schema }) => schema === undefined)
    .map(({ name, when }) => [name, { value: exampleOf(name, when) }]);
  return {
    "application/problem+json": {
      schema,
      ...(examples.length === 0 ? {} : { examples: Object.fromEntries(examples) }),
    },
  };
}

function exampleOf(name: ProblemName, when: string): JsonSchema {
  const [status, title] = problemKinds[name];
  return { type: urnOf(name), title, status, detail: when };
}
