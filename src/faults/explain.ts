/** Rules in English: one sentence for a rule. */
import { formatDuration, parseDuration } from "../notation/mod.ts";
import { describeEffect, describeReply, join } from "./describe.ts";
import type { Effect } from "./effect.ts";
import type { CompiledRule } from "./parsing/rule.ts";
import type { CompiledWhen } from "./parsing/when.ts";
import { tableReply } from "./reply-table.ts";
import type { Duration, FaultMatch, FaultPhase, NumberMatch, Pattern, Place, Scope } from "./rule.ts";

/** One sentence for a rule: where, if, what and how often. */
export function explainRule(rule: CompiledRule): string {
  const { source, when, phases, stop, ttl } = rule;
  const on: readonly FaultPhase[] = typeof source.on === "string" ? [source.on] : source.on;
  const [phase] = phases;
  const places = on.map((name) => (name === "content" ? `octet ${stop} of the content` : nameOf(name)));
  const conditions = explainMatch(source.match ?? {}, phases);
  const where = `At ${join(places, "and")}${conditions.length === 0 ? "" : `, if ${join(conditions, "and")}`}`;
  return `${where}, the server ${explainEffects(rule, phase!)}${explainWhen(when)}${ttl === null ? "" : `, until the rule is ${formatDuration(ttl)} old`}.`;
}

const phaseNames: Readonly<Partial<Record<FaultPhase, string>>> = {
  connect: "the connection",
  tls: "the TLS handshake",
  greeting: "the greeting",
  "auth-start": "the AUTH command",
  auth: "the end of authentication",
  "end-of-data": "the end of data",
  unknown: "an unknown command",
  idle: "silence",
  http: "a request to a provider",
  any: "every command and the end of data",
};

function nameOf(phase: FaultPhase): string {
  return phaseNames[phase] ?? phase.toUpperCase();
}

const fieldNames: Readonly<Record<keyof FaultMatch, string>> = {
  from: "the sender",
  to: "the recipient",
  helo: "the HELO name",
  user: "the user",
  mechanism: "the mechanism",
  verb: "the verb",
  argument: "the argument",
  listener: "the listener",
  openSessions: "the number of open sessions",
  body: "the text",
  warning: "a warning",
  idle: "the client",
  remoteAddress: "the remote address",
  tls: "TLS",
  recipientIndex: "the ordinal of the recipient",
  recipientCount: "the number of recipients",
  parameter: "the parameter",
  declaredSize: "the declared size",
  octets: "the size of the content",
  header: "the header field",
  inbox: "the inbox",
  sessionIndex: "the ordinal of the session",
  transactionIndex: "the ordinal of the transaction",
  provider: "the provider",
};

function explainMatch(match: FaultMatch, phases: ReadonlySet<Place>): readonly string[] {
  return Object.entries(match).flatMap(([field, value]) => {
    const name = fieldNames[field as keyof FaultMatch];
    if (value === undefined) return [];
    // The place says it already.
    if (field === "octets" && phases.size === 1 && phases.has("content")) return [];
    if (field === "idle")
      return [`${name} has been silent for ${formatDuration(parseDuration(value as Duration))}`];
    if (field === "tls") return [value === true ? "TLS is on" : "TLS is off"];
    if (field === "header" || field === "parameter") {
      return Object.entries(value as Record<string, Pattern>).map(
        ([one, pattern]) => `${name} ${one} ${explainPattern(pattern)}`,
      );
    }
    const isNumber =
      typeof value === "number" || (typeof value === "object" && ("min" in value || "max" in value));
    if (isNumber) return [`${name} ${explainNumber(value as NumberMatch)}`];
    const isAddress = field === "to" || field === "from";
    return [`${name} ${explainPattern(value as Pattern, isAddress ? explainAddress : asItIs)}`];
  });
}

function explainPattern(pattern: Pattern, explain = asItIs): string {
  const isNegated = typeof pattern === "object" && "not" in pattern;
  const texts = [isNegated ? pattern.not : pattern].flat();
  return `${isNegated ? "does not match" : "matches"} ${join(texts.map(explain), "or")}`;
}

function asItIs(text: string): string {
  return text;
}

/** Hardly any mail has such an address: most likely the domain was forgotten, or a list was meant. */
function explainAddress(text: string): string {
  const isWhole =
    /[*?]|^\/|^$|^postmaster$/i.test(text) || /^(?:"(?:[^"\\]|\\.)*"|[^\s"<>,;@]+)@[^\s<>,;@]+$/.test(text);
  return isWhole ? text : `${text} (not one whole address)`;
}

function explainNumber(number: NumberMatch): string {
  if (typeof number === "number") return `is ${number}`;
  const { min, max } = number;
  if (min === undefined) return `is at most ${max}`;
  return max === undefined ? `is at least ${min}` : `is ${min} to ${max}`;
}

function explainEffects(rule: CompiledRule, phase: Place): string {
  const each = rule.effects.map((effect) => describeEffect(effect, ownReply(effect, phase)));
  if (!Array.isArray(rule.source.do)) return each[0]!;
  const after = { pass: "steps aside", last: "repeats the last of these", loop: "begins again" }[rule.after];
  return `first ${each.join(", next ")}, and after that ${after}`;
}

/** The reply of the effect with its placeholders, as it comes out at this phase. */
function ownReply({ said }: Effect, phase: Place): string | null {
  if (typeof said !== "object") return null;
  const row = tableReply(said.code, phase, said.enhanced);
  const enhanced = said.enhanced === undefined ? row.enhanced : said.enhanced;
  return `says "${describeReply({ code: said.code, enhanced, lines: said.lines ?? [row.text] })}"`;
}

const scopeNames: Readonly<Partial<Record<Scope, string>>> = {
  triplet: "remote address, sender and recipient",
  "message-id": "Message-ID",
  "remote-address": "remote address",
  "sender-domain": "sender domain",
  "recipient-domain": "recipient domain",
};

function explainWhen({ skip, every, for: window, rate, probability, times, per }: CompiledWhen): string {
  const parts: string[] = [];
  if (skip > 0) parts.push(`but not at the first ${skip === 1 ? "match" : `${skip} matches`}`);
  if (every > 1) parts.push(`only at one match in ${every}`);
  if (window !== null) parts.push(`until ${formatDuration(window)} after the first match`);
  if (rate !== null) parts.push(`once ${rate.limit} matches came within ${formatDuration(rate.per)}`);
  if (probability !== null) parts.push(`with a chance of ${Number((probability * 100).toPrecision(6))} %`);
  if (times !== null) parts.push(times === 1 ? "at most once" : `at most ${times} times`);
  if (per !== "rule") parts.push(`counted per ${scopeNames[per] ?? per}`);
  return parts.map((part) => `, ${part}`).join("");
}
