import { ProblemError } from "./problem.ts";

/** One request that stays open. */
export interface Hold {
  /** Aborts when the request is over: the client has gone, the server closes, or it was released. */
  readonly signal: AbortSignal;
  /** Gives the place back. Must be called in the end. */
  release(): void;
}

/** The requests that stay open, waits and streams: bounded, and ended together when the server closes. */
export class Holds {
  readonly #limit: number;
  readonly #open = new Set<() => void>();
  #closed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size;
  }

  /** Takes a place for the request, or throws the 503 problem. */
  take(request: Request): Hold {
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
      request.signal.removeEventListener("abort", release);
      controller.abort();
    };
    this.#open.add(release);
    request.signal.addEventListener("abort", release);
    if (request.signal.aborted) release();
    return { signal: controller.signal, release };
  }

  /** Ends all, now and later. */
  close(): void {
    this.#closed = true;
    for (const release of [...this.#open]) release();
  }
}

export function closing(): ProblemError {
  return new ProblemError("closing", "Failed to hold the request: the server is closing; ask the next one");
}
