import { challenge, type SaslSetting, type SaslStep, verify } from "./step.ts";

/** RFC 4422 App. A: the name to act as, or nothing for the one that is known from outside. */
export function external(initial: string | null, setting: SaslSetting): SaslStep {
  if (initial === null) return challenge("", (text) => external(text, setting));
  return verify({ kind: "name", user: initial }, setting);
}
