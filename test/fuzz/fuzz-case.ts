/** A case: how a session is set up, what the client sends, and what is said instead of the engine's replies. */
import { extensions, type Reply, reply, type SessionOptions } from "../../src/smtp/mod.ts";
import { arrived, defaults } from "../smtp/dialogue.ts";
import { knownAccounts } from "./accounts.ts";
import { Chance } from "./chance.ts";
import { type Offer, session } from "./grammar.ts";
import { mutate } from "./mutation.ts";

export type CaseOptions = Partial<SessionOptions>;

export interface FuzzCase {
  readonly options: CaseOptions;
  /** Lines, contents and chunks, one character for each octet. */
  readonly items: readonly string[];
  /** What is said at the nth checkpoint instead of what the engine proposes; null: nothing. */
  readonly verdicts: ReadonlyMap<number, Reply | null>;
  /** Of the random cuts. */
  readonly cutSeed: number;
}

/** What only the one who refuses for reasons of its own says: a model can tell it from the engine's words. */
const verdicts: readonly (Reply | null)[] = [
  reply(450, "4.2.1", "Busy"),
  reply(451, "4.7.1", "Greylisted"),
  reply(452, "4.2.2", "Full", "of mail"),
  reply(454, "4.7.0", "Later"),
  reply(455, null, "No"),
  reply(535, "5.7.8", "Bad credentials"),
  reply(550, "5.1.1", "No such user"),
  reply(552, "5.2.2", "Full"),
  reply(554, "5.7.1", `Refused ${"x".repeat(600)}\r\n250 ü`),
  reply(250, "2.0.0", "As you like"),
  reply(251, "2.1.5", "Will forward"),
  null,
];

export const fullOptions = (options: CaseOptions): SessionOptions => ({ ...defaults, ...options });

/** The case of a seed, always the same. */
export function makeCase(seed: number): FuzzCase {
  const chance = new Chance(seed);
  const options = makeOptions(chance);
  const items = session(chance, offerOf(options));
  if (chance.oneIn(2)) mutate(chance, items);
  return { options, items, verdicts: makeVerdicts(chance), cutSeed: chance.seed() };
}

function makeOptions(chance: Chance): CaseOptions {
  const hidden = new Set(chance.oneIn(5) ? [chance.pick(extensionNames), chance.pick(extensionNames)] : []);
  const options: CaseOptions = {
    protocol: chance.oneIn(5) ? "lmtp" : "smtp",
    strictness: chance.weighted([
      [5, "default"],
      [3, "lenient"],
      [2, "strict"],
    ]),
    hiddenExtensions: hidden,
    maxMessageSize: chance.weighted([
      [2, 500],
      [4, 5000],
      [3, 100_000],
    ]),
    maxRecipients: chance.oneIn(5) ? 2 : null,
    startTls: hidden.has("STARTTLS")
      ? "off"
      : chance.weighted([
          [6, "off"],
          [2, "offer"],
          [1, "require"],
        ]),
    secure: chance.oneIn(6),
    authRequired: chance.oneIn(12) && !hidden.has("AUTH"),
    requireHelo: chance.oneIn(6),
    sasl: chance.oneIn(3) ? chance.pick(knownAccounts) : defaults.sasl,
    trusted: chance.oneIn(3),
  };
  // What is as always need not be said.
  const usual: Readonly<Record<string, unknown>> = { ...defaults };
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) =>
      value instanceof Set ? value.size > 0 : value !== usual[name],
    ),
  );
}

function makeVerdicts(chance: Chance): ReadonlyMap<number, Reply | null> {
  const chosen = new Map<number, Reply | null>();
  if (chance.oneIn(2)) return chosen;
  for (let at = chance.below(8); at < 80; at += chance.between(1, 14)) chosen.set(at, chance.pick(verdicts));
  return chosen;
}

/** What the engine says that it can do under these options. */
export function offerOf(options: CaseOptions): Offer {
  const isLmtp = options.protocol === "lmtp";
  const lines = linesAfter(fullOptions(options), `${isLmtp ? "LHLO" : "EHLO"} probe.test\r\n`);
  const keywords = new Set(lines.map((line) => line.split(" ")[0]!));
  const auth = lines.find((line) => line.startsWith("AUTH ")) ?? "AUTH";
  return { isLmtp, keywords, mechanisms: auth.split(" ").slice(1) };
}

/** The lines of the reply after the first one; none where it is negative. */
function linesAfter(options: SessionOptions, octets: string): readonly string[] {
  const engine = arrived(options);
  let last: Reply | null = null;
  for (const sent of ["", octets]) {
    engine.receive(new TextEncoder().encode(sent));
    for (let event = engine.next(); event.kind === "checkpoint"; event = engine.next()) {
      last = event.checkpoint.proposed;
      engine.settle(last);
    }
  }
  return last !== null && last.code === 250 ? last.lines.slice(1) : [];
}

const extensionNames = extensions.map(({ keyword }) => keyword);
