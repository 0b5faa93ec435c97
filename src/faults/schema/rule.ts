/**
 * The rule language as JSON Schema (2020-12), for editors and for whoever writes rules by program. It is
 * made of the tables that the parser goes by. What only a parser can know is left to it: whether a regular
 * expression, a glob or a network can be read, whether min is above max, whether a text is a duration of more
 * than 596 hours, whether an id is taken.
 */
import { longestTimer } from "../../notation/mod.ts";
import { following, reservedIds } from "../parsing/rule.ts";
import { largestRate } from "../parsing/when.ts";
import { faultPhases, matchFields, phasesOfField, phasesOfScope, scopes } from "../phase.ts";
import type { FaultMatch, FaultRule, FaultWhen } from "../rule.ts";
import { effectConditions, effectSchemas } from "./effect.ts";
import {
  closed,
  described,
  either,
  given,
  having,
  type JsonSchema,
  listOf,
  not,
  onlyOn,
  onSome,
  reference,
  text,
  whole,
} from "./form.ts";

const pattern = reference("pattern");
const number = reference("number");
const ordinal = reference("ordinal");

function durationText(more: string): JsonSchema {
  return { type: "string", pattern: `^\\s*${more}\\d+(?:\\.\\d+)?(?:ms|s|m|h)?\\s*$` };
}

function numberFrom(least: number): JsonSchema {
  const range = closed({
    min: described("At least.", whole(least)),
    max: described("At most.", whole(least)),
  });
  return described('5, or {"min": 5, "max": 9}.', either(whole(least), { ...range, minProperties: 1 }));
}

/** Patterns by name. */
function named(form: string): JsonSchema {
  return {
    type: "object",
    propertyNames: { pattern: form },
    additionalProperties: pattern,
    minProperties: 1,
  };
}

const matchSchemas: { readonly [Field in keyof Required<FaultMatch>]: JsonSchema } = {
  listener: described('"smtp", "smtps" or "lmtp".', pattern),
  remoteAddress: described("The client's address; also a network such as 10.0.0.0/8.", pattern),
  openSessions: described(
    "Of the client's address, this one included: at connect, greeting and tls those that came before it, later all. For a rule of an inbox those of the inbox.",
    number,
  ),
  tls: described("Whether the session is under TLS.", { type: "boolean" }),
  helo: described("The name in HELO, EHLO or LHLO.", pattern),
  user: described("Who authenticated.", pattern),
  mechanism: described("The mechanism of AUTH.", pattern),
  verb: described("The verb of the command, upper case.", pattern),
  argument: described("What follows the verb.", pattern),
  from: described('The reverse-path; "" is the null reverse-path.', pattern),
  to: described("At rcpt the recipient that is tried, later any that was accepted.", pattern),
  recipientIndex: described("Recipients accepted so far, plus one.", ordinal),
  recipientCount: described("Recipients accepted so far.", number),
  parameter: described("ESMTP parameters by keyword.", named("^[A-Za-z0-9][A-Za-z0-9-]*$")),
  declaredSize: described("The SIZE parameter of MAIL, octets.", number),
  octets: described("Octets of content so far.", number),
  header: described("Header fields by name.", named("^[!-9;-~]+$")),
  body: described("The decoded text of the content.", pattern),
  warning: described("Names of deviations of the client so far.", pattern),
  idle: reference("span", "How long the client has been silent."),
  inbox: described("Id of an inbox that the session, the recipient or the transaction belongs to.", pattern),
  sessionIndex: described("Which session it is since start or reset, from 1.", ordinal),
  transactionIndex: described("Which transaction it is in its session, from 1.", ordinal),
  provider: described('The HTTP provider that is asked, such as "resend".', pattern),
};

