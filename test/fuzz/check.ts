/** The whole check of a case: one play for each way of cutting the input, and all of them alike. */
import { arrived } from "../smtp/dialogue.ts";
import { Chance } from "./chance.ts";
import type { Coverage } from "./coverage.ts";
import { type FuzzCase, fullOptions } from "./fuzz-case.ts";
import { type Cut, type Engine, Finding, type Played, play, shown } from "./play.ts";

export type MakeEngine = (fuzzCase: FuzzCase) => Engine;

export const realEngine: MakeEngine = ({ options }) => arrived(fullOptions(options));

/** Octet by octet costs the most: of the shorter inputs, one in so many. */
const octetByOctet = 4000;
const oneInSoMany = 3;

/** What is wrong with the engine in this case; null: nothing is. */
export function check(
  fuzzCase: FuzzCase,
  make: MakeEngine = realEngine,
  coverage: Coverage | null = null,
): Finding | null {
  try {
    const whole = Number.POSITIVE_INFINITY;
    const isShort = fuzzCase.items.reduce((sum, { length }) => sum + length, 0) <= octetByOctet;
    const single: Cut = (at) => (at < 0 ? 0 : 1);
    if (fuzzCase.options.strictness === "strict") {
      // A strict server closes where two commands come in one piece: then only the oracle counts.
      play(fuzzCase, make(fuzzCase), (at) => (at < 0 ? 0 : whole), coverage);
      if (!isShort) return null;
      const one = play(fuzzCase, make(fuzzCase), single, coverage);
      compare(one, play(fuzzCase, make(fuzzCase), byEnds(one.ends)), "reply by reply");
      return null;
    }
    const one = play(fuzzCase, make(fuzzCase), (at) => (at < 0 ? 0 : whole), coverage);
    compare(one, play(fuzzCase, make(fuzzCase), randomly(fuzzCase.cutSeed)), "cut at random");
    compare(
      one,
      play(fuzzCase, make(fuzzCase), (at) => (at < 0 ? whole : 1)),
      "before the greeting",
    );
    if (isShort && fuzzCase.cutSeed % oneInSoMany === 0)
      compare(one, play(fuzzCase, make(fuzzCase), single), "octet by octet");
    return null;
  } catch (error) {
    if (error instanceof Finding) return error;
    return new Finding("exception", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function randomly(seed: number): Cut {
  const chance = new Chance(seed);
  const most = chance.pick([3, 20, 200, 5000]);
  return (at) => (at < 0 ? 0 : chance.between(1, most));
}

function byEnds(ends: readonly number[]): Cut {
  return (at) => (at < 0 ? 0 : (ends.find((end) => end > at) ?? Number.POSITIVE_INFINITY) - at);
}

/** The same octets get the same replies, however they are cut. */
function compare(one: Played, other: Played, how: string): void {
  const length = Math.max(one.lines.length, other.lines.length);
  for (let at = 0; at < length; at++) {
    const [line = "nothing", otherLine = "nothing"] = [one.lines[at], other.lines[at]];
    if (line !== otherLine) throw new Finding("cut", `${how}, ${shown(otherLine)} and not ${shown(line)}`);
  }
}
