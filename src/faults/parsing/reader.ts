import { Reader } from "../../notation/mod.ts";
import { FaultRuleError } from "../rule.ts";

export function refuse(path: string, reason: string): never {
  throw new FaultRuleError(path, reason);
}

/** Reads what is said of rules. */
export const read: Reader = new Reader(refuse);
