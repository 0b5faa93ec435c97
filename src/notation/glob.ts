/**
 * A glob as a list of tokens: lower-case literals of one UTF-16 unit, `anyOne` for `?`, `any` for `*`.
 * Matching keeps two positions and goes back only to the last star: an earlier star never needs to take
 * more, because what lies between two stars was already found at its first place. So the cost is at most
 * length of the text × length of the pattern.
 */
export const any = 1;
export const anyOne = 2;

export type GlobToken = string | typeof any | typeof anyOne;

/** Null: the text ends in the middle of an escape. */
export function tokenizeGlob(text: string): GlobToken[] | null {
  const tokens: GlobToken[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]!;
    if (unit === "*") {
      if (tokens.at(-1) !== any) tokens.push(any);
    } else if (unit === "?") {
      tokens.push(anyOne);
    } else if (unit === "\\") {
      at++;
      if (at === text.length) return null;
      tokens.push(text[at]!);
    } else {
      tokens.push(unit);
    }
  }
  return tokens;
}

/** Whether the whole value matches. Both sides must have been lower-cased in the same way. */
export function matchGlob(tokens: readonly GlobToken[], value: string): boolean {
  let at = 0;
  let token = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    const expected = tokens[token];
    if (expected === any) {
      star = token++;
      resume = at;
    } else if (expected === anyOne) {
      at += characterLength(value, at);
      token++;
    } else if (expected === value[at]) {
      at++;
      token++;
    } else if (star >= 0) {
      resume += characterLength(value, resume);
      at = resume;
      token = star + 1;
    } else {
      return false;
    }
  }
  while (tokens[token] === any) token++;
  return token === tokens.length;
}

function characterLength(value: string, at: number): number {
  return value.codePointAt(at)! > 0xffff ? 2 : 1;
}
