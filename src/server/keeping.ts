/** From a positive answer to a message that is kept, before a word of the answer is said. */
import { plainVerdict, type Verdict } from "../faults/mod.ts";
import { type Checkpoint, noRoom, type Reply, reply } from "../smtp/mod.ts";
import type { MailStore, MessageRef } from "../store/mod.ts";
import type { Clerk } from "./clerk.ts";
import { inStyle } from "./policy.ts";

/** The end of data as it was decided: once for all recipients, in LMTP once for each (RFC 2033 §4.2). */
export interface Answer {
  readonly checkpoint: Checkpoint;
  readonly verdict: Verdict;
  /** It accepts the message. */
  readonly committed: boolean;
}

const localError = reply(451, "4.3.0", "Requested action aborted: local error in processing");

/**
 * Hands the message to the store and writes that down. What is then to be said comes at once where the store
 * does: most messages are kept in memory, and a promise costs more than that.
 */
export function keepFor(
  answers: readonly Answer[],
  raw: readonly Uint8Array[],
  store: MailStore,
  receivedAt: number,
  clerk: Clerk,
): readonly Answer[] | Promise<readonly Answer[]> {
  const { transaction } = clerk;
  if (transaction === null) throw new Error("Failed to keep a message: there is no transaction");
  let ref: MessageRef | Promise<MessageRef>;
  try {
    ref = store.add({ receivedAt, raw, transaction, inboxes: clerk.inboxesOf(answers[0]!.checkpoint) });
  } catch (error) {
    return refused(answers, error, clerk);
  }
  if (!(ref instanceof Promise)) return kept(answers, ref, clerk);
  return ref.then(
    (ref) => kept(answers, ref, clerk),
    (error: unknown) => refused(answers, error, clerk),
  );
}

function kept(answers: readonly Answer[], ref: MessageRef, clerk: Clerk): readonly Answer[] {
  clerk.stored(ref);
  return answers.map((answer) => conclude(answer, naming(answer, ref.id), true, clerk));
}

function refused(answers: readonly Answer[], error: unknown, clerk: Clerk): readonly Answer[] {
  const refusal = refusalOf(error);
  // A full store is no mistake of ours.
  if (refusal !== noRoom) console.error("mailproof: a message could not be kept", error);
  return answers.map((answer) => {
    const said = inStyle(refusal, answer.checkpoint.proposed);
    return conclude(answer, plainVerdict(said), false, clerk);
  });
}

/** What is said where the store took no message. There may have been room when the content ended. */
export function refusalOf(error: unknown): Reply {
  return error instanceof Error && error.name === "StoreFullError" ? noRoom : localError;
}

/** What an answer that accepts comes to; the others were written down when they were decided. */
function conclude(answer: Answer, verdict: Verdict, committed: boolean, clerk: Clerk): Answer {
  const { checkpoint } = answer;
  if (!answer.committed) return answer;
  clerk.concluded(checkpoint, verdict.said, committed);
  return { checkpoint, verdict, committed };
}

/** Our own 250 tells the id, so that a client's log leads to the message. */
function naming({ checkpoint, verdict }: Answer, id: string): Verdict {
  if (verdict.said !== checkpoint.proposed || verdict.said === null) return verdict;
  const lines = verdict.said.lines.map((line) => `${line} as ${id}`);
  return { ...verdict, said: { ...verdict.said, lines } };
}
