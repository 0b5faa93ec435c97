/** THE SABOTEUR: fault rules, what they match, how they count, and what they do to a reply. Pure. */
export { FaultEngine } from "./engine.ts";
export type {
  Bounce,
  Ending,
  Firing,
  Garbled,
  HttpFault,
  Moment,
  Pace,
  Refusal,
  Stopwatch,
  TlsFault,
  Verdict,
  WireForm,
} from "./moment.ts";
export { compileNetwork } from "./network.ts";
export { anything } from "./parsing/rule.ts";
export { parseFaultText } from "./parsing/shorthand.ts";
export { faultPhases } from "./phase.ts";
export { listPresets, type Preset, presetNames } from "./presets/catalogue.ts";
export {
  type CertificateFault,
  DuplicateRuleError,
  type Duration,
  type EndingName,
  type FaultEffect,
  type FaultMatch,
  type FaultPhase,
  type FaultRule,
  FaultRuleError,
  type FaultRuleReport,
  type FaultWhen,
  type NumberMatch,
  type Pattern,
  type Place,
  type ReplyInput,
  type Scope,
  type TlsVersion,
} from "./rule.ts";
export { faultRuleSchema } from "./schema/rule.ts";
export { plainVerdict } from "./verdict.ts";
