/**
 * The oracle: how many replies are due, told from nothing but the octets that were sent and the codes that
 * were said. A reply is due to each line, to each content, to each chunk, to each answer after a 334. None
 * of the engine's code is used here, and nothing is known here of what a command means beyond where its
 * octets end, which transaction it belongs to, and what a positive reply makes of what comes next.
 */

/** What a reply is due to. */
export interface Due {
  readonly kind: "greeting" | "line" | "answer" | "content" | "chunk" | "flood";
  /** Upper-case first word of a line. */
  readonly verb: string;
  /** The line without its end; of a content what is to be stored; of a chunk its octets. */
  readonly text: string;
  /** Where it ends. */
  readonly end: number;
}

/** What is known of a reply: null, nothing was said. */
export interface Heard {
  readonly code: number;
  readonly text: string;
}

export interface FramingOptions {
  readonly isLmtp: boolean;
  /** LF alone ends a line too. */
  readonly isLenient: boolean;
  readonly isSecure: boolean;
  /** BDAT is refused by the options. */
  readonly isChunkingHidden: boolean;
}

interface Transaction {
  /** The lines of the accepted recipients. */
  readonly recipients: string[];
  /** What the accepted chunks bring together. */
  chunks: string;
}

/** The message that was last answered positively. */
export interface Mail {
  readonly recipients: readonly string[];
  readonly content: string;
}

