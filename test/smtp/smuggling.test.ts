import { describe, expect, test } from "vitest";
import { Driver } from "./dialogue.ts";
import { nearMisses, secondMessage } from "./near-misses.ts";

function deliver(pieces: Iterable<string>, strictness: "strict" | "default" | "lenient"): string[] {
  const driver = new Driver({ strictness });
  driver.pump();
  for (const line of ["EHLO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA"])
    driver.send(`${line}\r\n`);
  return [...pieces].flatMap((piece) => driver.send(piece));
}

describe.each(nearMisses)("%s %j is not the end of data", (_, octets) => {
  const content = `Subject: one\r\n\r\nbody${octets}${secondMessage}`;

  test.each(["default", "lenient"] as const)(
    "%s: exactly one message, with the second one inside",
    (strictness) => {
      const whole = deliver([content], strictness);
      expect(whole.filter((line) => line.startsWith("S: "))).toEqual(["S: 250 2.0.0 Ok: queued"]);
      const messages = whole.filter((line) => line.startsWith("M: "));
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain("MAIL FROM:<evil@x>");
      expect(deliver(content, strictness), "one octet at a time").toEqual(whole);
      for (let at = 1; at < content.length; at++) {
        const cut = deliver([content.slice(0, at), content.slice(at)], strictness);
        expect(cut, `cut at ${at}`).toEqual(whole);
      }
    },
  );

  test("strict: one reply, and none but NUL gets through", () => {
    const replies = deliver([content], "strict").filter((line) => line.startsWith("S: "));
    const expected = octets.includes("\0")
      ? "250 2.0.0 Ok: queued"
      : "550 5.6.11 The content contains bare CR or LF";
    expect(replies).toEqual([`S: ${expected}`]);
  });
});
