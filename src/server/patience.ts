/**
 * How much of a session's nonsense the server bears. Only what the protocol refuses counts: a client that
 * meets the failures of a test, or asks for users that are not in the directory, is not to blame for them.
 * What is refused for now (4yz: full, too many recipients) is no mistake of the client either.
 */
import { type Checkpoint, isPositive, type Phase } from "../smtp/mod.ts";

export interface PatienceLimits {
  /** Commands that the server refuses for good. */
  readonly maxErrors: number;
  /** Commands in a row that bring no mail forward; null: any number. */
  readonly maxJunk: number | null;
}

/** Refused attempts to authenticate, whatever `maxErrors` is. */
const maxFailedAuths = 10;

const junk: ReadonlySet<Phase> = new Set<Phase>(["noop", "rset", "vrfy", "expn", "help"]);

export class Patience {
  readonly #limits: PatienceLimits;
  #errors = 0;
  #junk = 0;
  #failedAuths = 0;

  constructor(limits: PatienceLimits) {
    this.#limits = limits;
  }

  /** Why it is at its end; null while it is not. */
  get end(): string | null {
    const { maxErrors, maxJunk } = this.#limits;
    if (this.#failedAuths >= maxFailedAuths) return "Too many failed authentications";
    if (this.#errors >= maxErrors) return "Too many errors";
    if (maxJunk !== null && this.#junk >= maxJunk) return "Too many commands that bring no mail forward";
    return null;
  }

  /** What the engine proposes counts, whatever the directory or a rule makes of it. */
  hear({ phase, proposed, recipient }: Checkpoint): void {
    // What LMTP says to the second recipient it said to the first.
    if (proposed === null || (recipient ?? 0) > 0) return;
    if (proposed.code >= 500) this.#errors += 1;
    if (proposed.code === 535) this.#failedAuths += 1;
    if (isPositive(proposed) && junk.has(phase)) this.#junk += 1;
  }

  /** A message was accepted: the client is at work. */
  accepted(): void {
    this.#junk = 0;
  }
}
