/**
 * Points in time (RFC 3339 §5.6), read without a clock and without `Date`.
 *
 *     date-time   = full-date "T" full-time
 *     full-time   = hh ":" mm ":" ss ["." 1*DIGIT] ( "Z" / ("+" / "-") hh ":" mm )
 */

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/i;
const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Milliseconds since the epoch; null where the text is no date-time, or names a day that is not. */
export function parseDateTime(text: string): number | null {
  const found = form.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as Fields;
  const [, , , , , , , fraction = "", sign = "+", offsetHour = "0", offsetMinute = "0"] = found;
  const [hours, minutes] = [Number(offsetHour), Number(offsetMinute)];
  if (month < 1 || month > 12 || day < 1 || day > lastDay(year, month)) return null;
  // §5.7: a leap second may be told; here it is the first of the next minute.
  if (hour > 23 || minute > 59 || second > 60 || hours > 23 || minutes > 59) return null;
  const local = (daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute;
  const utc = local + (sign === "-" ? 1 : -1) * (hours * 60 + minutes);
  return (utc * 60 + second) * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3));
}

type Fields = [year: number, month: number, day: number, hour: number, minute: number, second: number];

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function lastDay(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : daysIn[month - 1]!;
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  const years = year - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  const inYear = daysBefore[month - 1]! + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
  return years * 365 + leapDays + inYear - 719_162; // days from 0001-01-01 to 1970-01-01
}
