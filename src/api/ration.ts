import type { Timers } from "./parts.ts";

/** How long one who is told to wait waits, in milliseconds. */
const pause = 50;

/**
 * So many may be had in a second, by all together, and so many at once where none were for a while. Who has more
 * to do than that would take the time of the others.
 */
export class Ration {
  readonly #timers: Timers;
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #at: number;

  constructor(timers: Timers, perSecond: number, most: number) {
    this.#timers = timers;
    this.#perSecond = perSecond;
    this.#most = most;
    this.#left = most;
    this.#at = timers.now();
  }

  /** Takes so many, if need be in advance of what is to come; false: there are none now. */
  take(count = 1): boolean {
    const now = this.#timers.now();
    // A clock that is set back takes nothing away.
    const passed = Math.max(0, now - this.#at);
    this.#left = Math.min(this.#most, this.#left + (passed * this.#perSecond) / 1_000);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= Math.min(count, this.#most);
    return true;
  }

  /** Resolves when they have been taken, or when the signal aborts. */
  async wait(signal: AbortSignal, count = 1): Promise<void> {
    while (!signal.aborted && !this.take(count)) await this.#pause(signal);
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#timers.clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      const timer = this.#timers.setTimeout(finish, pause);
      signal.addEventListener("abort", finish);
    });
  }
}
