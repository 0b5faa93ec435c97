import { at, compilePattern, isObject, show } from "../../notation/mod.ts";
import {
  type MomentTest,
  type NumberField,
  numberFields,
  type TextField,
  testHeader,
  testIdle,
  testNumber,
  testParameter,
  testStop,
  testText,
  testTls,
  textFields,
  type ValueTest,
} from "../matching.ts";
import { compileNetwork, looksLikeNetwork } from "../network.ts";
import { matchFields, phasesOfField } from "../phase.ts";
import type { FaultMatch, Place } from "../rule.ts";
import { read, refuse } from "./reader.ts";

type Compile = (text: string) => (value: string) => boolean;

const headerName = /^[!-9;-~]+$/; // RFC 5322 §2.2
const keyword = /^[a-z0-9][a-z0-9-]*$/i; // RFC 5321 §4.1.2

/** `match` as read. */
export interface CompiledMatch {
  readonly tests: readonly MomentTest[];
  /** Which recipients `to` means; null: it does not say. */
  readonly recipients: ((address: string) => boolean) | null;
  /** At `content`: octets of it at which the rule is asked. Null: not at that phase. */
  readonly stop: number | null;
  /** At `idle`: milliseconds of silence after which the rule is asked. Null: not at that phase. */
  readonly silence: number | null;
}

/** Reads `match`: one test per field. Refuses a field that none of the rule's phases can know. */
export function parseMatch(value: unknown, path: string, phases: ReadonlySet<Place>): CompiledMatch {
  const match = read.object(value, path, matchFields);
  const tests: MomentTest[] = [];
  for (const field of matchFields) {
    if (match[field] === undefined) continue;
    const fieldPath = at(path, field);
    tests.push(...parseField(field, match[field], fieldPath));
    const known = phasesOfField(field);
    if (![...phases].some((phase) => known.has(phase))) {
      refuse(fieldPath, `cannot be known at ${[...phases].join(", ")}; only at ${[...known].join(", ")}`);
    }
  }
  const stop = phases.has("content") ? parseStop(match.octets, at(path, "octets")) : null;
  if (stop !== null) tests.unshift(testStop(stop));
  return {
    tests,
    recipients: match.to === undefined ? null : parseRecipients(match.to, at(path, "to")),
    stop,
    silence: phases.has("idle") ? parseSilence(match.idle, at(path, "idle"), phases) : null,
  };
}

function parseRecipients(value: unknown, path: string): (address: string) => boolean {
  const { matches, negated } = parsePattern(value, path, compileMailbox);
  return (address) => matches(address) !== negated;
}

/** A content opens with its first octet. */
function parseStop(octets: unknown, path: string): number {
  if (octets === undefined) return 1;
  const { min, max } = parseRange("octets", octets, path);
  if (max === 0) refuse(path, "0 octets are no content yet; use at least 1");
  return Math.max(1, min);
}

function parseSilence(idle: unknown, path: string, phases: ReadonlySet<Place>): number {
  if (idle === undefined) refuse(path, 'is needed at idle: how long the client was silent, such as "30s"');
  const other = [...phases].find((phase) => phase !== "idle");
  if (other !== undefined) refuse(path, `cannot be known at ${other}; make that a rule of its own`);
  return read.span(idle, path);
}

function parseField(field: keyof FaultMatch, value: unknown, path: string): readonly MomentTest[] {
  if (field === "tls") return [testTls(read.boolean(value, path))];
  if (field === "idle") return [testIdle(read.span(value, path))];
  if (field === "header") return parseNamed(value, path, "header field", headerName, testHeader);
  if (field === "parameter") return parseNamed(value, path, "parameter", keyword, testParameter);
  if (isOneOf(field, numberFields)) {
    const { min, max } = parseRange(field, value, path);
    return [testNumber(field, min, max)];
  }
  if (isOneOf(field, textFields)) {
    return [testText(field, parsePattern(value, path, compilers[field]))];
  }
  return refuse(path, "unknown field");
}

function isOneOf<Name extends NumberField | TextField>(field: string, names: readonly Name[]): field is Name {
  return (names as readonly string[]).includes(field);
}

/** A glob or a network. */
const compileAddress: Compile = (text) =>
  looksLikeNetwork(text) ? compileNetwork(text) : compilePattern(text);

const compileMailbox: Compile = (text) => compilePattern(text, "address");

/** What a text means that is more than a glob or a regular expression. */
const compilers: Readonly<Partial<Record<TextField, Compile>>> = {
  remoteAddress: compileAddress,
  from: compileMailbox,
  to: compileMailbox,
};

/** Patterns by name: of header fields or of parameters. */
function parseNamed(
  value: unknown,
  path: string,
  what: string,
  form: RegExp,
  test: (name: string, pattern: ValueTest) => MomentTest,
): readonly MomentTest[] {
  if (!isObject(value)) refuse(path, `${show(value)} is not an object; use {"X-Name": "pattern"}`);
  const entries = Object.entries(value);
  if (entries.length === 0) refuse(path, `names no ${what}; use {"X-Name": "pattern"}`);
  return entries.map(([name, pattern]) => {
    if (!form.test(name)) refuse(at(path, name), `is no name of a ${what}`);
    return test(name, parsePattern(pattern, at(path, name)));
  });
}

/** @param compile what a text means; default: a glob or a regular expression */
export function parsePattern(value: unknown, path: string, compile: Compile = compilePattern): ValueTest {
  if (!isObject(value)) return { matches: parseAnyOf(value, path, compile), negated: false };
  const { not } = read.object(value, path, ["not"]);
  return { matches: parseAnyOf(not, at(path, "not"), compile), negated: true };
}

function parseAnyOf(value: unknown, path: string, compile: Compile): (value: string) => boolean {
  if (!Array.isArray(value)) return parseOne(value, path, compile);
  if (value.length === 0) refuse(path, "an empty list matches nothing; give at least one pattern");
  const tests = value.map((one, index) => parseOne(one, `${path}[${index}]`, compile));
  return (text) => tests.some((matches) => matches(text));
}

function parseOne(value: unknown, path: string, compile: Compile): (value: string) => boolean {
  if (typeof value !== "string") {
    refuse(path, `${show(value)} is not a pattern; use a glob, /regex/i, a list of them, or {"not": …}`);
  }
  const text = read.text(value, path, 1_000);
  return read.with(path, () => compile(text));
}

function parseRange(field: NumberField, value: unknown, path: string): { min: number; max: number } {
  // Ordinals start at 1, amounts at 0.
  const least = field.endsWith("Index") ? 1 : 0;
  if (!isObject(value)) {
    if (typeof value !== "number")
      refuse(path, `${show(value)} is not a number; use 5 or {"min": 5, "max": 9}`);
    const exact = read.integer(value, path, least);
    return { min: exact, max: exact };
  }
  const range = read.object(value, path, ["min", "max"]);
  if (range.min === undefined && range.max === undefined) refuse(path, 'needs "min" or "max"');
  const min = range.min === undefined ? least : read.integer(range.min, at(path, "min"), least);
  const max =
    range.max === undefined ? Number.POSITIVE_INFINITY : read.integer(range.max, at(path, "max"), least);
  if (min > max) refuse(path, `min ${min} is above max ${max}; swap them`);
  return { min, max };
}
