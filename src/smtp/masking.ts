/**
 * What may be credentials is not shown: all that follows AUTH and its mechanism, in the line and, where the exchange
 * does not come about, in the lines after it. A client that pipelines, or does not read the refusal, sends its
 * answers all the same.
 */
import { isMechanism } from "./sasl/mechanisms.ts";

const mask = "****";

/** At the start of a line, whatever stands before it. Lines that end with LF or CR alone are several in one. */
const start = String.raw`(?:^|[\r\n])[^\w\r\n]*`;
const verb = "auth(?:(?![a-z])|(?=plain|login|cram|scram|x?oauth|external))";
const auth = new RegExp(`${start}${verb}`, "i");
/** AUTH, or what some say in its place. */
const authOrLike = new RegExp(`${start}(?:${verb}|(?:login|pass|plain|x?oauth\\w*)(?=\\s|$))`, "i");

/** No exchange has more answers. */
const mostAnswers = 5;

/** The text from the first AUTH on hidden, but for a mechanism that is known: clients put credentials in its place. */
export function maskAuth(text: string): string {
  const found = authOrLike.exec(text);
  if (found === null) return text;
  const verbEnd = found.index + found[0].length;
  const [behind = "", name = ""] = /^[^\w\u0080-\uffff]*([\w-]*)/.exec(text.slice(verbEnd)) ?? [];
  const shown = text.slice(0, verbEnd) + (isMechanism(name.toUpperCase()) ? behind : "");
  return text.slice(shown.length).trim() === "" ? text : `${shown} ${mask}`;
}

/** The mechanism that AUTH names, as it may be shown. */
export function shownMechanism(name: string): string {
  return isMechanism(name) ? name : mask;
}

/** Whether a line is AUTH, begins with another verb that there is, or with none. */
export type Secrecy = "auth" | "none" | "maybe";

export function secrecyOf(text: string, isVerb: boolean): Secrecy {
  if (auth.test(text)) return "auth";
  return isVerb ? "none" : "maybe";
}

/** What a client says in a session, line after line. */
export class Masking {
  /** Lines that may be answers still: since AUTH was said, and no other verb. */
  #answers = 0;

  /** The line as it may be shown. */
  show(shown: string, secrecy: Secrecy): string {
    if (secrecy !== "maybe") {
      this.#answers = secrecy === "auth" ? mostAnswers : 0;
      return shown;
    }
    if (this.#answers === 0) return shown;
    this.#answers -= 1;
    return mask;
  }
}
