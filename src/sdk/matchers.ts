/**
 * Matchers for any `expect.extend`: Vitest, Jest, `bun:test`, `@std/expect`.
 *
 * @example
 * ```ts
 * expect.extend(matchers);
 * await expect(mail).toHaveReceived({ to: "ada@example.com" }, { times: 1 });
 * ```
 * @module
 */
import type { Duration, Message } from "../api/contract.ts";
import { compilePattern } from "../notation/mod.ts";
import { waitForAttempts, waitForCode } from "./attempts.ts";
import type { Fault } from "./faults.ts";
import type { MessageFilter, TransactionFilter } from "./filter.ts";
import type { MailHandle, WaitAllOptions } from "./handle.ts";
import {
  describeUnwanted,
  judgeMessage,
  judgeWait,
  type MatcherContext,
  type MatcherResult,
  received,
} from "./judgement.ts";
import { matcher, questionMarkHint, urlMatcher, writePattern } from "./pattern.ts";
import { describeAttempt, plural } from "./shortfall.ts";
import { describeMessage } from "./waits.ts";

export type { MatcherContext, MatcherResult };

export interface ReceivedOptions {
  /** So many, and then no more while it is `quiet`. Default: at least one. */
  readonly times?: number;
  /** Default 500 ms. Only with `times`. */
  readonly quiet?: Duration;
  /** Default 3 s; with `.not` 200 ms. */
  readonly timeout?: Duration;
}

export interface RejectedOptions {
  /** Of the reply that refused it. */
  readonly code?: number;
  /** Default 3 s; with `.not` 200 ms. */
  readonly timeout?: Duration;
}

export interface RetriedOptions {
  /** Attempts after the first one. */
  readonly times: number;
  /** How long no further attempt may come. Default 500 ms. */
  readonly quiet?: Duration;
  /** Default 3 s; with `.not` 200 ms. */
  readonly timeout?: Duration;
}

/** What {@link matchers} add to `expect`, for the declarations of a runner. `R` is what its own matchers return. */
export interface MailproofMatchers<R = void> {
  /** A `MailHandle` handle: mail came, before or within the timeout. */
  toHaveReceived(filter?: MessageFilter, options?: ReceivedOptions): Promise<void>;
  /** A `MailHandle` handle: a transaction was refused; with `to` in the filter, that recipient. */
  toHaveRejected(filter?: Omit<TransactionFilter, "outcome">, options?: RejectedOptions): Promise<void>;
  /**
   * A `MailHandle` handle: one mail was attempted 1 + `times` times, whatever became of it, and then no more.
   * Attempts of one mail are transactions with the same sender and recipients.
   */
  toHaveRetried(filter: TransactionFilter, options: RetriedOptions): Promise<void>;
  /** A message. A text without wildcard means "contains", here and in links; there only `*` is a wildcard. */
  toHaveSubject(pattern: string | RegExp): R;
  /** A message; without a pattern any link will do. */
  toHaveLink(pattern?: string | RegExp): R;
  /** A message; without a pattern any one-time code will do. */
  toHaveCode(pattern?: string | RegExp): R;
  /** A message, and the file name; without a pattern any attachment will do. */
  toHaveAttachment(pattern?: string | RegExp): R;
  /** A fault: so often up to now. Default: at least once. */
  toHaveFired(times?: number): Promise<void>;
}

/** A matcher as runners call it. */
export type MatcherOf<Assertion> = Assertion extends (...args: infer Args) => infer Return
  ? (
      this: MatcherContext,
      received: unknown,
      ...args: Args
    ) => Return extends Promise<unknown> ? Promise<MatcherResult> : MatcherResult
  : never;

