/** THE NOTATION: the small languages that users write values in, and what a misspelt word was meant to be. */
export { formatDuration, longestTimer, parseDuration } from "./duration.ts";
export { parseFlag } from "./flag.ts";
export { findJsonFault } from "./json.ts";
export { nearest, suggest } from "./nearest.ts";
export {
  type BarePattern,
  compilePattern,
  compilePatterns,
  needlesOf,
  PatternError,
  withoutNeedlessQuotes,
  withPlainQuestionMarks,
} from "./pattern.ts";
export { formatPlace } from "./place.ts";
export { at, isObject, isTooDeep, type JsonObject, Reader, show } from "./reader.ts";
export { parseSize } from "./size.ts";
