/**
 * Octets to text by charset name (RFC 2045 §5.2), on the decoders of the runtime.
 * Where a part names no charset, or one nobody knows, UTF-8 is tried first: its octets are hardly ever anything else by chance.
 */

export interface Decoded {
  readonly text: string;
  readonly defect: "unknown-charset" | "bad-octets" | null;
}

export function decodeCharset(octets: Uint8Array, charset: string | null): Decoded {
  const label = charset?.trim().toLowerCase() ?? "";
  const decoder = unspecific.has(label) ? null : decoderFor(label);
  if (decoder === null) {
    return { text: decodeGuess(octets), defect: unspecific.has(label) ? null : "unknown-charset" };
  }
  const decoded = decoder.decode(octets);
  const text = decoder.encoding === "windows-1252" ? repairLatin(decoded) : decoded;
  return { text, defect: text.includes("\ufffd") ? "bad-octets" : null };
}

/** Names that say "ASCII", and are often wrong where octets above 127 follow. */
const unspecific = new Set(["", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "8bit", "default"]);

/** Names found in mail that the Encoding Standard does not list. */
const aliases = new Map([
  ["cp932", "shift_jis"],
  ["cp936", "gbk"],
  ["cp949", "euc-kr"],
  ["cp950", "big5"],
  ["cp874", "windows-874"],
  ["ms936", "gbk"],
  ["ms949", "euc-kr"],
  ["uhc", "euc-kr"],
  ["eucjp", "euc-jp"],
  ["shiftjis", "shift_jis"],
  ["iso-2022-jp-1", "iso-2022-jp"],
  ["iso-2022-jp-2", "iso-2022-jp"],
  ["cp50220", "iso-2022-jp"],
  ["cp50221", "iso-2022-jp"],
  ["tis620", "windows-874"],
  ["latin-1", "iso-8859-1"],
  ["utf-8-strict", "utf-8"],
]);

/** By the names that the runtime knows, which are few. */
const decoders = new Map<string, TextDecoder>();

function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  try {
    const decoder = new TextDecoder(aliases.get(label) ?? label);
    decoders.set(label, decoder);
    return decoder;
  } catch {
    return null;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const latin = new TextDecoder("windows-1252");

/** UTF-8 if it can be that, else Latin. */
export function decodeGuess(octets: Uint8Array): string {
  try {
    return utf8.decode(octets);
  } catch {
    return repairLatin(latin.decode(octets));
  }
}

/**
 * Node 20 reads windows-1252 as ISO 8859-1, which has control codes where € and the curly quotes should be.
 * Nobody means those control codes, so text from a decoder that is not ours is repaired too.
 */
export function repairLatin(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (char) => highLatin[char.charCodeAt(0) - 0x80]!);
}

const highLatin = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
