/** The AUTH exchange (RFC 4954 §4): lines of base64 to the steps of a mechanism and back. */
import type { Command } from "./command.ts";
import { decodeText } from "./command-line.ts";
import { type Framer, lineKept } from "./framer.ts";
import * as replies from "./replies.ts";
import type { Reply } from "./reply.ts";
import { decodeBase64, mechanisms, type SaslStep } from "./sasl.ts";
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
export function firstStep({ mechanism, initial }: Extract<Command, { kind: "auth" }>): SaslStep {
  const begin = mechanisms.get(mechanism);
  if (begin === undefined) return refuse(replies.unknownMechanism);
  if (initial === null) return begin(null);
  const response = initial === "=" ? "" : decodeBase64(initial); // "=" is one that is empty
  return response === null ? refuse(replies.badBase64) : begin(response);
}

/** The client's answer to a challenge, null when it is not there yet. */
export function readAnswer(framer: Framer, asked: SaslStep, strictness: Strictness): Answer | null {
  const line = framer.line(strictness === "lenient");
  if (line === null) return null;
  if (line === "flood") return { step: refuse(replies.flood), warnings: [], isLast: true };
  const isForgiven = line.hasBareLf && strictness === "lenient";
  const warnings: readonly Warning[] = isForgiven ? ["lf-command"] : [];
  const refusal = line.length > lineKept ? replies.authLineTooLong : replies.lineEnd;
  const isRefused = line.length > lineKept || (line.hasBareLf && !isForgiven);
  const step = isRefused ? refuse(refusal) : stepAfter(asked, decodeText(line.octets).text.trimEnd());
  return { step, warnings, isLast: false };
}

function stepAfter(asked: SaslStep, text: string): SaslStep {
  if (text === "*") return refuse(replies.cancelled);
  const answer = decodeBase64(text);
  if (answer === null || asked.kind !== "challenge") return refuse(replies.badBase64);
  return asked.answer(answer);
}

function refuse(reply: Reply): SaslStep {
  return { kind: "refused", reply };
}
