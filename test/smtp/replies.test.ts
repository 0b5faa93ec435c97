/** What holds for every reply, in every golden dialogue and in every state. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { extensions } from "../../src/smtp/mod.ts";
import { Driver } from "./dialogue.ts";

const folder = new URL("transcripts/", import.meta.url);

interface Said {
  readonly file: string;
  /** Its lines, joined by `\n`. */
  readonly reply: string;
  readonly hasEnhanced: boolean;
}

/** The replies of the server's own: what a rule says is the rule's business. */
const replies: readonly Said[] = readdirSync(folder).flatMap((file) => {
  const text = readFileSync(new URL(file, folder), "utf8");
  const byRule = [...text.matchAll(/^R: \S+ (\d.*)$/gm)].map(([, said = ""]) => said);
  const hasEnhanced = !/^# hidden: .*ENHANCEDSTATUSCODES/m.test(text);
  const found = text.match(/(?:^S: (?:\d{3}-.*|…)\n)*^S: \d{3}(?: .*)?$/gm) ?? [];
  return found
    .map((lines) => lines.replace(/^S: /gm, ""))
    .filter((reply) => !byRule.includes(reply))
    .map((reply) => ({ file, reply, hasEnhanced }));
});

/** RFC 2034 §4: the greeting, what HELO and EHLO are answered, and 3yz have none. */
const bare = /^(?:220 mock\.test |250[- ]mock\.test$|250-mock\.test\n|3)/;

test("ENH: each reply has an enhanced code of its class in every line, where there is to be one", () => {
  expect(replies.length).toBeGreaterThan(200);
  for (const { file, reply, hasEnhanced } of replies) {
    const lines = reply.split("\n");
    const isBare = bare.test(reply) || !hasEnhanced;
    const form = isBare ? /^\d{3}(?![ -]\d\.\d{1,3}\.\d)/ : /^([245])\d\d[ -]\1\.\d{1,3}\.\d{1,3} \S/;
    for (const line of lines.filter((line) => line !== "…")) expect(line, `${file}: ${reply}`).toMatch(form);
  }
});

test("A17 A18: each reply is printable, in lines of 512 octets, with one code", () => {
  for (const { file, reply } of replies) {
    const lines = reply.split("\n").filter((line) => line !== "…");
    expect(new Set(lines.map((line) => line.slice(0, 3))).size, `${file}: ${reply}`).toBe(1);
    for (const line of lines) expect(line, file).toMatch(/^[\t\x20-\x7e]{3,510}$/);
  }
});

describe("A13: a verb that every server has", () => {
  const before: Readonly<Record<string, readonly string[]>> = {
    greeted: [],
    ready: ["EHLO c.test"],
    mail: ["EHLO c.test", "MAIL FROM:<a@c.test>"],
    rcpt: ["EHLO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>"],
  };
  const lines = ["EHLO c.test", "HELO c.test", "MAIL FROM:<a@c.test>", "RCPT TO:<b@s.test>", "DATA", "RSET"];
  const hidden = new Set(extensions.map(({ keyword }) => keyword));

  test.each([...lines, "NOOP", "QUIT", "VRFY b"])(
    "%s is known in every state, whatever is hidden",
    (line) => {
      for (const [state, steps] of Object.entries(before)) {
        for (const hiddenExtensions of [new Set<string>(), hidden]) {
          const driver = new Driver({ hiddenExtensions });
          driver.pump();
          for (const step of steps) driver.send(`${step}\r\n`);
          expect(driver.session.state).toBe(state);
          const reply = driver.send(`${line}\r\n`).find((seen) => seen.startsWith("S: "));
          expect(reply, `${line} when ${state}`).toMatch(/^S: (?:2|3|503)/);
        }
      }
    },
  );
});
