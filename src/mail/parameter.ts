/** Structured fields with parameters: Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231). */
import { decodeCharset } from "./charset.ts";

export interface Structured {
  /** Lower case, without parameters. */
  readonly value: string;
  /** Names in lower case; continuations joined, RFC 2231 undone. */
  readonly parameters: ReadonlyMap<string, string>;
}

export function parseStructured(field: string): Structured {
  const scan = new FieldScan(field);
  const value = scan.value().toLowerCase();
  const written = new Map<string, string>();
  while (!scan.done()) {
    const name = scan.name().toLowerCase();
    const content = scan.value();
    // Of a repeated parameter the first counts.
    if (name !== "" && !written.has(name)) written.set(name, content);
  }
  return { value, parameters: joinContinuations(written) };
}

/** Reads `value; name=value; name="quoted"` with comments, and forgives blanks in an unquoted value. */
class FieldScan {
  readonly #text: string;
  #position = 0;
  /** A comment that never closes is looked for once, or a field of many would take quadratic time. */
  #commentsClose = true;

  constructor(text: string) {
    this.#text = text;
  }

  done(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Up to and with `=`; a parameter without one has an empty value. */
  name(): string {
    const from = this.#position;
    while (!this.done()) {
      const char = this.#text[this.#position];
      if (char === "=" || char === ";") break;
      this.#position++;
    }
    const name = this.#text.slice(from, this.#position).trim();
    if (this.#text[this.#position] === "=") this.#position++;
    return name;
  }

  /** Up to and with `;`. What stands behind a quoted string is junk (RFC 2045 §5.1). */
  value(): string {
    this.#skipBlank();
    const isQuoted = this.#text[this.#position] === '"';
    let value = isQuoted ? this.#quoted() : "";
    while (!this.done() && this.#text[this.#position] !== ";") {
      if (this.#text[this.#position] === "(" && this.#commentsClose && this.#afterBlank()) {
        this.#comment();
      } else {
        if (!isQuoted) value += this.#text[this.#position];
        this.#position++;
      }
    }
    this.#position++;
    return isQuoted ? value : value.trim();
  }

  #skipBlank(): void {
    while (this.#text[this.#position] === " " || this.#text[this.#position] === "\t") this.#position++;
  }

  #quoted(): string {
    let value = "";
    for (this.#position++; !this.done(); this.#position++) {
      const char = this.#text[this.#position]!;
      if (char === '"') break;
      if (char === "\\" && this.#position + 1 < this.#text.length) this.#position++;
      value += this.#text[this.#position];
    }
    this.#position++;
    return value;
  }

  /** `report(1).pdf` is a name, not a name and a comment. */
  #afterBlank(): boolean {
    const before = this.#text[this.#position - 1];
    return before === undefined || before === " " || before === "\t" || before === ")";
  }

  /** RFC 5322 §3.2.2; one that never closes ends at the next `;`, so that no boundary is lost in it. */
  #comment(): void {
    const from = this.#position;
    let depth = 0;
    for (; !this.done(); this.#position++) {
      const char = this.#text[this.#position];
      if (char === "\\") this.#position++;
      else if (char === "(") depth++;
      else if (char === ")" && --depth === 0) {
        this.#position++;
        return;
      }
    }
    this.#commentsClose = false;
    const semicolon = this.#text.indexOf(";", from);
    this.#position = semicolon === -1 ? this.#text.length : semicolon;
  }
}

interface Section {
  readonly number: number;
  readonly encoded: boolean;
  readonly text: string;
}

/** RFC 2231 §3 and §4: `name*0*=utf-8''a%20`, `name*1="b"` is one parameter `name`. */
function joinContinuations(written: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (!Array.from(written.keys()).some((name) => name.includes("*"))) return written;
  const joined = new Map<string, string>();
  const sections = new Map<string, Section[]>();
  for (const [name, text] of written) {
    const star = name.indexOf("*");
    if (star === -1) {
      joined.set(name, text);
      continue;
    }
    const encoded = name.endsWith("*");
    const digits = name.slice(star + 1, encoded && name.length > star + 1 ? -1 : undefined);
    if (!/^\d{0,4}$/.test(digits)) continue;
    const base = name.slice(0, star);
    const list = sections.get(base) ?? [];
    list.push({ number: Number(digits), encoded, text });
    sections.set(base, list);
  }
  // The extended form is the better one where both are given (RFC 6266 §4.3).
  for (const [name, list] of sections) joined.set(name, decodeSections(list));
  return joined;
}

function decodeSections(sections: Section[]): string {
  sections.sort((one, other) => one.number - other.number);
  let charset = "utf-8";
  let result = "";
  // Encoded neighbours are decoded together: a character may be cut between them.
  let octets: number[] = [];
  const flush = (): void => {
    if (octets.length > 0) result += decodeCharset(Uint8Array.from(octets), charset).text;
    octets = [];
  };
  for (const [index, section] of sections.entries()) {
    if (!section.encoded) {
      flush();
      result += section.text;
      continue;
    }
    let text = section.text;
    const language = text.indexOf("'");
    const content = language === -1 ? -1 : text.indexOf("'", language + 1);
    if (index === 0 && content !== -1) {
      charset = text.slice(0, language) || charset;
      text = text.slice(content + 1);
    }
    for (const octet of percentDecoded(text)) octets.push(octet);
  }
  flush();
  return result;
}

/** The octets behind `%xx`; anything else stands for itself. */
export function percentDecoded(text: string): Uint8Array {
  const written = new TextEncoder().encode(text);
  const octets = new Uint8Array(written.length);
  let length = 0;
  for (let index = 0; index < written.length; index++) {
    const pair =
      written[index] === 0x25 ? String.fromCharCode(...written.subarray(index + 1, index + 3)) : "";
    if (/^[0-9a-f]{2}$/i.test(pair)) {
      octets[length++] = Number.parseInt(pair, 16);
      index += 2;
    } else {
      octets[length++] = written[index]!;
    }
  }
  return octets.subarray(0, length);
}
