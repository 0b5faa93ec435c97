/**
 * The rules in force and their judgement. Magic addresses come first, then newer rules before older ones.
 * The conditions of every rule that fires apply; what is said and sent is decided by the newest that decides,
 * and the deciding rules behind it are neither asked nor counted.
 */
import { ArmedRule, type Strike } from "./armed-rule.ts";
import { stopwatchAt } from "./counting.ts";
import { Magic } from "./magic.ts";
import { looksMagic } from "./magic-address.ts";
import type { Moment, Refusal, Verdict } from "./moment.ts";
import { leaveInInbox, placeInInbox } from "./parsing/inbox.ts";
import { read, refuse } from "./parsing/reader.ts";
import {
  anything,
  type CompiledRule,
  type Premises,
  parseRule,
  parseRules,
  ruleFields,
  withoutNotes,
} from "./parsing/rule.ts";
import { presetRules } from "./presets/catalogue.ts";
import { DuplicateRuleError, type FaultRuleReport, type Place, type TlsVersion } from "./rule.ts";
import { RuleIndex } from "./rule-index.ts";
import { composeVerdict } from "./verdict.ts";

export interface FaultEngineOptions {
  /** Of every random decision. */
  readonly seed: string;
  /** Fault time, milliseconds; of an inbox, which may be ahead. */
  readonly now: (inbox: string | null) => number;
  /** What there is for rules to act on; a rule that needs more is refused. Default: anything. */
  readonly premises?: Premises;
  /** Whether addresses may ask for faults; default false. */
  readonly magic?: boolean;
  /** Whether the runtime cannot speak this version, and a server that can is played; default never. */
  readonly emulates?: (version: TlsVersion) => boolean;
}

export class FaultEngine {
  readonly #seed: string;
  readonly #now: (inbox: string | null) => number;
  readonly #premises: Premises;
  readonly #emulates: (version: TlsVersion) => boolean;
  /** Null: no address may ask. */
  readonly #magic: Magic | null;
  readonly #watchers: (() => void)[] = [];
  /** Newest first. */
  #rules: readonly ArmedRule[] = [];
  /** Enabled rules by phase, newest first. */
  #byPhase: ReadonlyMap<Place, readonly ArmedRule[]> = new Map();
  /** Of the phases that were judged since the rules changed. */
  readonly #indexes = new Map<Place, RuleIndex>();
  /** Octets of content, and milliseconds of silence, at which a rule wants to be asked; rising. */
  #stops: readonly number[] = [];
  #silences: readonly number[] = [];
  #nextExpiry = Number.POSITIVE_INFINITY;
  /** Oldest first. */
  #base: readonly CompiledRule[] = [];

  constructor(options: FaultEngineOptions) {
    this.#seed = options.seed;
    this.#now = options.now;
    this.#premises = options.premises ?? anything;
    this.#emulates = options.emulates ?? (() => false);
    this.#magic = options.magic === true ? new Magic(options.seed) : null;
  }

  /**
   * Adds one rule, a list, or `{ rules: […] }`; all or none. The last one is asked first.
   * @param inbox whose rules they become; null: everybody's, unless they say so themselves
   * @throws FaultRuleError, DuplicateRuleError
   */
  add(input: unknown, inbox: string | null = null): readonly FaultRuleReport[] {
    return this.#add(this.#parse(input, inbox));
  }

  /**
   * Adds the rules of a preset.
   * @param overrides `{ match?, when?, ttl? }`, merged field by field
   * @throws FaultRuleError, DuplicateRuleError
   */
  use(name: string, overrides?: unknown, inbox: string | null = null): readonly FaultRuleReport[] {
    return this.#add(presetRules(name, overrides).flatMap((rule) => this.#parse(rule, inbox)));
  }

