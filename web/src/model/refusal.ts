import type { Cell } from "./cell.ts";

/** What went wrong, and with what of this place. */
export interface Refusal<At> {
  readonly at: At;
  readonly error: Error;
}

/** Does it; resolves to whether it was done. A refusal stays in the cell until the next try at this place. */
export async function attempt<At>(
  refusal: Cell<Refusal<At> | null>,
  at: At,
  action: () => Promise<unknown>,
): Promise<boolean> {
  refusal.set(null);
  try {
    await action();
    return true;
  } catch (error) {
    refusal.set({ at, error: error as Error });
    return false;
  }
}
