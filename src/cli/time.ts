/** When it was, for a reader: local time, with the date only where it is not today. `12:01:02` */
export function localTime(at: string, now: Date = new Date()): string {
  const then = new Date(at);
  const time = then.toTimeString().slice(0, 8);
  return then.toDateString() === now.toDateString() ? time : `${dateOf(then)} ${time}`;
}

function dateOf(then: Date): string {
  const parts = [then.getFullYear(), then.getMonth() + 1, then.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
