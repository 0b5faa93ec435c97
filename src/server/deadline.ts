/**
 * The time that a client has for what it has begun: a command from its first octet, an answer to a challenge,
 * a TLS handshake, taking what was said to it. Single octets do not prolong it; of a content every further
 * KiB does. The time between commands is not counted here.
 */
import type { Timers } from "./clock.ts";

/** Octets of content that count as progress. */
const progress = 1024;

export class Deadline {
  readonly #timers: Timers;
  readonly #limit: number;
  #since: number | null = null;
  #octets = 0;

  /** `limit` in milliseconds. */
  constructor(timers: Timers, limit: number) {
    this.#timers = timers;
    this.#limit = limit;
  }

  get isOver(): boolean {
    return this.#since !== null && this.#timers.now() - this.#since >= this.#limit;
  }

  begin(): void {
    this.#since = this.#timers.now();
    this.#octets = 0;
  }

  /** Begins where it has not; `octets` of content that have come so far. */
  goOn(octets: number): void {
    if (this.#since !== null && octets < this.#octets + progress) return;
    this.begin();
    this.#octets = octets;
  }

  clear(): void {
    this.#since = null;
  }
}
