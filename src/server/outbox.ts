import { setImmediate } from "node:timers";

/** One who has something to say. */
interface Talker {
  flush(): void;
}

/**
 * What is to be said leaves when all that has come is read: then the replies to many clients are written one after
 * the other. A reply by itself wakes its client up, which for a server at its limit takes as long as the command.
 */
export class Outbox {
  #talkers: Talker[] = [];
  readonly #leave = (): void => {
    const talkers = this.#talkers;
    this.#talkers = [];
    for (const talker of talkers) talker.flush();
  };

  add(talker: Talker): void {
    if (this.#talkers.push(talker) === 1) setImmediate(this.#leave);
  }
}
