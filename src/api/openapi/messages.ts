import { harmlessTypes } from "../download.ts";
import { composeMessage } from "./compose.ts";
import { messageExample, summaryExample } from "./examples.ts";
import { closed, flag, type JsonSchema, listOf, reference, textOrNull, whole } from "./form.ts";
import {
  answers,
  type Failure,
  fails,
  type Operation,
  type Parameter,
  place,
  type Resource,
  sends,
  takes,
} from "./operation.ts";
import { messageFilter, noInbox, paging, waitFor } from "./parameters.ts";

const ids = (description: string): JsonSchema => listOf({ type: "string" }, description);
const deleted = closed({ deleted: ids("The ids of what is gone.") });
const changed = closed({ changed: ids("The ids of what was changed.") });

const change = takes(
  "Absent fields stay as they are.",
  closed(
    {
      read: flag("Whether it counts as read."),
      tags: {
        ...listOf({ type: "string", minLength: 1, maxLength: 100 }, "In the place of all its tags."),
        maxItems: 50,
      },
    },
    ["read", "tags"],
  ),
  { read: true, tags: ["welcome"] },
);
const badChange = fails("bad-body", "A field is unknown or wrong; `field` names it.");

const id = place("id", "The id of a message, or `latest`: the newest match of the filter.", "m1");
/** A filter goes with `latest` alone. */
const one: readonly Parameter[] = [id, ...messageFilter];
const unknown = fails("not-found", "There is no such message, no match, or no such inbox.");

const octets = [...harmlessTypes, "application/octet-stream"];
const attached = { "content-disposition": "It is a download, under the file name that the sender gave." };

function below(
  path: string,
  name: string,
  summary: string,
  more: Pick<Operation, "replies"> & {
    parameters?: readonly Parameter[];
    failure?: Failure;
    description?: string;
  },
): Operation {
  const { replies, parameters = [], failure = unknown, description } = more;
  return {
    route: `GET /api/messages/{id}/${path}`,
    id: name,
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [id, ...parameters, ...messageFilter],
    replies,
    failures: [failure],
  };
}

export const messages: Resource = {
  name: "Messages",
  description: "What was accepted, and kept octet for octet as it was sent.",
  operations: [
    {
      route: "GET /api/messages",
      id: "listMessages",
      summary: "Lists the messages that match the filter, newest first.",
      parameters: [...paging, ...messageFilter],
      query: "to=ada@*&limit=10",
      replies: [
        answers(
          200,
          "A page. `total` and `unread` count all matches.",
          closed({
            messages: listOf(reference("MessageSummary")),
            total: whole("All matches."),
            unread: whole("Those of them that are not marked as read."),
            nextCursor: textOrNull("The `cursor` of the next page; null: this is the last one."),
          }),
          { messages: [summaryExample], total: 1, unread: 1, nextCursor: null },
        ),
      ],
      failures: [noInbox],
    },
    {
      route: "GET /api/messages/wait",
      id: "waitForMessages",
      summary: "Waits until enough messages match.",
      description:
        "Holds the request, and never polls. What is stored already counts too, unless `since` is given.",
      parameters: waitFor(messageFilter),
      query: "to=ada@*&timeout=2s",
      replies: [
        answers(
          200,
          "They are there; the first ones, oldest first.",
          closed({ messages: listOf(reference("Message")) }),
          { messages: [messageExample] },
        ),
      ],
      failures: [
        fails("wait-timeout", "They did not come in time.", reference("MessageWaitTimeout")),
        fails(
          "wait-too-many",
          "More came than `exactly` or `count=0` allows; at once.",
          reference("MessageWaitTooMany"),
        ),
        noInbox,
        fails("restarted", "`since` is of another server; `startedAt` tells."),
        fails("too-many-held", "1,000 waits and streams are open."),
        fails("closing", "The server is closing."),
      ],
    },
    composeMessage,
    {
      route: "PATCH /api/messages",
      id: "changeMessages",
      summary: "Changes all messages that match the filter.",
      parameters: messageFilter,
      body: change,
      replies: [answers(200, "Done.", changed, { changed: ["m1"] })],
      failures: [noInbox, badChange],
    },
    {
      route: "DELETE /api/messages",
      id: "deleteMessages",
      summary: "Deletes all messages that match the filter; without one, all.",
      parameters: messageFilter,
      query: "to=ada@*",
      replies: [answers(200, "Done.", deleted, { deleted: ["m1"] })],
      failures: [noInbox],
    },
    {
      route: "GET /api/messages/{id}",
      id: "getMessage",
      summary: "A message with all that is read out of it.",
      description: "That does not mark it as read.",
      parameters: one,
      replies: [answers(200, "The message.", reference("Message"), messageExample)],
      failures: [unknown],
    },
    below("raw", "getRawMessage", "Its octets as they were sent.", {
      replies: [sends(200, "The octets.", ["message/rfc822"], attached)],
    }),
    below("text", "getMessageText", "Its text.", {
      replies: [sends(200, "The text.", ["text/plain"])],
      failure: fails("not-found", "There is no such message, no match, or no text in it."),
    }),
    below("html", "getMessageHtml", "Its HTML, as it was sent.", {
      description: "To look at it in a browser, use `/view/{id}/html`.",
      replies: [sends(200, "The HTML.", ["text/html"])],
      failure: fails("not-found", "There is no such message, no match, or no HTML in it."),
    }),
    below("headers", "getMessageHeaders", "Its header fields, decoded.", {
      replies: [
        answers(200, "In order, duplicates kept.", closed({ headers: reference("HeaderFields") }), {
          headers: messageExample.headers,
        }),
      ],
    }),
    below("mime", "getMimeTree", "The tree of its parts.", {
      replies: [answers(200, "The root.", reference("MimePart"), messageExample.mime)],
    }),
    below("mime/{path}", "getMimePart", "The octets of a part, decoded.", {
      parameters: [place("path", "As in the tree.", "1")],
      replies: [sends(200, "The octets. A type that a browser acts on becomes octets.", octets, attached)],
      failure: fails("not-found", "There is no such message, no match, or no such part."),
    }),
    below("attachments/{index}", "getAttachment", "The octets of an attachment, decoded.", {
      parameters: [place("index", "From 0.", "0")],
      replies: [sends(200, "The octets. A type that a browser acts on becomes octets.", octets, attached)],
      failure: fails("not-found", "There is no such message, no match, or no such attachment."),
    }),
    {
      route: "PATCH /api/messages/{id}",
      id: "changeMessage",
      summary: "Changes this message.",
      parameters: one,
      body: change,
      replies: [answers(200, "Done.", changed, { changed: ["m1"] })],
      failures: [unknown, badChange],
    },
    {
      route: "DELETE /api/messages/{id}",
      id: "deleteMessage",
      summary: "Deletes this message.",
      parameters: one,
      replies: [answers(200, "Done.", deleted, { deleted: ["m1"] })],
      failures: [unknown],
    },
  ],
};
