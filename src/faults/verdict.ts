import type { Reply } from "../smtp/mod.ts";
import type { Strike } from "./armed-rule.ts";
import { changeCapabilities } from "./capabilities.ts";
import { describeEffect, describeReply } from "./describe.ts";
import type { Effect } from "./effect.ts";
import type { Bounce, Ending, HttpFault, Moment, Pace, TlsFault, Verdict, WireForm } from "./moment.ts";
import type { ReplyTemplate } from "./parsing/reply.ts";
import { listPhases } from "./phase.ts";
import { tableReply } from "./reply-table.ts";
import type { TlsVersion } from "./rule.ts";
import { fillTemplate } from "./template.ts";

const none: readonly never[] = Object.freeze([]);

const beyondAscii = /[^\x00-\x7f]/;

/** No rule acted: the reply is said and sent as it is. */
export function plainVerdict(reply: Reply | null): Verdict {
  return {
    said: reply,
    withheld: false,
    wire: null,
    ending: null,
    delay: 0,
    until: null,
    pace: null,
    hidden: none,
    tls: null,
    bounce: null,
    http: null,
    labels: none,
    warnings: none,
    firings: none,
  };
}

/** What follows from the rules that fired, newest first; at most one of them decides. */
export function composeVerdict(
  moment: Moment,
  strikes: readonly Strike[],
  warnings: Verdict["warnings"] = none,
  emulates: (version: TlsVersion) => boolean = () => false,
): Verdict {
  if (strikes.length === 0) return { ...plainVerdict(moment.proposed), warnings };
  const delay = strikes.reduce((sum, strike) => sum + strike.delay, 0);
  const deciding = strikes.find((strike) => strike.effect.decides) ?? null;
  const ending = deciding === null ? null : endingOf(deciding, delay);
  const reply = deciding === null ? moment.proposed : saidBy(deciding, moment);
  const tls = deciding === null ? null : tlsOf(deciding, delay, emulates);
  const firings = strikes.map((strike) => ({
    ruleId: strike.armed.id,
    phase: moment.phase,
    explain: `${nameOf(strike)}: ${describeStrike(strike, moment, reply, strike === deciding ? { ending, tls } : { ending: null, tls: null })}`,
  }));
  const accepted = moment.phase === "end-of-data" && isCompletion(reply);
  return {
    ...listed(moment, strikes, reply),
    withheld: deciding?.effect.said === "none",
    wire: wireOf(deciding, strikes),
    ending,
    delay,
    until: ending !== null || tls !== null ? deciding!.armed.until : null,
    pace: paceOf(strikes),
    tls,
    bounce: accepted ? bounceOf(deciding) : null,
    http: httpOf(deciding),
    labels: moment.transaction === null ? none : labelsOf(strikes),
    warnings,
    firings,
  };
}

/** A magic address is no rule that anybody could look up: it is named. */
function nameOf({ armed, address }: Strike): string {
  return address === null ? `rule ${armed.id}` : `${armed.id} address ${address}`;
}

/** Only recipients that the rule is about are reported; a magic address is about itself. */
function bounceOf(deciding: Strike | null): Bounce | null {
  const bounce = deciding?.effect.bounce ?? null;
  if (deciding === null || bounce === null) return null;
  const { armed, address } = deciding;
  const isIt = (one: string): boolean => one.toLowerCase() === address;
  return { ...bounce, recipients: address === null ? armed.rule.recipients : isIt };
}

/** Where the rule does not say when to come back, its `for` or `rate` does. */
function httpOf(deciding: Strike | null): HttpFault | null {
  const http = deciding?.effect.http ?? null;
  if (deciding === null || http === null) return null;
  const seconds = deciding.retryAfter > 0 ? Math.ceil(deciding.retryAfter / 1000) : null;
  return { ...http, retryAfter: http.retryAfter ?? seconds };
}