/** For `expect.extend(matchers)`. */
export const matchers: {
  readonly [Name in keyof MailproofMatchers]: MatcherOf<MailproofMatchers[Name]>;
} = {
  async toHaveReceived(value, filter = {}, options = {}) {
    const mail = handle(value);
    const { times, quiet } = options;
    const limits = { ...quietOf(quiet), ...timeoutOf(options, this) };
    const demand = times === undefined ? limits : { ...limits, exactly: times };
    const asked = times === undefined ? "no mail" : `not exactly ${plural(times, "mail")}`;
    return await judgeWait(mail.waitForAll(filter, demand), (found) =>
      describeUnwanted(asked, filter, found.map(describeMessage)),
    );
  },

  async toHaveRejected(value, filter = {}, options = {}) {
    const mail = handle(value);
    const { code } = options;
    const timeout = timeoutOf(options, this);
    const wait =
      code === undefined
        ? mail.waitForTransactions({ ...filter, outcome: "rejected" }, timeout)
        : waitForCode(mail, filter, code, timeout).then((found) => [found]);
    const asked = code === undefined ? "no refusal" : `no refusal with ${code}`;
    return await judgeWait(wait, (found) => describeUnwanted(asked, filter, found.map(describeAttempt)));
  },

  async toHaveRetried(value, filter, options) {
    const count = 1 + options.times;
    const limits = { ...quietOf(options.quiet), ...timeoutOf(options, this) };
    return await judgeWait(waitForAttempts(handle(value), filter, count, limits), (found) =>
      describeUnwanted(`not ${plural(count, "attempt")}`, filter, found.map(describeAttempt)),
    );
  },

  toHaveSubject(value, pattern) {
    const message = letter(value);
    const pass = matcher(pattern)(message.subject);
    const hint = pass ? null : questionMarkHint(pattern, message.subject);
    const asked = `the subject ${writePattern(pattern)}${hint === null ? "" : ` (${hint})`}`;
    return judgeMessage(this, message, pass, asked, [message.subject]);
  },

  toHaveLink(value, pattern) {
    const message = letter(value);
    const urls = message.links.map(({ url }) => url);
    const pass = urls.some(pattern === undefined ? () => true : urlMatcher(pattern));
    return judgeMessage(this, message, pass, described("link", pattern), urls);
  },

  toHaveCode(value, pattern) {
    const message = letter(value);
    const pass = message.codes.some(whole(pattern));
    return judgeMessage(this, message, pass, described("code", pattern), message.codes);
  },

  toHaveAttachment(value, pattern) {
    const message = letter(value);
    const names = message.attachments.map(({ filename }) => filename ?? "");
    return judgeMessage(this, message, names.some(whole(pattern)), described("attachment", pattern), names);
  },

  async toHaveFired(value, times) {
    const fault = received<Fault>(value, "fired", "a fault");
    const fired = await fault.fired();
    const asked = times === undefined ? "at least once" : `${times}×`;
    const not = this.isNot === true ? "not " : "";
    return {
      pass: times === undefined ? fired > 0 : fired === times,
      message: () => `expected fault ${fault.id} ${not}to have fired ${asked}; it fired ${fired}×`,
    };
  },
};

/** With `.not` it is the time in which nothing may come, as for `expectNone`. */
function timeoutOf(
  { timeout }: { readonly timeout?: Duration },
  { isNot }: MatcherContext,
): Pick<WaitAllOptions, "timeout"> {
  if (timeout !== undefined) return { timeout };
  return isNot === true ? { timeout: 200 } : {};
}

function quietOf(quiet: Duration | undefined): Pick<WaitAllOptions, "quiet"> {
  return quiet === undefined ? {} : { quiet };
}

/** A text without wildcard is the whole value. */
function whole(pattern: string | RegExp | undefined): (value: string) => boolean {
  if (pattern === undefined) return () => true;
  return typeof pattern === "string" ? compilePattern(pattern) : matcher(pattern);
}

function described(what: string, pattern: string | RegExp | undefined): string {
  return pattern === undefined ? `any ${what}` : `the ${what} ${writePattern(pattern)}`;
}

function handle(value: unknown): MailHandle {
  return received<MailHandle>(value, "waitForAll", "a Mailproof handle");
}

function letter(value: unknown): Message {
  return received<Message>(value, "subject", "a message");
}
