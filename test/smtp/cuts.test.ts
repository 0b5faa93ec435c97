import { expect, test } from "vitest";
import { Driver } from "./dialogue.ts";

/** Fragments that are dangerous in each other's neighbourhood. */
const FRAGMENTS = [
  ...'\r\n. \0<>:@"\\x',
  "\r\n",
  "\r\n.\r\n",
  "\n.\r\n",
  "NOOP",
  "EHLO c.test\r\n",
  "MAIL FROM:<a@c.test>\r\n",
  "RCPT TO:<b@s.test>\r\n",
  "DATA\r\n",
  "AUTH LOGIN\r\n",
  "Ym9i\r\n",
  "*\r\n",
  "RSET\r\n",
  "x".repeat(700),
  "\x80\xc3\xbc",
];

/** A fixed sequence of numbers below `n` (a linear congruential generator). */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function play(pieces: Iterable<string>, strictness: "default" | "lenient"): string[] {
  const driver = new Driver({ strictness });
  const seen = driver.pump();
  for (const piece of pieces) seen.push(...driver.send(piece));
  return seen.map((line) => line.replace(/ ?pipelined-[a-z-]+/g, "")).filter((line) => line !== "W:");
}

test.each(["default", "lenient"] as const)(
  "%s: what is understood does not depend on how the input is cut",
  (strictness) => {
    for (let seed = 1; seed <= 400; seed++) {
      const pick = numbers(seed);
      const parts = Array.from({ length: 5 + pick(40) }, () => FRAGMENTS[pick(FRAGMENTS.length)]!);
      const input = parts.join("");
      const whole = play([input], strictness);
      expect(play(parts, strictness), `seed ${seed}, by fragments`).toEqual(whole);
      expect(play(input, strictness), `seed ${seed}, one octet at a time`).toEqual(whole);
    }
  },
);
