import type { Checkpoint, Phase, SessionEvent, TransactionState } from "./checkpoint.ts";
import type { Command } from "./command.ts";
import type { ContentReader } from "./content.ts";
import type { ClientFacts } from "./facts.ts";
import { isPositive, type Reply } from "./reply.ts";
import type { State } from "./states.ts";
import type { Warning } from "./warnings.ts";

/** What a settlement brings about; what is absent stays as it is. */
export interface Change {
  readonly state?: State;
  readonly client?: ClientFacts;
  /** Told at the next {@link Session.next}. */
  readonly outcome?: SessionEvent;
}

/** Nothing more is read. */
export const closing: Change = { state: { kind: "closed" } };

/** A checkpoint as far as it differs from one to the next, and what its settlement does. */
export interface Question {
  readonly phase: Phase;
  readonly proposed: Reply | null;
  readonly command?: Command | null;
  readonly line?: string | null;
  /** At content, bdat and end of data. */
  readonly reader?: ContentReader;
  /** At content: how many have come; elsewhere the reader tells. */
  readonly octets?: number;
  /** In LMTP, at end of data: the index of the recipient that is answered. */
  readonly recipient?: number | null;
  readonly user?: string;
  readonly commit?: (question: Question) => Change;
  /** What follows when it is not committed. */
  readonly leave?: (question: Question, said: Reply | null) => Change;
}

/** The checkpoint that puts a question to the one who drives the session. */
export function checkpointOf(
  question: Question,
  transaction: TransactionState | null,
  warnings: readonly Warning[],
): Checkpoint {
  const { phase, command = null, proposed, reader, line = null, user = null, recipient = null } = question;
  return {
    phase,
    command,
    transaction,
    proposed,
    octets: question.octets ?? reader?.octets ?? 0,
    recipient,
    content:
      reader === undefined || phase !== "end-of-data" || reader.isOverLimit ? null : () => reader.join(),
    head: reader === undefined || phase === "content" ? null : () => reader.head(),
    line,
    user,
    warnings,
  };
}

/** Whether what was said makes the command count. What the engine refused itself never does. */
export function commits({ phase, proposed }: Question, said: Reply | null): boolean {
  if (proposed === null || said === null) return false;
  if (!isPositive(proposed)) return false;
  if (phase === "data") return said.code === 354;
  if (phase === "starttls" || phase === "greeting") return said.code === 220;
  if (phase === "auth") return said.code === 235;
  if (phase === "auth-start" || phase === "auth-exchange") return said.code === 334;
  return said.code >= 200 && said.code < 300;
}
