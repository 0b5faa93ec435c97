import type { Reply } from "../smtp/mod.ts";
import type { Strike } from "./armed-rule.ts";
import { describeEffect, describeReply } from "./explain.ts";
import type { Ending, Moment, Verdict, WireForm } from "./moment.ts";
import type { ReplyTemplate } from "./parse-reply.ts";
import { tableReply } from "./reply-table.ts";
import { fillTemplate } from "./template.ts";

const none: readonly never[] = Object.freeze([]);

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
    labels: none,
    warnings: none,
    firings: none,
  };
}

/** What follows from the rules that fired, newest first; at most one of them decides. */
export function composeVerdict(moment: Moment, strikes: readonly Strike[]): Verdict {
  if (strikes.length === 0) return plainVerdict(moment.proposed);
  const delay = strikes.reduce((sum, strike) => sum + strike.delay, 0);
  const deciding = strikes.find((strike) => strike.effect.decides);
  const ending = deciding === undefined ? null : endingOf(deciding, moment.now + delay);
  const said = deciding === undefined ? moment.proposed : saidBy(deciding, moment);
  const firings = strikes.map((strike) => ({
    ruleId: strike.armed.id,
    phase: moment.phase,
    explain: `rule ${strike.armed.id}: ${describeStrike(strike, said, strike === deciding ? ending : null)}`,
  }));
  if (deciding === undefined) return { ...plainVerdict(said), delay, firings };
  const { raw, truncate } = deciding.effect;
  const wire: WireForm | null =
    raw === null && truncate === null ? null : { raw, eol: "\r\n", padTo: 0, garble: none, truncate };
  const withheld = deciding.effect.said === "none";
  const until = ending === null ? null : deciding.armed.until;
  return { ...plainVerdict(said), withheld, wire, ending, delay, until, firings };
}

/** A stall that begins at `from` ends with its rule at the latest. */
function endingOf({ armed, effect }: Strike, from: number): Ending | null {
  const { ending } = effect;
  if (ending?.kind !== "stall") return ending;
  return { kind: "stall", for: Math.max(0, Math.min(ending.for, armed.expiresAt - from)) };
}

function saidBy({ effect, retryAfter }: Strike, moment: Moment): Reply | null {
  const { proposed } = moment;
  if (effect.said === "none") return null;
  if (effect.said === "normal") return proposed;
  const said = completeReply(effect.said, moment, retryAfter);
  // An ending replaces a refusal, but nothing makes it positive.
  return proposed !== null && proposed.code >= 400 && said.code < 400 ? proposed : said;
}

/** The reply with what code and phase say of it, and the values of the moment. */
function completeReply(template: ReplyTemplate, moment: Moment, retryAfter: number): Reply {
  const { code } = template;
  const row = tableReply(code, moment.phase);
  const enhanced = template.enhanced === undefined ? row.enhanced : template.enhanced;
  const lines = (template.lines ?? [row.text]).map((line) => fillTemplate(line, moment, retryAfter));
  return { code, enhanced, lines };
}

/** The firing in a few words: the delay as drawn, the reply as said, the stall as long as it can be. */
function describeStrike({ effect, delay }: Strike, said: Reply | null, ending: Ending | null): string {
  const drawn = { ...effect, ending, delay: delay === 0 ? null : { min: delay, max: delay } };
  return describeEffect(drawn, typeof effect.said === "object" && said !== null ? describeReply(said) : null);
}
