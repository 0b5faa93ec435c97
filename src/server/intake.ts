/** What is taken off the network, and how fast it is handed on. */
import type { Socket } from "node:net";
import type { FaultTime } from "./clock.ts";
import { Meter, stepOf } from "./meter.ts";

/** Input that may pile up while nobody reads it. */
const holdLimit = 64 * 1024;

/** Why nothing is read: nobody wants it now, the client does not read either, or what was read is still handed on. */
type Brake = "held" | "draining" | "slow";

export class Intake {
  readonly #clock: FaultTime;
  readonly #hand: (octets: Uint8Array) => void;
  readonly #meter = new Meter();
  readonly #brakes = new Set<Brake>();
  #socket: Socket;
  #held = 0;
  #holding = false;
  /** Read, and not handed on yet: what the socket gave before it heard of the brake. */
  #stash: Uint8Array[] = [];
  #handing: AbortController | null = null;
  /** To be called when all has been handed on. */
  #ended: (() => void) | null = null;

  constructor(socket: Socket, clock: FaultTime, hand: (octets: Uint8Array) => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#hand = hand;
  }

  /** Something was read, and has not been handed on yet. */
  get lags(): boolean {
    return this.#handing !== null;
  }

  /** From this socket from now on; what was not handed on is forgotten. */
  from(socket: Socket): void {
    this.forget();
    this.#socket = socket;
  }

  /** Octets per second of fault time, from now on. */
  slowDown(rate: number): void {
    this.#meter.set(stepOf(rate));
  }

  take(octets: Uint8Array): void {
    if (!this.#meter.isSlow) {
      this.#handOn(octets);
      return;
    }
    this.#stash.push(octets);
    this.brake("slow");
    if (this.#handing === null) void this.#handOnSlowly();
  }

  /** The client has said all: `ended` is called behind what is still to be handed on. */
  end(ended: () => void): void {
    if (this.#handing === null) ended();
    else this.#ended = ended;
  }

  /**
   * While held, input is still heard, but only up to 64 KiB of it are taken off the network; `waiting`: octets
   * of it that nobody has read yet.
   */
  hold(waiting: number): void {
    this.#holding = true;
    this.#held = waiting;
    this.#holdBack();
  }

  /** What waits beyond 64 KiB is read first: resuming at once would let as much in again. */
  release(waiting: number): void {
    this.#holding = false;
    if (waiting <= holdLimit) this.free("held");
  }

  brake(why: Brake): void {
    this.#brakes.add(why);
    this.#socket.pause();
  }

  free(why: Brake): void {
    if (this.#brakes.delete(why) && this.#brakes.size === 0) this.#socket.resume();
  }

  /** Nothing more is handed on. */
  forget(): void {
    this.#stash = [];
    this.#ended = null;
    this.#brakes.clear();
    this.#handing?.abort();
    this.#handing = null;
  }

  #handOn(octets: Uint8Array): void {
    if (this.#holding) {
      this.#held += octets.length;
      this.#holdBack();
    }
    this.#hand(octets);
  }

  #holdBack(): void {
    if (this.#held > holdLimit) this.brake("held");
  }

  async #handOnSlowly(): Promise<void> {
    const handing = new AbortController();
    this.#handing = handing;
    this.#meter.begin(this.#clock.now());
    for (let next = this.#stash[0]; next !== undefined; next = this.#stash[0]) {
      const octets = this.#meter.take(this.#clock.now(), next.length);
      if (octets === 0) {
        await this.#clock.sleep(this.#meter.wait(this.#clock.now()), handing.signal);
        if (handing.signal.aborted) return;
        continue;
      }
      if (octets < next.length) this.#stash[0] = next.subarray(octets);
      else this.#stash.shift();
      this.#handOn(next.subarray(0, octets));
      if (handing.signal.aborted) return;
    }
    this.#handing = null;
    this.free("slow");
    this.#ended?.();
  }
}
