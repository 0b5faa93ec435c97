/** Waits for attempts that the server's filter cannot ask for by itself. */
import type { Transaction } from "../api/contract.ts";
import { compilePatterns, parseDuration, withoutNeedlessQuotes } from "../notation/mod.ts";
import type { TransactionFilter } from "./filter.ts";
import type { MailHandle, WaitAllOptions } from "./handle.ts";
import { type PatternInput, writePatterns } from "./pattern.ts";
import { describeAttempt, describeFilter, listed, plural } from "./shortfall.ts";
import { importedTimers } from "./timers.ts";
import { UnexpectedMailError, WaitTimeoutError } from "./wait-error.ts";
import { defaultTimeout } from "./waits.ts";

/** Each refusal that comes is looked at, until one has the code. */
export async function waitForCode(
  mail: MailHandle,
  filter: Omit<TransactionFilter, "outcome">,
  code: number,
  options: WaitAllOptions,
): Promise<Transaction> {
  const timeout = parseDuration(options.timeout ?? defaultTimeout);
  const asked = { ...filter, outcome: "rejected" };
  const deadline = importedTimers.now() + timeout;
  let seen: readonly Transaction[] = [];
  while (true) {
    const left = Math.max(0, Math.ceil(deadline - importedTimers.now()));
    try {
      seen = await mail.waitForTransactions(asked, { count: seen.length + 1, timeout: left });
    } catch (error) {
      if (!(error instanceof WaitTimeoutError) || error.cause !== undefined || seen.length === 0) throw error;
      const came = listed(seen.map(describeAttempt));
      const text = `no refusal with ${code}${describeFilter(filter)} in ${timeout} ms · instead: ${came}`;
      throw new WaitTimeoutError(text, filter, null);
    }
    const found = seen.find((one) => refusalCodes(one, filter.to).includes(code));
    if (found !== undefined) return found;
  }
}

/** So many attempts, all of one mail, and then no more. */
export async function waitForAttempts(
  mail: MailHandle,
  filter: TransactionFilter,
  count: number,
  options: WaitAllOptions,
): Promise<Transaction[]> {
  const found = await mail.waitForTransactions(filter, { ...options, exactly: count });
  if (areOneMail(found)) return found;
  const came = listed(found.map(describeAttempt));
  const asked = `${plural(count, "attempt")} of one mail${describeFilter(filter)}`;
  throw new UnexpectedMailError(`expected ${asked}, but sender or recipients differ: ${came}`, filter, null);
}

/**
 * Whether they have the same sender and the same recipients, in any order. An attempt that ended before its
 * content may have named only some of them.
 */
export function areOneMail(attempts: readonly Transaction[]): boolean {
  const named = attempts.map(({ recipients }) => new Set(recipients.map(({ path }) => path.address)));
  const all = named.reduce((widest, one) => (one.size > widest.size ? one : widest), new Set<string>());
  const [first] = attempts;
  return attempts.every(({ reversePath, content }, n) => {
    const own = named[n]!;
    if (reversePath?.address !== first?.reversePath?.address) return false;
    return (content === null || own.size === all.size) && [...own].every((address) => all.has(address));
  });
}

/** The codes that refused it, or of it the recipients that are asked for. */
export function refusalCodes(attempt: Transaction, to: PatternInput | undefined): number[] {
  const isAsked =
    to === undefined ? () => true : compilePatterns(writePatterns(to) as string | string[], "address");
  const replies = attempt.recipients
    .filter(({ path }) => isAsked(path.address) || isAsked(withoutNeedlessQuotes(path.address)))
    .map(({ reply, finalReply }) => finalReply ?? reply);
  return [...replies, attempt.reply].map((reply) => reply?.code ?? 0).filter((code) => code >= 400);
}
