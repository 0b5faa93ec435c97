import type { FaultRule } from "../rule.ts";

/** What happens in one sentence, and the rules that make it happen. A rule without an id has the preset's name. */
export type PresetRow = readonly [explain: string, ...rules: readonly FaultRule[]];
