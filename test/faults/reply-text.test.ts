/** What a reply of a rule says beyond what is written in it. */
import { describe, expect, test } from "vitest";
import { engineWith, momentAt } from "./moments.ts";

const said = (effect: unknown, sketch = {}) =>
  engineWith({ on: "rcpt", do: effect }).judge(momentAt("rcpt", sketch)).said;

describe("a code without a text", () => {
  test.each([
    ["452", "4.5.3", "Too many recipients"],
    ["452 4.2.2", "4.2.2", "Mailbox full"],
    ["550 5.7.26", "5.7.26", "Multiple authentication checks failed"],
    ["450 4.7.1", "4.7.1", "Delivery not authorized, message refused"],
    ["552 5.3.4", "5.3.4", "Message size exceeds fixed maximum message size"],
  ])("%s says what its enhanced code means, if that is known", (effect, enhanced, text) => {
    expect(said(effect)).toMatchObject({ enhanced, lines: [text] });
  });

  test("takes no enhanced code from the table where the client is told none", () => {
    expect(said("550", { hidesEnhanced: true })?.enhanced).toBeNull();
    expect(said("550 5.1.1", { hidesEnhanced: true })?.enhanced).toBe("5.1.1");
  });
});

test("a text beyond ASCII goes as it is written", () => {
  expect(said("550 5.1.1 <{recipient}> n'existe pas: désolé")).toMatchObject({ isUtf8: true });
  expect(said("550 5.1.1 No")).not.toHaveProperty("isUtf8");
  expect(said("550 5.1.1 <{recipient}> No", { recipient: "jürgen@x.test" })).not.toHaveProperty("isUtf8");
});

test("raw octets may be numbers", () => {
  const rule = { on: "rcpt", do: { wire: { raw: [0x35, 0xff, 0x0d, 0x0a] } } };
  const { wire } = engineWith(rule).judge(momentAt("rcpt"));
  expect([...(wire?.raw ?? [])]).toEqual([0x35, 0xff, 0x0d, 0x0a]);
});

describe("a bounce is about", () => {
  const recipients = ["gone@x.test", "ok@x.test"];
  const about = (match?: object, magic: readonly string[] = recipients): readonly string[] => {
    const engine = engineWith({ on: "end-of-data", match, do: { bounce: { status: "5.1.1" } } });
    const { bounce } = engine.judge(momentAt("end-of-data", { transaction: { recipients: magic } }));
    return magic.filter((address) => bounce?.recipients?.(address) ?? true);
  };

  test.each([
    [undefined, recipients],
    [{ to: "gone@*" }, ["gone@x.test"]],
    [{ to: ["gone@*", "nobody@*"] }, ["gone@x.test"]],
    [{ to: { not: "nobody@*" } }, recipients],
  ])("those that match %j", (match, expected) => expect(about(match)).toEqual(expected));
});