  /**
   * Puts these rules in the place of all others, or of all others of an inbox.
   * @throws FaultRuleError, DuplicateRuleError
   */
  replace(input: unknown, inbox: string | null = null): readonly FaultRuleReport[] {
    const rules = this.#parse(input, inbox);
    refuseDuplicates(rules, this.#allBut(inbox));
    return this.#replace(rules, inbox);
  }

  /**
   * Changes fields of a rule; null takes one away. The rule keeps its id and its place, and its
   * counters unless what it does has changed; one of an inbox stays in it. Null: no such rule.
   * @throws FaultRuleError
   */
  update(id: string, patch: unknown): FaultRuleReport | null {
    const old = this.#find(id);
    if (old === undefined) return null;
    const { source } = old.rule;
    const changes = read.object(withoutNotes(patch), "", ruleFields);
    if (changes.id !== undefined && changes.id !== id) refuse("id", "cannot be changed; add another rule");
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const kept = Object.entries({ ...source, ...Object.fromEntries(given) }).filter(
      ([, value]) => value !== null,
    );
    const rule = parseRule(leaveInInbox(Object.fromEntries(kept), old.rule.inbox), "", this.#premises);
    const changed = old.become(rule, this.#now(rule.inbox));
    this.#change(this.#rules.map((armed) => (armed === old ? changed : armed)));
    return this.#report(changed);
  }

  get(id: string): FaultRuleReport | null {
    const armed = this.#find(id);
    return armed === undefined ? null : this.#report(armed);
  }

  /** In the order in which they were added, so that {@link replace} takes the list; of an inbox, or all. */
  list(inbox: string | null = null): readonly FaultRuleReport[] {
    this.#expire();
    return this.#of(inbox)
      .map((armed) => this.#report(armed))
      .toReversed();
  }

  /** How many there are. */
  get size(): number {
    this.#expire();
    return this.#rules.length;
  }

  /** False: no such rule. */
  remove(id: string): boolean {
    const gone = this.#find(id);
    if (gone === undefined) return false;
    gone.disarm();
    this.#change(this.#rules.filter((armed) => armed !== gone));
    return true;
  }

  /** Takes all rules away, or those of an inbox; with all goes what magic addresses counted. */
  clear(inbox: string | null = null): void {
    if (inbox === null || this.#of(inbox).length > 0) this.#replace([], inbox);
  }

  /** Sets the counters of all rules and magic addresses to zero, or those of an inbox. */
  reset(inbox: string | null = null): void {
    for (const armed of this.#of(inbox)) armed.resetCounters();
    this.#magic?.resetCounters(inbox);
  }

  /** The clock was moved: rules may have gone, listeners may be open again. */
  timePassed(): void {
    this.#change(this.#rules);
    this.#expire();
  }

  /** Remembers the rules in force for {@link restore}. */
  keepAsBase(): void {
    this.#expire();
    this.#base = this.#rules.map((armed) => armed.rule).reverse();
  }

  /** Puts the remembered rules back as if they had just been added, and takes all others away. */
  restore(): void {
    this.#replace(this.#base, null);
  }

  /** Calls back after every change of the rules in force. */
  watch(changed: () => void): void {
    this.#watchers.push(changed);
  }

  /** The listeners that rules close now. */
  refusals(): readonly Refusal[] {
    this.#expire();
    return this.#rules.flatMap((armed) => {
      const { inbox } = armed.rule;
      const refusal = armed.refusal(this.#now(inbox));
      if (refusal === null) return [];
      // Who waits for its end goes by the clock of all.
      return [{ ...refusal, until: refusal.until - this.#ahead(inbox) }];
    });
  }

  /**
   * The next amount of content, beyond so many octets, at which a rule or one of these recipients wants to be
   * asked; null: none.
   */
  nextStop(octets: number, recipients: readonly string[] = []): number | null {
    const ofRules = this.#stops.find((stop) => stop > octets) ?? null;
    const ofMagic = this.#magic?.nextStop(octets, recipients) ?? null;
    return ofRules === null || ofMagic === null ? (ofRules ?? ofMagic) : Math.min(ofRules, ofMagic);
  }

  /** The next silence, longer than so many milliseconds, at which a rule wants to be asked; null: none. */
  nextIdle(idle: number): number | null {
    for (const silence of this.#silences) if (silence > idle) return silence;
    return null;
  }

  /** Whether any enabled rule is asked at this phase; if not, and no address is magic, there is nothing to judge. */
  concerns(phase: Place): boolean {
    return this.#byPhase.has(phase);
  }

  /** Whether this address may ask for a fault. */
  isMagic(address: string): boolean {
    return this.#magic !== null && looksMagic(address);
  }

  /** Asks magic addresses and rules, counts, and says what is to happen. */
  judge(moment: Moment): Verdict {
    if (moment.now >= this.#nextExpiry) this.#expire();
    const magic = this.#magic?.judge(moment);
    const strikes: Strike[] = [...(magic?.strikes ?? [])];
    const refused = moment.proposed !== null && moment.proposed.code >= 400;
    let decided = strikes.some(({ effect }) => effect.decides);
    for (const armed of this.#candidates(moment)) {
      const { inbox } = armed.rule;
      const seen = inbox === null ? moment : this.#seenFrom(inbox, moment);
      const strike = armed.ask(seen, this.#seed, { decided, refused });
      if (strike === null) continue;
      strikes.push(strike);
      decided ||= strike.effect.decides;
    }
    return composeVerdict(moment, strikes, magic?.warnings, this.#emulates);
  }

  /** The rules that may match at this moment. Whoever adds many one by one arranges them once. */
  #candidates(moment: Moment): readonly ArmedRule[] {
    const rules = this.#byPhase.get(moment.phase);
    if (rules === undefined) return [];
    let index = this.#indexes.get(moment.phase);
    if (index === undefined) {
      index = new RuleIndex(rules);
      this.#indexes.set(moment.phase, index);
    }
    return index.candidates(moment);
  }

  #find(id: string): ArmedRule | undefined {
    this.#expire();
    return this.#rules.find((armed) => armed.id === id);
  }

  #of(inbox: string | null): readonly ArmedRule[] {
    return inbox === null ? this.#rules : this.#rules.filter(({ rule }) => rule.inbox === inbox);
  }

  /** Those that are of no inbox or another; null: none. */
  #allBut(inbox: string | null): readonly ArmedRule[] {
    return inbox === null ? [] : this.#rules.filter(({ rule }) => rule.inbox !== inbox);
  }

  #report(armed: ArmedRule): FaultRuleReport {
    return armed.report(this.#now(armed.rule.inbox));
  }

  /** Milliseconds that the clock of an inbox is ahead of that of all. */
  #ahead(inbox: string | null): number {
    return inbox === null ? 0 : this.#now(inbox) - this.#now(null);
  }

  /** What others have a part in too, by the clock and the sessions of one inbox. */
  #seenFrom(inbox: string, moment: Moment): Moment {
    const { session } = moment;
    const now = this.#now(inbox);
    const openSessions = (): number => session.openSessions(inbox);
    return { ...moment, now, stopwatch: stopwatchAt(now), session: { ...session, openSessions } };
  }

  #parse(input: unknown, inbox: string | null): readonly CompiledRule[] {
    return parseRules(inbox === null ? input : placeInInbox(input, inbox), this.#premises);
  }

  #add(rules: readonly CompiledRule[]): readonly FaultRuleReport[] {
    this.#expire();
    refuseDuplicates(rules, this.#rules);
    const added = rules.map((rule) => new ArmedRule(rule, this.#now(rule.inbox)).begin());
    this.#change([...added.toReversed(), ...this.#rules]);
    return added.map((armed) => this.#report(armed));
  }

  /** `inbox`: only its rules make room. */
  #replace(rules: readonly CompiledRule[], inbox: string | null): readonly FaultRuleReport[] {
    for (const armed of this.#of(inbox)) armed.disarm();
    if (inbox === null) this.#magic?.clear();
    this.#install(this.#allBut(inbox));
    return this.#add(rules);
  }

  #expire(): void {
    if (this.#now(null) < this.#nextExpiry) return;
    const isOver = ({ expiresAt, rule }: ArmedRule): boolean => expiresAt <= this.#now(rule.inbox);
    const gone = new Set(this.#rules.filter(isOver));
    for (const armed of gone) armed.disarm();
    this.#change(this.#rules.filter((armed) => !gone.has(armed)));
  }

  #change(rules: readonly ArmedRule[]): void {
    this.#install(rules);
    for (const changed of this.#watchers) changed();
  }

  #install(rules: readonly ArmedRule[]): void {
    const byPhase = new Map<Place, ArmedRule[]>();
    for (const armed of rules) {
      if (!armed.rule.source.enabled || armed.rule.refusal !== null) continue;
      for (const phase of armed.rule.phases) {
        const asked = byPhase.get(phase);
        if (asked === undefined) byPhase.set(phase, [armed]);
        else asked.push(armed);
      }
    }
    this.#rules = rules;
    this.#byPhase = byPhase;
    this.#indexes.clear();
    this.#stops = rising(byPhase.get("content"), ({ stop }) => stop);
    this.#silences = rising(byPhase.get("idle"), ({ silence }) => silence);
    this.#nextExpiry = rules.reduce(
      (first, { expiresAt, rule }) => Math.min(first, expiresAt - this.#ahead(rule.inbox)),
      Number.POSITIVE_INFINITY,
    );
  }
}

function rising(
  rules: readonly ArmedRule[] | undefined,
  point: (rule: CompiledRule) => number | null,
): readonly number[] {
  const points = (rules ?? []).flatMap(({ rule }) => point(rule) ?? []);
  return [...new Set(points)].sort((a, b) => a - b);
}

function refuseDuplicates(rules: readonly CompiledRule[], present: readonly ArmedRule[]): void {
  const ids = new Set(present.map((armed) => armed.id));
  for (const { source } of rules) {
    if (ids.has(source.id)) {
      throw new DuplicateRuleError(
        `Failed to add the rule: ${JSON.stringify(source.id)} is there already; remove it or give another id`,
      );
    }
    ids.add(source.id);
  }
}
