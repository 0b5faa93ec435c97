/**
 * One wait is a chain of held requests. The server holds each for at most a minute and answers as soon as
 * there is something to say; asking again with the same `since` misses nothing, so a request that was cut
 * or turned away (503) is simply repeated while there is time.
 */
import { MailproofError } from "./error.ts";
import { linkSignals } from "./signal.ts";
import { pause, type Timers } from "./timers.ts";

/** Milliseconds. */
const longestHold = 60_000;
const retryPause = 100;
/** How long after the end of a hold its answer may take. */
const grace = 1_500;

export interface Hold {
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds that an answer may take beyond the timeout because it must stay quiet. */
  readonly quiet: number;
  readonly signal: AbortSignal;
  readonly timers: Timers;
}

/** How the last request of a wait ended. */
export type HoldEnd<T> =
  | { readonly kind: "answer"; readonly value: T }
  /** With a 404 or 409 problem that says what came instead. */
  | { readonly kind: "refused"; readonly error: MailproofError }
  /** No whole answer came, up to the end. */
  | { readonly kind: "unanswered"; readonly error: MailproofError };

/**
 * Asks until there is an end.
 * @param ask sends one request that the server is to hold for so many milliseconds
 * @param settles whether a good answer to an early request ends the wait; false for "nothing came"
 */
export async function hold<T>(
  ask: (timeout: number, signal: AbortSignal) => Promise<T>,
  settles: boolean,
  options: Hold,
): Promise<HoldEnd<T>> {
  const { timers, signal } = options;
  const deadline = timers.now() + options.timeout;
  while (true) {
    const left = Math.max(0, Math.ceil(deadline - timers.now()));
    const last = left <= longestHold;
    try {
      const value = await askOnce(ask, Math.min(left, longestHold), options);
      if (settles || last) return { kind: "answer", value };
    } catch (error) {
      if (!(error instanceof MailproofError)) throw error;
      if (error.is("wait-too-many") || (error.is("wait-timeout") && last)) return { kind: "refused", error };
      if (error.is("wait-timeout")) continue;
      if (!error.transient) throw error;
      if (timers.now() + retryPause >= deadline) return { kind: "unanswered", error };
      await pause(timers, retryPause, signal);
    }
  }
}

/** A server that stays silent beyond its time is as good as cut off. */
async function askOnce<T>(
  ask: (timeout: number, signal: AbortSignal) => Promise<T>,
  timeout: number,
  { signal, timers, quiet }: Hold,
): Promise<T> {
  const link = linkSignals(signal);
  const timer = timers.setTimeout(
    () =>
      link.abort(
        new MailproofError("Failed to wait: the server holds the request beyond its time", null, null),
      ),
    timeout + quiet + grace,
  );
  try {
    return await ask(timeout, link.signal);
  } finally {
    timers.clearTimeout(timer);
    link.unlink();
  }
}
