import type { Inbox, InboxInput, InboxMatch, NewInbox } from "../contract.ts";
import {
  closed,
  type Fields,
  flag,
  instant,
  instantOrNull,
  type JsonSchema,
  listOf,
  orNull,
  reference,
  text,
  textOrNull,
  whole,
} from "./form.ts";
import { answers, fails, place, type Resource, takes } from "./operation.ts";

const patterns = (description: string): JsonSchema => ({
  description,
  anyOf: [{ type: "string" }, { ...listOf({ type: "string" }), minItems: 1 }],
});

const match: Fields<InboxMatch> = {
  from: patterns("Patterns for the reverse-path."),
  to: patterns("Patterns for a recipient that is tried."),
  user: patterns("Patterns for who authenticated."),
  helo: patterns("Patterns for the client's name."),
  remoteAddress: patterns("Patterns for the client's address."),
  header: {
    type: "object",
    additionalProperties: patterns("Patterns for the value."),
    description: "By the name of the header field.",
  },
};

const input: Fields<InboxInput> = {
  name: text("What it is for; its id is made of it and a number. Absent: `inbox`.", { maxLength: 200 }),
  ttl: reference("FaultSpan", "It goes by itself when it is older, from 1 ms to 596 h; absent: it stays."),
  match: reference("InboxMatch", "What else belongs to it."),
  listener: flag("Whether it has a port of its own."),
};

const inbox: Fields<Inbox> = {
  id: text("Fit for a domain, and never given twice."),
  name: text("As it was given."),
  domain: text("Any address at it is the inbox's."),
  user: text("For AUTH."),
  match: orNull(reference("InboxMatch")),
  listener: textOrNull("The name of its own listener, or null."),
  smtp: closed({
    host: text("Where its mail is to be sent."),
    port: whole("The port.", 1, 65_535),
    url: text("The same; in the first reply with user and password."),
  }),
  createdAt: instant("When it was made."),
  expiresAt: instantOrNull("When it goes by itself, or null."),
};

const made: Fields<NewInbox> = {
  ...inbox,
  password: text("Of the user; for HTTP mail providers it is the key."),
};

/** By their names in the components. */
export const inboxSchemas: Readonly<Record<string, JsonSchema>> = {
  Inbox: closed(inbox),
  NewInbox: closed(made),
  InboxMatch: { ...closed(match, Object.keys(match)), minProperties: 1 },
};

const smtp = { host: "127.0.0.1", port: 1025 };
const example: Inbox = {
  id: "sign-up-1",
  name: "sign-up",
  domain: "sign-up-1.inbox.test",
  user: "sign-up-1",
  match: null,
  listener: null,
  smtp: { ...smtp, url: "smtp://127.0.0.1:1025" },
  createdAt: "2030-01-31T12:00:00.000Z",
  expiresAt: "2030-01-31T12:10:00.000Z",
};
const madeExample: NewInbox = {
  ...example,
  smtp: { ...smtp, url: "smtp://sign-up-1:re_secret@127.0.0.1:1025" },
  password: "re_secret",
};

const id = place("id", "The id of an inbox.", "sign-up-1");
const unknown = fails("not-found", "There is no such inbox.");

export const inboxes: Resource = {
  name: "Inboxes",
  description: "Parts of the mail that are kept apart, each for one test or one user.",
  operations: [
    {
      route: "GET /api/inboxes",
      id: "listInboxes",
      summary: "All inboxes, newest first.",
      replies: [
        answers(200, "The inboxes.", closed({ inboxes: listOf(reference("Inbox")) }), { inboxes: [example] }),
      ],
    },
    {
      route: "POST /api/inboxes",
      id: "addInbox",
      summary: "Makes an inbox.",
      body: takes(
        "All fields may be left out.",
        closed(input, Object.keys(input)),
        { name: "sign-up", ttl: "10m" },
        "optional",
      ),
      replies: [
        answers(
          201,
          "The inbox, with its password, which is told only here.",
          reference("NewInbox"),
          madeExample,
        ),
      ],
      failures: [fails("bad-body", "A field is unknown or wrong; `field` names it. Or there are 10,000.")],
    },
    {
      route: "GET /api/inboxes/{id}",
      id: "getInbox",
      summary: "An inbox.",
      parameters: [id],
      replies: [answers(200, "The inbox.", reference("Inbox"), example)],
      failures: [unknown],
    },
    {
      route: "DELETE /api/inboxes/{id}",
      id: "removeInbox",
      summary: "Removes the inbox, its rules and its port; its mail stays.",
      parameters: [id],
      replies: [
        answers(200, "Its id.", closed({ deleted: listOf({ type: "string" }) }), { deleted: ["sign-up-1"] }),
      ],
      failures: [unknown],
    },
  ],
};