/** What the newest effect says that says something of it. */
function newest<Value>(
  strikes: readonly Strike[],
  read: (effect: Effect) => Value | null | undefined,
): Value | null {
  for (const { effect } of strikes) {
    const value = read(effect);
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** The reply, its list of extensions changed where there is one. */
function listed(
  { phase }: Moment,
  strikes: readonly Strike[],
  reply: Reply | null,
): Pick<Verdict, "said" | "hidden"> {
  const change = {
    add: newest(strikes, ({ capabilities }) => capabilities?.add),
    remove: newest(strikes, ({ capabilities }) => capabilities?.remove),
    only: newest(strikes, ({ capabilities }) => capabilities?.only),
  };
  if (!listPhases.has(phase) || reply === null || !isCompletion(reply)) return { said: reply, hidden: none };
  if (Object.values(change).every((part) => part === null)) return { said: reply, hidden: none };
  const [first = "", ...list] = reply.lines;
  const { lines, hidden } = changeCapabilities(list, change);
  return { said: { ...reply, lines: [first, ...lines] }, hidden };
}

function wireOf(deciding: Strike | null, strikes: readonly Strike[]): WireForm | null {
  const wire = deciding?.effect.wire ?? null;
  const eol = newest(strikes, (effect) => effect.wire?.eol);
  if (wire === null && eol === null) return null;
  return {
    raw: wire?.raw ?? null,
    eol: eol ?? "\r\n",
    padTo: wire?.padTo ?? 0,
    garble: deciding?.garble ?? none,
    truncate: wire?.truncate ?? null,
  };
}

function paceOf(strikes: readonly Strike[]): Pace | null {
  const drip = newest(strikes, (effect) => effect.drip);
  const read = newest(strikes, ({ throttle }) => throttle?.read);
  const write = newest(strikes, ({ throttle }) => throttle?.write);
  return drip === null && read === null && write === null ? null : { drip, read, write };
}

function labelsOf(strikes: readonly Strike[]): readonly string[] {
  return [...new Set(strikes.flatMap(({ effect }) => effect.label ?? []))];
}

/** Positive completion, 2yz (RFC 5321 §4.2.1): not the 354 that asks for more. */
function isCompletion(reply: Reply | null): boolean {
  return reply !== null && reply.code < 300;
}

function endingOf(strike: Strike, delay: number): Ending | null {
  const { ending } = strike.effect;
  return ending?.kind === "stall" ? { kind: "stall", for: stallOf(strike, ending.for, delay) } : ending;
}

function tlsOf(strike: Strike, delay: number, emulates: (version: TlsVersion) => boolean): TlsFault | null {
  const { tls } = strike.effect;
  if (tls === null) return null;
  const emulated = tls.maxVersion !== null && emulates(tls.maxVersion);
  return { ...tls, emulated, stall: stallOf(strike, tls.stall, delay) };
}

/** A stall that begins after a delay ends with its rule at the latest. */
function stallOf({ left }: Strike, ms: number, delay: number): number {
  return Math.max(0, Math.min(ms, left - delay));
}

function saidBy({ effect, retryAfter }: Strike, moment: Moment): Reply | null {
  const { proposed } = moment;
  if (effect.said === "none") return null;
  if (effect.said === "normal" || isNormal(effect.said, moment)) return proposed;
  const said = completeReply(effect.said, moment, retryAfter);
  // An ending replaces a refusal, but nothing makes it positive.
  return proposed !== null && proposed.code >= 400 && said.code < 400 ? proposed : said;
}

/** The bare code of the reply that takes a message: only the normal one comes to name it. */
function isNormal({ code, enhanced, lines }: ReplyTemplate, { phase, proposed }: Moment): boolean {
  return phase === "end-of-data" && code === proposed?.code && enhanced === undefined && lines === null;
}

/** The reply with what code and phase say of it, and the values of the moment. */
function completeReply(template: ReplyTemplate, moment: Moment, retryAfter: number): Reply {
  const { code } = template;
  const row = tableReply(code, moment.phase, template.enhanced);
  const ofTable = moment.hidesEnhanced ? null : row.enhanced;
  const enhanced = template.enhanced === undefined ? ofTable : template.enhanced;
  const lines = (template.lines ?? [row.text]).map((line) => fillTemplate(line, moment, retryAfter));
  // What a rule says is sent as it is written; what a client said only with it.
  const isUtf8 = template.lines?.some((line) => beyondAscii.test(line)) === true;
  return { code, enhanced, lines, ...(isUtf8 ? { isUtf8 } : {}) };
}

/** The firing in a few words: the delay as drawn, the reply as said, the stall as long as it can be. */
function describeStrike(
  { effect, delay }: Strike,
  { phase, transaction }: Moment,
  said: Reply | null,
  decided: Pick<Verdict, "ending" | "tls">,
): string {
  const drawn = {
    ...effect,
    ...decided,
    delay: delay === 0 ? null : { min: delay, max: delay },
    capabilities: listPhases.has(phase) && isCompletion(said) ? effect.capabilities : null,
    bounce: isCompletion(said) ? effect.bounce : null,
    label: transaction === null ? null : effect.label,
  };
  return describeEffect(drawn, typeof effect.said === "object" && said !== null ? describeReply(said) : null);
}
