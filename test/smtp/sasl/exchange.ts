/** Plays a mechanism: the client's answers in, what came of each out. */
import { mechanisms } from "../../../src/smtp/sasl/mechanisms.ts";
import type { SaslStep } from "../../../src/smtp/sasl/step.ts";
import { fixedParts } from "../sasl-parts.ts";

/** `accounts` empty: everything is accepted. */
export interface Setting {
  readonly accounts?: readonly string[];
  readonly nonce?: string;
  readonly salt?: string;
  readonly hostname?: string;
}

/** The last outcome. `first` null: no initial response. */
export function exchange(
  name: string,
  { accounts = [], nonce, salt, hostname = "mock.test" }: Setting,
  first: string | null,
  ...answers: readonly string[]
): string {
  const sasl = fixedParts(accounts, nonce, salt);
  let step = mechanisms.get(name)!(first, { hostname, sasl });
  for (const answer of answers) {
    if (step.kind !== "challenge") return `${told(step)}, before "${answer}"`;
    step = step.answer(answer);
  }
  return told(step);
}

function told(step: SaslStep): string {
  if (step.kind === "challenge") return `334 ${Buffer.from(step.base64, "base64").toString()}`;
  if (step.kind === "refused") return `${step.reply.code} ${step.reply.enhanced}`;
  return `${step.isAccepted ? 235 : 535} ${step.user}`;
}
