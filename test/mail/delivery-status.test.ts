import { expect, test } from "vitest";
import { composeReport, deliveryStatusOf, readLetter } from "../../src/mail/mod.ts";

const none = { originalRecipient: null, status: null, diagnostic: null, remoteMta: null };

async function statusIn(type: string, ...lines: string[]): Promise<ReturnType<typeof deliveryStatusOf>> {
  const report = [
    `Content-Type: multipart/report; report-type=delivery-status; boundary=b`,
    "",
    "--b",
    "",
    "Sorry",
    "--b",
  ];
  const raw = [
    ...report,
    `Content-Type: ${type}`,
    "",
    ...lines,
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    "Subject: x",
    "--b--",
  ];
  return deliveryStatusOf(await readLetter(new TextEncoder().encode(raw.join("\r\n"))));
}

const type = "message/delivery-status";

test("delivery status: what Postfix writes", async () => {
  const status = await statusIn(
    type,
    ...[
      "Reporting-MTA: dns; mail.x.test",
      "X-Postfix-Queue-ID: 4F2A1B3C",
      "Arrival-Date: Sat, 28 Nov 2026 10:00:00 +0000",
      "",
    ],
    ...[
      "Final-Recipient: rfc822; gone@y.test",
      "Original-Recipient: rfc822;Gone@y.test",
      "Action: failed",
      "Status: 5.1.1",
    ],
    ...[
      "Remote-MTA: dns; mx.y.test",
      "Diagnostic-Code: smtp; 550 5.1.1 <gone@y.test>:",
      "    No such user",
      "",
    ],
    ...["Final-Recipient: rfc822; full@y.test", "Action: delayed", "Status: 4.2.2 (mailbox full)", ""],
  );
  expect(status).toEqual([
    {
      recipient: "gone@y.test",
      originalRecipient: "Gone@y.test",
      action: "failed",
      status: "5.1.1",
      diagnostic: "550 5.1.1 <gone@y.test>:    No such user",
      remoteMta: "mx.y.test",
    },
    { ...none, recipient: "full@y.test", action: "delayed", status: "4.2.2" },
  ]);
});

const groups: [what: string, lines: string[], recipients: string[]][] = [
  [
    "no group about the message",
    ["Final-Recipient: rfc822; a@x.test", "Action: FAILED"],
    ["a@x.test failed"],
  ],
  [
    "blank lines before, between and behind",
    ["", "", "Reporting-MTA: dns; x", "", "", "Final-Recipient: rfc822;a@x.test", "", ""],
    ["a@x.test "],
  ],
  ["no type", ["Final-Recipient: a@x.test", "Action: relayed"], ["a@x.test relayed"]],
  ["only a group about the message", ["Reporting-MTA: dns; x"], []],
  [
    "a line that is no field",
    ["Reporting-MTA: dns; x", "", "what is this", "", "Final-Recipient: rfc822; a@x.test"],
    [],
  ],
  ["nothing", [], []],
];

test.each(groups)("delivery status: %s", async (_what, lines, recipients) => {
  const status = await statusIn(type, ...lines);
  expect(status.map(({ recipient, action }) => `${recipient} ${action}`)).toEqual(recipients);
});

test("delivery status: addresses beyond ASCII (RFC 6533)", async () => {
  expect(
    await statusIn("message/global-delivery-status", "Final-Recipient: utf-8; grün@x.test"),
  ).toMatchObject([{ recipient: "grün@x.test" }]);
  expect(await statusIn(type, "Final-Recipient: utf-8; gr\\x{FC}n@x.test")).toMatchObject([
    { recipient: "grün@x.test" },
  ]);
  expect(await statusIn(type, "Final-Recipient: utf-8; \\x{FFFFFF}@x.test")).toMatchObject([
    { recipient: "\\x{FFFFFF}@x.test" },
  ]);
});

test("delivery status: a report of ours says what it was made of", async () => {
  const raw = composeReport({
    hostname: "mailproof.test",
    messageId: "r1@mailproof.test",
    now: 0,
    arrivedAt: 0,
    sender: "app@x.test",
    envelopeId: null,
    recipients: [{ address: "gone@x.test", original: "rfc822;gone@old.test" }],
    status: "5.1.1",
    diagnostic: "smtp; 550 5.1.1 User unknown",
    content: new TextEncoder().encode("Subject: hi\r\n\r\nbody\r\n"),
    returns: "FULL",
    isUtf8: false,
  });
  expect(deliveryStatusOf(await readLetter(raw))).toEqual([
    {
      ...none,
      recipient: "gone@x.test",
      originalRecipient: "gone@old.test",
      action: "failed",
      status: "5.1.1",
      diagnostic: "550 5.1.1 User unknown",
    },
  ]);
});

test("delivery status: mail that is no report, and a report that is only forwarded, has none", async () => {
  expect(
    deliveryStatusOf(await readLetter(new TextEncoder().encode("\r\nFinal-Recipient: rfc822; a@x.test"))),
  ).toEqual([]);
  const forwarded =
    "Content-Type: message/rfc822\r\n\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@x.test";
  expect(deliveryStatusOf(await readLetter(new TextEncoder().encode(forwarded)))).toEqual([]);
});

test("H10: delivery status: 1000 recipients are read", async () => {
  const lines = Array<string>(5_000).fill("Final-Recipient: rfc822; a@x.test\r\n");
  expect((await statusIn(type, ...lines)).length).toBe(1_000);
});
