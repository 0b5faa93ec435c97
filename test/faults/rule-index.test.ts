/** Whatever the rules are: those that are looked up act as if all had been asked. */
import { expect, test } from "vitest";
import { ArmedRule } from "../../src/faults/armed-rule.ts";
import type { FaultRule, Moment, Pattern } from "../../src/faults/mod.ts";
import { parseRule } from "../../src/faults/parsing/rule.ts";
import { RuleIndex } from "../../src/faults/rule-index.ts";
import type { Phase } from "../../src/smtp/mod.ts";
import { momentAt, ok } from "./moments.ts";

/** Numbers from 0 to 1, the same for the same seed. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const names = ["ada", "bob", "", "a.b", "*"];
const domains = ["x.test", "y.test", "a.x.test", "b.a.x.test", "test", "X.TEST", "x.test.", ".x.test"];
const forms = [
  (name: string, domain: string) => `${name}@${domain}`,
  (name: string, domain: string) => `"${name}"@${domain}`,
  (_: string, domain: string) => `*@${domain}`,
  (_: string, domain: string) => `*@*.${domain}`,
  (_: string, domain: string) => `*.${domain}`,
  (_: string, domain: string) => `*${domain}`,
  (name: string) => `${name}@*`,
  (name: string) => name,
  (_: string, domain: string) => domain,
  (name: string, domain: string) => `${name}?${domain}`,
  (name: string, domain: string) => `${name}\\@${domain}`,
  (_: string, domain: string) => `/@${domain}$/i`,
  () => "*",
  () => "192.0.2.9",
  () => "192.0.2.0/24",
  () => "*.9",
];
const fields = ["to", "from", "user", "helo", "remoteAddress"] as const;
const phases = ["mail", "rcpt", "data", "end-of-data"] as const;

/** Random rules and moments of one seed. */
class World {
  readonly #chance: () => number;

  constructor(seed: number) {
    this.#chance = chanceFrom(seed);
  }

  rule(at: number): FaultRule {
    const match: Record<string, Pattern> = {};
    for (const field of fields) if (this.#chance() < 0.3) match[field] = this.#pattern();
    return { id: `r${at}`, on: [...phases], match, do: { delay: 1 } };
  }

  moment(): Moment {
    const phase: Phase = this.#one(phases);
    const from = this.#value();
    const recipients = Array.from({ length: Math.floor(this.#chance() * 4) }, () => this.#value());
    return momentAt(phase, {
      session: {
        helo: this.#value(),
        user: this.#chance() < 0.5 ? null : this.#value(),
        remoteAddress: this.#one(["192.0.2.9", "::1", "198.51.100.9"]),
      },
      transaction: { from, recipients },
      recipient: phase === "rcpt" || this.#chance() < 0.2 ? this.#value() : null,
      proposed: ok,
    });
  }

  #pattern(): Pattern {
    const one = () => this.#one(forms)(this.#one(names), this.#one(domains));
    if (this.#chance() < 0.2) return { not: one() };
    return this.#chance() < 0.3 ? [one(), one(), one()] : one();
  }

  #value(): string {
    const [name, domain] = [this.#one(names), this.#one(domains)];
    return this.#one([`${name}@${domain}`, `${name}@${name}@${domain}`, domain, name, ""]);
  }

  #one<Item>(list: readonly Item[]): Item {
    return list[Math.floor(this.#chance() * list.length)]!;
  }
}

/** Ids of those that match, in the order in which they were asked. */
function matching(rules: readonly ArmedRule[], moment: Moment): readonly string[] {
  return rules.filter(({ rule }) => rule.tests.every((test) => test(moment))).map(({ id }) => id);
}

const arm = (rule: FaultRule): ArmedRule => new ArmedRule(parseRule(rule, ""), 0);

test.each(Array.from({ length: 40 }, (_, seed) => seed))("random rules and moments, seed %i", (seed) => {
  const world = new World(seed + 1);
  const rules = Array.from({ length: 60 }, (_, at) => arm(world.rule(at)));
  const index = new RuleIndex(rules);
  for (let round = 0; round < 60; round++) {
    const moment = world.moment();
    expect(matching(index.candidates(moment), moment)).toEqual(matching(rules, moment));
  }
});

test.each<[string, (at: number) => Pattern]>([
  ["addresses", (at) => `user${at}@x.test`],
  ["domains", (at) => `*@d${at}.test`],
  ["domains and what is below them", (at) => `*@*.d${at}.test`],
  ["beginnings", (at) => `user${at}+*`],
  ["what stands in the middle", (at) => `*+${at}@*.?.test`],
  ["lists", (at) => [`user${at}@x.test`, `*@d${at}.test`]],
])("of 1,000 rules for different %s hardly any but those that match are asked", (_, pattern) => {
  const rules = Array.from({ length: 1_000 }, (_, at) =>
    arm({ id: `r${at}`, on: "rcpt", match: { to: pattern(at) }, do: "550" }),
  );
  const index = new RuleIndex(rules);
  for (const recipient of [
    "bob@s.test",
    "USER7@x.test",
    "bob@D7.test",
    "bob@a.d7.test",
    "user7+7@a.b.test",
  ]) {
    const moment = momentAt("rcpt", { recipient });
    const asked = index.candidates(moment);
    expect(matching(asked, moment)).toEqual(matching(rules, moment));
    expect(asked.length).toBeLessThan(20);
  }
});

test("those without three plain characters are always asked, each in its place", () => {
  const patterns = ["/b/", "bob@s.test", "b*", "*@s.test", "*", "eve@s.test", "b?b@s.test"];
  const rules = patterns.map((to, at) => arm({ id: `r${at}`, on: "rcpt", match: { to }, do: "550" }));
  const index = new RuleIndex(rules);
  const asked = index.candidates(momentAt("rcpt", { recipient: "bob@s.test" })).map(({ id }) => id);
  expect(asked).toEqual(["r0", "r1", "r2", "r3", "r4", "r6"]);
});
