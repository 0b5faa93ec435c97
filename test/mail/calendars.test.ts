import { expect, test } from "vitest";
import { calendarsOf, readLetter } from "../../src/mail/mod.ts";

const invitation =
  "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Gr\xc3\xbc\xc3\x9fe\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
const text = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Grüße\nEND:VEVENT\nEND:VCALENDAR\n";

async function calendarsIn(...lines: string[]): Promise<ReturnType<typeof calendarsOf>> {
  return calendarsOf(await readLetter(Uint8Array.from(lines.join("\r\n"), (char) => char.charCodeAt(0))));
}

const types: [type: string, method: string | null][] = [
  ["text/calendar; charset=utf-8; method=REQUEST", "REQUEST"],
  ['text/calendar; charset=UTF-8; method="reply"', "REPLY"],
  ["text/calendar; charset=utf-8", "REQUEST"],
  ["text/calendar; charset=utf-8; method=; name=invite.ics", null],
  ['application/ics; name="invite.ics"', "REQUEST"],
];

test.each(types)("calendars: %s", async (type, method) => {
  expect(await calendarsIn(`Content-Type: ${type}`, "", invitation)).toEqual([{ path: "", method, text }]);
});

test("calendars: the other form of the text and the attached file, in order", async () => {
  const calendars = await calendarsIn(
    ...[
      "Content-Type: multipart/mixed; boundary=m",
      "",
      "--m",
      "Content-Type: multipart/alternative; boundary=a",
      "",
    ],
    ...["--a", "", "You are invited", "--a", "Content-Type: text/calendar; charset=utf-8; method=CANCEL"],
    ...[
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(invitation, "latin1").toString("base64"),
      "--a--",
    ],
    ...[
      "--m",
      "Content-Type: application/ics; name=invite.ics",
      "Content-Disposition: attachment",
      "",
      "BEGIN:VCALENDAR",
      "--m--",
    ],
  );
  expect(calendars).toEqual([
    { path: "1.2", method: "CANCEL", text },
    { path: "2", method: null, text: "BEGIN:VCALENDAR" },
  ]);
});

test("calendars: one of a message in the message is not its own", async () => {
  expect(
    await calendarsIn("Content-Type: message/rfc822", "", "Content-Type: text/calendar", "", invitation),
  ).toEqual([]);
  expect(await calendarsIn("", "BEGIN:VCALENDAR")).toEqual([]);
});
