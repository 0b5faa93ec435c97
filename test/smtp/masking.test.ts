/** What the transcript may show of what a client says, and what it must not. */
import { expect, test } from "vitest";
import type { Session } from "../../src/smtp/mod.ts";
import { type defaults, toOctets } from "./dialogue.ts";
import { agree, checkpoint, OK, open, say } from "./steps.ts";

/** What the transcript has of a line that the session takes as it comes. */
const shownIn =
  (session: Session) =>
  (line: string): string | null => {
    const found = checkpoint(session, line);
    agree(session, found);
    return found.line;
  };

test("the line is printable and holds no credentials", () => {
  const session = open();
  const shown = shownIn(session);
  say(session, "EHLO c.test");
  expect(shown("x".repeat(5000))).toBe(`${"x".repeat(200)}… (5002 octets)`);
  expect(shown("NOOP \x1b[2J\x07")).toBe("NOOP \\x1b[2J\\x07");
  expect(shown("NOOP \xff")).toBe("NOOP \\xff");
  expect(shown("NOOP \xc3\xbc\xc2\x9b")).toBe("NOOP ü\\xc2\\x9b");
  expect(shown("auth PLAIN c2VjcmV0 c2VjcmV0")).toBe("auth PLAIN ****");
  expect(shown("AUTH  PLAIN c2VjcmV0")).not.toContain("c2VjcmV0");
  expect(shown(`AUTH PLAIN ${"A".repeat(20_000)}`)).toBe("AUTH PLAIN ****… (20013 octets)");
  expect(shown(" AUTH PLAIN c2VjcmV0")).toBe(" AUTH PLAIN ****");
  expect(shown("AUTH\tPLAIN c2VjcmV0")).toBe("AUTH\tPLAIN ****");
  expect(shown("AUTH PLAIN=\tc2VjcmV0")).toBe("AUTH PLAIN ****");
  expect(shown("\x0bAUTH\x0bPLAIN\x0bc2VjcmV0")).toBe("\\x0bAUTH\\x0bPLAIN ****");
  expect(shown("\xffAUTH PLAIN c2VjcmV0")).toBe("\\xffAUTH PLAIN ****");
  expect(shown("AUTH PL\xff c2VjcmV0")).toBe("AUTH ****");
  expect(shown(`AUTH\tPLAIN ${"A".repeat(3000)}`)).toBe("AUTH\tPLAIN ****… (3013 octets)");
  expect(shown(`AUTH \x00\xff${"A".repeat(20_000)}`)).toBe("AUTH ****… (20009 octets)");
  expect(shown("AUTH LOGIN")).toBe("AUTH LOGIN");
  expect(shown("c2VjcmV0")).toBe("****");
});

test.each([
  ["AUTH c2VjcmV0", "AUTH ****"],
  ["AUTH c2VjcmV0=", "AUTH ****"],
  ["AUTH", "AUTH"],
  ["auth Plain ", "auth Plain "],
  ["AUTH NTLM c2VjcmV0", "AUTH NTLM ****"],
  ["AUTH \xd0\xbf\xd0\xb0 c2VjcmV0", "AUTH ****"],
  ["AUTHPLAIN c2VjcmV0", "AUTHPLAIN ****"],
  ["PLAIN c2VjcmV0", "PLAIN ****"],
  ["XOAUTH2 c2VjcmV0", "XOAUTH2 ****"],
  ["login ada secret", "login ****"],
  ["PASS secret", "PASS ****"],
  ["EHLO c.test\nAUTH PLAIN c2VjcmV0\nNOOP", "EHLO c.test\\x0aAUTH PLAIN ****"],
  ["EHLO c.test\nAUTH\nc2VjcmV0", "EHLO c.test\\x0aAUTH ****"],
  ["EHLO c.test\rAUTH PLAIN c2VjcmV0\rNOOP", "EHLO c.test\\x0dAUTH PLAIN ****"],
  // Words that only begin so.
  ["plain@x.test", "plain@x.test"],
  ["Authentication-Results: x.test", "Authentication-Results: x.test"],
  ["PASSWD ada", "PASSWD ada"],
])("of %j is shown %j", (line, shown) => {
  expect(checkpoint(open(), line).line).toBe(shown);
});

