/** The header section of a message as octets have it, for what is sent from the command line. */
import { Buffer } from "node:buffer";
import addressparser from "nodemailer/lib/addressparser";

export interface Field {
  /** Lower case. */
  readonly name: string;
  /** With its name and folded lines, without the last line end. One character per octet. */
  readonly text: string;
}

/** RFC 5322 §2.2: up to the first empty line. */
export function fieldsOf(content: Uint8Array): Field[] {
  const [head] = split(content);
  return head
    .split(/\r?\n(?![ \t])/)
    .filter((text) => text !== "")
    .map((text) => ({
      name: text
        .slice(0, Math.max(0, text.indexOf(":")))
        .trim()
        .toLowerCase(),
      text,
    }));
}

/** The addresses in those fields, in order, as {@link addressesOf} finds them. */
export function addressesIn(fields: readonly Field[], names: readonly string[]): string[] {
  return fields
    .filter(({ name }) => names.includes(name))
    .flatMap(({ text }) => {
      const value = Buffer.from(text.slice(text.indexOf(":") + 1).replace(/\r?\n/g, ""), "latin1");
      return addressesOf(value.toString("utf8"));
    });
}

/**
 * The addresses in what stands in a field or an argument, groups as their members, in order. Where there is a name
 * alone, such as `root`, it stands for the address.
 */
export function addressesOf(text: string): string[] {
  // A comma in an encoded word is one of the name, though RFC 2047 §5 wants it encoded, too.
  const quoted = text.replace(encodedWord, (word, inQuotes) => inQuotes ?? `"${word}"`);
  return (quoted.match(mailbox) ?? [])
    .flatMap((one) => addressparser(one, { flatten: true }).map(({ address, name }) => address || name))
    .filter((address) => address !== "");
}

/** `=?UTF-8?Q?Doe,_John?=`; or first a quoted string, where there are none. */
const encodedWord = /("(?:[^"\\]|\\.)*")|=\?[^?"\s]+\?[bq]\?[^?"]*\?=/gi;

/** Up to the comma. One by one, for the parser takes `root, Ada <ada@x.test>` for one with a comma in its name. */
const mailbox = /(?:"(?:[^"\\]|\\.)*"|\([^)]*\)|<[^>]*>|[^,])+/g;

/** No address or name has one, and a line break would begin a field of its own. */
export function hasControl(text: string): boolean {
  return /[\0-\x1f\x7f]/.test(text);
}

/** The message with these fields in the place of its own. */
export function withFields(content: Uint8Array, fields: readonly string[]): Uint8Array {
  const [, body] = split(content);
  return Buffer.from(`${[...fields, "", ""].join("\n")}${body}`, "latin1");
}

/** A text without a field at its beginning is a body. */
function split(content: Uint8Array): [head: string, body: string] {
  const text = Buffer.from(content).toString("latin1");
  if (!/^[!-9;-~]+[ \t]*:/.test(text)) return ["", text.replace(/^\r?\n/, "")];
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return [text.replace(/\r?\n$/, ""), ""];
  return [text.slice(0, end.index), text.slice(end.index + end[0].length)];
}
