/** Makes a failing case smaller for as long as it fails in the same way (delta debugging). */
import type { FuzzCase } from "./fuzz-case.ts";

/** The kind of what is wrong; null: nothing is. */
export type Fails = (fuzzCase: FuzzCase) => string | null | Promise<string | null>;

/** The smallest case that was found within so many tries. */
export async function shrink(found: FuzzCase, fails: Fails, most = 3000): Promise<FuzzCase> {
  const kind = await fails(found);
  let best = found;
  let tries = 0;
  const attempt = async (candidate: FuzzCase): Promise<boolean> => {
    tries += 1;
    if (tries > most || (await fails(candidate)) !== kind) return false;
    best = candidate;
    return true;
  };
  for (let before = Number.POSITIVE_INFINITY; sizeOf(best) < before && tries < most; ) {
    before = sizeOf(best);
    await without(best.items.length, async (from, to) => {
      return await attempt({ ...best, items: [...best.items.slice(0, from), ...best.items.slice(to)] });
    });
    for (const at of best.verdicts.keys()) {
      await attempt({ ...best, verdicts: new Map([...best.verdicts].filter(([ordinal]) => ordinal !== at)) });
    }
    for (const name of Object.keys(best.options)) {
      await attempt({
        ...best,
        options: Object.fromEntries(Object.entries(best.options).filter(([key]) => key !== name)),
      });
    }
    for (let index = 0; index < best.items.length; index++) {
      await without(best.items[index]!.length, async (from, to) => {
        const text = best.items[index]!;
        return await attempt({
          ...best,
          items: best.items.with(index, text.slice(0, from) + text.slice(to)),
        });
      });
    }
  }
  return { ...best, items: best.items.filter((item) => item !== "") };
}

/** Tries to leave out ranges of a list, halves first, then ever smaller ones. */
async function without(
  length: number,
  leaveOut: (from: number, to: number) => Promise<boolean>,
): Promise<void> {
  let left = length;
  for (let size = Math.ceil(left / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left; ) {
      const to = Math.min(from + size, left);
      if (await leaveOut(from, to)) left -= to - from;
      else from = to;
    }
  }
}

function sizeOf({ items, verdicts, options }: FuzzCase): number {
  return items.join("").length + items.length + verdicts.size + Object.keys(options).length;
}
