/** Where a JSON text stops being JSON: the runtimes' own messages differ, and most name no position. */

const space = /[ \t\n\r]*/y;
const token =
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

type Expected = "value" | "first-value" | "key" | "first-key" | "colon" | "comma" | "end";

export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** Characters from 1. */
  readonly column: number;
}

/** The place of the first character that cannot stand there. For a text that is JSON: its end. */
export function findJsonFault(text: string): JsonFault {
  const before = text.slice(0, faultIndex(text)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function faultIndex(text: string): number {
  const open: string[] = [];
  let expected: Expected = "value";
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    const next: Expected | null = found === undefined ? null : step(expected, found, open);
    if (next === null) return at;
    expected = next;
    at += found!.length;
  }
  return text.length;
}

function skipSpace(text: string, at: number): number {
  space.lastIndex = at;
  space.exec(text);
  return space.lastIndex;
}

/** What may follow the token, or null where the token itself may not stand. */
function step(expected: Expected, found: string, open: string[]): Expected | null {
  switch (expected) {
    case "first-key":
      if (found === "}") return close(open);
      return found.startsWith('"') ? "colon" : null;
    case "key":
      return found.startsWith('"') ? "colon" : null;
    case "colon":
      return found === ":" ? "value" : null;
    case "first-value":
      return found === "]" ? close(open) : startValue(found, open);
    case "value":
      return startValue(found, open);
    case "comma":
      if (found === ",") return open.at(-1) === "{" ? "key" : "value";
      return found === (open.at(-1) === "{" ? "}" : "]") ? close(open) : null;
    case "end":
      return null;
  }
}

function startValue(found: string, open: string[]): Expected | null {
  if (found === "{" || found === "[") {
    open.push(found);
    return found === "{" ? "first-key" : "first-value";
  }
  if (/^[}\],:]/.test(found)) return null;
  return open.length === 0 ? "end" : "comma";
}

function close(open: string[]): Expected {
  open.pop();
  return open.length === 0 ? "end" : "comma";
}
