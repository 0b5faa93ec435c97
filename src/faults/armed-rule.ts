/** A rule in force: what it was compiled to, what it has counted, and who waits for it to go. */
import { canonicalJson } from "./canonical.ts";
import { Counting, stopwatchAt } from "./counting.ts";
import { describeEffect } from "./describe.ts";
import { draw } from "./draw.ts";
import type { Effect } from "./effect.ts";
import { explainRule } from "./explain.ts";
import type { Garbled, Moment, Refusal } from "./moment.ts";
import type { CompiledRule } from "./parsing/rule.ts";
import { listPhases } from "./phase.ts";
import type { FaultRuleReport, Scope } from "./rule.ts";
import { naturalKey, scopeKey } from "./scope.ts";

/** One firing of a rule. */
export interface Strike {
  readonly armed: ArmedRule;
  /** The magic address that asked for it, lower case; null: a rule did. */
  readonly address: string | null;
  readonly effect: Effect;
  /** Milliseconds. */
  readonly delay: number;
  readonly garble: readonly Garbled[];
  /** Milliseconds until the fault would be over; 0 where nothing says so. */
  readonly retryAfter: number;
  /** Milliseconds until the rule goes, by its own clock. */
  readonly left: number;
}

/** What stands against a rule before it is asked. */
export interface Standing {
  /** A newer rule has decided what is said. */
  readonly decided: boolean;
  /** The server itself refuses. */
  readonly refused: boolean;
}

export class ArmedRule {
  readonly rule: CompiledRule;
  /** Fault time, milliseconds; infinity without a ttl. */
  readonly expiresAt: number;
  /** Fault time, milliseconds: when it came into force. */
  readonly #since: number;
  readonly #chancy: boolean;
  #counting: Counting;
  #gone: AbortController | null = null;

  constructor(
    rule: CompiledRule,
    since: number,
    expiresAt = expiryOf(rule, since),
    counting = new Counting(rule.when),
  ) {
    this.rule = rule;
    this.expiresAt = expiresAt;
    this.#since = since;
    this.#counting = counting;
    this.#chancy =
      rule.when.probability !== null ||
      rule.effects.some(
        ({ delay, wire }) => (delay !== null && delay.min < delay.max) || (wire !== null && wire.garble > 0),
      );
  }

  get id(): string {
    return this.rule.source.id;
  }

  /** Aborts when the rule goes, so that a stall can end. */
  get until(): AbortSignal {
    this.#gone ??= new AbortController();
    return this.#gone.signal;
  }

  /** Comes into force: a refusal, which is never asked, acts and counts now. */
  begin(): this {
    const { refusal, source } = this.rule;
    if (refusal !== null && source.enabled) this.#counting.match("", stopwatchAt(this.#since), () => 0, true);
    return this;
  }

