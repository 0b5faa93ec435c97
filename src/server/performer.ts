/** Puts on the wire what was decided: the wait, the octets, the ending. */
import type { Verdict } from "../faults/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { Departure } from "./departure.ts";
import type { Answer } from "./keeping.ts";
import type { Pause } from "./pause.ts";
import type { Speaker } from "./speaker.ts";
import { speechOf } from "./speech.ts";
import type { Wire } from "./wire.ts";

export class Performer {
  readonly #wire: Wire;
  readonly #waiting: () => number;
  readonly #speaker: Speaker;
  readonly #pause: Pause;
  readonly #departure: Departure;
  readonly #clerk: Clerk;
  #clientEnded = false;
  /** It sent FIN while a reply was delayed, and so did not wait for it. */
  #clientLeft = false;

  /** `waiting`: octets of the client that nobody has read yet. */
  constructor(
    wire: Wire,
    speaker: Speaker,
    pause: Pause,
    departure: Departure,
    clerk: Clerk,
    waiting: () => number,
  ) {
    this.#waiting = waiting;
    this.#wire = wire;
    this.#speaker = speaker;
    this.#pause = pause;
    this.#departure = departure;
    this.#clerk = clerk;
  }

  /** The client sent FIN. */
  get clientEnded(): boolean {
    return this.#clientEnded;
  }

  /** Cuts a delay short, but no stall. */
  clientEnds(): void {
    this.#clientEnded = true;
    if (!this.#departure.stalled) this.#pause.end();
  }

  /** Fault time. Ends early when the client leaves or the server goes. */
  async delay(ms: number): Promise<void> {
    const endedBefore = this.#clientEnded;
    this.#speaker.flush();
    this.#wire.hold(this.#waiting());
    await this.#pause.sleep(ms);
    this.#wire.release(this.#waiting());
    this.#clientLeft = this.#clientEnded && !endedBefore;
  }

  /** `isOpen`: a transaction goes on after this. Null where nothing has to be waited for. */
  perform(verdict: Verdict, isOpen: boolean): Promise<void> | null {
    if (verdict.delay > 0) return this.#performLate(verdict, isOpen);
    this.#say(verdict, false);
    this.#end(verdict, isOpen);
    return null;
  }

  /** The answers to an end of data, one after the other; what stands behind an ending is not said. */
  performAll(answers: readonly Answer[]): Promise<void> | null {
    if (answers.some(({ verdict }) => verdict.delay > 0)) return this.#performAllLate(answers);
    const last = answers.length - 1;
    for (const [at, answer] of answers.entries()) this.#answer(answer, at === last);
    return null;
  }

  async #performLate(verdict: Verdict, isOpen: boolean): Promise<void> {
    await this.delay(verdict.delay);
    this.#say(verdict, false);
    this.#end(verdict, isOpen);
  }

  async #performAllLate(answers: readonly Answer[]): Promise<void> {
    for (const answer of answers) {
      if (answer.verdict.delay > 0) await this.delay(answer.verdict.delay);
      this.#answer(answer, answer === answers.at(-1));
    }
  }

  #answer({ verdict, committed }: Answer, isLast: boolean): void {
    this.#say(verdict, committed);
    this.#end(verdict, !isLast);
  }

  /** `accepts`: it takes a message. */
  #say(verdict: Verdict, accepts: boolean): void {
    const { octets, positive } = speechOf(verdict);
    if (!this.#departure.ended) this.#speaker.say(octets);
    const arrives = positive && !this.#clientLeft && !this.#wire.gone && !this.#departure.ended;
    if (accepts && !arrives) this.#clerk.replyLost();
  }

  #end({ ending, firings, until }: Verdict, isOpen: boolean): void {
    if (!isOpen) this.#clerk.finished();
    if (ending !== null) this.#departure.end(ending, firings.length > 0 ? "fault" : "server", until);
  }
}
