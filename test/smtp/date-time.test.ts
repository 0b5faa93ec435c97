import { expect, test } from "vitest";
import { parseDateTime } from "../../src/smtp/date-time.ts";

test.each([
  "1970-01-01T00:00:00Z",
  "1969-12-31T23:59:59Z",
  "2000-02-29T12:00:00Z",
  "2100-03-01T00:00:00Z",
  "2026-08-03T10:20:30.456Z",
  "2026-08-03T10:20:30.4Z",
  "2026-08-03T10:20:30+05:30",
  "2026-08-03T10:20:30-11:45",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
])("%s is what Date makes of it", (text) => {
  expect(parseDateTime(text)).toBe(Date.parse(text));
});

test("every day of 800 years is what Date makes of it", () => {
  for (let day = Date.UTC(1700, 0, 1); day < Date.UTC(2500, 0, 1); day += 86_400_000) {
    if (parseDateTime(new Date(day).toISOString()) !== day) throw new Error(new Date(day).toISOString());
  }
});

test("a leap second is the first of the next minute, and more digits than three are cut", () => {
  expect(parseDateTime("2016-12-31T23:59:60Z")).toBe(Date.UTC(2017, 0, 1));
  expect(parseDateTime("1970-01-01T00:00:00.1239Z")).toBe(123);
});

test.each([
  "",
  "2026-08-03",
  "2026-08-03T10:20:30",
  "2026-08-03 10:20:30Z",
  "2026-08-03T10:20Z",
  "2026-00-03T10:20:30Z",
  "2026-13-03T10:20:30Z",
  "2026-08-00T10:20:30Z",
  "2026-08-32T10:20:30Z",
  "2026-04-31T10:20:30Z",
  "1900-02-29T10:20:30Z",
  "2026-08-03T24:00:00Z",
  "2026-08-03T10:60:30Z",
  "2026-08-03T10:20:61Z",
  "2026-08-03T10:20:30+24:00",
  "2026-08-03T10:20:30+0530",
  "2026-08-03T10:20:30.Z",
  "+2026-08-03T10:20:30Z",
  "2026-08-03T10:20:30Z\n",
])("%j is no date-time", (text) => {
  expect(parseDateTime(text)).toBeNull();
});
