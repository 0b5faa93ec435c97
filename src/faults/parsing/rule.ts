/** Reads rules from JSON and compiles them, or refuses them with path and reason. */
import { at, isObject, type JsonObject, show } from "../../notation/mod.ts";
import { ruleHash } from "../canonical.ts";
import type { Effect } from "../effect.ts";
import { holds, type MomentTest } from "../matching.ts";
import { expandPhases, faultPhases } from "../phase.ts";
import type { FaultPhase, FaultRule, Place } from "../rule.ts";
import { parseEffect } from "./effect.ts";
import { type InboxPlace, idInInbox, inboxOf, refuseUnattributed } from "./inbox.ts";
import { parseMatch, parsePattern } from "./match.ts";
import { refuseIdle } from "./placing.ts";
import { read, refuse } from "./reader.ts";
import { type CompiledRefusal, parseRefusal } from "./refusal.ts";
import { always, type CompiledWhen, parseWhen } from "./when.ts";

/** A rule that can work, ready to be asked. */
export interface CompiledRule {
  readonly source: FaultRule & { readonly id: string; readonly enabled: boolean };
  readonly phases: ReadonlySet<Place>;
  readonly tests: readonly MomentTest[];
  /** Which recipients it is about; null: it does not say. */
  readonly recipients: ((address: string) => boolean) | null;
  /** At `content`: octets of it at which the rule is asked. Null: not at that phase. */
  readonly stop: number | null;
  /** At `idle`: milliseconds of silence after which the rule is asked. Null: not at that phase. */
  readonly silence: number | null;
  readonly when: CompiledWhen;
  /** At least one; the nth firing does the nth. */
  readonly effects: readonly Effect[];
  /** What follows the last of them. */
  readonly after: "pass" | "last" | "loop";
  /** Null: the rule is asked like any other. */
  readonly refusal: CompiledRefusal | null;
  /** Milliseconds, or null. */
  readonly ttl: number | null;
  /** The one inbox that it is about, whose clock it goes by; null: several, or none. */
  readonly inbox: string | null;
}

/** What a rule may hold. */
export const ruleFields: readonly string[] = [
  "id",
  "description",
  "enabled",
  "ttl",
  "on",
  "match",
  "when",
  "do",
  "then",
];
/** What an editor notes in a rule, and the server in one that it lists: it says nothing about the rule. */
const notes: readonly string[] = ["$schema", "explain", "state"];
/** What may follow a list. */
export const following = ["pass", "last", "loop"] as const;

const conditionFields = ["delay", "drip", "throttle", "capabilities", "label"] as const;
const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Last segments of routes below `/api/faults/`. */
const routes = ["presets", "reset", "schema"];
/** Which firings of magic addresses bear. */
export const magicId = "magic";
export const reservedIds: readonly string[] = [...routes, magicId];

/** What there is for rules to act on. */
export interface Premises {
  /** Whether there can be a TLS handshake. */
  readonly offersTls: boolean;
  readonly offersStartTls: boolean;
  /** Names of the listeners; null: any. */
  readonly listeners: () => readonly string[] | null;
  /** Names of the HTTP providers; null: any. */
  readonly providers: readonly string[] | null;
  /** Where what belongs to this inbox is first told from the rest; null: there is no such inbox. */
  readonly inboxFrom: (inbox: string) => InboxPlace | null;
}

/** Of a server that is not known. */
export const anything: Premises = {
  offersTls: true,
  offersStartTls: true,
  listeners: () => null,
  providers: null,
  inboxFrom: () => "connect",
};

/** Reads one rule, a list, or `{ rules: […] }`; all or none. */
export function parseRules(input: unknown, premises = anything): readonly CompiledRule[] {
  const isBundle = isObject(input) && "rules" in input;
  const list = isBundle ? read.object(input, "", ["rules", "$schema"]).rules : input;
  if (Array.isArray(list)) return list.map((rule, index) => parseRule(rule, `rules[${index}]`, premises));
  if (isBundle) refuse("rules", `${show(list)} is not a list; use [rule, …]`);
  return [parseRule(input, "", premises)];
}

