import { expect, test } from "vitest";
import { fillTemplate, placeholders, unknownPlaceholders } from "../../src/faults/template.ts";
import type { Phase } from "../../src/smtp/mod.ts";
import { momentAt, type Sketch } from "./moments.ts";

test.each<[text: string, phase: Phase, sketch: Sketch, filled: string]>([
  ["no placeholder", "rcpt", {}, "no placeholder"],
  ["{hostname} and {remoteAddress}", "greeting", {}, "mailproof.test and 192.0.2.9"],
  ["<{helo}>", "ehlo", {}, "<c.test>"],
  ["<{helo}>", "greeting", {}, "<>"],
  ["<{helo}>", "ehlo", { session: { helo: "ü\u0080\r\nx" } }, "<????x>"],
  ["<{sender}>", "mail", {}, "<ada@c.test>"],
  ["<{sender}>", "mail", { transaction: { from: "" } }, "<>"],
  ["<{sender}>", "rcpt", { transaction: { from: "a\rb@c.test" } }, "<a?b@c.test>"],
  ["<{recipient}>", "rcpt", { recipient: "zoë@s.test" }, "<zoë@s.test>"],
  ["<{recipient}>", "mail", {}, "<>"],
  ["<{recipient}>", "end-of-data", { transaction: { recipients: ["x@s.test", "y@s.test"] } }, "<x@s.test>"],
  ["{size}/{limit}", "mail", { transaction: { declaredSize: 99 } }, "99/1000"],
  ["{size}", "end-of-data", { octets: 12, transaction: { declaredSize: 99 } }, "12"],
  ["{size}", "rcpt", {}, "0"],
  ["{id} {id}", "rcpt", {}, "t1 t1"],
  ["{id}", "ehlo", {}, "s1"],
  ["{retryAfter}", "rcpt", {}, "61"],
  ["{} { hostname } {a1}", "rcpt", {}, "{} { hostname } {a1}"],
  ["{constructor}", "rcpt", {}, "{constructor}"],
])("%j at %s with %j is %j", (text, phase, sketch, filled) => {
  expect(fillTemplate(text, momentAt(phase, sketch), 60_001)).toBe(filled);
});

test("a value that looks like a placeholder stays as it is", () => {
  expect(fillTemplate("{sender}", momentAt("mail", { transaction: { from: "{limit}@c.test" } }), 0)).toBe(
    "{limit}@c.test",
  );
});

test("unknown names between braces are found", () => {
  expect(unknownPlaceholders("{recipient} {recipent} {x y} {Id}")).toEqual(["recipent", "Id"]);
  expect(placeholders.join(" ")).toBe(
    "hostname remoteAddress helo sender recipient size limit retryAfter id",
  );
});
