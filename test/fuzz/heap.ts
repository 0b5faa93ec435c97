/** Watches whether memory grows: the least of a window of samples against the least of the first one. */
export class HeapWatch {
  readonly #window: number;
  readonly #bound: number;
  #least = Number.POSITIVE_INFINITY;
  #samples = 0;
  #first: number | null = null;

  /** Samples to a window; octets that it may grow by. */
  constructor(window: number, bound: number) {
    this.#window = window;
    this.#bound = bound;
  }

  /** The growth in octets where it is beyond the bound; else null. What garbage adds does not count. */
  sample(octets: number): number | null {
    this.#least = Math.min(this.#least, octets);
    this.#samples += 1;
    if (this.#samples < this.#window) return null;
    const least = this.#least;
    this.#least = Number.POSITIVE_INFINITY;
    this.#samples = 0;
    this.#first ??= least;
    return least - this.#first > this.#bound ? least - this.#first : null;
  }
}
