/** What the server itself says for reasons that are not the protocol's: room, and who is there. */
import { type Checkpoint, isPositive, type Reply, reply } from "../smtp/mod.ts";
import type { Directory, MailStore } from "../store/mod.ts";
import { enquire } from "./enquiry.ts";

export interface Policy {
  readonly store: MailStore;
  readonly directory: Directory;
  /** What is said where the store takes no more. */
  readonly full: Reply;
}

/** The 452 of a store that takes no more; it names the limits that are set. */
export function fullWithin({ maxMessages }: { readonly maxMessages: number | null }): Reply {
  const limits = maxMessages === null ? "--max-bytes" : "--max-messages and --max-bytes";
  return reply(452, "4.3.1", `Insufficient system storage within ${limits}`); // RFC 5321 §4.2.3
}

/** Where the engine does without an enhanced code, because they are hidden, so does what is said instead. */
export function inStyle(said: Reply, proposed: Reply | null): Reply {
  return proposed?.enhanced === null ? { ...said, enhanced: null } : said;
}

/** The reply after policy: the engine's own proposal, a refusal, or what the directory says. */
export function applyPolicy(policy: Policy, checkpoint: Checkpoint): Reply | null {
  const { proposed } = checkpoint;
  if (proposed === null || !isPositive(proposed)) return proposed;
  return inStyle(decide(policy, checkpoint, proposed), proposed);
}

function decide(policy: Policy, checkpoint: Checkpoint, proposed: Reply): Reply {
  const { command } = checkpoint;
  switch (checkpoint.phase) {
    case "mail": {
      // RFC 1870 §6.1: a declared size that there is no room for now is a transient failure.
      const declared = command?.kind === "mail" ? Number(command.parameters.SIZE ?? 0) : 0;
      return policy.store.hasRoom(declared) ? proposed : policy.full;
    }
    case "end-of-data":
      return policy.store.hasRoom(checkpoint.octets, checkpoint.transaction?.recipients.length)
        ? proposed
        : policy.full;
    case "rcpt":
    case "vrfy":
    case "expn":
      return enquire(policy.directory, checkpoint, proposed);
    default:
      return proposed;
  }
}
