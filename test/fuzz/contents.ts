/** Contents of mail: lines that begin with dots, odd line ends, every octet, long lines; stuffed or in chunks. */
import type { Chance } from "./chance.ts";

const lines = [
  "Subject: x",
  "From: <a@c.test>",
  "",
  "hi",
  ".",
  "..",
  "...",
  ". ",
  ".x",
  " .",
  "MAIL FROM:<evil@x>",
  "RCPT TO:<b@s.test>",
  "DATA",
  "QUIT",
  "BDAT 5 LAST",
  "\0",
  "\xc3\xbc \x80\xff",
  "\t\v\f",
  "x".repeat(998),
  "x".repeat(1200),
];

/** What must not be taken for the end of data, though some servers do. */
export const nearEnds = [
  "\n.\n",
  "\n.\r\n",
  "\n.\r",
  "\r.\n",
  "\r.\r",
  "\r.\r\n",
  "\r\n.\n",
  "\r\n.\r",
  "\r\n\0.\r\n",
  "\r\n.\0\r\n",
  "\r\r\n.\r\r\n",
  "\r\n.\r\r\n",
  "\n\n.\r\n",
];

/** As it is to be stored. */
export function content(chance: Chance): string {
  let text = "";
  for (let more = chance.below(chance.oneIn(30) ? 120 : 8); more > 0; more--) {
    text += chance.oneIn(40) ? chance.pick(lines).repeat(chance.between(2, 60)) : chance.pick(lines);
    text += chance.weighted([
      [20, "\r\n"],
      [1, "\n"],
      [1, "\r"],
      [1, "\r\r\n"],
      [1, chance.pick(nearEnds)],
    ]);
  }
  return text;
}

/** Transparency and the end of data (RFC 5321 §4.5.2), as a right client writes it. */
export function stuffed(text: string): string {
  const whole = text === "" || text.endsWith("\r\n") ? text : `${text}\r\n`;
  return `${whole.replace(/(^|\r\n)\./g, "$1..")}.\r\n`;
}

/** The content cut into BDAT commands (RFC 3030 §2). */
export function chunked(chance: Chance, text: string): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length && pieces.length < 6) {
    const size = chance.oneIn(8) ? 0 : chance.between(1, text.length - at);
    pieces.push(`BDAT ${size}\r\n${text.slice(at, at + size)}`);
    at += size;
  }
  const rest = text.slice(at);
  return [...pieces, `${chance.oneIn(6) ? "bdat" : "BDAT"} ${rest.length} LAST\r\n${rest}`];
}
