import { expect, test } from "vitest";
import { parseMailbox } from "../../src/providers/mod.ts";
import { readSchedule } from "../../src/providers/resend/schedule.ts";

const now = Date.parse("2030-01-31T12:00:00Z");
const at = (iso: string) => ({ at: Date.parse(iso), text: new Date(iso).toISOString() });

test.each<[text: string, schedule: ReturnType<typeof readSchedule>]>([
  ["2030-02-01T09:00:00.000Z", at("2030-02-01T09:00:00Z")],
  ["2030-02-01T09:00:00+02:00", at("2030-02-01T07:00:00Z")],
  ["2030-02-01 09:00", at("2030-02-01T09:00:00Z")],
  ["2030-02-01 09:00:00 +02:00", at("2030-02-01T07:00:00Z")],
  ["2030-02-01t09:00:00z", at("2030-02-01T09:00:00Z")],
  ["2029-01-01T00:00:00Z", at("2029-01-01T00:00:00Z")],
  ["in 1 min", at("2030-01-31T12:01:00Z")],
  ["in an hour", at("2030-01-31T13:00:00Z")],
  ["In 2 days", at("2030-02-02T12:00:00Z")],
  ["in 30s", at("2030-01-31T12:00:30Z")],
  ["tomorrow at 9am", { at: null, text: "tomorrow at 9am" }],
  ["Friday at 3pm ET", { at: null, text: "Friday at 3pm ET" }],
  ["in 31 days", "too-far"],
  ["2030-13-01T00:00:00Z", null],
  ["soonish", null],
  ["", null],
])("scheduled_at %j", (text, schedule) => {
  expect(readSchedule(text, now)).toEqual(schedule);
});

test.each<[text: string, mailbox: ReturnType<typeof parseMailbox>]>([
  ["ada@x.test", { name: "", address: "ada@x.test" }],
  [" ada+tag@localhost ", { name: "", address: "ada+tag@localhost" }],
  ["Ada L. <ada@x.test>", { name: "Ada L.", address: "ada@x.test" }],
  ['"Ada \\"L\\"" <ada@x.test>', { name: 'Ada "L"', address: "ada@x.test" }],
  ["<ada@x.test>", { name: "", address: "ada@x.test" }],
  ["Ädä <ädä@bücher.test>", { name: "Ädä", address: "ädä@bücher.test" }],
  ['"Ada"   <ada@x.test>', { name: "Ada", address: "ada@x.test" }],
  ["Ada   <ada@x.test>", { name: "Ada", address: "ada@x.test" }],
  // A slow reader would not come back from these.
  [" ".repeat(900), null],
  [" ".repeat(1_000_000), null],
  [`"${"a".repeat(10_000_000)}`, null],
  ["ada", null],
  ["ada@", null],
  ["@x.test", null],
  ["a..b@x.test", null],
  ["ada@x..test", null],
  ["ada@-x.test", null],
  ["ada@x.test, bob@x.test", null],
  ["Ada <ada@x.test> <bob@x.test>", null],
  ["ada@x.test\r\nBcc: eve@x.test", null],
  ["Ada\r\nBcc: eve@x.test <ada@x.test>", null],
  ["", null],
])("the address %j", (text, mailbox) => {
  expect(parseMailbox(text)).toEqual(mailbox);
});
