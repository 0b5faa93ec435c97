/** What a matcher says to the runner. */
import type { Message } from "../api/contract.ts";
import type { AnyFilter } from "./filter.ts";
import { describeFilter, listed } from "./shortfall.ts";
import { UnexpectedMailError, WaitTimeoutError } from "./wait-error.ts";

/** What runners give a matcher as `this`. */
export interface MatcherContext {
  readonly isNot?: boolean;
}

/** What runners take from a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/**
 * A wait that ends without what it waited for is a result; any other error is one of the test.
 * @param came what to say where it was not to come
 */
export async function judgeWait<T>(wait: Promise<T>, came: (found: T) => string): Promise<MatcherResult> {
  try {
    const found = await wait;
    return { pass: true, message: () => came(found) };
  } catch (error) {
    // One with a cause had no answer from the server: then nothing is known.
    if (!(error instanceof WaitTimeoutError) || error.cause !== undefined) throw error;
    const { message, expected, actual } = error;
    const differs = actual !== null && !(error instanceof UnexpectedMailError);
    return { pass: false, message: () => message, ...(differs ? { expected, actual } : {}) };
  }
}

/** `expected no mail to ada@x.test, but 1 came: #1 "Welcome"` */
export function describeUnwanted(asked: string, filter: AnyFilter, came: readonly string[]): string {
  return `expected ${asked}${describeFilter(filter)}, but ${came.length} came: ${listed(came)}`;
}

/** `expected #1 "Welcome" to have the link "/confirm"; it has "https://x.test/start"` */
export function judgeMessage(
  { isNot }: MatcherContext,
  { seq, subject }: Message,
  pass: boolean,
  asked: string,
  candidates: readonly string[],
): MatcherResult {
  const there = candidates.length === 0 ? "none" : candidates.map((one) => JSON.stringify(one)).join(", ");
  const not = isNot === true ? "not " : "";
  const text = `expected #${seq} ${JSON.stringify(subject)} ${not}to have ${asked}; it has ${there}`;
  return { pass, message: () => text };
}

/**
 * What stands in `expect(…)`, known by one of its members.
 * @throws TypeError for anything else, such as a promise that was not awaited
 */
export function received<T extends object>(value: unknown, member: keyof T, what: string): T {
  if (typeof value === "object" && value !== null && member in value) return value as T;
  const found = value instanceof Promise ? "a promise" : typeof value;
  throw new TypeError(`Failed to match: ${found} in expect(); give it ${what}, awaited`);
}
