/** Changes of the list of extensions in the reply to EHLO (RFC 5321 §4.1.1.1). */
import { at, show } from "../notation/mod.ts";
import { read, refuse } from "./parsing/reader.ts";

/** Keywords are upper case. Null: nothing of the kind. */
export interface CapabilityChange {
  /** Whole lines. */
  readonly add: readonly string[] | null;
  readonly remove: readonly string[] | null;
  readonly only: readonly string[] | null;
}

const fields = ["add", "remove", "only"] as const;
const keywordForm = /^[a-z0-9][a-z0-9-]*$/i;
const lineForm = /^[a-z0-9][a-z0-9-]*(?:[ =][\x20-\x7e]*)?$/i;
const longestLine = 500;

/** What is offered only together with others (RFC 3030 §3, RFC 6531 §3.1). */
const needs: Readonly<Record<string, readonly string[]>> = {
  BINARYMIME: ["CHUNKING", "8BITMIME"],
  SMTPUTF8: ["8BITMIME"],
};

/** Reads `capabilities`. */
export function parseCapabilities(value: unknown, path: string): CapabilityChange {
  const change = read.object(value, path, fields);
  if (fields.every((field) => change[field] === undefined)) {
    refuse(path, `changes nothing; give at least one of ${fields.join(", ")}`);
  }
  const readField = (field: (typeof fields)[number], form: RegExp, what: string): readonly string[] | null =>
    change[field] === undefined ? null : readList(change[field], at(path, field), form, what);
  const add = readField("add", lineForm, 'line of the list, such as "SIZE 1000"');
  const remove = readField("remove", keywordForm, 'keyword, such as "STARTTLS"');
  const only = readField("only", keywordForm, 'keyword, such as "STARTTLS"');
  if (add?.length === 0) refuse(at(path, "add"), "an empty list adds nothing; give at least one line");
  if (remove?.length === 0) refuse(at(path, "remove"), "an empty list removes nothing; give a keyword");
  return { add, remove: remove?.map(keywordOf) ?? null, only: only?.map(keywordOf) ?? null };
}

function readList(value: unknown, path: string, form: RegExp, what: string): readonly string[] {
  if (!Array.isArray(value)) refuse(path, `${show(value)} is not a list; use a form such as ["STARTTLS"]`);
  return value.map((one, index) => {
    const onePath = `${path}[${index}]`;
    const text = read.text(one, onePath, longestLine);
    if (!form.test(text)) refuse(onePath, `${show(text)} is no ${what}`);
    return text;
  });
}

/**
 * The list after the change, and the keywords that are not offered because of it. What cannot stand without a keyword
 * that is gone goes with it, unless it is added.
 */
export function changeCapabilities(
  lines: readonly string[],
  change: CapabilityChange,
): { readonly lines: readonly string[]; readonly hidden: readonly string[] } {
  const added = new Map((change.add ?? []).map((line) => [keywordOf(line), line]));
  const isLeft = (keyword: string): boolean =>
    (change.only?.includes(keyword) ?? true) && !(change.remove?.includes(keyword) ?? false);
  const stays = (keyword: string): boolean =>
    added.has(keyword) || [keyword, ...(needs[keyword] ?? [])].every((one) => added.has(one) || isLeft(one));
  const kept = lines.filter((line) => stays(keywordOf(line)));
  const replaced = kept.map((line) => added.get(keywordOf(line)) ?? line);
  const offered = new Set(replaced.map(keywordOf));
  const more = [...added].filter(([keyword]) => !offered.has(keyword)).map(([, line]) => line);
  const listed = [...replaced, ...more];
  const gone = new Set([...lines.map(keywordOf), ...(change.remove ?? [])]);
  for (const line of listed) gone.delete(keywordOf(line));
  return { lines: listed, hidden: [...gone] };
}

function keywordOf(line: string): string {
  return line.split(" ", 1)[0]!.toUpperCase();
}
