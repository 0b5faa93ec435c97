import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { faultRuleSchema, listPresets } from "../../src/faults/mod.ts";
import { badRules } from "./bad-rules.ts";
import { goodRules } from "./good-rules.ts";
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

test("a copy is given", () => {
  Object.assign(faultRuleSchema(), { anyOf: [] });
  expect(faultRuleSchema().anyOf).toHaveLength(3);
});
