/** Parameters that several routes take: filters, pages and waits. */
import { outcomes, searchFields } from "../../store/mod.ts";
import { duration } from "./duration.ts";
import type { JsonSchema } from "./form.ts";
import { type Failure, fails, type Parameter } from "./operation.ts";

const pattern: JsonSchema = {
  type: "array",
  items: { type: "string" },
  minItems: 1,
};

const instant: JsonSchema = {
  type: "string",
  pattern: "^\\d{4}-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:\\d\\d)?)?$",
};

export const trueOrFalse: JsonSchema = { enum: ["true", "false", "1", "0"] };

const seq: JsonSchema = { type: "integer", minimum: 0, maximum: 999_999_999_999_999 };

/** A query parameter that is there at most once. */
export function query(name: string, description: string, schema: JsonSchema, example?: unknown): Parameter {
  return { name, in: "query", description, schema, ...(example === undefined ? {} : { example }) };
}

/** One that may be repeated, which means any of them. */
function patterns(name: string, description: string, example: string): Parameter {
  return { ...query(name, description, pattern, [example]), style: "form", explode: true };
}

function shared(kind: string, parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.map((parameter) => ({ ...parameter, component: `${kind}.${parameter.name}` }));
}

const before = (what: string): Parameter =>
  query(
    "before",
    `It ${what} before this time, ISO 8601; without a zone UTC.`,
    instant,
    "2030-01-31T12:00:00Z",
  );
const after = (what: string): Parameter =>
  query("after", `It ${what} at this time or later, ISO 8601; without a zone UTC.`, instant, "2020-01-31");
const since = query("since", "Its `seq` is greater.", seq, 0);

const subject = patterns("subject", "A pattern for the subject; without a wildcard: contains.", "welcome");
const messageId = patterns(
  "messageId",
  "A pattern for the Message-ID, with its angle brackets or without.",
  "*@example.test",
);
const inbox = patterns("inbox", "A pattern for the id of an inbox that it is in.", "sign-up-*");
const ofInbox = query(
  "ofInbox",
  "The id of an inbox that must be there: of it alone, without `inbox`.",
  { type: "string" },
  "sign-up-1",
);
/** Of every route with a filter. */
export const noInbox: Failure = fails("not-found", "There is no such inbox, or it went.");
const session = patterns("session", "A pattern for the id of the session.", "s1");
const source = patterns("source", "A pattern for the client's address.", "127.0.0.1");
const provider = patterns("provider", "A pattern for the record's `provider`.", "resend");

// The one way to say in OpenAPI that parameters of any such name are taken: the names of the object's fields
// become the names of the parameters.
const header: Parameter = {
  ...query(
    "header.NAME",
    "A pattern for a header field of that name, whatever its case: `header.x-mailer=php*`. May be repeated.",
    {
      type: "object",
      patternProperties: { "^header\\..+$": { anyOf: [{ type: "string" }, pattern] } },
      additionalProperties: false,
    },
    { "header.x-mailer": "php*" },
  ),
  style: "form",
  explode: true,
};

/** Of messages. */
export const messageFilter: readonly Parameter[] = shared("message", [
  patterns("to", "A pattern for a recipient that was accepted, so Cc and Bcc are in.", "ada@*"),
  patterns("from", "A pattern for the reverse-path or the address in From.", "*@example.test"),
  subject,
  patterns(
    "text",
    "A pattern for the text, or that of the HTML where there is none; without a wildcard: contains.",
    "code",
  ),
  header,
  messageId,
  inbox,
  ofInbox,
  patterns("tag", "A pattern for a tag of the message.", "welcome"),
  session,
  source,
  provider,
  query("read", "Whether it was marked as read.", trueOrFalse, "false"),
  patterns("attachment", "`true`: it has any; `false`: none; else a pattern for a file name.", "*.pdf"),
  before("came"),
  after("came"),
  since,
  query(
    "q",
    'The search line: words, `"a phrase"`, `-not`, `OR`, parentheses, and ' +
      `${searchFields.map((field) => `\`${field}:\``).join(", ")}. A mistake in it is refused with its \`column\`.`,
    {
      type: "string",
      maxLength: 2_000,
    },
    "invoice -is:read",
  ),
]);

/** Of transactions. */
export const transactionFilter: readonly Parameter[] = shared("transaction", [
  patterns("to", "A pattern for any recipient that was tried.", "ada@*"),
  patterns("from", "A pattern for the reverse-path.", "*@example.test"),
  subject,
  messageId,
  inbox,
  ofInbox,
  session,
  source,
  provider,
  patterns(
    "outcome",
    `A pattern for the outcome: ${outcomes.map((name) => `\`${name}\``).join(", ")}. With \`to\`: what became of that recipient.`,
    "rejected",
  ),
  before("began"),
  after("began"),
  since,
]);

/** Of sessions. */
export const sessionFilter: readonly Parameter[] = shared("session", [
  inbox,
  ofInbox,
  source,
  patterns("listener", "A pattern for the listener: `smtp`, `smtps`, `lmtp`, or the id of an inbox.", "smtp"),
  patterns("user", "A pattern for who authenticated.", "ada"),
  query("open", "Whether it is open now.", trueOrFalse, "true"),
  before("began"),
  after("began"),
]);

/** Of listings. */
export const paging: readonly Parameter[] = shared("page", [
  query("limit", "Records in one page.", { type: "integer", minimum: 1, maximum: 500, default: 50 }, 10),
  query("cursor", "The `nextCursor` of the page before; absent: the first page.", { type: "string" }),
]);

const waiting: readonly Parameter[] = shared("wait", [
  query("count", "Wait for so many and return the first ones; `0`: none within the timeout.", {
    type: "integer",
    minimum: 0,
    maximum: 1_000,
    default: 1,
  }),
  query("exactly", "Wait for so many, and that no more come while it is `quiet`. Not with `count`.", {
    type: "integer",
    minimum: 0,
    maximum: 1_000,
  }),
  query("quiet", "Only with `exactly`: how long no more may come, from the last arrival.", {
    ...duration(60_000),
    default: 500,
  }),
  query("timeout", "How long to wait. For longer, ask again.", { ...duration(60_000), default: 5_000 }, "2s"),
  query("since", "Only a greater `seq` counts; absent: what is stored already counts too.", {
    ...seq,
    default: 0,
  }),
  query("journal", "A journal number after which the report of a failed wait begins.", seq),
  query(
    "startedAt",
    "Of `/api/info` when `since` was taken: refused where that was another server.",
    { type: "string" },
    "2026-01-01T00:00:00.000Z",
  ),
]);

/** The parameters of a wait: its own, and those of the filter that it does not have itself. */
export function waitFor(filter: readonly Parameter[]): readonly Parameter[] {
  return [...waiting, ...filter.filter(({ name }) => name !== "since")];
}
