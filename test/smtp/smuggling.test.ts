import { describe, expect, test } from "vitest";
import { Driver } from "./dialogue.ts";

/** SMTP smuggling: near misses of the end of data, by their row in the list of known ones. */
const NEAR_MISSES: readonly (readonly [row: string, octets: string])[] = [
  ["SM-01", "\n.\n"],
  ["SM-02", "\n.\r\n"],
  ["SM-03", "\n.\r"],
  ["SM-04", "\r.\n"],
  ["SM-05", "\r.\r"],
  ["SM-06", "\r.\r\n"],
  ["SM-07", "\r\n.\n"],
  ["SM-08", "\r\n.\r"],
  ["SM-09", "\r\n\0.\r\n"],
  ["SM-10", "\r\n.\0\r\n"],
  ["SM-11", "\r\r\n.\r\r\n"],
  ["SM-12", "\r\n.\r\r\n"],
  ["SM-13", "\n\n.\r\n"],
];

const SECOND = "MAIL FROM:<evil@x>\r\nRCPT TO:<b@s.test>\r\nDATA\r\nSubject: two\r\n\r\nx\r\n.\r\n";

function deliver(pieces: Iterable<string>, strictness: "strict" | "default" | "lenient"): string[] {
  const driver = new Driver({ strictness });
  driver.pump();
  for (const line of ["EHLO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA"])
    driver.send(`${line}\r\n`);
  return [...pieces].flatMap((piece) => driver.send(piece));
}

describe.each(NEAR_MISSES)("%s %j is not the end of data", (_, octets) => {
  const content = `Subject: one\r\n\r\nbody${octets}${SECOND}`;

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
