/** THE NOTATION: the small languages that users write values in: durations, sizes, patterns. */
export { formatDuration, parseDuration } from "./duration.ts";
export { type BarePattern, compilePattern, compilePatterns, PatternError } from "./pattern.ts";
export { parseSize } from "./size.ts";
