/** What every reply must look like, whoever says it (RFC 5321 §4.2, RFC 2034 §4). */

export interface ReplyPlace {
  /** Of the line that it answers; `"greeting"`, or `""`. */
  readonly verb: string;
  /** A reply of the engine's own, which has to have an enhanced code wherever one may stand. */
  readonly isOwn: boolean;
  readonly isEnhancedHidden: boolean;
}

/** What is wrong with the octets of a reply; null: nothing is. */
export function faultOfForm(octets: string, { verb, isOwn, isEnhancedHidden }: ReplyPlace): string | null {
  if (!octets.endsWith("\r\n")) return "it does not end with CRLF";
  const lines = octets.slice(0, -2).split("\r\n");
  const code = lines[0]!.slice(0, 3);
  if (!/^[2-5][0-9][0-9]$/.test(code)) return "its code is not within 200–599";
  const isHello = /^(EHLO|HELO|LHLO)$/.test(verb);
  const isBare = code.startsWith("3") || (isOwn && (verb === "greeting" || (code === "250" && isHello)));
  const isOptional = !isOwn || isEnhancedHidden || isHello || verb === "XCLIENT";
  let enhanced: string | undefined;
  for (const [at, line] of lines.entries()) {
    if (line.length > 510) return "a line is longer than 512 octets";
    if (!/^[\t\x20-\x7e]*$/.test(line)) return "it has octets beyond HT and 0x20–0x7E";
    if (line.slice(0, 3) !== code) return "its lines have different codes";
    const separator = line.slice(3, 4);
    if (at < lines.length - 1 ? separator !== "-" : separator === "-")
      return "its lines are not joined by hyphens";
    if (separator !== "-" && separator !== " " && separator !== "") return "no space stands behind its code";
    const found = /^[2-5]\.[0-9]{1,3}\.[0-9]{1,3}(?= |$)/.exec(line.slice(4))?.[0];
    if (isBare && found !== undefined) return "it may not have an enhanced code";
    if (isEnhancedHidden && isOwn && found !== undefined) return "it has an enhanced code, which is hidden";
    if (!isBare && !isOptional && found === undefined) return "it has no enhanced code";
    if (found !== undefined && found[0] !== code[0]) return "the class of its enhanced code is not its own";
    if (at > 0 && found !== enhanced) return "its lines have different enhanced codes";
    enhanced = found;
  }
  return null;
}
