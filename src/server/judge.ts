/** What is to be said at a checkpoint: the policy's word first, then that of the fault rules. */
import { type FaultEngine, plainVerdict, type Verdict } from "../faults/mod.ts";
import type { Checkpoint, SessionOptions } from "../smtp/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { FaultClock } from "./clock.ts";
import { momentOf, type Surroundings } from "./moment.ts";
import { Patience, type PatienceLimits } from "./patience.ts";
import { applyPolicy, type Policy } from "./policy.ts";
import type { HeaderReader } from "./transaction-record.ts";

export interface JudgeParts {
  readonly faults: FaultEngine;
  readonly clock: FaultClock;
  readonly policy: Policy;
  readonly patience: PatienceLimits;
  readonly engine: Pick<SessionOptions, "hostname" | "maxMessageSize">;
  readonly readHeader: HeaderReader;
  readonly readText: (content: Uint8Array) => string;
  /** How many sessions of this remote address are open. */
  readonly openSessions: (remoteAddress: string) => number;
}

export class Judge {
  readonly #parts: JudgeParts;
  readonly #clerk: Clerk;
  readonly #around: Surroundings;
  readonly #patience: Patience;

  constructor(parts: JudgeParts, clerk: Clerk) {
    this.#parts = parts;
    this.#clerk = clerk;
    this.#patience = new Patience(parts.patience);
    const { engine, readHeader, readText, openSessions } = parts;
    this.#around = {
      hostname: engine.hostname,
      limit: engine.maxMessageSize,
      readHeader,
      readText,
      openSessions,
    };
  }

  /** Why the client is borne with no longer; null while it is. */
  get impatience(): string | null {
    return this.#patience.end;
  }

  /** A message was accepted. */
  accepted(): void {
    this.#patience.accepted();
  }

  /** `idle`: milliseconds of silence, at that phase. */
  judge(checkpoint: Checkpoint, idle: number): Verdict {
    const { faults, policy, clock } = this.#parts;
    const proposed = applyPolicy(policy, checkpoint);
    this.#patience.hear(checkpoint);
    if (!faults.concerns(checkpoint.phase) && !this.#namesMagic(checkpoint)) return plainVerdict(proposed);
    return faults.judge(momentOf(checkpoint, proposed, this.#clerk, clock.now(), idle, this.#around));
  }

  /** Whether an address asks for a fault: the one that is offered, or one that was accepted before. */
  #namesMagic({ command, transaction }: Checkpoint): boolean {
    const { faults } = this.#parts;
    if (command?.kind === "mail" || command?.kind === "rcpt") return faults.isMagic(command.path.address);
    return transaction !== null && transaction.recipients.some(({ path }) => faults.isMagic(path.address));
  }
}
