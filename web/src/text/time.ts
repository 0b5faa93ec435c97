/** Times as a reader wants them. */
import { useEffect } from "preact/hooks";
import { Cell, useCell } from "../model/cell.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hour12: false,
  timeZoneName: "short",
});

/** `now`, `12 s`, `4 min`, `14:05`, `3 Nov`. */
export function relative(iso: string, now: number): string {
  const at = Date.parse(iso);
  const age = now - at;
  if (age < 5_000) return "now";
  if (age < minute) return `${Math.floor(age / 1000)} s`;
  if (age < hour) return `${Math.floor(age / minute)} min`;
  if (age < day && new Date(at).getDate() === new Date(now).getDate()) return clock.format(at);
  return date.format(at);
}

export function fullTime(iso: string): string {
  return full.format(Date.parse(iso));
}

/** `0 ms`, `14 ms`, `1.20 s`, `2 min 5 s`. */
export function span(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds));
  if (ms < 1000) return `${ms} ms`;
  if (ms < minute) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min ${Math.round((ms % minute) / 1000)} s`;
  return `${Math.floor(ms / hour)} h ${Math.round((ms % hour) / minute)} min`;
}

const tick = new Cell(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, in milliseconds; renders again every five seconds. */
export function useNow(): number {
  useEffect(() => {
    if (watchers++ === 0) timer = setInterval(() => tick.set(Date.now()), 5_000);
    return () => {
      if (--watchers === 0) clearInterval(timer);
    };
  }, []);
  useCell(tick);
  return Date.now();
}
