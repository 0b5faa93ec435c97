import { suggest } from "../notation/mod.ts";
import type { Ending } from "./moment.ts";
import { parseReply, type ReplyTemplate } from "./parse-reply.ts";
import {
  at,
  isObject,
  type JsonObject,
  readChoice,
  readDuration,
  readInteger,
  readObject,
  readSpan,
  readText,
  refuse,
  show,
} from "./reader.ts";

/** What one firing does. */
export interface Effect {
  /** Whether it is a verdict on what is said and sent; if not, it only adds its delay. */
  readonly decides: boolean;
  /** `"normal"`: what the server would say. */
  readonly said: ReplyTemplate | "normal" | "none";
  readonly raw: Uint8Array | null;
  readonly truncate: number | null;
  readonly ending: Ending | null;
  /** Milliseconds; drawn where they differ. */
  readonly delay: { readonly min: number; readonly max: number } | null;
}

const fields = ["reply", "wire", "end", "for", "delay"];
const endings = ["fin", "reset", "stall", "half-close", "none"] as const;
const words = ["pass", "reset", "fin", "stall"] as const;

/** Milliseconds of a stall without `for`. */
const defaultStall = 3_600_000;

/** `"pass"`: the normal reply, and no older rule is asked. */
const pass: Effect = { decides: true, said: "normal", raw: null, truncate: null, ending: null, delay: null };

/** Reads an effect. A string is a reply, `"pass"`, or an ending before which nothing is said. */
export function parseEffect(value: unknown, path: string): Effect {
  if (typeof value !== "string") return parseObject(value, path);
  if (/^\d/.test(value)) {
    const said = parseReply(value, path);
    return { ...pass, said, ending: endingOf(said.code === 421 ? "fin" : "none", defaultStall) };
  }
  const word = words.find((known) => known === value);
  if (word === undefined) {
    refuse(
      path,
      `${show(value)} is no effect; ${suggest(value, words)} or a reply such as "452 4.2.2 Mailbox full"`,
    );
  }
  return word === "pass" ? pass : { ...pass, said: "none", ending: endingOf(word, defaultStall) };
}

function parseObject(value: unknown, path: string): Effect {
  if (!isObject(value)) {
    refuse(path, `${show(value)} is no effect; use a text such as "452 4.2.2 Mailbox full", or an object`);
  }
  const effect = readObject(value, path, fields);
  if (fields.every((field) => effect[field] === undefined)) {
    refuse(path, `does nothing; give at least one of ${fields.join(", ")}`);
  }
  const said = parseSaid(effect.reply, at(path, "reply"));
  const wire =
    effect.wire === undefined ? { raw: null, truncate: null } : parseWire(effect.wire, at(path, "wire"));
  return {
    decides: effect.reply !== undefined || effect.wire !== undefined || effect.end !== undefined,
    said,
    ...wire,
    ending: parseEnding(effect, said, path),
    delay: effect.delay === undefined ? null : parseDelay(effect.delay, at(path, "delay")),
  };
}

function parseSaid(value: unknown, path: string): Effect["said"] {
  if (value === undefined) return "normal";
  return value === "none" ? "none" : parseReply(value, path);
}

/** A 421 ends with `fin` unless `end` says otherwise (RFC 5321 §3.8). */
function parseEnding(effect: JsonObject, said: Effect["said"], path: string): Ending | null {
  const is421 = typeof said === "object" && said.code === 421;
  const end = effect.end === undefined ? undefined : readChoice(effect.end, at(path, "end"), endings);
  if (end === "none" && !is421) refuse(at(path, "end"), '"none" keeps a 421 open; it needs a reply 421');
  if (effect.for !== undefined && end !== "stall") {
    refuse(at(path, "for"), 'is the duration of a stall; it needs "end": "stall"');
  }
  const duration = effect.for === undefined ? defaultStall : readSpan(effect.for, at(path, "for"));
  return endingOf(end ?? (is421 ? "fin" : "none"), duration);
}

function endingOf(name: (typeof endings)[number], duration: number): Ending | null {
  if (name === "none") return null;
  return name === "stall" ? { kind: "stall", for: duration } : { kind: name };
}

function parseWire(value: unknown, path: string): { raw: Uint8Array | null; truncate: number | null } {
  const wire = readObject(value, path, ["raw", "truncate"]);
  if (wire.raw === undefined && wire.truncate === undefined) refuse(path, "needs raw or truncate");
  return {
    raw:
      wire.raw === undefined
        ? null
        : new TextEncoder().encode(readText(wire.raw, at(path, "raw"), 1_000_000)),
    truncate: wire.truncate === undefined ? null : readInteger(wire.truncate, at(path, "truncate"), 0),
  };
}

function parseDelay(value: unknown, path: string): { min: number; max: number } {
  if (!Array.isArray(value)) {
    const exact = readDuration(value, path);
    return { min: exact, max: exact };
  }
  if (value.length !== 2) refuse(path, `${show(value)} is no range; use [min, max]`);
  const min = readDuration(value[0], `${path}[0]`);
  const max = readDuration(value[1], `${path}[1]`);
  if (min > max) refuse(path, `min ${show(value[0])} is above max ${show(value[1])}; swap them`);
  return { min, max };
}
