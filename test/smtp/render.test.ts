import { describe, expect, test } from "vitest";
import { type Reply, renderReply, reply } from "../../src/smtp/mod.ts";

describe("render", () => {
  test.each<[string, Reply, string]>([
    ["one line", reply(250, "2.1.0", "Ok"), "250 2.1.0 Ok\r\n"],
    ["no enhanced code", reply(354, null, "Go on"), "354 Go on\r\n"],
    ["no text: the space is kept", reply(334, null), "334 \r\n"],
    [
      "A18 lines repeat both codes",
      reply(550, "5.1.1", "No", "such", "user"),
      "550-5.1.1 No\r\n550-5.1.1 such\r\n550 5.1.1 user\r\n",
    ],
    [
      "A17 controls are escaped",
      reply(250, null, "a\r\n250 b\0\x1b[m\x7f"),
      "250 a\\x0d\\x0a250 b\\x00\\x1b[m\\x7f\r\n",
    ],
    ["A17 what is not ASCII is escaped", reply(250, null, "ü €"), "250 \\xc3\\xbc \\xe2\\x82\\xac\r\n"],
    [
      "A17 D01 in UTF-8 where that was asked for, controls escaped all the same",
      { ...reply(250, "2.1.5", "Zoë\r\n\x85"), isUtf8: true },
      "250 2.1.5 Zo\xc3\xab\\x0d\\x0a\\xc2\\x85\r\n",
    ],
    ["a lone surrogate does no harm", reply(250, null, "\ud800"), "250 \\xef\\xbf\\xbd\r\n"],
    ["a tab stays", reply(250, null, "a\tb"), "250 a\tb\r\n"],
  ])("%s", (_, value, expected) => {
    expect(renderReply(value)).toBe(expected);
  });

  test("A01 A17 a line has at most 512 octets", () => {
    for (const text of ["x".repeat(600), "ü".repeat(300)]) {
      for (const line of renderReply(reply(550, "5.7.123", text, text)).split(/(?<=\r\n)/)) {
        expect(line).toHaveLength(512);
        expect(line.endsWith("\r\n")).toBe(true);
      }
    }
  });
});