/** Reads one rule. `path` is its own place, `""` where it stands alone. */
export function parseRule(input: unknown, path: string, premises = anything): CompiledRule {
  const rule = read.object(withoutNotes(input), path, ruleFields);
  const on = parseOn(rule.on, at(path, "on"));
  const phases = expandPhases(on);
  const effects = parseDo(rule, path, phases);
  if (rule.description !== undefined) read.text(rule.description, at(path, "description"), 1_000);
  const enabled = rule.enabled === undefined ? true : read.boolean(rule.enabled, at(path, "enabled"));
  const compiled = {
    phases,
    refusal: parseRefusal(rule, path, effects),
    ...parseMatch(rule.match === undefined ? {} : rule.match, at(path, "match"), phases),
    when: rule.when === undefined ? always : parseWhen(rule.when, at(path, "when"), phases),
    effects,
    after: Array.isArray(rule.do) ? parseThen(rule, path) : "last",
    ttl: rule.ttl === undefined ? null : read.span(rule.ttl, at(path, "ttl")),
    inbox: inboxOf(rule.match),
  } as const;
  refuseIdle(phases, effects, at(path, "do"), premises);
  if (!premises.offersTls) refuseWithoutTls(phases, at(path, "on"));
  const { listeners, providers } = premises;
  refuseUnknown("listener", "listener", rule.match, at(path, "match"), listeners);
  refuseUnknown("provider", "provider", rule.match, at(path, "match"), () => providers);
  // The listener of an inbox bears its id.
  if (compiled.refusal !== null) refuseUnknown("inbox", "listener", rule.match, at(path, "match"), listeners);
  if (compiled.inbox !== null) refuseUnattributed(compiled.inbox, phases, at(path, "match"), premises);
  const derive = (): string => idInInbox(deriveId(rule, on, effects), compiled.inbox);
  const id = rule.id === undefined ? derive() : parseId(rule.id, at(path, "id"));
  // Checked above, field by field; a copy, so that the caller's later changes do not count.
  const source = { ...(structuredClone(rule) as unknown as FaultRule), id, enabled };
  return { source, ...compiled };
}

/** A rule that was listed can be added again as it is. */
export function withoutNotes(rule: unknown): unknown {
  if (!isObject(rule)) return rule;
  return Object.fromEntries(Object.entries(rule).filter(([field]) => !notes.includes(field)));
}

function parseOn(value: unknown, path: string): readonly FaultPhase[] {
  if (value === undefined) refuse(path, `a rule needs a phase; use one of ${faultPhases.join(", ")}`);
  if (!Array.isArray(value)) return [read.choice(value, path, faultPhases)];
  if (value.length === 0) refuse(path, "an empty list has no phase; give at least one");
  return value.map((phase, index) => read.choice(phase, `${path}[${index}]`, faultPhases));
}

function parseDo(rule: JsonObject, path: string, phases: ReadonlySet<Place>): readonly Effect[] {
  const doPath = at(path, "do");
  if (rule.do === undefined) refuse(doPath, 'a rule needs an effect, such as "452 4.2.2 Mailbox full"');
  if (!Array.isArray(rule.do)) {
    if (rule.then !== undefined) refuse(at(path, "then"), "says what follows a list; it needs a list in do");
    return [parseEffect(rule.do, doPath, phases)];
  }
  if (rule.do.length === 0) refuse(doPath, "an empty list does nothing; give at least one effect");
  return rule.do.map((effect, index) => parseEffect(effect, `${doPath}[${index}]`, phases));
}

function parseThen(rule: JsonObject, path: string): CompiledRule["after"] {
  return rule.then === undefined ? "pass" : read.choice(rule.then, at(path, "then"), following);
}

function refuseWithoutTls(phases: ReadonlySet<Place>, path: string): void {
  if ([...phases].some((phase) => phase !== "tls")) return;
  refuse(
    path,
    "no listener offers TLS, so there is no handshake; start with --starttls offer or --smtps-port",
  );
}

/** Of what this field matches there must be one. */
function refuseUnknown(
  field: "listener" | "provider" | "inbox",
  kind: "listener" | "provider",
  match: unknown,
  path: string,
  namesOf: () => readonly string[] | null,
): void {
  // Whoever names all listeners goes through all inboxes.
  if (!isObject(match) || match[field] === undefined) return;
  const names = namesOf();
  if (names === null) return;
  const test = parsePattern(match[field], at(path, field));
  if (names.some((name) => holds(name, test))) return;
  refuse(at(path, field), `${show(match[field])} means no ${kind}; there is ${names.join(", ")}`);
}

function parseId(value: unknown, path: string): string {
  const id = read.text(value, path, 100);
  if (!idForm.test(id)) refuse(path, `${show(id)} is no id; use letters, digits, ".", "_" and "-"`);
  if (routes.includes(id)) refuse(path, `"${id}" is the name of a route; choose another`);
  if (id === magicId) refuse(path, `"${id}" is the id of all magic addresses; choose another`);
  return id;
}

/** Such as `rcpt-452-3f9a2c01`: the first phase, the first effect, a hash of the rule. */
function deriveId(rule: JsonObject, on: readonly FaultPhase[], effects: readonly Effect[]): string {
  return `${on[0]}-${effectWord(effects[0]!)}-${ruleHash(rule)}`;
}

function effectWord(effect: Effect): string {
  if (typeof effect.said === "object") return String(effect.said.code);
  if (effect.http !== null) return String(effect.http.status);
  if (effect.refusal !== null) return "refuse";
  if (effect.ending !== null) return effect.ending.kind;
  const field = (["wire", "tls", "bounce"] as const).find((name) => effect[name] !== null);
  if (field !== undefined) return field;
  if (effect.said === "none") return "silent";
  if (effect.decides) return "pass";
  return conditionFields.find((name) => effect[name] !== null) ?? "delay";
}
