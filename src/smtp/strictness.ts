/**
 * How much a client may deviate. `strict` refuses what `default` forgives with a warning; `lenient`
 * forgives lines that end with LF, bare local parts, junk after a path and unadvertised parameters too.
 */
export type Strictness = "strict" | "default" | "lenient";
