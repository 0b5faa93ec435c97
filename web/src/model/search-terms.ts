/** A search line as `name:value` and bare words; a value with spaces is quoted. */

export interface Term {
  /** As written; empty for a bare word. */
  readonly name: string;
  readonly value: string;
}

export function terms(line: string): readonly Term[] {
  const matches = line.matchAll(/(?:([a-z-]+):)?(?:"([^"]*)"?|(\S+))/gi);
  return Array.from(matches, ([, name = "", quoted, bare]) => ({ name, value: quoted ?? bare ?? "" }));
}

/** A text without wildcards is looked for anywhere in the value. */
export function within(text: string): string {
  return /[*?]|^\/.*\/[a-z]*$/.test(text) ? text : `*${text}*`;
}
