import type { Transcript } from "../contract.ts";
import { sessionExample } from "./examples.ts";
import { closed, type Fields, instant, listOf, reference, text, textOrNull, whole } from "./form.ts";
import { answers, fails, place, type Resource } from "./operation.ts";
import { noInbox, paging, query, sessionFilter } from "./parameters.ts";

const id = place("id", "The id of a session.", "s1");
const unknown = fails("not-found", "There is no such session.");

const transcript: Fields<Transcript> = {
  sessionId: text("Its session."),
  openedAt: instant("When the session began."),
  lines: listOf(reference("TranscriptLine")),
  omitted: whole("Older lines that were let go."),
};

export const sessions: Resource = {
  name: "Sessions",
  description: "Every connection, and what was said on it.",
  operations: [
    {
      route: "GET /api/sessions",
      id: "listSessions",
      summary: "Lists the sessions that match the filter, newest first.",
      parameters: [...paging, ...sessionFilter],
      query: "limit=1",
      replies: [
        answers(
          200,
          "A page. `total` counts all matches.",
          closed({
            sessions: listOf(reference("Session")),
            total: whole("All matches."),
            nextCursor: textOrNull("The `cursor` of the next page; null: this is the last one."),
          }),
          { sessions: [sessionExample], total: 1, nextCursor: null },
        ),
      ],
      failures: [noInbox],
    },
    {
      route: "GET /api/sessions/{id}",
      id: "getSession",
      summary: "A session.",
      parameters: [id],
      replies: [answers(200, "The session.", reference("Session"), sessionExample)],
      failures: [unknown],
    },
    {
      route: "GET /api/sessions/{id}/transcript",
      id: "getTranscript",
      summary: "The dialogue of a session; credentials are masked.",
      description:
        "As text a line has milliseconds, `C` for the client, `S` for the server or `*` for a remark, and what was said.",
      parameters: [
        id,
        query("format", "Absent: `json` where `Accept` has `application/json`, else `text`.", {
          enum: ["text", "json"],
        }),
      ],
      query: "format=json",
      replies: [
        {
          ...answers(200, "The dialogue.", closed(transcript), {
            sessionId: "s1",
            openedAt: sessionExample.openedAt,
            lines: [{ at: 0, by: "S", text: "220 mailproof.test ESMTP Mailproof", transactionId: null }],
            omitted: 0,
          }),
          types: ["application/json", "text/plain"],
        },
      ],
      failures: [unknown],
    },
  ],
};
