import { describe, expect, test } from "vitest";
import { stateDiagram } from "../../src/smtp/mod.ts";
import { transitions } from "../../src/smtp/states.ts";
import { Driver } from "./dialogue.ts";

/** A line for each verb, and how to bring a session into each state that reads commands. */
const LINES: Readonly<Record<string, string>> = {
  HELO: "HELO c.test",
  EHLO: "EHLO c.test",
  MAIL: "MAIL FROM:<a@c.test>",
  SEND: "SEND FROM:<a@c.test>",
  SOML: "SOML FROM:<a@c.test>",
  SAML: "SAML FROM:<a@c.test>",
  RCPT: "RCPT TO:<b@s.test>",
  DATA: "DATA",
  BDAT: "BDAT 0",
  RSET: "RSET",
  NOOP: "NOOP",
  QUIT: "QUIT",
  VRFY: "VRFY b",
  EXPN: "EXPN l",
  HELP: "HELP",
  STARTTLS: "STARTTLS",
  AUTH: "AUTH LOGIN",
  XCLIENT: "XCLIENT NAME=h.test",
  XFORWARD: "XFORWARD NAME=h.test",
};
const LADDER = [
  ["greeted", []],
  ["ready", ["EHLO"]],
  ["mail", ["EHLO", "MAIL"]],
  ["rcpt", ["EHLO", "MAIL", "RCPT"]],
  ["chunks", ["EHLO", "MAIL", "RCPT", "BDAT"]],
] as const;

describe.each(LADDER)("state %s", (state, verbs) => {
  test.each(Object.keys(LINES))("%s does what the table says", (verb) => {
    const driver = new Driver({ startTls: "offer", trusted: true });
    driver.pump();
    for (const earlier of verbs) driver.send(`${LINES[earlier]}\r\n`);
    expect(driver.session.state).toBe(state);
    const replies = driver.send(`${LINES[verb]}\r\n`);
    const next = transitions[state][verb as "HELO"];
    // A chunk of no octets has ended as soon as it has begun.
    expect(driver.session.state).toBe(next === "chunk" ? "chunks" : (next ?? state));
    expect(replies.some((line) => line.startsWith("S: 503 5.5.1 "))).toBe(next === undefined);
  });

  // A refused chunk leaves a hole in the content, and so ends the transaction.
  const others = Object.keys(LINES).filter((verb) => verb !== "BDAT");
  test.each(others)("%s changes nothing when it is refused", (verb) => {
    const driver = new Driver({ startTls: "offer", trusted: true });
    driver.pump();
    for (const earlier of verbs) driver.send(`${LINES[earlier]}\r\n`);
    const before = driver.session.transaction;
    driver.session.receive(new TextEncoder().encode(`${LINES[verb]}\r\n`));
    expect(driver.session.next().kind).toBe("checkpoint");
    driver.session.settle({ code: 451, enhanced: "4.3.0", lines: ["Later"] });
    expect(driver.session.state).toBe(state);
    expect(driver.session.transaction).toBe(before);
  });
});

test("the diagram has every state and is Mermaid", () => {
  const diagram = stateDiagram();
  expect(diagram.startsWith("stateDiagram-v2\n")).toBe(true);
  for (const state of Object.keys(transitions)) expect(diagram).toMatch(new RegExp(`\\b${state}\\b`));
  expect(diagram).toContain("  ready --> mail: MAIL, SEND, SOML, SAML\n");
  expect(diagram).toContain("  rcpt --> content: DATA\n");
});
