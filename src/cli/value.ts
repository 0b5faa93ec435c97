import { parseDuration, parseFlag, parseSize } from "../notation/mod.ts";
import type { Option, Value } from "./option.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Reads what a flag, a variable or a config file says for an option.
 * `place` names it for the reader: `--smtp-port`, `MAILPROOF_SMTP_PORT`, `smtpPort in mailproof.config.json`.
 * Durations and sizes are checked and stay as they were written.
 */
export function readValue(option: Option, raw: unknown, place: string): Value {
  switch (option.kind) {
    case "switch":
      return readSwitch(raw, place);
    case "port":
      return readNumber(raw, place, 0, 65_535);
    case "count":
      return readNumber(raw, place, 1, Number.MAX_SAFE_INTEGER);
    case "duration":
      return readAmount(raw, place, parseDuration);
    case "size":
      return readAmount(raw, place, parseSize);
    case "choice":
      return readChoice(raw, place, option.choices ?? []);
    case "list":
      return readList(raw, place);
    case "text":
      return readText(raw, place);
    case "object":
      return readObject(raw, place);
  }
}

/** The same for a flag or a variable, for what somebody typed: a duration needs its unit. */
export function readTyped(option: Option, raw: unknown, place: string): Value {
  return option.kind === "duration" ? readDuration(String(raw), place) : readValue(option, raw, place);
}

/** Where a number means milliseconds elsewhere, whoever types one may mean seconds. */
export function readDuration(text: string, place: string): string {
  if (Number(text) > 0) throw refused(place, text, "give a unit: 10s, 250ms, 5m");
  try {
    parseDuration(text);
    return text;
  } catch {
    throw refused(place, text, "use 250ms, 10s, 5m, 2h");
  }
}

function readSwitch(raw: unknown, place: string): boolean {
  const said = typeof raw === "string" ? parseFlag(raw) : raw;
  if (typeof said === "boolean") return said;
  throw refused(place, raw, "use true or false");
}

function readNumber(raw: unknown, place: string, least: number, most: number): number {
  const number = typeof raw === "string" && /^\d+$/.test(raw) ? Number(raw) : raw;
  if (typeof number === "number" && Number.isInteger(number) && number >= least && number <= most)
    return number;
  throw refused(
    place,
    raw,
    most === 65_535 ? "use a port from 0 to 65535" : `use a whole number from ${least}`,
  );
}

function readAmount(raw: unknown, place: string, parse: (value: number | string) => number): Value {
  if (typeof raw !== "string" && typeof raw !== "number") throw refused(place, raw, "use a number or a text");
  try {
    parse(raw);
    return raw;
  } catch (error) {
    throw new UsageError(`Failed to read ${place}: ${(error as Error).message.replace(/^[^:]*: /, "")}`);
  }
}

function readChoice(raw: unknown, place: string, choices: readonly string[]): string {
  if (typeof raw === "string" && choices.includes(raw)) return raw;
  throw refused(place, raw, `use ${choices.join(", ")}`);
}

function readText(raw: unknown, place: string): string {
  if (typeof raw === "string" && raw !== "") return raw;
  if (typeof raw === "number") return String(raw);
  throw refused(place, raw, "use a text");
}

/** Lines of a variable; flags and config files hand over arrays. */
function readList(raw: unknown, place: string): readonly unknown[] {
  if (typeof raw === "string") return raw.split(/\r?\n/).filter((line) => line !== "");
  if (Array.isArray(raw) && raw.every((item) => typeof item === "string" || typeof item === "object"))
    return raw;
  throw refused(place, raw, "use a list of texts");
}

function readObject(raw: unknown, place: string): object {
  if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) return raw;
  throw refused(place, raw, "use an object");
}

function refused(place: string, raw: unknown, advice: string): UsageError {
  return new UsageError(`Failed to read ${place}: ${JSON.stringify(raw)}; ${advice}`);
}
