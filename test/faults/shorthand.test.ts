import { expect, test } from "vitest";
import { type FaultRule, FaultRuleError, parseFaultText, presetNames } from "../../src/faults/mod.ts";
import { engineWith } from "./moments.ts";

test.each<[string, FaultRule]>([
  [
    "rcpt *@full.test 452 4.2.2 Mailbox full",
    { on: "rcpt", match: { to: "*@full.test" }, do: "452 4.2.2 Mailbox full" },
  ],
  ["  rcpt   550  ", { on: "rcpt", do: "550" }],
  ["rcpt 550 5.1.1 No such user", { on: "rcpt", do: "550 5.1.1 No such user" }],
  ["mail *@bad.test 550 No", { on: "mail", match: { from: "*@bad.test" }, do: "550 No" }],
  ["ehlo *.local 501", { on: "ehlo", match: { helo: "*.local" }, do: "501" }],
  ["helo x stall", { on: "helo", match: { helo: "x" }, do: "stall" }],
  ["auth ci 535", { on: "auth", match: { user: "ci" }, do: "535" }],
  ["data eve@s.test reset", { on: "data", match: { to: "eve@s.test" }, do: "reset" }],
  ["end-of-data fin", { on: "end-of-data", do: "fin" }],
  ["any 421", { on: "any", do: "421" }],
  ["rcpt vip@s.test pass", { on: "rcpt", match: { to: "vip@s.test" }, do: "pass" }],
  ["rcpt pass 550 No", { on: "rcpt", match: { to: "pass" }, do: "550 No" }],
  [String.raw`rcpt /a b\/c/i 550 No`, { on: "rcpt", match: { to: String.raw`/a b\/c/i` }, do: "550 No" }],
])("%s", (text, rule) => {
  expect(parseFaultText(text)).toEqual([rule]);
});

test.each(presetNames)("the preset %s keeps its name as id, and so do the rules of a pack", (name) => {
  const engine = engineWith();
  engine.add(parseFaultText(name));
  const isPack = engine.list().length > 1;
  for (const { id } of engine.list()) expect(isPack ? id.split(".")[0] : id).toBe(name);
});

test.each<[string, string]>([
  ["", "use the name of a preset, such as unknown-user, "],
  ["greylistin", 'did you mean "greylisting"?'],
  ["grey listing", "or PHASE [PATTERN] EFFECT with a phase of connect, greeting, helo"],
  ["rctp 550", 'did you mean "rcpt"?'],
  ["rcpt", "say what happens at rcpt"],
  ["rcpt *@x.test", 'end it with a reply such as "550 No"'],
  ["rcpt *@x.test later", 'end it with a reply such as "550 No"'],
  ["rcpt a b 550", 'end it with a reply such as "550 No"'],
  ["greeting x 554", "match.to: cannot be known at greeting"],
  ["rcpt /(/ 550", "match.to: Failed to compile the pattern"],
  ["rcpt 150 no", "do: 150 is no reply code"],
  ["rcpt 550 {recipent}", 'did you mean "recipient"?'],
])("%j is refused: %s", (text, reason) => {
  expect(() => parseFaultText(text)).toThrow(FaultRuleError);
  expect(() => parseFaultText(text)).toThrow(`Failed to read the fault: ${JSON.stringify(text)}; `);
  expect(() => parseFaultText(text)).toThrow(reason);
});
