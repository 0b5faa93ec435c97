/** Damage: what bad lines, bad programs and bad people do to a session that the grammar made. */
import type { Chance } from "./chance.ts";
import { nearEnds } from "./contents.ts";

type Damage = (chance: Chance, items: string[]) => void;

/** Changes the items in place, some of them. */
export function mutate(chance: Chance, items: string[]): void {
  for (
    let more = chance.weighted([
      [4, 1],
      [3, 2],
      [2, 4],
      [1, 10],
    ]);
    more > 0 && items.length > 0;
    more--
  ) {
    chance.weighted(damages)(chance, items);
  }
}

const controls = [
  "\0",
  "\x07",
  "\x08",
  "\t",
  "\x0b",
  "\x0c",
  "\x1a",
  "\x1b[2J",
  "\x7f",
  "\x80",
  "\xff",
  "\x16\x03",
];
const lineEnds = ["\n", "\r", "\n\r", "\r\r\n", "\r\n\r\n", "", " \r\n", "\0\r\n"];
/** About the limits of a line, of an AUTH line, and of patience. */
const hugeSizes = [500, 700, 2046, 2047, 2100, 12_286, 12_300];
const endlessSizes = [65_530, 65_536, 65_537, 65_538, 65_545, 70_000];

const damages: readonly (readonly [number, Damage])[] = [
  // Octets
  [
    6,
    (chance, items) =>
      edit(
        chance,
        items,
        (text, at) => `${text.slice(0, at)}${flipped(chance, text, at)}${text.slice(at + 1)}`,
      ),
  ],
  [
    4,
    (chance, items) =>
      edit(chance, items, (text, at) => text.slice(0, at) + text.slice(at + chance.between(1, 4))),
  ],
  [2, (chance, items) => edit(chance, items, (text, at) => text.slice(0, at))],
  [
    3,
    (chance, items) =>
      edit(
        chance,
        items,
        (text, at) => text.slice(0, at) + text.slice(Math.max(0, at - chance.between(1, 40))),
      ),
  ],
  [4, (chance, items) => insert(chance, items, chance.pick(controls))],
  [3, (chance, items) => insert(chance, items, chance.pick(nearEnds))],
  [2, (chance, items) => insert(chance, items, chance.pick(lineEnds))],
  [1, (chance, items) => insert(chance, items, "x".repeat(chance.pick(hugeSizes)))],
  // Lines
  [3, (chance, items) => items.splice(chance.below(items.length), 1)],
  [3, (chance, items) => items.splice(chance.below(items.length), 0, chance.pick(items))],
  [3, swap],
  [4, (chance, items) => lineEnd(chance, items)],
  [
    1,
    (chance, items) =>
      items.splice(
        chance.below(items.length + 1),
        0,
        `${chance.pick(["", "NOOP ", "AUTH PLAIN "])}${"x".repeat(chance.pick(hugeSizes))}\r\n`,
      ),
  ],
  [1, endless],
];

function edit(chance: Chance, items: string[], change: (text: string, at: number) => string): void {
  const index = chance.below(items.length);
  const text = items[index]!;
  items[index] = change(text, chance.below(text.length + 1));
}

function insert(chance: Chance, items: string[], octets: string): void {
  edit(chance, items, (text, at) => text.slice(0, at) + octets + text.slice(at));
}

function flipped(chance: Chance, text: string, at: number): string {
  return at < text.length ? String.fromCharCode(text.charCodeAt(at) ^ (1 << chance.below(8))) : "";
}

function swap(chance: Chance, items: string[]): void {
  const one = chance.below(items.length);
  const other = chance.below(items.length);
  const kept = items[one]!;
  items[one] = items[other]!;
  items[other] = kept;
}

function lineEnd(chance: Chance, items: string[]): void {
  const index = chance.below(items.length);
  items[index] = items[index]!.replace(/\r\n$/, () => chance.pick(lineEnds));
}

/** Seldom: it costs as much as many others. */
function endless(chance: Chance, items: string[]): void {
  if (chance.oneIn(6))
    items.splice(chance.below(items.length + 1), 0, `x${"y".repeat(chance.pick(endlessSizes))}\r\n`);
}
