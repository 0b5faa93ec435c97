/** The AUTH exchange (RFC 4954 §4): lines of base64 to the steps of a mechanism and back. */
import type { Command } from "./command.ts";
import { decodeText } from "./command-line.ts";
import type { SessionOptions } from "./facts.ts";
import { type Framer, lineKept } from "./framer.ts";
import * as replies from "./replies.ts";
import { decodeBase64Text } from "./sasl/base64.ts";
import { mechanisms } from "./sasl/mechanisms.ts";
import { refuse, type SaslStep } from "./sasl/step.ts";
import type { Question } from "./settlement.ts";
import type { Strictness } from "./strictness.ts";
import type { Warning } from "./warnings.ts";

/** What an answer led to. */
export interface Answer {
  readonly step: SaslStep;
  readonly warnings: readonly Warning[];
  /** Nothing that follows is read. */
  readonly isLast: boolean;
}

/** The first step of a mechanism that is known. */
export function firstStep(command: Extract<Command, { kind: "auth" }>, options: SessionOptions): Answer {
  const { mechanism, initial } = command;
  const begin = mechanisms.get(mechanism);
  if (begin === undefined) return answer(refuse(replies.unknownMechanism));
  if (initial === null) return answer(begin(null, options));
  // In LOGIN the server asks first, yet clients send the name at once.
  const isEarly = mechanism === "LOGIN";
  if (isEarly && options.strictness === "strict") return answer(refuse(replies.noInitialResponse));
  const response = initial === "=" ? "" : decodeBase64Text(initial); // RFC 4954 §4: "=" is one that is empty
  const step = response === null ? refuse(replies.badBase64) : begin(response, options);
  return answer(step, isEarly ? ["login-initial-response"] : []);
}

/** What a step comes to: the phase and the reply that is proposed. */
export function proposeStep(step: SaslStep): Pick<Question, "phase" | "proposed" | "user"> {
  switch (step.kind) {
    case "refused":
      return { phase: "auth-exchange", proposed: step.reply };
    case "challenge":
      return { phase: "auth-exchange", proposed: replies.challenge(step.base64) };
    case "outcome": {
      const proposed = step.isAccepted ? replies.authenticated : replies.badCredentials;
      return { phase: "auth", proposed, user: step.user };
    }
  }
}

/** The client's answer to a challenge, null when it is not there yet. */
export function readAnswer(framer: Framer, asked: SaslStep, strictness: Strictness): Answer | null {
  const line = framer.line(strictness === "lenient");
  if (line === null) return null;
  if (line === "flood") return { ...answer(refuse(replies.flood)), isLast: true };
  if (line.length > lineKept) return answer(refuse(replies.authLineTooLong));
  if (line.hasBareLf && strictness !== "lenient") return answer(refuse(replies.lineEnd));
  const warnings: Warning[] = line.hasBareLf ? ["lf-command"] : [];
  const { text } = decodeText(line.octets);
  const trimmed = text.replace(/[ \t]+$/, "");
  if (trimmed !== text) {
    if (strictness === "strict") return answer(refuse(replies.badBase64));
    warnings.push("space-after-base64");
  }
  return answer(stepAfter(asked, trimmed), warnings);
}

function stepAfter(asked: SaslStep, text: string): SaslStep {
  if (text === "*") return refuse(replies.cancelled);
  const decoded = decodeBase64Text(text);
  if (decoded === null || asked.kind !== "challenge") return refuse(replies.badBase64);
  return asked.answer(decoded);
}

function answer(step: SaslStep, warnings: readonly Warning[] = []): Answer {
  return { step, warnings, isLast: false };
}
