import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { numberFields } from "../../src/faults/matching.ts";
import { faultPhases, faultRuleSchema, listPresets } from "../../src/faults/mod.ts";
import { matchFields, scopes } from "../../src/faults/phase.ts";
import { badRules } from "./bad-rules.ts";
import { effects, goodRules } from "./good-rules.ts";
import { engineWith } from "./moments.ts";

const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
  faultRuleSchema(),
);

const takes = (input: unknown): boolean => validate(input) as boolean;

describe("the schema takes what the parser takes", () => {
  test.each(listPresets().map(({ name, rules }) => [name, rules] as const))("preset %s", (_, rules) => {
    expect(takes(rules)).toBe(true);
    expect(takes({ rules })).toBe(true);
    for (const rule of rules) expect([takes(rule), validate.errors]).toEqual([true, null]);
  });

  test.each(goodRules.map((rule) => [rule]))("%j", (rule) => {
    expect(engineWith().add(rule)).toHaveLength(1);
    expect([takes(rule), validate.errors]).toEqual([true, null]);
  });
});

describe("the schema refuses what the parser refuses", () => {
  test.each(badRules.filter(([, , , who]) => who === undefined))("%j", (rule) => {
    expect(takes(rule)).toBe(false);
    expect(takes({ rules: [rule] })).toBe(false);
  });
});

test.each(badRules.filter(([, , , who]) => who === "parser"))("only the parser can know of %j", (rule) => {
  expect(takes(rule)).toBe(true);
});

describe("schema and parser agree on what can be where", () => {
  const places = [...faultPhases, ...faultPhases.map((phase) => [phase, "data"])];
  const samples: readonly unknown[] = [
    ...effects,
    { end: "refuse" },
    { end: "half-close" },
    { reply: "none", end: "fin" },
    { reply: "none", wire: { raw: "x" }, end: "fin" },
    { reply: "421", wire: { truncate: 1 } },
    { tls: { handshake: "alert" } },
    { bounce: { status: "4.2.2" } },
    { bounce: { status: "4.2.2" }, capabilities: { remove: ["SIZE"] } },
    { capabilities: { remove: ["SIZE"] } },
    { capabilities: { remove: ["SIZE"] }, reply: "250" },
    { capabilities: { remove: ["SIZE"] }, reply: "none" },
    { label: "x" },
    { wire: { eol: "lf" }, delay: 5 },
  ];

  test.each(places.map((on) => [on]))("effects at %j", (on) => {
    const match = on === "idle" ? { match: { idle: 5 } } : {};
    for (const effect of samples) agree({ on, ...match, do: effect });
  });

  test.each(places.map((on) => [on]))("fields and scopes at %j", (on) => {
    for (const match of matches)
      agree({ on, match: on === "idle" ? { idle: 5, ...match } : match, do: "fin" });
    for (const per of scopes) agree({ on, when: { per }, do: "fin" });
  });
});

const matches = matchFields.map((field) => ({ [field]: sampleOf(field) }));

function sampleOf(field: string): unknown {
  if (field === "tls") return true;
  if (field === "header" || field === "parameter") return { X: "*" };
  return numberFields.some((number) => number === field) || field === "idle" ? 5 : "*";
}

function agree(rule: unknown): void {
  let parsed = true;
  try {
    engineWith().add(rule);
  } catch {
    parsed = false;
  }
  expect([rule, takes(rule)]).toEqual([rule, parsed]);
}

test("a copy is given", () => {
  Object.assign(faultRuleSchema(), { anyOf: [] });
  expect(faultRuleSchema().anyOf).toHaveLength(3);
});
