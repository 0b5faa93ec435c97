/**
 * Addresses that ask for a fault, without any rule:
 *
 *     local  = [base "+"] "fault." directive *("." option)
 *     domain = directive *("." option) ".fault.test"
 *
 * What an address asks for is put as a rule and read like any other.
 */
import { type CompiledRule, magicId, parseRule } from "./parsing/rule.ts";
import { expandPhases } from "./phase.ts";
import { presetNames, presetRules } from "./presets/catalogue.ts";
import { type FaultPhase, type FaultRule, FaultRuleError, type FaultWhen, type Place } from "./rule.ts";

type OwnPlace = Exclude<FaultPhase, "any">;

/** Where a recipient can strike: when it is tried, and after it was accepted. */
export const recipientPhases: readonly OwnPlace[] = ["rcpt", "data", "content", "bdat", "end-of-data"];

/** What comes before RCPT and fails the message all the same. */
const earlierPhases: readonly OwnPlace[] = ["auth-start", "auth", "mail"];

const look = /(?:^|[+"])fault\.|\.fault\.test$/i;
const localForm = /(?:^|\+)fault\.([^+]+)$/;
const domainForm = /^(.+)\.fault\.test$/;

/** Octets of the local part or domain that asks. */
const longest = 64;

/** Whether the address may ask for a fault. Most do not, and this is all that they cost. */
export function looksMagic(address: string): boolean {
  return look.test(address);
}

/** The rule that the address asks for, with the id `magic`. Null: it asks for nothing that there is. */
export function magicRule(address: string): CompiledRule | null {
  const rule = readAddress(address.toLowerCase());
  if (rule === null) return null;
  try {
    const parsed = parseRule(rule, "");
    const magic = { ...parsed, source: { ...parsed.source, id: magicId } };
    // It shields at `content` too, wherever others want to be asked there.
    return rule.on === shielded ? { ...magic, phases: new Set<Place>(recipientPhases) } : magic;
  } catch (error) {
    if (error instanceof FaultRuleError) return null;
    throw error;
  }
}

function readAddress(address: string): FaultRule | null {
  const sign = address.lastIndexOf("@");
  const found =
    localForm.exec(address.slice(0, Math.max(sign, 0))) ?? domainForm.exec(address.slice(sign + 1));
  if (found === null || new TextEncoder().encode(found.input).length > longest) return null;
  const words = found[1]!.split(".");
  const preset = presetIn(words);
  const rule = preset === null ? readDirective(words[0]!) : presetRule(preset);
  const options = readOptions(words.slice(preset?.split(".").length ?? 1));
  if (rule === null || options === null) return null;
  const { on = rule.on, when = rule.when } = options;
  return on.length === 0 ? null : { ...rule, on, ...(when === undefined ? {} : { when }) };
}

/** The longest name that the words begin with: names of presets may hold dots. */
function presetIn(words: readonly string[]): string | null {
  const names = words.map((_, at) => words.slice(0, at + 1).join("."));
  return names.findLast((name) => presetNames.includes(name)) ?? null;
}

/** At its own phases, as far as a recipient is known there. A pack has addresses of its own. */
function presetRule(name: string): FaultRule | null {
  const [rule, ...more] = presetRules(name) as unknown as readonly FaultRule[];
  if (rule === undefined || more.length > 0) return null;
  const { on, match, when, do: effect, then } = rule;
  return {
    on: placesOf(expandPhases(typeof on === "string" ? [on] : on)),
    ...(match === undefined ? {} : { match }),
    ...(when === undefined ? {} : { when }),
    do: effect,
    ...(then === undefined ? {} : { then }),
  };
}

function placesOf(phases: ReadonlySet<Place>): readonly FaultPhase[] {
  const own = recipientPhases.filter((phase) => phases.has(phase));
  if (own.length > 0) return own;
  return earlierPhases.some((phase) => phases.has(phase)) ? ["rcpt"] : [];
}

const shielded: readonly OwnPlace[] = ["rcpt", "data", "bdat", "end-of-data"];

const directives: Readonly<Record<string, FaultRule>> = {
  reset: { on: "rcpt", do: "reset" },
  drop: { on: "rcpt", do: "fin" },
  stall: { on: "rcpt", do: "stall" },
  ok: { on: shielded, do: "pass" },
};

function readDirective(word: string): FaultRule | null {
  if (Object.hasOwn(directives, word)) return directives[word]!;
  const [, delay] = /^delay-(\d+(?:ms|s))$/.exec(word) ?? [];
  if (delay !== undefined) return { on: "rcpt", do: { delay } };
  const [, code, enhanced] = /^(\d{3})(-[245]-\d{1,3}-\d{1,3})?$/.exec(word) ?? [];
  if (code === undefined) return null;
  return { on: "rcpt", do: `${code}${enhanced?.replace("-", " ").replaceAll("-", ".") ?? ""}` };
}

const places: Readonly<Record<string, FaultPhase>> = {
  "at-mail": "mail",
  "at-rcpt": "rcpt",
  "at-data": "data",
  "at-eod": "end-of-data",
};

interface Options {
  readonly on?: FaultPhase;
  readonly when?: FaultWhen;
}

/** Null: one is unknown, or there twice. */
function readOptions(given: readonly string[]): Options | null {
  let read: Options = {};
  for (const option of given) {
    const more = readOption(option);
    if (more === null || repeats(read, more)) return null;
    read = { ...read, ...more, ...(more.when === undefined ? {} : { when: { ...read.when, ...more.when } }) };
  }
  return read;
}

function readOption(option: string): Options | null {
  if (Object.hasOwn(places, option)) return { on: places[option]! };
  const [, name, digits] = /^(x|after|p)(\d{1,9})$/.exec(option) ?? [];
  const number = Number(digits);
  if (name === "x") return { when: { times: number } };
  if (name === "after") return { when: { skip: number } };
  return name === "p" ? { when: { probability: number / 100 } } : null;
}

function repeats(read: Options, more: Options): boolean {
  if (more.when === undefined) return read.on !== undefined;
  return Object.keys(more.when).some((field) => Object.hasOwn(read.when ?? {}, field));
}