test("of a line that has not ended each octet is told once, up to an LF while more may come", () => {
  const session = open();
  const told = (text: string, isOver = false): string | null => {
    session.receive(toOctets(text));
    expect(session.next().kind).toBe("need-data");
    return session.unended(isOver)?.line ?? null;
  };
  expect(session.unended(true)).toBe(null);
  expect(told("EHLO c")).toBe(null);
  expect(told(".test\n")).toBe("EHLO c.test\\x0a");
  expect(told("MAIL\nRC")).toBe("MAIL\\x0a");
  expect(told("PT\n")).toBe("RCPT\\x0a");
  expect(told("AU")).toBe(null);
  expect(told("TH LOGIN\n")).toBe("AUTH LOGIN\\x0a");
  expect(told("c2VjcmV0\n")).toBe("****");
  expect(told("c2Vj")).toBe(null);
  expect(told("", true)).toBe("****");
  expect(told("", true)).toBe(null);
  expect(checkpoint(session, "").line).toMatch(/^EHLO c\.test\\x0aMAIL\\x0aRCPT\\x0aAUTH LOGIN \*{4}$/);
  expect(session.unended(true)).toBe(null);
  session.settle(OK);
  session.receive(toOctets("EHLO c.test\r\nRSE"));
  agree(session, checkpoint(session));
  expect(session.next().kind).toBe("need-data");
  expect(session.unended(true)).toEqual({ line: "RSE", hasBareLf: false });
});

test("an answer that has not ended is hidden", () => {
  const session = open();
  say(session, "EHLO c.test", "AUTH LOGIN");
  session.receive(toOctets("c2VjcmV0\n"));
  session.next();
  expect(session.unended(false)).toEqual({ line: "****", hasBareLf: true });
});

const answers = ["c2VjcmV0", "c2VjcmV0c2VjcmV0", "se cret", `${"c2Vj".repeat(1_000)}`, "a\nb"];
const masked = ["****", "****", "****", "****", "****"];

test.each<[string, Partial<typeof defaults>, readonly string[]]>([
  ["TLS is wanted first", { startTls: "require" }, ["AUTH LOGIN"]],
  ["it is hidden", { hiddenExtensions: new Set(["AUTH"]) }, ["AUTH LOGIN"]],
  ["nobody knows the mechanism", {}, ["AUTH NTLM"]],
  ["there is no mechanism", {}, ["AUTH"]],
  ["the client broke it off", {}, ["AUTH LOGIN", "*"]],
  ["it was let in", {}, ["AUTH LOGIN", "Ym9i", "c2VjcmV0"]],
  ["the line is no command", {}, ["\x0bAUTH LOGIN"]],
  ["its line was too long", {}, [`AUTH PLAIN ${"A".repeat(20_000)}`]],
])("answers that follow AUTH although %s are hidden, up to the next verb", (_, options, lines) => {
  const session = open(options);
  say(session, "EHLO c.test", ...lines);
  const shown = shownIn(session);
  expect(answers.map(shown)).toEqual(masked);
  expect(["NOOP hi", "c2VjcmV0"].map(shown)).toEqual(["NOOP hi", "c2VjcmV0"]);
});

test("no exchange has more than five answers, and what only looks like AUTH has none", () => {
  const session = open();
  const shown = shownIn(session);
  say(session, "EHLO c.test");
  const lines = ["AUTH NTLM", "a", "b", "c", "d", "e", "Hello Ada,", "plain text", "of the mail"];
  expect(lines.map(shown)).toEqual([
    ...["AUTH NTLM", "****", "****", "****", "****", "****"],
    ...["Hello Ada,", "plain ****", "of the mail"],
  ]);
});
