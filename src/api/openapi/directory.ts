import { closed, flag, type JsonSchema, listOf, text } from "./form.ts";
import { answers, fails, type Resource, takes } from "./operation.ts";

const address = text("With its domain; at most 254 octets.");
const name = text('The full name; "" where there is none. At most 200 octets.', {
  pattern: "^[^<>\\u0000-\\u001f\\u007f-\\u009f]*$",
});
const listName = text("An address, or a local part alone: then the list is there at every domain.");
const members = listOf(text("An address, or the name of a list."));
const strictUsers = flag("Whoever is not in the directory is refused: RCPT and VRFY answer 550 5.1.1.");

/** Fields that can be left out are empty, or false. */
function directoryOf(optional: readonly string[]): JsonSchema {
  const user = closed(
    { address, name },
    optional.filter((field) => field === "name"),
  );
  const list = closed({ name: listName, members });
  return closed(
    {
      users: { ...listOf(user), maxItems: 10_000 },
      lists: { ...listOf(list, "With at most 10,000 members together."), maxItems: 1_000 },
      strictUsers,
    },
    optional,
  );
}

const example = {
  users: [{ address: "ada@example.test", name: "Ada Lovelace" }],
  lists: [{ name: "staff", members: ["ada@example.test"] }],
  strictUsers: true,
};
const state = directoryOf([]);

export const directory: Resource = {
  name: "The directory",
  description: "The users and mailing lists that VRFY, EXPN and, with `strictUsers`, RCPT are answered from.",
  operations: [
    {
      route: "GET /api/directory",
      id: "getDirectory",
      summary: "The directory.",
      replies: [answers(200, "All of it.", state, example)],
    },
    {
      route: "PUT /api/directory",
      id: "setDirectory",
      summary: "Puts this in the place of the whole.",
      body: takes(
        "What is left out is empty, or false.",
        directoryOf(["users", "lists", "strictUsers", "name"]),
        example,
      ),
      replies: [answers(200, "All of it.", state, example)],
      failures: [fails("bad-body", "Something in it cannot be; `path` says where, and nothing has changed.")],
    },
  ],
};
