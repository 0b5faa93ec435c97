import type { Timers } from "../../src/api/mod.ts";

/** Time that stands still until it is told to pass. */
export class ManualTimers implements Timers {
  #now = Date.UTC(2026, 0, 1);
  #due = new Map<object, { at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): unknown {
    const timer = {};
    this.#due.set(timer, { at: this.#now + ms, run });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#due.delete(timer as object);
  }

  get pending(): number {
    return this.#due.size;
  }

  /** Lets time pass, from timer to timer, with room for what each sets off. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const [next] = [...this.#due].sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined || next[1].at > end) break;
      this.#now = Math.max(this.#now, next[1].at);
      this.#due.delete(next[0]);
      next[1].run();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets all work run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
