import { expect, test } from "vitest";
import { nearest, suggest } from "../../src/notation/mod.ts";

const known = ["smtp-port", "http-port", "host", "hostname", "to"];

test.each([
  ["smpt-port", "smtp-port"],
  ["SMTP-PORT", "smtp-port"],
  ["hots", "host"],
  ["hostnam", "hostname"],
  ["ot", "to"],
  ["colour", null],
  ["", null],
  ["x".repeat(100_000), null],
])("nearest to %.20s: %s", (word, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test("suggest names the word that was meant, else the choice, of which it lists 24", () => {
  expect(suggest("hots", known)).toBe('did you mean "host"?');
  expect(suggest("colour", known)).toBe("use one of smtp-port, http-port, host, hostname, to");
  const many = Array.from({ length: 30 }, (_, n) => `preset-number-${n}`);
  expect(suggest("colour", many)).toMatch(/^use one of preset-number-0, .*, preset-number-23 and 6 more$/);
});
