/** The schema of fault rules as components: `#/$defs/rule` becomes `#/components/schemas/FaultRule`. */
import { faultRuleSchema } from "../../faults/mod.ts";
import { closed, flag, type JsonSchema, listOf, orNull, reference, text, whole } from "./form.ts";

/** By their names in the components. */
export function faultSchemas(): Readonly<Record<string, JsonSchema>> {
  const { anyOf, $defs } = faultRuleSchema();
  const definitions = Object.entries($defs as Readonly<Record<string, JsonSchema>>).map(
    ([name, schema]) => [nameOf(name), withComponents(schema)] as const,
  );
  const rule = Object.fromEntries(definitions).FaultRule!;
  return {
    FaultRulesInput: withComponents({ anyOf, description: "A rule, a list of rules, or `{rules}`." }),
    FaultRuleReport: report(fieldsOf(rule)),
    FaultRuleChange: change(fieldsOf(rule)),
    ...Object.fromEntries(definitions),
  };
}

function fieldsOf({ properties }: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return properties as Readonly<Record<string, JsonSchema>>;
}

/** Null takes away what can be absent. */
function change({ id: _, on, do: effect, ...others }: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const optional = Object.entries(others).map(([name, schema]) => [name, orNull(schema)]);
  const id = text("That of the rule: it cannot be changed.");
  const fields = { id, on: on!, do: effect!, ...Object.fromEntries(optional) };
  return { ...closed(fields, Object.keys(fields)), description: "Some fields of a rule." };
}

function report({ $schema: _, ...fields }: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const more = {
    id: text("Its name."),
    enabled: flag("false: the rule stays, but is not asked."),
    explain: text("The rule as one English sentence."),
    state: closed({
      matched: whole("How often it matched."),
      fired: whole("How often it fired."),
      spent: flag("It can never fire again."),
    }),
  };
  const always = ["on", "do", ...Object.keys(more)];
  const optional = Object.keys(fields).filter((field) => !always.includes(field));
  return closed({ ...fields, ...more }, optional);
}

/** Of `GET /api/faults/presets`. */
export const presetSchema: JsonSchema = closed({
  name: text("For `POST /api/faults/presets/{name}`."),
  explain: text("What it is, as one English sentence."),
  rules: listOf(reference("FaultRule")),
});

function nameOf(definition: string): string {
  return `Fault${definition.charAt(0).toUpperCase()}${definition.slice(1)}`;
}

function withComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    const [, name] = key === "$ref" ? (/^#\/\$defs\/(\w+)$/.exec(value) ?? []) : [];
    return name === undefined ? value : `#/components/schemas/${nameOf(name)}`;
  });
}
