/**
 * The contents that are on their way, of all sessions together. Each is bounded by the message size, but a
 * thousand sessions could still bring more than there is memory for: beyond the limit a content is given up.
 */
export class Unfinished {
  readonly #limit: number;
  #octets = 0;

  /** `limit` in octets. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A content has grown from `before` to `now` octets; it is over when `now` is 0. Whether there is room. */
  change(before: number, now: number): boolean {
    this.#octets += now - before;
    return this.#octets <= this.#limit;
  }
}

/** What one session has of it. */
export class Portion {
  readonly #all: Unfinished;
  #octets = 0;

  constructor(all: Unfinished) {
    this.#all = all;
  }

  /** Its content has so many octets now; false: there is no room for it. */
  is(octets: number): boolean {
    if (octets === this.#octets) return true;
    const before = this.#octets;
    this.#octets = octets;
    return this.#all.change(before, octets);
  }
}
