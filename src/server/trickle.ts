/** Replies that leave slowly: so many octets at a time, in fault time. */
import type { Pace } from "../faults/mod.ts";
import type { FaultTime } from "./clock.ts";
import { Meter, type Step, slowerOf, stepOf } from "./meter.ts";
import type { Pause } from "./pause.ts";
import type { Wire } from "./wire.ts";

export class Trickle {
  readonly #wire: Wire;
  readonly #clock: FaultTime;
  readonly #pause: Pause;
  readonly #meter = new Meter();
  #drip: Step | null = null;
  #rate: Step | null = null;

  constructor(wire: Wire, clock: FaultTime, pause: Pause) {
    this.#wire = wire;
    this.#clock = clock;
    this.#pause = pause;
  }

  get isSlow(): boolean {
    return this.#meter.isSlow;
  }

  /** From now on; where both are given, the slower one counts. */
  pace({ drip, write }: Pace): void {
    this.#drip = drip ?? this.#drip;
    this.#rate = write === null ? this.#rate : stepOf(write);
    const step = slowerOf(this.#drip, this.#rate);
    if (step !== null) this.#meter.set(step);
  }

  /** Resolves when all has left or the client has gone. When the server goes, the rest leaves at once. */
  async write(octets: string): Promise<void> {
    this.#meter.begin(this.#clock.now());
    for (let from = 0; from < octets.length && !this.#wire.gone; ) {
      const left = octets.length - from;
      const now = this.#clock.now();
      const passing = this.#pause.isOver ? left : this.#meter.take(now, left);
      if (passing === 0) await this.#pause.sleep(this.#meter.wait(now));
      else this.#wire.write(octets.slice(from, from + passing));
      from += passing;
    }
  }
}
