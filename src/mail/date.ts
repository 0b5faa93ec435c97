/** Date fields. `Date.parse` reads them differently on each engine, so the grammar of RFC 5322 §3.3 is spelt out. */

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** RFC 5322 §4.3; minutes east of UTC. Other letters mean "unknown", which is UTC. */
const zones = new Map([
  ["edt", -240],
  ["est", -300],
  ["cdt", -300],
  ["cst", -360],
  ["mdt", -360],
  ["mst", -420],
  ["pdt", -420],
  ["pst", -480],
]);

/** @returns ISO 8601 in UTC, or null where the field is no date */
export function parseDate(field: string): string | null {
  const words = withoutComments(field.slice(0, 200)).replace(/,/g, " ").trim().split(/\s+/);
  if (/^[a-z]+$/i.test(words[0] ?? "")) words.shift();
  const [day, month, year, time, zone = "+0000"] = words;
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(time ?? "");
  const monthIndex = months.indexOf((month ?? "").slice(0, 3).toLowerCase());
  if (clock === null || monthIndex < 0 || !/^\d{1,2}$/.test(day ?? "") || !/^\d{2,4}$/.test(year ?? ""))
    return null;
  const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  const offset = zoneMinutes(zone);
  const dayNumber = Number(day);
  if (offset === null || hours > 23 || minutes > 59 || seconds > 60) return null;
  const date = new Date(Date.UTC(fullYear(year!), monthIndex, dayNumber, hours, minutes, seconds));
  if (
    dayNumber < 1 ||
    new Date(Date.UTC(fullYear(year!), monthIndex, dayNumber)).getUTCMonth() !== monthIndex
  ) {
    return null;
  }
  return new Date(date.getTime() - offset * 60_000).toISOString();
}

/** RFC 5322 §4.3: two digits mean 1950 to 2049, three count from 1900. */
function fullYear(year: string): number {
  const value = Number(year);
  if (year.length === 2) return value < 50 ? 2000 + value : 1900 + value;
  return year.length === 3 ? 1900 + value : value;
}

function zoneMinutes(zone: string): number | null {
  const numeric = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (numeric !== null) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3]);
    return numeric[1] === "-" ? -minutes : minutes;
  }
  return /^[a-z]{1,5}$/i.test(zone) ? (zones.get(zone.toLowerCase()) ?? 0) : null;
}

function withoutComments(text: string): string {
  if (!text.includes("(")) return text;
  let depth = 0;
  let result = "";
  for (const char of text) {
    if (char === "(") depth++;
    else if (char === ")" && depth > 0) depth--;
    else if (depth === 0) result += char;
  }
  return result;
}
