/**
 * How long a client has said nothing, in fault time. Where a rule wants to be asked after some time of it, this
 * is told then; without such a rule it costs nothing.
 */
import type { FaultTime } from "./clock.ts";

export class Silence {
  readonly #clock: FaultTime;
  readonly #next: (idle: number) => number | null;
  readonly #reached: () => void;
  /** When it became the client's turn; null while it is not. */
  #since: number | null = null;
  #length = 0;
  #watching: AbortController | null = null;

  /**
   * @param next the silence, longer than this one, that is waited for; null: none (milliseconds)
   * @param reached called when it is there
   */
  constructor(clock: FaultTime, next: (idle: number) => number | null, reached: () => void) {
    this.#clock = clock;
    this.#next = next;
    this.#reached = reached;
  }

  /** Milliseconds of the silence that was waited for last; 0 before any was reached. */
  get length(): number {
    return this.#length;
  }

  /** The client has said something. */
  broken(): void {
    this.stop();
    this.#since = null;
    this.#length = 0;
  }

  /** It is the client's turn: waits for the next silence that somebody wants to know of. */
  watch(): void {
    this.stop();
    this.#since ??= this.#clock.now();
    const wanted = this.#next(this.#length);
    if (wanted !== null) void this.#wait(this.#since, wanted);
  }

  /** It is not the client's turn, or it is gone. */
  stop(): void {
    this.#watching?.abort();
    this.#watching = null;
  }

  async #wait(since: number, wanted: number): Promise<void> {
    const watching = new AbortController();
    this.#watching = watching;
    await this.#clock.sleep(since + wanted - this.#clock.now(), watching.signal);
    if (watching.signal.aborted) return;
    this.#watching = null;
    this.#length = wanted;
    this.#reached();
  }
}
