import { ruleExample } from "./examples.ts";
import { presetSchema } from "./fault-schemas.ts";
import { closed, type JsonSchema, listOf, reference } from "./form.ts";
import { answers, fails, type Parameter, place, type Reply, type Resource, takes } from "./operation.ts";
import { query } from "./parameters.ts";

const { explain: _, state: __, enabled: ___, ...rule } = ruleExample;
const another = { id: "unknown", on: "rcpt", match: { to: "*@unknown.test" }, do: "550 5.1.1 No such user" };
const rules: JsonSchema = closed({ rules: listOf(reference("FaultRuleReport")) });
const inForce = (status: number, description: string): Reply =>
  answers(status, description, rules, { rules: [ruleExample] });

const inbox: Parameter = {
  ...query(
    "inbox",
    "The id of an inbox: it is about the rules of this inbox alone.",
    { type: "string" },
    "sign-up-1",
  ),
  component: "faults.inbox",
};
const noInbox = fails("not-found", "There is no such inbox.");
const id = place("id", "The id of a rule.", "full");
const badRule = fails("bad-rule", "A rule cannot work; `path` says where, and nothing has changed.");
const duplicate = fails("duplicate-rule", "A rule with this id is there.");
const unknown = fails("not-found", "There is no such rule.");

export const faults: Resource = {
  name: "Fault rules",
  description: "What goes wrong on purpose. Rules that are added later are asked first.",
  operations: [
    {
      route: "GET /api/faults",
      id: "listFaults",
      summary: "The rules in force, in the order in which they were added: the last one is asked first.",
      parameters: [inbox],
      replies: [inForce(200, "The rules.")],
      failures: [noInbox],
    },
    {
      route: "POST /api/faults",
      id: "addFaults",
      summary: "Adds a rule, or several: all or none.",
      parameters: [inbox],
      body: takes("A rule, a list of rules, or `{rules}`.", reference("FaultRulesInput"), another),
      replies: [
        answers(
          201,
          "The rule; of a list or `{rules}`: `{rules}`.",
          { anyOf: [reference("FaultRuleReport"), rules] },
          {
            ...another,
            enabled: true,
            explain: 'At RCPT to *@unknown.test, the server says "550 5.1.1 No such user".',
            state: ruleExample.state,
          },
        ),
      ],
      failures: [noInbox, badRule, duplicate],
    },
    {
      route: "PUT /api/faults",
      id: "replaceFaults",
      summary: "Puts these rules in the place of all others; also what `GET` gave, as it is.",
      parameters: [inbox],
      body: takes("A rule, a list of rules, or `{rules}`.", reference("FaultRulesInput"), { rules: [rule] }),
      replies: [inForce(200, "The rules.")],
      failures: [noInbox, badRule, fails("duplicate-rule", "Two of them have the same id.")],
    },
    {
      route: "DELETE /api/faults",
      id: "clearFaults",
      summary: "Removes all rules, those of the flags and the config too.",
      parameters: [inbox],
      replies: [
        answers(200, "The ids of what is gone.", closed({ deleted: listOf({ type: "string" }) }), {
          deleted: ["full"],
        }),
      ],
      failures: [noInbox],
    },
    {
      route: "POST /api/faults/reset",
      id: "resetFaults",
      summary: "Sets the counters of all rules to zero.",
      parameters: [inbox],
      replies: [inForce(200, "The rules.")],
      failures: [noInbox],
    },
    {
      route: "GET /api/faults/schema",
      id: "getFaultSchema",
      summary: "The JSON Schema (2020-12) of what can be added.",
      replies: [
        {
          status: 200,
          description: "The schema, for editors.",
          types: ["application/schema+json"],
          schema: { type: "object" },
        },
      ],
    },
    {
      route: "GET /api/faults/presets",
      id: "listPresets",
      summary: "Ready rules for what real servers do.",
      replies: [
        answers(200, "All presets.", closed({ presets: listOf(presetSchema) }), {
          presets: [
            { name: "mailbox-full", explain: "The mailbox of the recipient is full.", rules: [rule] },
          ],
        }),
      ],
    },
    {
      route: "POST /api/faults/presets/{name}",
      id: "usePreset",
      summary: "Adds the rules of a preset.",
      parameters: [place("name", "The name of a preset.", "greylisting"), inbox],
      body: takes(
        "What is merged into each of its rules, field by field.",
        closed(
          {
            match: { type: "object", description: "Conditions, as in a rule." },
            when: { type: "object", description: "Counting and chance, as in a rule." },
            ttl: reference("FaultSpan", "The rules go when they are older."),
          },
          ["match", "when", "ttl"],
        ),
        { match: { to: "*@example.test" }, when: { times: 2 } },
        "optional",
      ),
      replies: [inForce(201, "The rules that were added.")],
      failures: [fails("not-found", "There is no such preset, or no such inbox."), badRule, duplicate],
    },
    {
      route: "GET /api/faults/{id}",
      id: "getFault",
      summary: "A rule.",
      parameters: [id],
      replies: [answers(200, "The rule.", reference("FaultRuleReport"), ruleExample)],
      failures: [unknown],
    },
    {
      route: "PATCH /api/faults/{id}",
      id: "changeFault",
      summary: "Changes fields of a rule; null takes one away.",
      description: "It keeps its id and its place, and its counters unless what it does has changed.",
      parameters: [id],
      body: takes("The fields to change.", reference("FaultRuleChange"), { when: { times: 2 } }),
      replies: [answers(200, "The rule.", reference("FaultRuleReport"), ruleExample)],
      failures: [unknown, badRule],
    },
    {
      route: "DELETE /api/faults/{id}",
      id: "removeFault",
      summary: "Removes a rule.",
      parameters: [id],
      replies: [
        answers(200, "Its id.", closed({ deleted: listOf({ type: "string" }) }), { deleted: ["full"] }),
      ],
      failures: [unknown],
    },
  ],
};
