/** What a reader wants to know of an invitation (RFC 5545). */
export interface CalendarEvent {
  readonly summary: string;
  /** `2026-12-01 09:00 UTC`, `2026-12-01 09:00 Europe/Berlin`, `2026-12-01`. */
  readonly start: string;
  readonly location: string;
}

/** An event that begins behind so many characters is not looked for. */
const most = 64 * 1024;

/** Of the first event in the text; what is not there is empty. */
export function firstEvent(text: string): CalendarEvent {
  const lines = text
    .slice(0, most)
    .replace(/\r?\n[ \t]/g, "")
    .split(/\r?\n/);
  const begin = lines.findIndex((line) => /^BEGIN:VEVENT\s*$/i.test(line));
  const end = lines.findIndex((line, index) => index > begin && /^(?:BEGIN|END):/i.test(line));
  const event = begin < 0 ? [] : lines.slice(begin + 1, end < 0 ? undefined : end);
  const find = (name: string): { parameters: string; value: string } => {
    const form = new RegExp(`^${name}((?:;(?:"[^"]*"|[^":])*)?):(.*)$`, "i");
    const [, parameters = "", value = ""] =
      event.map((line) => form.exec(line)).find((found) => found !== null) ?? [];
    return { parameters, value: value.replace(/\\n/gi, " ").replace(/\\(.)/g, "$1").trim() };
  };
  const start = find("DTSTART");
  return {
    summary: find("SUMMARY").value,
    start: readable(start.value, /;TZID="?([^";]*)/i.exec(start.parameters)?.[1] ?? ""),
    location: find("LOCATION").value,
  };
}

function readable(time: string, zone: string): string {
  const [, year, month, day, clock = "", utc = ""] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d{4})\d\d(Z?))?$/i.exec(time) ?? [];
  if (year === undefined) return time;
  const hours = clock === "" ? "" : ` ${clock.slice(0, 2)}:${clock.slice(2)}`;
  return `${year}-${month}-${day}${hours} ${utc === "" ? zone : "UTC"}`.trim();
}
