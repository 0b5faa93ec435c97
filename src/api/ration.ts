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

  /** Takes so many, at most all that there can be; false: there are not as many now. */
  take(count = 1): boolean {
    const now = this.#timers.now();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) * this.#perSecond) / 1_000);
    this.#at = now;
    const wanted = Math.min(count, this.#most);
    if (this.#left < wanted) return false;
    this.#left -= wanted;
    return true;
  }

  /** Resolves when so many have been taken, or when the signal aborts. */
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