/** RFC 5321 §4.5.3.1: a line that is longer than this is never waited for. */
const patience = 65_536;
/** Longer lines are no commands. */
const commandOctets = 2048;
/** Of SMTP and its extensions, served or not. */
export const smtpVerbs: ReadonlySet<string> = new Set(
  (
    "HELO EHLO LHLO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY EXPN HELP SEND SOML SAML TURN STARTTLS AUTH " +
    "XCLIENT XFORWARD ETRN BURL"
  ).split(" "),
);
const httpVerbs = new Set(["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]);

/** Where a session stands, as far as its framing goes. */
export class Framing {
  readonly #options: FramingOptions;
  #input: string;
  #at = 0;
  #arrived = 0;
  #mode: "greeting" | "command" | "answer" | "content" | "securing" | "closed" = "greeting";
  #due: Due | null = null;
  #isSecure: boolean;
  /** A search for a line end or an end of data need not begin again before this. */
  #searched = 0;
  #transaction: Transaction | null = null;
  /** LMTP: who has been answered after the content, and who said yes. */
  #answered = 0;
  #accepted: string[] = [];
  #mail: Mail | null = null;
  /** The greeting was negative. */
  isRefused = false;

  /** `input`: all that the client is going to send. */
  constructor(input: string, options: FramingOptions) {
    this.#input = input;
    this.#options = options;
    this.#isSecure = options.isSecure;
  }

  get mode(): "greeting" | "command" | "answer" | "content" | "securing" | "closed" {
    return this.#mode;
  }

  get isClosed(): boolean {
    return this.#mode === "closed";
  }

  /** Octets that have had their reply. */
  get at(): number {
    return this.#at;
  }

  /** Octets that have come. */
  get arrived(): number {
    return this.#arrived;
  }

  /** Octets of an announced chunk that are still to come; else 0. */
  get missing(): number {
    const chunk = this.#mode === "command" ? this.#chunkAt() : null;
    return chunk === null ? 0 : Math.max(0, chunk.end - this.#arrived);
  }

  /** Something has come that is not complete. */
  get isPartial(): boolean {
    return this.#at < this.#arrived;
  }

  /** What the last reply accepted, once; null where it accepted nothing. */
  takeMail(): Mail | null {
    const mail = this.#mail;
    this.#mail = null;
    return mail;
  }

  /** More will be sent. */
  append(octets: string): void {
    this.#input += octets;
  }

  /** The input has come up to this octet. */
  arrive(to: number): void {
    this.#arrived = to;
  }

  /** The TLS handshake is done, and what came before `at` is forgotten. */
  secured(at: number): void {
    this.#mode = "command";
    this.#isSecure = true;
    this.#transaction = null;
    this.#arrived = at;
    this.#move(at);
  }

  /** What the next reply is due to; null: none is. */
  due(): Due | null {
    this.#due ??= this.#find();
    return this.#due;
  }

  /** The reply to what was due. */
  said(heard: Heard | null): void {
    const due = this.#due!;
    const code = heard?.code ?? 0;
    const isPositive = code >= 200 && code < 300;
    this.#due = null;
    switch (due.kind) {
      case "greeting":
        this.#mode = "command";
        this.isRefused = heard !== null && code !== 220;
        break;
      case "line":
        this.#afterLine(due, code, isPositive);
        break;
      case "answer":
        if (code !== 334) this.#mode = "command";
        break;
      case "content":
        this.#afterContent(due, due.text, isPositive);
        break;
      case "chunk":
        this.#afterChunk(due, isPositive);
        break;
      case "flood":
        this.#mode = "closed";
    }
    // Whoever says this says no more (RFC 5321 §3.8; the second is what strict servers say to bad pipelining).
    if (code === 421 || (code === 554 && heard?.text.includes("synchronization") === true)) {
      this.#mode = "closed";
      this.#due = null;
    }
    if (due.kind !== "content" && due.kind !== "chunk") this.#move(due.end);
  }

  #find(): Due | null {
    switch (this.#mode) {
      case "greeting":
        return { kind: "greeting", verb: "", text: "", end: 0 };
      case "command":
        return this.#findCommand();
      case "answer":
        return this.#findLine("answer");
      case "content":
        return this.#findContent();
      default:
        return null;
    }
  }

  #findCommand(): Due | null {
    if (!this.#isSecure && this.#input[this.#at] === "\x16" && this.#at < this.#arrived) {
      if (this.#at + 1 >= this.#arrived) return null;
      // RFC 8446 §5.1: TLS where plain text is spoken. Nothing said could be read.
      if (this.#input[this.#at + 1] === "\x03") {
        this.#mode = "closed";
        return null;
      }
    }
    const chunk = this.#chunkAt();
    if (chunk !== null) return chunk.end <= this.#arrived ? chunk : null;
    return this.#findLine("line");
  }

  #findLine(kind: "line" | "answer"): Due | null {
    const end = this.#lineEnd();
    const length = (end ?? this.#arrived) - this.#at;
    const isFlood = end === null ? length > patience + 1 : length > patience + 2;
    if (isFlood) return { kind: "flood", verb: "", text: "", end: this.#arrived };
    if (end === null) return null;
    const text = this.#input.slice(this.#at, end).replace(/\r?\n$/, "");
    return { kind, verb: /^[^ ]*/.exec(text.replace(/[ \t]+$/, ""))![0].toUpperCase(), text, end };
  }

  /** After CRLF; null: it has not come. */
  #lineEnd(): number | null {
    const mark = this.#options.isLenient ? "\n" : "\r\n";
    const from = Math.max(this.#at, this.#searched - 1);
    const found = this.#input.indexOf(mark, from);
    const end = found + mark.length;
    if (found === -1 || end > this.#arrived) {
      this.#searched = found === -1 ? this.#arrived : Math.min(found, this.#arrived);
      return null;
    }
    return end;
  }

  /** A chunk that is announced at this place, whether or not it is here already (RFC 3030 §2). */
  #chunkAt(): Due | null {
    if (!/^b/i.test(this.#input.slice(this.#at, this.#at + 1))) return null;
    const lineEnd = this.#lineEnd();
    if (lineEnd === null || lineEnd - this.#at > commandOctets) return null;
    const text = this.#input.slice(this.#at, lineEnd).replace(/\r?\n$/, "");
    const [, digits, last] = /^BDAT ([0-9]+)(?: +(LAST))?[ \t]*$/i.exec(text) ?? [];
    if (digits === undefined || !Number.isSafeInteger(Number(digits))) return null;
    const end = lineEnd + Number(digits);
    return {
      kind: "chunk",
      verb: last === undefined ? "BDAT" : "BDAT LAST",
      text: this.#input.slice(lineEnd, end),
      end,
    };
  }

  #findContent(): Due | null {
    const isEmpty = this.#input.startsWith(".\r\n", this.#at);
    const from = Math.max(this.#at, this.#searched - 4);
    const found = isEmpty ? this.#at - 2 : this.#input.indexOf("\r\n.\r\n", from);
    const end = found + 5;
    if (found === -1 || end > this.#arrived) {
      this.#searched = found === -1 ? this.#arrived : Math.min(found, this.#arrived);
      return null;
    }
    const text = isEmpty ? "" : this.#input.slice(this.#at, found + 2).replace(/(^|\r\n)\./g, "$1");
    return { kind: "content", verb: ".", text, end };
  }

  #afterLine({ verb, text, end }: Due, code: number, isPositive: boolean): void {
    if (code === 354) this.#mode = "content";
    if (code === 334) this.#mode = "answer";
    if (code === 220 && verb === "STARTTLS") this.#mode = "securing";
    // What a browser could be made to send: nothing behind it may be run.
    const isReadable = end - this.#at <= commandOctets && (this.#options.isLenient || !text.includes("\n"));
    if (isReadable && isHttp(verb, text)) this.#mode = "closed";
    // The octets that it announces would never end.
    if (isReadable && isEndless(text)) this.#mode = "closed";
    if (!isPositive) return;
    if (verb === "QUIT") this.#mode = "closed";
    if (/^(MAIL|SEND|SOML|SAML)$/.test(verb)) this.#transaction = { recipients: [], chunks: "" };
    if (verb === "RCPT") this.#transaction?.recipients.push(text);
    if (/^(EHLO|HELO|LHLO|RSET|XCLIENT)$/.test(verb)) this.#transaction = null;
  }

  /** One reply, in LMTP one for each accepted recipient (RFC 2033 §4.2). */
  #afterContent(due: Due, content: string, isPositive: boolean): void {
    const recipients = this.#transaction?.recipients ?? [];
    if (isPositive)
      this.#accepted.push(...(this.#options.isLmtp ? [recipients[this.#answered]!] : recipients));
    this.#answered += 1;
    if (this.#options.isLmtp && this.#answered < recipients.length) {
      this.#due = due;
      return;
    }
    if (this.#accepted.length > 0) this.#mail = { recipients: this.#accepted, content };
    this.#answered = 0;
    this.#accepted = [];
    this.#transaction = null;
    this.#mode = "command";
    this.#move(due.end);
  }

  #afterChunk(due: Due, isPositive: boolean): void {
    const transaction = this.#transaction;
    const isWanted =
      transaction !== null && transaction.recipients.length > 0 && !this.#options.isChunkingHidden;
    if (!isWanted) {
      this.#move(due.end);
    } else if (due.verb === "BDAT LAST") {
      this.#afterContent(due, transaction.chunks + due.text, isPositive);
    } else {
      if (isPositive) transaction.chunks += due.text;
      else this.#transaction = null; // a content with a hole is no content
      this.#move(due.end);
    }
  }

  #move(to: number): void {
    this.#due = null;
    this.#at = to;
    this.#searched = to;
  }
}

function isHttp(verb: string, text: string): boolean {
  return httpVerbs.has(verb) || / HTTP\/[0-9](?:\.[0-9])?[ \t]*$/.test(text);
}

function isEndless(text: string): boolean {
  const [, digits] = /^BDAT ([0-9]+)(?: +LAST)?[ \t]*$/i.exec(text) ?? [];
  return digits !== undefined && !Number.isSafeInteger(Number(digits));
}
