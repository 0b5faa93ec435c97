/** What is to be said at a checkpoint: the policy's word first, then that of the fault rules. */
import { type FaultEngine, plainVerdict, type Verdict, type WireForm } from "../faults/mod.ts";
import { type Checkpoint, pathIn, type SessionOptions, type TransactionState } from "../smtp/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { FaultClock } from "./clock.ts";
import { acceptedAddresses, momentOf, type Surroundings } from "./moment.ts";
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
  readonly inboxes: Surroundings["inboxes"];
  readonly readText: (content: Uint8Array) => string;
  readonly openSessions: Surroundings["openSessions"];
}

/** Where accepted recipients are asked. */
const contentPhases: ReadonlySet<Checkpoint["phase"]> = new Set<Checkpoint["phase"]>([
  "data",
  "content",
  "bdat",
  "end-of-data",
]);

export class Judge {
  readonly #parts: JudgeParts;
  readonly #clerk: Clerk;
  readonly #around: Surroundings;
  readonly #patience: Patience;
  /** Whether a recipient of the transaction, tried or accepted, may ask for a fault. */
  #hasMagic = false;
  /** Of the replies to an AUTH: a rule for any command is asked once, at its line. */
  #authEol: WireForm["eol"] = "\r\n";

  /** `hidesEnhanced`: the client is told no enhanced status codes. */
  constructor(parts: JudgeParts, clerk: Clerk, hidesEnhanced: () => boolean) {
    this.#parts = parts;
    this.#clerk = clerk;
    this.#patience = new Patience(parts.patience);
    const { engine, readHeader, readText, openSessions, inboxes, clock } = parts;
    this.#around = {
      hostname: engine.hostname,
      limit: engine.maxMessageSize,
      readHeader,
      readText,
      openSessions,
      hidesEnhanced,
      inboxes,
      clock,
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
    const verdict = this.#decide(checkpoint, idle);
    switch (checkpoint.phase) {
      case "auth-start":
        this.#authEol = verdict.wire?.eol ?? "\r\n";
        return verdict;
      case "auth-exchange":
      case "auth":
        return this.#authEol === "\r\n" ? verdict : withEol(verdict, this.#authEol);
      default:
        return verdict;
    }
  }

  #decide(checkpoint: Checkpoint, idle: number): Verdict {
    const { faults, policy } = this.#parts;
    const proposed = applyPolicy(policy, checkpoint);
    this.#patience.hear(checkpoint);
    const isMagic = this.#meetsMagic(checkpoint);
    if (!isMagic && !faults.concerns(checkpoint.phase)) return plainVerdict(proposed);
    return faults.judge(momentOf(checkpoint, proposed, this.#clerk, idle, this.#around));
  }

  /** Octets of content, beyond so many, at which a rule or a recipient wants to be asked; null: none does. */
  nextStop(octets: number, transaction: TransactionState): number | null {
    return this.#parts.faults.nextStop(octets, this.#hasMagic ? acceptedAddresses(transaction) : []);
  }

  /**
   * Whether an address asks for a fault: the one that is offered, or one that was before. It is remembered,
   * as a client may name many recipients and then say little but often.
   */
  #meetsMagic({ phase, command, transaction, recipient }: Checkpoint): boolean {
    const { faults } = this.#parts;
    if (transaction === null) this.#hasMagic = false;
    const path = pathIn(command);
    if (phase === "mail" || phase === "rcpt") {
      const isMagic = path !== null && faults.isMagic(path.address);
      if (phase === "rcpt") this.#hasMagic ||= isMagic;
      return isMagic;
    }
    const answered = recipient === null ? undefined : transaction?.recipients[recipient];
    if (answered !== undefined) return faults.isMagic(answered.path.address);
    return this.#hasMagic && contentPhases.has(phase);
  }
}

/** What a rule says of this reply itself comes first. */
function withEol(verdict: Verdict, eol: WireForm["eol"]): Verdict {
  if (verdict.wire !== null && verdict.wire.eol !== "\r\n") return verdict;
  return { ...verdict, wire: { raw: null, padTo: 0, garble: [], truncate: null, ...verdict.wire, eol } };
}
