/**
 * The AUTH exchange (RFC 4954 §4): lines of base64 to the steps of a mechanism and back. Each function says where
 * the session stands afterwards, and what is asked, if anything is.
 */
import type { Command } from "./command.ts";
import { decodeText } from "./command-line.ts";
import { withoutTransaction } from "./commit.ts";
import type { Read, Reading } from "./delivery.ts";
import type { SessionOptions } from "./facts.ts";
import { type Framer, lineKept } from "./framer.ts";
import * as replies from "./replies.ts";
import { decodeBase64Text } from "./sasl/base64.ts";
import { mechanisms } from "./sasl/mechanisms.ts";
import { refuse, type SaslStep } from "./sasl/step.ts";
import { type Change, closing, type Question } from "./settlement.ts";
import type { State } from "./states.ts";
import type { Warning } from "./warnings.ts";

type Authenticating = Extract<State, { kind: "authenticating" }>;
type Auth = Extract<Command, { kind: "auth" }>;

/** What an answer led to. */
interface Answer {
  readonly step: SaslStep;
  readonly warnings: readonly Warning[];
  /** Nothing that follows is read. */
  readonly isLast: boolean;
}

/** An AUTH that may begin. */
export function startAuth(command: Auth, line: string | null, before: State, reading: Reading): Read {
  const { step, warnings } = firstStep(command, reading.options);
  for (const warning of warnings) reading.warnings.add(warning);
  const ask = (proposed: Question["proposed"], commit?: () => Change): Read => ({
    state: before,
    question: { phase: "auth-start", command, line, proposed, ...(commit && { commit }) },
  });
  const enter = (isAsked: boolean) => (): Change => ({
    state: { kind: "authenticating", command, step, isAsked },
  });
  if (step.kind === "refused") return ask(step.reply);
  if (command.initial !== null) return ask(null, enter(false));
  const proposed = step.kind === "challenge" ? replies.challenge(step.base64) : null;
  return ask(proposed, enter(proposed !== null));
}

/** The client's answer to a challenge. */
export function readAnswer(state: Authenticating, reading: Reading): Read {
  const found = answerIn(reading.framer, state.step, reading.options);
  if (found === null) return { state, question: null };
  for (const warning of found.warnings) reading.warnings.add(warning);
  return askStep({ ...state, step: found.step }, "****", reading, found.isLast);
}

/** What a step comes to is proposed. */
export function askStep(
  state: Authenticating,
  line: string | null,
  { client }: Pick<Reading, "client">,
  isLast = false,
): Read {
  const { command, step } = state;
  const over = withoutTransaction(client);
  const commit = (): Change =>
    step.kind === "challenge"
      ? { state: { ...state, isAsked: true } }
      : { state: over, client: { ...client, authenticated: true } };
  const leave = (): Change => (isLast ? closing : { state: over });
  return { state, question: { ...proposeStep(step), command, line, commit, leave } };
}

/** The first step of a mechanism that is known. */
function firstStep({ mechanism, initial }: Auth, options: SessionOptions): Answer {
  const begin = mechanisms.get(mechanism);
  if (begin === undefined) return answer(refuse(replies.unknownMechanism));
  if (initial === null) return answer(begin(null, options));
  // In LOGIN the server asks first, yet clients send the name at once.
  const isEarly = mechanism === "LOGIN";
  const warnings: Warning[] = isEarly ? ["login-initial-response"] : [];
  if (isEarly && options.strictness === "strict") return answer(refuse(replies.noInitialResponse), warnings);
  const response = initial === "=" ? "" : decodeBase64Text(initial); // RFC 4954 §4: "=" is one that is empty
  const step = response === null ? refuse(replies.badBase64) : begin(response, options);
  return answer(step, warnings);
}

function proposeStep(step: SaslStep): Pick<Question, "phase" | "proposed" | "user"> {
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

/** Null when it is not there yet. */
function answerIn(framer: Framer, asked: SaslStep, { strictness, hostname }: SessionOptions): Answer | null {
  const line = framer.line(strictness === "lenient");
  if (line === null) return null;
  if (line === "flood") return { ...answer(refuse(replies.flood(hostname))), isLast: true };
  if (line.length > lineKept) return answer(refuse(replies.authLineTooLong));
  const warnings: Warning[] = line.hasBareLf ? ["lf-command"] : [];
  if (line.hasBareLf && strictness !== "lenient") return answer(refuse(replies.lineEnd), warnings);
  const { text } = decodeText(line.octets);
  const trimmed = text.replace(/[ \t]+$/, "");
  if (trimmed !== text) {
    warnings.push("space-after-base64");
    if (strictness === "strict") return answer(refuse(replies.badBase64), warnings);
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