const whenSchemas: { readonly [Field in keyof Required<FaultWhen>]: JsonSchema } = {
  skip: described("The first n matches do not fire.", whole(0)),
  every: described("Of the rest, every nth fires.", whole(1)),
  for: reference("span", "Fires while the first match is younger than this."),
  rate: described("Fires if at least `limit` earlier matches lie within `per`.", {
    ...closed(
      {
        limit: described("Matches within the duration.", whole(1, largestRate)),
        per: reference("span", "The duration that they are counted in."),
      },
      ["limit", "per"],
    ),
  }),
  probability: described("The chance, drawn from the seed.", { type: "number", minimum: 0, maximum: 1 }),
  times: described("Fires at most so often.", whole(1)),
  per: described("What is counted together.", { enum: scopes }),
};

const ruleSchemas: { readonly [Field in keyof Required<FaultRule>]: JsonSchema } = {
  id: described("Its name; absent: made from the rule.", {
    ...text(100, "^[A-Za-z0-9][A-Za-z0-9._-]*$"),
    not: { enum: reservedIds },
  }),
  description: described("A text for people.", text(1_000)),
  enabled: described("false: the rule stays, but is not asked.", { type: "boolean" }),
  ttl: reference("span", "The rule goes when it is older."),
  on: described("A phase, or a list of them.", either(reference("phase"), listOf(reference("phase"), 1))),
  match: described("Conditions that must all hold.", closed(matchSchemas)),
  when: described("Counting and chance.", closed(whenSchemas)),
  do: described(
    "An effect, or a list: the nth firing does the nth one.",
    either(reference("effect"), listOf(reference("effect"), 1)),
  ),
  then: described("What follows the list.", { enum: following }),
};

const conditions: readonly JsonSchema[] = [
  ...matchFields.map((field) => given(having("match", having(field)), onSome(phasesOfField(field)))),
  ...scopes.map((scope) =>
    given(having("when", having("per", { const: scope })), onlyOn(phasesOfScope(scope))),
  ),
  given(onSome(new Set(["idle"] as const)), {
    allOf: [onlyOn(new Set(["idle"] as const)), having("match", having("idle"))],
  }),
  given(
    onSome(new Set(["content"] as const)),
    not(having("match", having("octets", either({ const: 0 }, having("max", { const: 0 }))))),
  ),
  given(having("then"), having("do", { type: "array" })),
  ...effectConditions,
];

/** For editors; it says nothing about the rules. */
const editors = described("Where this schema is.", { type: "string" });

/** What else may stand in a rule, and is not read. */
const notes: Readonly<Record<string, JsonSchema>> = {
  $schema: editors,
  explain: described("Of a rule that was listed: not read.", {}),
  state: described("Of a rule that was listed: not read.", {}),
};

/** Of a rule, a list of rules, or `{ rules: […] }`: of all that can be added. */
export function faultRuleSchema(): JsonSchema {
  return structuredClone({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Fault rules of Mailproof",
    anyOf: [
      reference("rule"),
      listOf(reference("rule")),
      closed({ $schema: editors, rules: listOf(reference("rule")) }, ["rules"]),
    ],
    $defs: {
      rule: described("Where it strikes, whom, how often, and what happens.", {
        ...closed({ ...notes, ...ruleSchemas }, ["on", "do"]),
        allOf: conditions,
      }),
      phase: described("A place in a session where a rule is asked.", { enum: faultPhases }),
      ...effectSchemas,
      pattern: either(
        reference("patterns"),
        closed({ not: reference("patterns", "No value may match.") }, ["not"]),
      ),
      patterns: described("A glob for the whole value, or /regex/ims; of a list any may match.", {
        anyOf: [text(1_000), listOf(text(1_000), 1)],
      }),
      number: numberFrom(0),
      ordinal: numberFrom(1),
      duration: described('Milliseconds, or a form such as "250ms", "10s", "5m", "2h".', {
        anyOf: [{ type: "number", minimum: 0, maximum: longestTimer }, durationText("")],
      }),
      span: described("A duration of more than 0.", {
        anyOf: [
          { type: "number", exclusiveMinimum: 0, maximum: longestTimer },
          durationText("(?=[\\d.]*[1-9])"),
        ],
      }),
    },
  });
}
