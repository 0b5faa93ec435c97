import { describe, expect, test } from "vitest";
import type { Path } from "../../src/smtp/mod.ts";
import { nextHop } from "../../src/smtp/mod.ts";
import { parsePath } from "../../src/smtp/path.ts";

function path(text: string, verb: "MAIL" | "RCPT"): Path {
  const parsed = parsePath(text, 0, verb, "lenient", []);
  if ("code" in parsed) throw new Error(`Failed to read ${text}: ${parsed.lines.join()}`);
  return parsed.path;
}

describe("B04: what RFC 821 relays with", () => {
  test.each<[from: string, to: string[], reversePath: string, forwardPaths: string[]]>([
    ["<smith@alpha>", ["<@ONE,@TWO:JOE@THREE>"], "<@ONE:smith@alpha>", ["<@TWO:JOE@THREE>"]],
    ["<@ONE:smith@alpha>", ["<@TWO:JOE@THREE>"], "<@TWO,@ONE:smith@alpha>", ["<JOE@THREE>"]],
    ["<>", ["<@ONE:joe@three>"], "<>", ["<joe@three>"]],
    [
      "<a@c.test>",
      ["<b@s.test>", "<@h1.test:c@s.test>", "<@h2.test,@h3.test:d@s.test>"],
      "<@h1.test:a@c.test>",
      ["<b@s.test>", "<c@s.test>", "<@h2.test,@h3.test:d@s.test>"],
    ],
    ["a@c.test", ["@h1.test:b@s.test", "c@s.test"], "<@h1.test:a@c.test>", ["<b@s.test>", "<c@s.test>"]],
    ['<"a b"@c.test>', ['<@[192.0.2.1]:"x@y"@s.test>'], '<@[192.0.2.1]:"a b"@c.test>', ['<"x@y"@s.test>']],
  ])("%s to %j", (from, to, reversePath, forwardPaths) => {
    const next = nextHop(
      path(from, "MAIL"),
      to.map((one) => path(one, "RCPT")),
    );
    expect(next).toEqual({ reversePath, forwardPaths });
  });

  test("nowhere without a route to a recipient", () => {
    expect(nextHop(path("<@ONE:smith@alpha>", "MAIL"), [path("<b@s.test>", "RCPT")])).toBeNull();
    expect(nextHop(path("<smith@alpha>", "MAIL"), [])).toBeNull();
  });
});