  /** The listener that it closes now; null where it closes none. */
  refusal(now: number): Refusal | null {
    const { refusal, effects, source } = this.rule;
    const until = Math.min(this.#refusedUntil, this.expiresAt);
    if (refusal === null || !source.enabled || now >= until) return null;
    const explain = `rule ${this.id}: ${describeEffect(effects[0]!, null)}`;
    return { ruleId: this.id, concerns: refusal.concerns, until, explain };
  }

  /** Asks the rule, and counts if it matches. Null: it does not fire. */
  ask(moment: Moment, seed: string, standing: Standing): Strike | null {
    const { tests, when } = this.rule;
    if (!tests.every((test) => test(moment))) return null;
    const key = scopeKey(when.per, moment);
    const effect = this.#effectAfter(this.#counting.firedFor(key));
    // Not asked, and so not counted.
    if (standing.decided && (effect === null || effect.decides)) return null;
    if (standing.refused && !overridesRefusal(effect)) return null;
    if (effect !== null && !canAct(effect, moment, standing)) return null;

    const chance = this.#chance(moment, seed, key);
    const fires = this.#counting.match(key, moment.stopwatch, () => chance("fire"), effect !== null);
    if (!fires || effect === null) return null;
    return {
      armed: this,
      address: null,
      effect,
      delay: drawDelay(effect, chance),
      garble: drawGarbled(effect.wire?.garble ?? 0, chance),
      retryAfter: this.#counting.retryAfter(key, moment.stopwatch),
      left: this.expiresAt - moment.stopwatch.now,
    };
  }

  resetCounters(): void {
    this.#counting = new Counting(this.rule.when);
  }

  /**
   * The rule after a change. While it does the same it goes on counting, and who waits for it to go
   * waits on; with the same ttl it ends when it would have.
   */
  become(rule: CompiledRule, now: number): ArmedRule {
    const same = deeds(rule) === deeds(this.rule);
    const expiresAt = rule.ttl === this.rule.ttl ? this.expiresAt : expiryOf(rule, now);
    const goesOn = same && this.rule.source.enabled && rule.source.enabled;
    const counting = same ? this.#counting : new Counting(rule.when);
    const next = new ArmedRule(rule, goesOn ? this.#since : now, expiresAt, counting);
    if (goesOn) {
      next.#gone = this.#gone;
      return next;
    }
    this.disarm();
    return next.begin();
  }

  /** The rule is gone, or no longer what it was. */
  disarm(): void {
    this.#gone?.abort();
    this.#gone = null;
  }

  report(now: number): FaultRuleReport {
    const { matched, fired } = this.#counting;
    return {
      ...structuredClone(this.rule.source),
      explain: explainRule(this.rule),
      state: { matched, fired, spent: this.#isSpent(now) },
    };
  }

  /** What the next firing does after so many; null: the rule steps aside. */
  #effectAfter(fired: number): Effect | null {
    const { effects, after } = this.rule;
    if (fired < effects.length) return effects[fired]!;
    if (after === "pass") return null;
    return after === "last" ? effects.at(-1)! : effects[fired % effects.length]!;
  }

  get #refusedUntil(): number {
    return this.#since + (this.rule.refusal?.for ?? 0);
  }

  #isSpent(now: number): boolean {
    if (this.rule.refusal !== null) return this.rule.source.enabled && now >= this.#refusedUntil;
    if (this.rule.when.per !== "rule") return false;
    return this.#effectAfter(this.#counting.fired) === null || this.#counting.isSpent("", stopwatchAt(now));
  }

  /**
   * Draws hang on seed, rule, phase, key and the nth match of that key. Where all moments share one
   * counter, or the key is a number that the server gave, the natural key stands in, or else the order of
   * parallel sessions would count.
   */
  #chance(moment: Moment, seed: string, key: string): (purpose: string) => number {
    if (!this.#chancy) return () => 0;
    const { phase } = moment;
    const drawKey = runningScopes.has(this.rule.when.per) ? naturalKey(moment) : key;
    const nth = this.#counting.nth(`${phase} ${drawKey}`);
    return (purpose) => draw(seed, this.id, phase, drawKey, nth, purpose);
  }
}

/** Scopes whose keys do not tell who talks to whom. */
const runningScopes: ReadonlySet<Scope> = new Set<Scope>(["rule", "session", "transaction"]);

/** Fault time at which a rule that comes into force now goes. */
function expiryOf(rule: CompiledRule, now: number): number {
  return rule.ttl === null ? Number.POSITIVE_INFINITY : now + rule.ttl;
}

/** What a rule does, apart from how it is called and whether it is on. */
function deeds({ source }: CompiledRule): string {
  return canonicalJson({ ...source, id: null, description: null, enabled: null, ttl: null });
}

/** No rule hides the server's own refusal, except by an ending; a mere delay hides nothing. */
function overridesRefusal(effect: Effect | null): boolean {
  return effect !== null && (effect.ending !== null || !effect.decides);
}

/** A change of the list of extensions needs that list, and a label needs a transaction. */
function canAct(effect: Effect, moment: Moment, { refused }: Standing): boolean {
  const { decides, delay, drip, throttle, wire, capabilities, label } = effect;
  if (decides || delay !== null || drip !== null || throttle !== null || wire !== null) return true;
  const hasList = capabilities !== null && listPhases.has(moment.phase) && !refused;
  return hasList || (label !== null && moment.transaction !== null);
}

function drawGarbled(octets: number, chance: (purpose: string) => number): readonly Garbled[] {
  return Array.from({ length: octets }, (_, index) => ({
    at: chance(`garble at ${index}`),
    change: 1 + Math.floor(255 * chance(`garble by ${index}`)),
  }));
}

function drawDelay(effect: Effect, chance: (purpose: string) => number): number {
  if (effect.delay === null) return 0;
  const { min, max } = effect.delay;
  return min === max ? min : Math.round(min + (max - min) * chance("delay"));
}
