import type { ApiEventType } from "../contract.ts";
import {
  closed,
  type JsonSchema,
  listOf,
  oneOf,
  orNull,
  reference,
  text,
  textOrNull,
  whole,
} from "./form.ts";
import { fails, type Resource } from "./operation.ts";
import { messageFilter, noInbox, query } from "./parameters.ts";

const id = text("Its id.");
const sessionId = textOrNull("Its session, or null.");

const data: Readonly<Record<ApiEventType, JsonSchema>> = {
  "message.received": closed({
    id,
    seq: whole("Its number.", 1),
    from: text("The reverse-path."),
    to: listOf({ type: "string" }, "The recipients that were accepted."),
    size: whole("Octets."),
    sessionId,
    transactionId: text("The transaction that brought it."),
    message: orNull(reference("MessageSummary", "Null where it was gone before it could be read.")),
  }),
  "message.updated": closed(
    {
      ids: listOf({ type: "string" }),
      read: { type: "boolean", description: "What was set." },
      tags: listOf({ type: "string" }, "What was set."),
    },
    ["read", "tags"],
  ),
  "message.deleted": closed({
    ids: listOf({ type: "string" }),
    reason: oneOf("`evicted`: it had to make room.", ["deleted", "evicted"]),
  }),
  "transaction.started": closed({ id, sessionId }),
  "transaction.finished": closed({
    id,
    sessionId,
    channel: oneOf("How it came.", ["smtp", "lmtp", "http", "api"]),
    outcome: text("As in the transaction."),
    code: { type: ["integer", "null"], description: "The code of the reply that decided, or null." },
  }),
  "session.opened": closed({
    id,
    listener: text("Where it came to."),
    remoteAddress: text("The client's address."),
  }),
  "session.closed": closed({ id, closedBy: textOrNull("As in the session.") }),
  "fault.fired": closed({
    ruleId: text("The rule."),
    phase: text("Where it fired."),
    sessionId: textOrNull("Null: no session, but a listener that was closed."),
    transactionId: textOrNull("The transaction under way, or null."),
    explain: text("What was done."),
  }),
  "faults.changed": closed({}),
  "clock.advanced": closed({
    offset: whole("Milliseconds that fault time is ahead."),
    inbox: textOrNull("The inbox whose clock it is; null: the clock of all."),
  }),
  reset: closed({
    reason: oneOf("What you know is out of date: read anew.", ["reset", "replay-lost", "slow-reader"]),
  }),
};

const types = Object.keys(data);

/** The JSON in the `data` of an event of the stream. */
export const eventSchema: JsonSchema = {
  description: "The JSON in the `data` of an event of `GET /api/events`.",
  anyOf: Object.entries(data).map(([type, schema]) =>
    closed({
      n: whole("The number in the journal; the `id` of the event."),
      at: text("When.", { format: "date-time" }),
      type: { const: type },
      data: schema,
    }),
  ),
};

export const events: Resource = {
  name: "Events",
  description: "What happens, while it happens.",
  operations: [
    {
      route: "GET /api/events",
      id: "streamEvents",
      summary: "What happens, as server-sent events.",
      description:
        "`id` is the number in the journal, `event` the type, `data` JSON. The filter narrows `message.received`, " +
        "and its `inbox` also transactions, sessions and faults. " +
        "A `reset` always comes through. Every 15 s without an event there is a comment.",
      parameters: [
        {
          ...query(
            "types",
            `Only these, separated by commas: ${types.map((type) => `\`${type}\``).join(", ")}.`,
            {
              type: "array",
              items: { enum: types },
            },
          ),
          style: "form",
          explode: false,
          example: ["message.received", "fault.fired"],
        },
        {
          name: "Last-Event-ID",
          in: "header",
          description: "What came after this number is repeated first; absent: the stream begins with now.",
          schema: { type: "integer", minimum: 0, maximum: 999_999_999_999_999 },
        },
        query(
          "lastEventId",
          "The same for who cannot set that header, such as a new EventSource; the header goes first.",
          { type: "integer", minimum: 0, maximum: 999_999_999_999_999 },
          0,
        ),
        query(
          "startedAt",
          "Of `/api/info` when that number was taken: refused where that was another server.",
          { type: "string" },
          "2026-01-01T00:00:00.000Z",
        ),
        ...messageFilter,
      ],
      query: "types=message.received,fault.fired",
      replies: [
        {
          status: 200,
          description: "The stream. The JSON in its `data` is an `Event`.",
          types: ["text/event-stream"],
        },
      ],
      failures: [
        noInbox,
        fails("restarted", "`Last-Event-ID` is of another server; `startedAt` tells."),
        fails("too-many-held", "1,000 waits and streams are open."),
        fails("closing", "The server is closing."),
      ],
    },
  ],
};
