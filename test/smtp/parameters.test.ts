import { describe, expect, test } from "vitest";
import type { Strictness, Warning } from "../../src/smtp/mod.ts";
import { parseParameters } from "../../src/smtp/parameters.ts";

function parse(text: string, strictness: Strictness = "default", verb: "MAIL" | "RCPT" = "MAIL"): unknown {
  const warnings: Warning[] = [];
  const parsed = parseParameters(text, 0, verb, strictness, warnings);
  const result = "code" in parsed ? `${parsed.code} ${parsed.enhanced}` : parsed.parameters;
  return warnings.length === 0 ? result : [result, ...warnings];
}

describe("parameters", () => {
  test.each<[string, unknown]>([
    ["", {}],
    [" SIZE=10", { SIZE: "10" }],
    [" size=10 body=8BitMime", { SIZE: "10", BODY: "8BitMime" }],
    ["  SMTPUTF8   SIZE=1", [{ SMTPUTF8: true, SIZE: "1" }, "extra-space"]],
    [" X-FOO=a+3Db<>", { "X-FOO": "a+3Db<>" }],
    [" ORCPT=utf-8;ü", { ORCPT: "utf-8;ü" }],
    [" CONSTRUCTOR=1", { CONSTRUCTOR: "1" }],
    [" SIZE=1 SIZE=2", "501 5.5.4"],
    [" SIZE=1 size", "501 5.5.4"],
    [" FOO FOO", { FOO: true }],
    [" SIZE=", "501 5.5.4"],
    [" =1", ["501 5.5.4", "trailing-junk"]],
    [" -X=1", ["501 5.5.4", "trailing-junk"]],
    [" A_B", ["501 5.5.4", "trailing-junk"]],
    [" A=b=c", ["501 5.5.4", "trailing-junk"]],
    [" A=b\x01", ["501 5.5.4", "trailing-junk"]],
    [" A=b\tc", ["501 5.5.4", "trailing-junk"]],
    [" __proto__=1", ["501 5.5.4", "trailing-junk"]],
    ["SIZE=1", [{ SIZE: "1" }, "missing-space-before-parameter"]],
  ])("%j", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test("strict: a space must stand before the first", () => {
    expect(parse("SIZE=1", "strict")).toEqual(["501 5.5.4", "missing-space-before-parameter"]);
  });

  test.each<[string, "MAIL" | "RCPT", unknown]>([
    [" ;; A=b=c SIZE=1", "MAIL", [{ SIZE: "1" }, "trailing-junk"]],
    [" junk more", "RCPT", [{}, "trailing-junk"]],
    [" SIZE", "RCPT", [{}, "trailing-junk"]],
    [" junk=1", "RCPT", { JUNK: "1" }],
    [" SIZE=1 SIZE=1", "MAIL", "501 5.5.4"],
    [" SIZE=", "MAIL", "501 5.5.4"],
    [" BODY= SIZE=1", "MAIL", "501 5.5.4"],
    [" AUTH=", "MAIL", "501 5.5.4"],
    [" AUTH=a=b", "MAIL", "501 5.5.4"],
    [" NOTIFY=NEVER=1", "RCPT", "501 5.5.4"],
    [" orcpt=", "RCPT", "501 5.5.4"],
  ])("lenient: %j of %s: junk is ignored, what is wrong with a parameter is not", (text, verb, expected) => {
    expect(parse(text, "lenient", verb)).toEqual(expected);
  });

  test("only what is known of the verb can be a duplicate", () => {
    expect(parse(" junk junk", "default", "RCPT")).toEqual({ JUNK: true });
    expect(parse(" SIZE=1 SIZE=1", "default", "RCPT")).toEqual({ SIZE: "1" });
  });
});
