import { unknownInbox } from "./inboxes.ts";
import type { InboxDesk } from "./parts.ts";
import { ProblemError } from "./problem.ts";

/** One request that stays open. */
export interface Hold {
  /** Aborts when the request is over: the client, its inbox or the server goes, or it was released. */
  readonly signal: AbortSignal;
  /** Why it is over before its time. */
  ended(): ProblemError;
  /** Gives the place back. Must be called in the end. */
  release(): void;
}

/** The requests that stay open, waits and streams: bounded, and ended together when the server closes. */
export class Holds {
  readonly #limit: number;
  readonly #inboxes: InboxDesk;
  readonly #open = new Set<() => void>();
  #closed = false;

  constructor(limit: number, inboxes: InboxDesk) {
    this.#limit = limit;
    this.#inboxes = inboxes;
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size;
  }

  /**
   * Takes a place for the request, or throws the 503 problem.
   * @param inbox without which the request has no sense; null: it is about no one
   */
  take(request: Request, inbox: string | null): Hold {
    if (this.#closed) throw closing();
    if (this.#open.size >= this.#limit) {
      throw new ProblemError(
        "too-many-held",
        `Failed to hold the request: ${this.#limit} waits and streams are open; close some, or ask again later`,
      );
    }
    const controller = new AbortController();
    const release = (): void => {
      this.#open.delete(release);
      forgetInbox();
      request.signal.removeEventListener("abort", release);
      controller.abort();
    };
    const forgetInbox = inbox === null ? () => {} : this.#inboxes.onClose(inbox, release);
    this.#open.add(release);
    request.signal.addEventListener("abort", release);
    if (request.signal.aborted) release();
    const ended = (): ProblemError =>
      inbox !== null && this.#inboxes.get(inbox) === null ? unknownInbox(inbox) : closing();
    return { signal: controller.signal, ended, release };
  }

  /** Ends all, now and later. */
  close(): void {
    this.#closed = true;
    for (const release of [...this.#open]) release();
  }
}

function closing(): ProblemError {
  return new ProblemError("closing", "Failed to hold the request: the server is closing; ask the next one");
}
