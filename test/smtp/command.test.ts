import { describe, expect, test } from "vitest";
import { type Command, parseCommand } from "../../src/smtp/command.ts";

const PATH = { raw: "<a@c.test>", address: "a@c.test", route: [] };

describe("command", () => {
  test.each<[string, string, Command]>([
    ["HELO c.test", "helo", { kind: "helo", verb: "HELO", name: "c.test" }],
    ["ehlo  c.test", "ehlo", { kind: "helo", verb: "EHLO", name: "c.test" }],
    ["MAIL FROM:<a@c.test>", "mail", { kind: "mail", verb: "MAIL", path: PATH, parameters: {} }],
    ["MAIL FROM:<a@c.test> ", "mail", { kind: "mail", verb: "MAIL", path: PATH, parameters: {} }],
    ["Saml FROM:<a@c.test>", "mail", { kind: "mail", verb: "SAML", path: PATH, parameters: {} }],
    ["rcpt to:<a@c.test> X=1", "rcpt", { kind: "rcpt", verb: "RCPT", path: PATH, parameters: { X: "1" } }],
    ["DATA", "data", { kind: "data", verb: "DATA" }],
    ["Rset ", "rset", { kind: "rset", verb: "RSET" }],
    ["NOOP", "noop", { kind: "noop", verb: "NOOP", argument: "" }],
    ["NOOP x y  z", "noop", { kind: "noop", verb: "NOOP", argument: "x y  z" }],
    ["QUIT\t", "quit", { kind: "quit", verb: "QUIT" }],
    [
      "VRFY b SMTPUTF8",
      "vrfy",
      { kind: "vrfy", verb: "VRFY", argument: "b", parameters: { SMTPUTF8: true } },
    ],
    ["VRFY  SMTPUTF8", "vrfy", { kind: "vrfy", verb: "VRFY", argument: " SMTPUTF8", parameters: {} }],
    ["EXPN list", "expn", { kind: "expn", verb: "EXPN", argument: "list", parameters: {} }],
    ["HELP", "help", { kind: "help", verb: "HELP", argument: "" }],
    ["STARTTLS", "starttls", { kind: "starttls", verb: "STARTTLS" }],
    ["auth plain", "auth-start", { kind: "auth", verb: "AUTH", mechanism: "PLAIN", initial: null }],
    ["AUTH PLAIN\tYm9i", "auth-start", { kind: "auth", verb: "AUTH", mechanism: "PLAIN", initial: "Ym9i" }],
    ["AUTH  LOGIN  Ym9i", "auth-start", { kind: "auth", verb: "AUTH", mechanism: "LOGIN", initial: "Ym9i" }],
  ])("%j", (line, phase, command) => {
    expect(parseCommand(line, "strict")).toEqual({
      phase,
      command,
      refusal: null,
      warnings: [],
    });
  });

  test.each<[string, string, string, string, string]>([
    ["", "unknown", "500 5.5.2", "", ""],
    ["FOO bar", "unknown", "500 5.5.2", "FOO", "bar"],
    ["NOOPX", "unknown", "500 5.5.2", "NOOPX", ""],
    ["get / HTTP/1.1", "unknown", "500 5.5.2", "GET", "/ HTTP/1.1"],
    ["EHLO / HTTP/1.1", "unknown", "500 5.5.2", "EHLO", "/ HTTP/1.1"],
    ["MAIL /x HTTP/1.1", "unknown", "500 5.5.2", "MAIL", "/x HTTP/1.1"],
    ["turn", "turn", "502 5.5.1", "TURN", ""],
    ["SAML TO:<a@b>", "mail", "501 5.5.4", "SAML", "TO:<a@b>"],
    ["BDAT", "bdat", "501 5.5.4", "BDAT", ""],
    ["BDAT x", "bdat", "501 5.5.4", "BDAT", "x"],
    ["BDAT -1", "bdat", "501 5.5.4", "BDAT", "-1"],
    ["BDAT 5 FOO", "bdat", "501 5.5.4", "BDAT", "5 FOO"],
    ["BDAT 5LAST", "bdat", "501 5.5.4", "BDAT", "5LAST"],
    ["BDAT 99999999999999999999", "bdat", "501 5.5.4", "BDAT", "99999999999999999999"],
    ["HELO", "helo", "501 5.5.4", "HELO", ""],
    ["EHLO a\x1bb", "ehlo", "501 5.5.4", "EHLO", "a\x1bb"],
    ["MAIL TO:<a@b>", "mail", "501 5.5.4", "MAIL", "TO:<a@b>"],
    ["RCPT TO:<a..b@c>", "rcpt", "501 5.1.3", "RCPT", "TO:<a..b@c>"],
    ["STARTTLS now", "starttls", "501 5.5.4", "STARTTLS", "now"],
    ["VRFY", "vrfy", "501 5.5.4", "VRFY", ""],
    ["EXPN", "expn", "501 5.5.4", "EXPN", ""],
    ["AUTH", "auth-start", "501 5.5.4", "AUTH", ""],
    ["AUTH PLAIN c2VjcmV0 c2VjcmV0 ", "auth-start", "501 5.5.4", "AUTH", "PLAIN ****"],
    ["AUTH PLAIN\tc2VjcmV0\tc2VjcmV0", "auth-start", "501 5.5.4", "AUTH", "PLAIN ****"],
    [" AUTH PLAIN c2VjcmV0", "unknown", "500 5.5.2", "", "AUTH PLAIN ****"],
    ["\tAUTH PLAIN c2VjcmV0", "unknown", "500 5.5.2", "\tAUTH", "PLAIN ****"],
    ["AUTH\tPLAIN c2VjcmV0", "unknown", "500 5.5.2", "AUTH\tPLAIN", "****"],
    ["AUTH\tPLAIN\tc2VjcmV0", "unknown", "500 5.5.2", "AUTH\tPLAIN", "****"],
  ])("%j is refused", (line, phase, refusal, verb, argument) => {
    const parsed = parseCommand(line, "default");
    expect(parsed).toMatchObject({ phase, command: { kind: "invalid", verb, argument } });
    expect(`${parsed.refusal?.code} ${parsed.refusal?.enhanced}`).toBe(refusal);
  });

  test.each<[string, string[]]>([
    ["MAIL FROM: <a@b>", ["space-after-colon"]],
    ["MAIL FROM :<a@b>", ["space-before-colon"]],
    ["MAIL  FROM:<a@b>", ["extra-space"]],
    ["MAIL FROM:a@b", ["missing-brackets"]],
    ["MAIL FROM:<a@b>SIZE=1", ["missing-space-before-parameter"]],
    ["HELO my_pc", ["odd-helo-name"]],
  ])("%j is forgiven by default and refused when strict, by its name", (line, warnings) => {
    expect(parseCommand(line, "default")).toMatchObject({ refusal: null, warnings });
    expect(parseCommand(line, "lenient")).toMatchObject({ refusal: null, warnings });
    expect(parseCommand(line, "strict")).toMatchObject({ refusal: { code: 501 }, warnings });
  });
});
