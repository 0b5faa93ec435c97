import type { FaultTime } from "./clock.ts";

/** The one wait of fault time that a session can be in, and that its end cuts short. */
export class Pause {
  readonly #clock: FaultTime;
  #current: AbortController | null = null;
  #isOver = false;

  constructor(clock: FaultTime) {
    this.#clock = clock;
  }

  /** None begins any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Milliseconds; less when {@link end} is called or `until` aborts. */
  async sleep(ms: number, until: AbortSignal | null = null): Promise<void> {
    if (this.#isOver) return;
    this.#current = new AbortController();
    await this.#clock.sleep(ms, this.#current.signal, ...(until === null ? [] : [until]));
    this.#current = null;
  }

  end(): void {
    this.#current?.abort();
  }

  /** As {@link end}, and no other begins. */
  stop(): void {
    this.#isOver = true;
    this.end();
  }
}
