/** Delivery status notifications: what they hold, and that every mail system can take them. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { composeReport, type ReportFacts, readLetter } from "../../src/mail/mod.ts";

const octets = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

const facts: ReportFacts = {
  hostname: "mock.test",
  messageId: "t7@mock.test",
  now: Date.UTC(2026, 2, 1, 12, 0, 1),
  arrivedAt: Date.UTC(2026, 2, 1, 12, 0, 0),
  sender: "a@c.test",
  envelopeId: null,
  recipients: [{ address: "b@s.test", original: null }],
  status: "5.1.1",
  diagnostic: "smtp; 550 5.1.1 User unknown",
  content: octets("Subject: hello\r\nTo: b@s.test\r\n\r\nthe body\r\n"),
  returns: "HDRS",
  isUtf8: false,
};

async function compose(changes: Partial<ReportFacts> = {}) {
  const raw = composeReport({ ...facts, ...changes });
  const letter = await readLetter(raw);
  const [human, machine, original] = letter.root.parts;
  return {
    raw: latin1(raw),
    letter,
    types: letter.root.parts.map(({ contentType, encoding }) => `${contentType} ${encoding}`),
    human: human === undefined ? "" : utf8(human.octets()),
    machine: machine === undefined ? "" : utf8(machine.octets()),
    original: original === undefined ? "" : latin1(original.octets()),
  };
}

test("a failure, whole", () => {
  expect(latin1(composeReport(facts))).toBe(
    `Date: Sun, 01 Mar 2026 12:00:01 +0000
From: Mail Delivery System <MAILER-DAEMON@mock.test>
To: <a@c.test>
Subject: Undelivered Mail Returned to Sender
Message-ID: <t7@mock.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="=_t7_mock.test"
Content-Transfer-Encoding: 7bit

--=_t7_mock.test
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is the mail system at host mock.test.

Your message could not be delivered to one or more recipients.

<b@s.test>:
    550 5.1.1 User unknown

--=_t7_mock.test
Content-Type: message/delivery-status
Content-Transfer-Encoding: 7bit

Reporting-MTA: dns; mock.test
Arrival-Date: Sun, 01 Mar 2026 12:00:00 +0000

Final-Recipient: rfc822; b@s.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
Last-Attempt-Date: Sun, 01 Mar 2026 12:00:01 +0000

--=_t7_mock.test
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 7bit

Subject: hello
To: b@s.test

--=_t7_mock.test--
`.replaceAll("\n", "\r\n"),
  );
});

test("what the client said of the notification is told: ENVID and ORCPT", async () => {
  const recipients = [
    { address: "b@s.test", original: "rfc822;bob@old.test" },
    { address: "c@s.test", original: null },
  ];
  const { machine } = await compose({ envelopeId: "QQ314159", recipients });
  const [perMessage, first, second] = machine.split("\r\n\r\n");
  expect(perMessage).toContain("\r\nOriginal-Envelope-Id: QQ314159\r\n");
  expect(first).toMatch(
    /^Original-Recipient: rfc822; bob@old\.test\r\nFinal-Recipient: rfc822; b@s\.test\r\n/,
  );
  expect(second).toMatch(/^Final-Recipient: rfc822; c@s\.test\r\n/);
});

test("a class of 4 is a delay", async () => {
  const { machine, letter } = await compose({ status: "4.4.1", diagnostic: null });
  expect(machine).toContain("Action: delayed\r\nStatus: 4.4.1\r\nLast-Attempt-Date:");
  expect(letter.subject).toBe("Delivery delayed");
});

test.each([
  ["550 5.1.1 no", "smtp; 550 5.1.1 no"],
  ["x-unix; 75", "x-unix; 75"],
  ["smtp; one\r\nInjected: two", "smtp; one Injected: two"],
])("a diagnostic of %j", async (diagnostic, field) => {
  expect((await compose({ diagnostic })).machine).toContain(`\r\nDiagnostic-Code: ${field}\r\n`);
});

describe("what was sent", () => {
  const whole = "Subject: hello\r\n\r\nthe body\r\n";

  test.each<[string, string, "FULL" | "HDRS", string, string]>([
    ["whole", whole, "FULL", "message/rfc822 7bit", whole],
    ["whole, 8 bits", "S: x\r\n\r\n\xe9\r\n", "FULL", "message/rfc822 8bit", "S: x\r\n\r\n\xe9\r\n"],
    ["its header", whole, "HDRS", "text/rfc822-headers 7bit", "Subject: hello\r\n"],
    ["no body", "Subject: x\r\n", "HDRS", "text/rfc822-headers 7bit", "Subject: x\r\n"],
    ["no header", "\r\nbody\r\n", "HDRS", "text/rfc822-headers 7bit", ""],
    ["a line too long", `S: x\r\n\r\n${"y".repeat(999)}\r\n`, "FULL", "text/rfc822-headers 7bit", "S: x\r\n"],
    ["a bare line feed", "S: x\r\n\r\na\nb\r\n", "FULL", "text/rfc822-headers 7bit", "S: x\r\n"],
    ["a NUL", "S: x\r\n\r\n\0\r\n", "FULL", "text/rfc822-headers 7bit", "S: x\r\n"],
    [
      "8 bits in the header",
      "S: \xe9=\r\n\r\n",
      "HDRS",
      "text/rfc822-headers quoted-printable",
      "S: \xe9=\r\n",
    ],
    [
      "a line of the header too long",
      `S: ${"=\xe9".repeat(999)}\r\n\r\n`,
      "HDRS",
      "text/rfc822-headers quoted-printable",
      `S: ${"=\xe9".repeat(999)}\r\n`,
    ],
  ])("%s", async (_, content, returns, type, told) => {
    const { types, original, raw } = await compose({ content: octets(content), returns });
    expect(types[2]).toBe(type);
    expect(original.replace(/\r\n$/, "")).toBe(told.replace(/\r\n$/, ""));
    for (const line of raw.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
    expect(raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n\0]/);
    if (!type.endsWith("8bit")) expect(raw).toMatch(/^[\0-\x7f]*$/);
  });

  test("what is not there any more is left out", async () => {
    expect((await compose({ content: null })).types).toHaveLength(2);
  });

  test("a content that holds the boundary does not break the report", async () => {
    const content = octets("S: x\r\n\r\n--=_t7_mock.test--\r\n--=_t7_mock.test_\r\n");
    const { types, original } = await compose({ content, returns: "FULL" });
    expect(types).toHaveLength(3);
    expect(original).toContain("--=_t7_mock.test_");
  });
});

describe("beyond ASCII (RFC 6533)", () => {
  test("a message that came with SMTPUTF8 is reported in UTF-8", async () => {
    const { types, machine, human, raw } = await compose({
      isUtf8: true,
      sender: "jürgen@bücher.test",
      recipients: [{ address: "jõe@s.test", original: "utf-8;jõe@old.test" }],
      content: Buffer.from("Subject: Grüße\r\n\r\n…\r\n"),
      returns: "FULL",
    });
    expect(types).toEqual(["text/plain 8bit", "message/global-delivery-status 8bit", "message/global 8bit"]);
    expect(machine).toContain(
      "Original-Recipient: utf-8; jõe@old.test\r\nFinal-Recipient: utf-8; jõe@s.test\r\n",
    );
    expect(human).toContain("<jõe@s.test>:");
    expect(utf8(octets(raw))).toContain("To: <jürgen@bücher.test>\r\n");
  });

  test("its header alone", async () => {
    const content = Buffer.from("Subject: Grüße\r\n\r\nhi\r\n");
    const { types } = await compose({ isUtf8: true, content });
    expect(types[2]).toBe("message/global-headers 8bit");
  });

  test("an ORCPT beyond ASCII of a message that came without is written in ASCII", async () => {
    const recipients = [{ address: "b@s.test", original: "utf-8;jõe@old.test" }];
    const { types, machine } = await compose({ recipients });
    expect(types[1]).toBe("message/delivery-status 7bit");
    expect(machine).toContain("Original-Recipient: utf-8; j\\x{F5}e@old.test\r\n");
  });
});

const python = spawnSync("python3", ["-c", "import email"]).status === 0;

test.runIf(python)("Python's email package reads it", () => {
  const script = `
import email, email.policy, json, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = m.get_payload()
status = parts[1].get_payload()
print(json.dumps({
  "type": m.get_content_type(), "report": m.get_param("report-type"), "to": m["To"],
  "defects": len(m.defects) + sum(len(p.defects) for p in parts),
  "parts": [p.get_content_type() for p in parts],
  "recipient": str(status[1]["Final-Recipient"]), "action": str(status[1]["Action"]),
  "subject": str(parts[2].get_payload()[0]["Subject"]),
}))`;
  const { stdout, stderr } = spawnSync("python3", ["-c", script], {
    input: composeReport({ ...facts, returns: "FULL" }),
  });
  expect(String(stderr)).toBe("");
  expect(JSON.parse(String(stdout))).toEqual({
    type: "multipart/report",
    report: "delivery-status",
    to: "a@c.test",
    defects: 0,
    parts: ["text/plain", "message/delivery-status", "message/rfc822"],
    recipient: "rfc822; b@s.test",
    action: "failed",
    subject: "hello",
  });
});
