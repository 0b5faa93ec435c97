/**
 * The answers to an end of data. They wait until all of them are decided and the message is held: once we say
 * 250 it is ours (RFC 5321 §6.1).
 */
import type { Bounce } from "../faults/mod.ts";
import type { SessionEvent } from "../smtp/mod.ts";
import type { MailStore } from "../store/mod.ts";
import type { Bouncing } from "./bouncing.ts";
import type { Clerk } from "./clerk.ts";
import type { Timers } from "./clock.ts";
import type { Judge } from "./judge.ts";
import { type Answer, keepFor } from "./keeping.ts";
import type { Performer } from "./performer.ts";

export interface EndOfDataParts {
  readonly store: MailStore;
  readonly timers: Timers;
  readonly bouncing: Bouncing;
}

export class EndOfData {
  readonly #parts: EndOfDataParts;
  readonly #clerk: Clerk;
  readonly #performer: Performer;
  readonly #judge: Judge;
  readonly #next: () => SessionEvent;
  /** Decided, and not said before all are. */
  #answers: Answer[] = [];
  #isOver = false;

  /** `next` gives the message that the engine has accepted. */
  constructor(
    parts: EndOfDataParts,
    clerk: Clerk,
    performer: Performer,
    judge: Judge,
    next: () => SessionEvent,
  ) {
    this.#parts = parts;
    this.#clerk = clerk;
    this.#performer = performer;
    this.#judge = judge;
    this.#next = next;
  }

  /** In LMTP: some recipients are answered, and others are not. */
  get isGathering(): boolean {
    return this.#answers.length > 0;
  }

  /** An ending was decided: whoever is still to be answered hears nothing, and is not accepted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** One more is decided. Null where nothing has to be waited for. */
  take(answer: Answer): Promise<void> | null {
    const { checkpoint, verdict, committed } = answer;
    if (!committed) this.#clerk.concluded(checkpoint, verdict.said, false);
    this.#answers.push(answer);
    const { ending } = verdict;
    this.#isOver ||= ending !== null && ending.kind !== "half-close";
    const { transaction, recipient } = checkpoint;
    if (recipient !== null && recipient + 1 < (transaction?.recipients.length ?? 0)) return null;
    const answers = this.#answers;
    this.#answers = [];
    this.#isOver = false;
    return answers.some((one) => one.committed) ? this.#keep(answers) : this.#performer.performAll(answers);
  }

  #keep(answers: readonly Answer[]): Promise<void> | null {
    const event = this.#next();
    if (event.kind !== "accepted") throw new Error("Failed to keep a message: none was accepted");
    const { store, timers } = this.#parts;
    const kept = keepFor(answers, event.content, store, timers.now(), this.#clerk);
    return kept instanceof Promise ? this.#tellLater(kept) : this.#tell(kept);
  }

  async #tellLater(kept: Promise<readonly Answer[]>): Promise<void> {
    const pending = this.#tell(await kept);
    if (pending !== null) await pending;
  }

  #tell(answers: readonly Answer[]): Promise<void> | null {
    if (answers.some(({ committed }) => committed)) this.#judge.accepted();
    for (const answer of answers)
      if (answer.verdict.bounce !== null) this.#bounce(answer, answer.verdict.bounce);
    return this.#performer.performAll(answers);
  }

  /** In LMTP about the recipient that is answered, else about all of them. */
  #bounce({ checkpoint, committed }: Answer, bounce: Bounce): void {
    const { transaction, recipient } = checkpoint;
    const id = this.#clerk.transaction?.storedId ?? null;
    if (!committed || transaction === null || id === null) return;
    const recipients =
      recipient === null ? transaction.recipients : transaction.recipients.slice(recipient, recipient + 1);
    const inboxesOf = (addresses: readonly string[]) => this.#clerk.inboxesOf(checkpoint, addresses);
    const obstacle = this.#parts.bouncing.expect(bounce, transaction, recipients, id, inboxesOf);
    if (obstacle !== null) this.#clerk.remark(`no report will come: ${obstacle}`);
  }
}
