/** The rule language of the command line: a preset's name, or `PHASE [PATTERN] EFFECT`. */
import { nearest } from "../../notation/mod.ts";
import { faultPhases } from "../phase.ts";
import { presetNames, presetRules } from "../presets/catalogue.ts";
import { type FaultMatch, type FaultPhase, type FaultRule, FaultRuleError } from "../rule.ts";
import { parseRule } from "./rule.ts";

/** A regular expression may hold blanks; any other pattern ends at one. */
const patternForm = /^(\/(?:\\.|[^\\/])*\/[a-z]*|\S+)\s+(.+)$/s;
const effectForm = /^(?:\d{3}(?:\s|$)|(?:pass|reset|fin|stall)$)/;

/**
 * Reads `greylisting` or `rcpt *@full.test 452 4.2.2 Mailbox full`.
 * @throws FaultRuleError that says what is allowed
 */
export function parseFaultText(text: string): readonly FaultRule[] {
  const words = text.trim();
  if (presetNames.includes(words)) return presetRules(words) as unknown as readonly FaultRule[];
  const [, phase = "", rest = ""] = /^(\S+)(?:\s+(.*))?$/s.exec(words) ?? [];
  if (!isPhase(phase)) throw refusal(text, adviceFor(phase, rest));
  if (rest === "") throw refusal(text, `say what happens at ${phase}: a reply, pass, reset, fin or stall`);
  const rule = readRule(phase, rest);
  if (rule === null) throw refusal(text, `end it with a reply such as "550 No", or pass, reset, fin, stall`);
  try {
    parseRule(rule, "");
  } catch (cause) {
    if (cause instanceof FaultRuleError) throw refusal(text, cause.message);
    throw cause;
  }
  return [rule];
}

function readRule(phase: FaultPhase, rest: string): FaultRule | null {
  if (effectForm.test(rest)) return { on: phase, do: rest };
  const [, pattern, effect] = patternForm.exec(rest) ?? [];
  if (pattern === undefined || effect === undefined || !effectForm.test(effect)) return null;
  return { on: phase, match: { [patternField(phase)]: pattern }, do: effect };
}

/** What the pattern is matched with. */
function patternField(phase: FaultPhase): keyof FaultMatch {
  if (phase === "mail") return "from";
  if (phase === "helo" || phase === "ehlo" || phase === "lhlo") return "helo";
  return phase === "auth" ? "user" : "to";
}

function isPhase(word: string): word is FaultPhase {
  return (faultPhases as readonly string[]).includes(word);
}

function adviceFor(word: string, rest: string): string {
  const near = nearest(word, rest === "" ? [...presetNames, ...faultPhases] : faultPhases);
  if (near !== null) return `did you mean "${near}"?`;
  return `use the name of a preset, such as ${presetNames.slice(0, 3).join(", ")}, or PHASE [PATTERN] EFFECT with a phase of ${faultPhases.join(", ")}`;
}

function refusal(text: string, advice: string): FaultRuleError {
  return new FaultRuleError("", `Failed to read the fault: ${JSON.stringify(text)}; ${advice}`);
}
