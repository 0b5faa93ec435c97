/** How fast octets may pass: so many at a time, on a schedule that does not drift. Time is fault time. */

/** So many octets, and then none for `every` milliseconds. */
export interface Step {
  readonly octets: number;
  readonly every: number;
}

/** Steps of a rate are so far apart, or as far as one octet needs. */
const stepTime = 100;

export class Meter {
  #step: Step | null = null;
  /** When the next step may pass. */
  #due = 0;

  /** Octets take their time. */
  get isSlow(): boolean {
    return this.#step !== null;
  }

  /** From now on. */
  set(step: Step): void {
    this.#step = step;
  }

  /** How many of the octets that wait may pass now. */
  take(now: number, waiting: number): number {
    if (this.#step === null) return waiting;
    const { octets, every } = this.#step;
    if (now < this.#due) return 0;
    const steps = Math.min(Math.ceil(waiting / octets), Math.floor((now - this.#due) / every) + 1);
    this.#due += steps * every;
    return Math.min(waiting, steps * octets);
  }

  /** Milliseconds until some may pass. */
  wait(now: number): number {
    return Math.max(0, this.#due - now);
  }

  /** Something has to pass: the time in which nothing had to is no credit. */
  begin(now: number): void {
    this.#due = Math.max(this.#due, now);
  }
}

/** Octets per second as steps. */
export function stepOf(rate: number): Step {
  const octets = Math.max(1, Math.floor((rate * stepTime) / 1000));
  return { octets, every: (octets * 1000) / rate };
}

/** Of two that both hold; null: no limit. */
export function slowerOf(one: Step | null, other: Step | null): Step | null {
  if (one === null || other === null) return one ?? other;
  return one.octets * other.every <= other.octets * one.every ? one : other;
}
