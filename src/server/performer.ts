/** Puts on the wire what was decided: the wait, the octets, the ending. */
import type { Pace, Verdict } from "../faults/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { Departure } from "./departure.ts";
import type { Answer } from "./keeping.ts";
import type { Pause } from "./pause.ts";
import type { Speaker } from "./speaker.ts";
import { speechOf } from "./speech.ts";
import type { Trickle } from "./trickle.ts";
import type { Wire } from "./wire.ts";

/**
 * Milliseconds of real time. The FIN of a client that has said all it had to say, and reads, comes right behind that. One that sends
 * it later has waited for a reply, and gave up.
 */
const piped = 100;

export class Performer {
  readonly #wire: Wire;
  readonly #waiting: () => number;
  readonly #speaker: Speaker;
  readonly #trickle: Trickle;
  readonly #pause: Pause;
  readonly #departure: Departure;
  readonly #clerk: Clerk;
  /** When the client sent FIN. */
  #endedAt: number | null = null;
  /** When the last delay began. */
  #delayedAt = Number.POSITIVE_INFINITY;

  /** `waiting`: octets of the client that nobody has read yet. */
  constructor(
    wire: Wire,
    speaker: Speaker,
    trickle: Trickle,
    pause: Pause,
    departure: Departure,
    clerk: Clerk,
    waiting: () => number,
  ) {
    this.#waiting = waiting;
    this.#wire = wire;
    this.#speaker = speaker;
    this.#trickle = trickle;
    this.#pause = pause;
    this.#departure = departure;
    this.#clerk = clerk;
  }

  /** The client sent FIN. */
  get clientEnded(): boolean {
    return this.#endedAt !== null;
  }

  /** Cuts a delay short, but no stall, and not where it has said more at once: then it may wait for its replies. */
  clientEnds(): void {
    this.#endedAt = this.#wire.now();
    if (!this.#departure.stalled && (this.#gaveUp || this.#waiting() === 0)) this.#pause.end();
  }

  get #gaveUp(): boolean {
    return this.#endedAt !== null && this.#endedAt - this.#delayedAt >= piped;
  }

  /** Fault time. Ends early when the client leaves or the server goes. Resolves to whether the client gave up. */
  async delay(ms: number): Promise<boolean> {
    this.#delayedAt = this.#wire.now();
    this.#speaker.flush();
    this.#wire.hold(this.#waiting());
    await this.#pause.sleep(ms);
    this.#wire.release(this.#waiting());
    return this.#gaveUp;
  }

  /** `isOpen`: a transaction goes on after this. Null where nothing has to be waited for. */
  perform(verdict: Verdict, isOpen: boolean): Promise<void> | null {
    if (this.#takesTime(verdict)) return this.#performLate(verdict, false, isOpen);
    this.#performNow(verdict, false, isOpen);
    return null;
  }

  /** The answers to an end of data, one after the other; what stands behind an ending is not said. */
  performAll(answers: readonly Answer[]): Promise<void> | null {
    if (answers.some(({ verdict }) => this.#takesTime(verdict))) return this.#performAllLate(answers);
    const last = answers.length - 1;
    for (const [at, { verdict, committed }] of answers.entries()) {
      this.#performNow(verdict, committed, at < last);
    }
    return null;
  }

  async #performAllLate(answers: readonly Answer[]): Promise<void> {
    const last = answers.length - 1;
    for (const [at, { verdict, committed }] of answers.entries()) {
      await this.#performLate(verdict, committed, at < last);
    }
  }

  #takesTime({ delay, pace }: Verdict): boolean {
    return delay > 0 || pace !== null || this.#trickle.isSlow;
  }

  async #performLate(verdict: Verdict, accepts: boolean, isOpen: boolean): Promise<void> {
    const gaveUp = verdict.delay > 0 && (await this.delay(verdict.delay));
    if (verdict.pace !== null) this.#setPace(verdict.pace);
    const { octets, positive } = speechOf(verdict);
    if (!this.#departure.ended) this.#speaker.say(octets);
    if (this.#trickle.isSlow) {
      this.#wire.hold(this.#waiting());
      await this.#speaker.flushSlowly();
      this.#wire.release(this.#waiting());
    } else if (accepts && !gaveUp && this.clientEnded) {
      await this.#speaker.flushToEnded();
    }
    this.#conclude(verdict, positive && !gaveUp, accepts, isOpen);
  }

  #setPace(pace: Pace): void {
    this.#trickle.pace(pace);
    if (pace.read !== null) this.#wire.slowDown(pace.read);
  }

  #performNow(verdict: Verdict, accepts: boolean, isOpen: boolean): void {
    const { octets, positive } = speechOf(verdict);
    if (!this.#departure.ended) this.#speaker.say(octets);
    this.#conclude(verdict, positive, accepts, isOpen);
  }

  /** What follows from what was said. `accepts`: it takes a message. */
  #conclude(verdict: Verdict, positive: boolean, accepts: boolean, isOpen: boolean): void {
    const { ending, firings, until } = verdict;
    const arrives = positive && !this.#wire.gone && !this.#departure.ended;
    if (accepts && !arrives) this.#clerk.replyLost();
    if (!isOpen) this.#clerk.finished();
    if (ending !== null) this.#departure.end(ending, firings.length > 0 ? "fault" : "server", until);
  }
}
