/** From a positive answer to a message that is kept, before a word of the answer is said. */
import { plainVerdict, type Verdict } from "../faults/mod.ts";
import { type Checkpoint, reply } from "../smtp/mod.ts";
import type { MailStore } from "../store/mod.ts";
import type { Clerk } from "./clerk.ts";
import { storeFull } from "./policy.ts";

/** The end of data as it was decided: once for all recipients, in LMTP once for each (RFC 2033 §4.2). */
export interface Answer {
  readonly checkpoint: Checkpoint;
  readonly verdict: Verdict;
  /** It accepts the message. */
  readonly committed: boolean;
}

const localError = reply(451, "4.3.0", "Requested action aborted: local error in processing");

/** Hands the message to the store and writes that down. Resolves to what is then to be said. */
export async function keepFor(
  answers: readonly Answer[],
  raw: Uint8Array,
  store: MailStore,
  receivedAt: number,
  clerk: Clerk,
): Promise<readonly Answer[]> {
  const { transaction } = clerk;
  if (transaction === null) throw new Error("Failed to keep a message: there is no transaction");
  let conclude: (answer: Answer) => Answer;
  try {
    const ref = await store.add({ receivedAt, raw, transaction });
    clerk.stored(ref);
    conclude = (answer) => ({ ...answer, verdict: naming(answer, ref.id) });
  } catch (error) {
    // There may have been room when the content ended.
    const isFull = error instanceof Error && error.name === "StoreFullError";
    if (!isFull) console.error("mailproof: a message could not be kept", error);
    const verdict = plainVerdict(isFull ? storeFull : localError);
    conclude = (answer) => ({ ...answer, verdict, committed: false });
  }
  return answers.map((answer) => {
    if (!answer.committed) return answer;
    const concluded = conclude(answer);
    clerk.concluded(answer.checkpoint, concluded.verdict.said, concluded.committed);
    return concluded;
  });
}

/** Our own 250 tells the id, so that a client's log leads to the message. */
function naming({ checkpoint, verdict }: Answer, id: string): Verdict {
  if (verdict.said !== checkpoint.proposed || verdict.said === null) return verdict;
  const lines = verdict.said.lines.map((line) => `${line} as ${id}`);
  return { ...verdict, said: { ...verdict.said, lines } };
}
