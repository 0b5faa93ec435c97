import type { ComposedMessage } from "../contract.ts";
import { messageExample, transactionExample } from "./examples.ts";
import { closed, type Fields, type JsonSchema, listOf, reference, text } from "./form.ts";
import { answers, fails, type Operation, takes } from "./operation.ts";
import { query } from "./parameters.ts";

const addresses = (description: string): JsonSchema => ({
  description,
  anyOf: [{ type: "string" }, listOf({ type: "string" })],
});
const oneLine = { pattern: "^[^\\r\\n\\u0000]*$" };

const fields: Fields<ComposedMessage> = {
  from: text("`ada@x.test` or `Ada <ada@x.test>`."),
  to: addresses("Addresses like that; a recipient is needed here, in `cc` or in `bcc`."),
  cc: addresses("More of them."),
  bcc: addresses("In the envelope alone."),
  replyTo: addresses("Where answers are to go."),
  subject: text("One line.", oneLine),
  text: text("The text."),
  html: text("The HTML."),
  headers: {
    type: "object",
    description:
      "Further fields by name; each value is one line. Those that are made of the fields here, or of the body, are refused.",
    propertyNames: { pattern: "^[!-9;-~]+$" },
    additionalProperties: { type: "string", ...oneLine },
  },
  attachments: listOf(
    closed(
      {
        filename: text("One line.", oneLine),
        content: text("In base64.", { contentEncoding: "base64" }),
        contentType: text("Absent: by the name.", oneLine),
        cid: text("What the HTML shows it by: `cid:` and this.", { pattern: "^[^\\s<>]+$" }),
      },
      ["filename", "contentType", "cid"],
    ),
  ),
  date: text("ISO 8601; absent: now.", { format: "date-time" }),
};

const composed: JsonSchema = {
  ...closed(
    fields,
    Object.keys(fields).filter((field) => field !== "from"),
  ),
  anyOf: ["to", "cc", "bcc"].map((field) => ({ required: [field] })),
};

const octets = "From: ada@example.test\r\nTo: bob@example.test\r\nSubject: Hello\r\n\r\nHi\r\n";

export const composeMessage: Operation = {
  route: "POST /api/messages",
  id: "addMessage",
  summary: "Puts a message into the mailbox by hand. Nothing is sent anywhere.",
  description:
    "As JSON it is composed of its fields. As `message/rfc822` it is kept octet for octet, and only then there are " +
    "parameters.",
  parameters: [
    query(
      "from",
      "The reverse-path, maybe empty; absent: as the header says.",
      { type: "string" },
      "app@x.test",
    ),
    {
      ...query(
        "to",
        "A recipient; absent: those of To, Cc and Bcc.",
        { type: "array", items: { type: "string", format: "email" } },
        ["ada@example.test"],
      ),
      style: "form",
      explode: true,
    },
  ],
  body: {
    ...takes("The fields, or the octets.", composed, {
      from: "Ada <ada@example.test>",
      to: "bob@example.test",
      subject: "Hello",
      text: "Hi",
    }),
    octets,
  },
  replies: [
    answers(201, "The message.", reference("Message"), {
      ...messageExample,
      channel: "api",
      sessionId: null,
      transaction: { ...transactionExample, channel: "api", sessionId: null, verb: null },
    }),
  ],
  failures: [
    fails("bad-body", "A field is unknown or wrong, or nobody is to get it; `field` names it."),
    fails(
      "too-large",
      "The message is over `--max-message-size`, or the JSON over 1.4 times of it and 1 MiB.",
    ),
    fails("no-room", "The store is full, and was told to refuse then."),
  ],
};
