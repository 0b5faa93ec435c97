/** Query parameters: those of the route itself are read here, those of the filter by the store. */
import type { Context } from "hono";
import { parseDuration, parseFlag, suggest } from "../notation/mod.ts";
import { messageParameters } from "../store/mod.ts";
import { ProblemError } from "./problem.ts";

/** The parameters of one request, parted. */
export interface Query {
  readonly own: URLSearchParams;
  readonly filter: URLSearchParams;
}

/** Parts the route's own parameters from those of the filter; an unknown one is refused. */
export function partQuery(c: Context, own: readonly string[], filter: readonly string[] = []): Query {
  const parted = { own: new URLSearchParams(), filter: new URLSearchParams() };
  for (const [name, value] of new URLSearchParams(plusesKept(new URL(c.req.url).search))) {
    if (own.includes(name)) {
      if (parted.own.has(name)) throw badQuery(name, value, "give it once");
      parted.own.append(name, value);
    } else if (filter.includes(name) || (name.startsWith("header.") && filter === messageParameters)) {
      parted.filter.append(name, value);
    } else {
      throw unknownParameter(name, [...own, ...filter]);
    }
  }
  return parted;
}

/** Written by hand, `to=ada+tag@x.test` means what it says; a space is `%20` there. */
function plusesKept(search: string): string {
  return search.replace(/(?<=[?&](?:to|from)=)[^&]+/g, (value) => value.replaceAll("+", "%2B"));
}

/** The parameters of a route without filter; an unknown one is refused. */
export function onlyQuery(c: Context, own: readonly string[] = []): URLSearchParams {
  return partQuery(c, own).own;
}

function unknownParameter(name: string, known: readonly string[]): ProblemError {
  const advice = known.length === 0 ? "this route takes no parameters" : suggest(name, known);
  const detail = `Failed to read the query: ${JSON.stringify(name)} is no parameter here; ${advice}`;
  return new ProblemError("bad-query", detail, { field: name });
}

/** A whole number between `min` and `max`, or null where it is not given. */
export function wholeNumber(query: URLSearchParams, name: string, min: number, max: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw badQuery(name, text, `use a whole number from ${min} to ${max}`);
}

/** Milliseconds up to `max`, or null where it is not given. */
export function duration(query: URLSearchParams, name: string, max: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  let milliseconds: number;
  try {
    milliseconds = parseDuration(text);
  } catch (error) {
    throw new ProblemError("bad-query", `${name}: ${(error as Error).message}`, { field: name });
  }
  if (milliseconds <= max) return milliseconds;
  throw badQuery(name, text, `use at most ${max / 1000}s, and ask again`);
}

/** True or false; false where it is not given. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  const said = text === null ? false : parseFlag(text);
  if (said === null) throw badQuery(name, text!, "use true or false");
  return said;
}

export function badQuery(field: string, value: string, advice: string): ProblemError {
  return new ProblemError(
    "bad-query",
    `Failed to read the query: ${field}=${JSON.stringify(value)}; ${advice}`,
    { field },
  );
}

/** What every listing takes. */
export const pageParameters: readonly string[] = ["limit", "cursor"];

/** `limit` 1–500, default 50, and `cursor`. */
export function readPage(query: URLSearchParams): { limit: number; cursor: string | undefined } {
  return { limit: wholeNumber(query, "limit", 1, 500) ?? 50, cursor: query.get("cursor") ?? undefined };
}
