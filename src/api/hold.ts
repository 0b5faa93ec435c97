import { unknownInbox } from "./inboxes.ts";
import type { InboxDesk } from "./parts.ts";
import { ProblemError } from "./problem.ts";

/** One request that may stay open. */
export interface Hold {
  /** Aborts when the request is over: the client, its inbox or the server goes, or it was released. */
  readonly signal: AbortSignal;
  /** Takes one of the places of those that stay open, or throws the 503 problem. */
  stay(): void;
  /** Why it is over before its time. */
  ended(): ProblemError;
  /** Gives the place back. Must be called in the end, unless there was no place. */
  release(): void;
}

/** The requests that stay open, waits and streams: bounded, and ended together when the server closes. */
export class Holds {
  readonly #limit: number;
  readonly #inboxes: InboxDesk;
  readonly #open = new Set<() => void>();
  readonly #staying = new Set<() => void>();
  #closed = false;

  constructor(limit: number, inboxes: InboxDesk) {
    this.#limit = limit;
    this.#inboxes = inboxes;
  }

  /** How many stay open. */
  get count(): number {
    return this.#staying.size;
  }

  /**
   * Minds a request until it is released.
   * @param inbox without which the request has no sense; null: it is about no one
   */
  take(request: Request, inbox: string | null): Hold {
    if (this.#closed) throw closing();
    const controller = new AbortController();
    const release = (): void => {
      this.#open.delete(release);
      this.#staying.delete(release);
      forgetInbox();
      request.signal.removeEventListener("abort", release);
      controller.abort();
    };
    const forgetInbox = inbox === null ? () => {} : this.#inboxes.onClose(inbox, release);
    this.#open.add(release);
    request.signal.addEventListener("abort", release);
    if (request.signal.aborted) release();
    const stay = (): void => {
      if (controller.signal.aborted || this.#staying.has(release)) return;
      if (this.#staying.size < this.#limit) {
        this.#staying.add(release);
        return;
      }
      release();
      throw new ProblemError(
        "too-many-held",
        `Failed to hold the request: ${this.#limit} waits and streams are open; close some, or ask again later`,
      );
    };
    const ended = (): ProblemError =>
      inbox !== null && this.#inboxes.get(inbox) === null ? unknownInbox(inbox) : closing();
    return { signal: controller.signal, stay, ended, release };
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
