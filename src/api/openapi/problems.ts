/** The problems of every route, and what each problem looks like. */
import type { ProblemName } from "../contract.ts";
import { problemKinds } from "../problem.ts";
import { closed, type JsonSchema, listOf, reference, text, whole } from "./form.ts";
import { type Failure, fails, type Operation, partRoute } from "./operation.ts";

const names = Object.keys(problemKinds) as ProblemName[];

const badQuery = fails("bad-query", "A parameter is unknown or wrong; `field` names it.");
const unauthorized = fails("unauthorized", "The server was started with a token, and it is not this one.");
const guarded: readonly Failure[] = [
  fails("forbidden-host", "`Host` is a name that could be rebound."),
  fails("forbidden-origin", "`Origin` or `Sec-Fetch-Site` tells of another site."),
];
const needlessBody = fails("bad-body", "There is a body, and this route takes none.");
const unsupportedType = fails("unsupported-type", "The body is of another type.");
const jsonBody: readonly Failure[] = [
  fails("bad-json", "The body is no JSON; `line` and `column` say where."),
  fails("too-large", "The body is over 1 MiB."),
];

/** All that can happen to a request, by status. What the route says of a problem itself counts. */
export function failuresOf(operation: Operation): readonly Failure[] {
  const { access = "token", lenient = false, body, failures = [] } = operation;
  const { method } = partRoute(operation);
  const general = [
    ...(lenient ? [] : [badQuery]),
    ...(access === "token" ? [unauthorized] : []),
    ...(access === "free" ? [] : guarded),
    ...(["POST", "PUT", "PATCH"].includes(method) ? [unsupportedType] : []),
    ...(body === undefined ? (lenient ? [] : [needlessBody]) : jsonBody),
  ];
  const own = new Set(failures.map(({ name }) => name));
  const all = [...general.filter(({ name }) => !own.has(name)), ...failures];
  return all.sort((a, b) => problemKinds[a.name][0] - problemKinds[b.name][0]);
}

export function urnOf(name: ProblemName): string {
  return `urn:mailproof:problem:${name}`;
}

/** A problem that is one of these. */
export function problemForm(failures: readonly Failure[]): JsonSchema {
  const forms = failures.map(({ name, schema }) => schema ?? ofName(name));
  return forms.length === 1 ? forms[0]! : { anyOf: forms };
}

function ofName(name: ProblemName, fields: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const more = { type: "object", properties: { type: { const: urnOf(name) }, ...fields } };
  return { allOf: [reference("Problem"), { ...more, required: Object.keys(more.properties) }] };
}

const messages = listOf(reference("Message"), "What did match.");
const transactions = listOf(reference("Transaction"), "What did match.");
const sessions = listOf(reference("Session"), "Those that never reached MAIL; newest first, at most 20.");

/** By their names in the components. */
export const problemSchemas: Readonly<Record<string, JsonSchema>> = {
  Problem: {
    type: "object",
    description: "RFC 9457. It may have further fields.",
    properties: {
      type: { description: "What failed.", enum: names.map(urnOf) },
      title: text("The same for people."),
      status: whole("The HTTP status.", 400, 599),
      detail: text("What is wrong with this request, and what to do."),
      field: text("The query parameter or body field that is wrong."),
      line: whole("Where in a body, from 1.", 1),
      column: whole("Where in `q`, or in that line, from 1.", 1),
      path: text("Where in a rule or a directory: `rules[0].do[1].reply`."),
    },
    required: ["type", "title", "status", "detail"],
  },
  MessageWaitTimeout: ofName("wait-timeout", {
    messages,
    nearMisses: listOf(
      closed({
        message: reference("MessageSummary"),
        differs: listOf({ type: "string" }, "The fields of the filter that it missed."),
      }),
      "Nearest first, at most 5.",
    ),
    rejections: listOf(
      reference("Transaction"),
      "Attempts that were refused, broke off or are open; newest first, at most 20.",
    ),
    sessions,
    evicted: whole("Messages that had to make room, since the start or the last reset."),
  }),
  MessageWaitTooMany: ofName("wait-too-many", { messages }),
  TransactionWaitTimeout: ofName("wait-timeout", {
    transactions,
    others: listOf(reference("Transaction"), "Those that miss the filter; newest first, at most 20."),
    sessions,
  }),
  TransactionWaitTooMany: ofName("wait-too-many", { transactions }),
};
