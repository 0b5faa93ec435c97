import { at, isObject, type JsonObject, show, suggest } from "../../notation/mod.ts";
import { parseCapabilities } from "../capabilities.ts";
import { defaultStall, type Effect } from "../effect.ts";
import type { Ending } from "../moment.ts";
import type { EndingName, Place } from "../rule.ts";
import { parseBounce, parseHttp, parseLabel } from "./outcome.ts";
import { refuseMisplaced } from "./placing.ts";
import { read, refuse } from "./reader.ts";
import { parseReply, type ReplyTemplate } from "./reply.ts";
import { parseTls } from "./tls.ts";
import { isOnlyEol, parseDrip, parseThrottle, parseWire } from "./wire.ts";

const effectFields = [
  "reply",
  "wire",
  "end",
  "for",
  "delay",
  "drip",
  "throttle",
  "capabilities",
  "tls",
  "bounce",
  "http",
  "label",
] as const;
export const endings = ["fin", "reset", "stall", "half-close", "refuse", "none"] as const;
export const effectWords = ["pass", "reset", "fin", "stall"] as const;

/** `"pass"`: the normal reply, and no older rule is asked. */
const pass: Effect = {
  decides: true,
  said: "normal",
  wire: null,
  ending: null,
  refusal: null,
  delay: null,
  drip: null,
  throttle: null,
  capabilities: null,
  tls: null,
  bounce: null,
  http: null,
  label: null,
};

/** Reads an effect. A string is a reply, `"pass"`, or an ending before which nothing is said. */
export function parseEffect(value: unknown, path: string, phases: ReadonlySet<Place>): Effect {
  const effect = typeof value === "string" ? parseText(value, path) : parseObject(value, path);
  refuseMisplaced(effect, phases, (field) => (typeof value === "string" ? path : at(path, field)));
  return effect;
}

function parseText(value: string, path: string): Effect {
  if (/^\d/.test(value)) {
    const said = parseReply(value, path);
    return { ...pass, said, ending: endingOf(said.code === 421 ? "fin" : "none", defaultStall) };
  }
  const word = effectWords.find((known) => known === value);
  if (word === undefined) {
    refuse(
      path,
      `${show(value)} is no effect; ${suggest(value, effectWords)} or a reply such as "452 4.2.2 Mailbox full"`,
    );
  }
  return word === "pass" ? pass : { ...pass, said: "none", ending: endingOf(word, defaultStall) };
}

function parseObject(value: unknown, path: string): Effect {
  if (!isObject(value)) {
    refuse(path, `${show(value)} is no effect; use a text such as "452 4.2.2 Mailbox full", or an object`);
  }
  const effect = read.object(value, path, effectFields);
  if (effectFields.every((field) => effect[field] === undefined)) {
    refuse(path, `does nothing; give at least one of ${effectFields.join(", ")}`);
  }
  const readField = <Value>(field: string, reader: (value: unknown, path: string) => Value): Value | null =>
    effect[field] === undefined ? null : reader(effect[field], at(path, field));
  const said = readField("reply", (given, where) => (given === "none" ? given : parseReply(given, where)));
  const wire = readField("wire", parseWire);
  const duration = readField("for", (given, where) => read.span(given, where));
  const tls = readField("tls", (given, where) => parseTls(given, where, duration ?? defaultStall));
  const ends = parseEnding(effect, said, duration, path);
  const lasts = effect.end === "stall" || effect.end === "refuse" || tls?.handshake === "stall";
  if (duration !== null && !lasts) {
    refuse(
      at(path, "for"),
      'is the duration of a stall or a refusal; it needs "end": "stall" or "refuse", or a handshake that stalls',
    );
  }
  return {
    decides:
      ["reply", "end", "tls", "bounce", "http"].some((field) => effect[field] !== undefined) ||
      (wire !== null && !isOnlyEol(wire)),
    said: said ?? "normal",
    wire,
    ...ends,
    delay: readField("delay", parseDelay),
    drip: readField("drip", parseDrip),
    throttle: readField("throttle", parseThrottle),
    capabilities: readField("capabilities", parseCapabilities),
    tls,
    bounce: readField("bounce", parseBounce),
    http: readField("http", parseHttp),
    label: readField("label", parseLabel),
  };
}

/** A 421 ends with `fin` unless `end` says otherwise (RFC 5321 §3.8). */
function parseEnding(
  effect: JsonObject,
  said: ReplyTemplate | "none" | null,
  duration: number | null,
  path: string,
): Pick<Effect, "ending" | "refusal"> {
  const is421 = typeof said === "object" && said?.code === 421;
  const end = effect.end === undefined ? undefined : read.choice(effect.end, at(path, "end"), endings);
  if (end === "none" && !is421) refuse(at(path, "end"), '"none" keeps a 421 open; it needs a reply 421');
  if (end === "refuse") return { ending: null, refusal: { for: duration ?? Number.POSITIVE_INFINITY } };
  return { ending: endingOf(end ?? (is421 ? "fin" : "none"), duration ?? defaultStall), refusal: null };
}

function endingOf(name: Exclude<EndingName, "refuse">, duration: number): Ending | null {
  if (name === "none") return null;
  return name === "stall" ? { kind: "stall", for: duration } : { kind: name };
}

function parseDelay(value: unknown, path: string): { min: number; max: number } {
  if (!Array.isArray(value)) {
    const exact = read.duration(value, path);
    return { min: exact, max: exact };
  }
  if (value.length !== 2) refuse(path, `${show(value)} is no range; use [min, max]`);
  const min = read.duration(value[0], `${path}[0]`);
  const max = read.duration(value[1], `${path}[1]`);
  if (min > max) refuse(path, `min ${show(value[0])} is above max ${show(value[1])}; swap them`);
  return { min, max };
}
