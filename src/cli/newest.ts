/** Long lists show their newest: `--limit`, and a word about what was left out. */
import type { ListOptions } from "../sdk/mod.ts";
import type { Option, Values } from "./option.ts";
import type { Terminal } from "./terminal.ts";

const usual = 50;

export const limitOption: Option = {
  flag: "limit",
  kind: "count",
  help: `At most so many, the newest (${usual})`,
};

/** Reads no more than is shown, and says on standard error where that is not all. */
export async function newest<T>(
  values: Values,
  terminal: Terminal,
  read: (options: ListOptions) => Promise<T[]>,
): Promise<T[]> {
  const limit = Number(values.get(limitOption.flag) ?? usual);
  // One more tells whether there are more.
  const found = await read({ limit: limit + 1 });
  if (found.length > limit) terminal.err(`Older ones than these ${limit} are left out; see --limit`);
  return found.slice(-limit);
}
