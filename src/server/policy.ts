/** What the server itself refuses for reasons that are not the protocol's: room. */
import { type Checkpoint, isPositive, type Reply, reply } from "../smtp/mod.ts";
import type { MailStore } from "../store/mod.ts";

export interface Policy {
  readonly store: MailStore;
}

export const storeFull = reply(452, "4.3.1", "Insufficient system storage");

/** The reply after policy: the engine's own proposal, or a refusal. */
export function applyPolicy(policy: Policy, checkpoint: Checkpoint): Reply | null {
  const { proposed, command } = checkpoint;
  if (proposed === null || !isPositive(proposed)) return proposed;
  switch (checkpoint.phase) {
    case "mail": {
      // RFC 1870 §6.1: a declared size that there is no room for now is a transient failure.
      const declared = command?.kind === "mail" ? Number(command.parameters.SIZE ?? 0) : 0;
      return policy.store.hasRoom(declared) ? proposed : storeFull;
    }
    case "end-of-data":
      return policy.store.hasRoom(checkpoint.octets, checkpoint.transaction?.recipients.length)
        ? proposed
        : storeFull;
    default:
      return proposed;
  }
}
