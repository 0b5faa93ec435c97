/**
 * Plays a case against an engine and asks the oracle at every step: whether a reply was due, whether it is
 * well-formed, whether what is accepted is what was sent; and at the end, whether the session still
 * takes a clean mail.
 */
import { type Checkpoint, isPositive, type Reply, renderReply, type Session } from "../../src/smtp/mod.ts";
import { utf8 } from "../smtp/dialogue.ts";
import type { Coverage } from "./coverage.ts";
import { Framing, type FramingOptions } from "./framing.ts";
import type { FuzzCase } from "./fuzz-case.ts";
import { faultOfForm } from "./reply-form.ts";

/** What a case needs of an engine, so that a broken one can be put in its place. */
export type Engine = Pick<Session, "state" | "receive" | "next" | "settle" | "proceed" | "secured">;

/** What is wrong. `kind` stays the same while the case is made smaller. */
export class Finding extends Error {
  readonly kind: string;

  constructor(kind: string, text: string) {
    super(`${kind}: ${text}`);
    this.kind = kind;
  }
}

/** How many octets are sent next, from this place on. */
export type Cut = (at: number) => number;

export interface Played {
  /** What happened, without what depends on timing. */
  readonly lines: readonly string[];
  /** Where in the input each reply was due. */
  readonly ends: readonly number[];
}

/** Beyond the octets themselves nothing can make an engine go on for long. */
const stepsPerOctet = 4;
/** A longer chunk is not waited for. */
const longestRest = 200_000;

export const cleanContent = "Subject: clean\r\n\r\n.dots\r\n..\r\nthe end\r\n";

/** @throws Finding */
export function play(fuzzCase: FuzzCase, engine: Engine, cut: Cut, coverage: Coverage | null = null): Played {
  const table = new Table(fuzzCase, engine, coverage);
  table.send(cut);
  table.recover();
  return table;
}

export function framingOptions({ options }: FuzzCase): FramingOptions {
  return {
    isLmtp: options.protocol === "lmtp",
    isLenient: options.strictness === "lenient",
    isSecure: options.secure === true,
    isChunkingHidden: options.hiddenExtensions?.has("CHUNKING") === true,
  };
}

class Table implements Played {
  readonly lines: string[] = [];
  readonly ends: number[] = [];
  readonly #case: FuzzCase;
  readonly #engine: Engine;
  readonly #coverage: Coverage | null;
  readonly #framing: Framing;
  readonly #input: string;
  #ordinal = 0;
  #isRecovering = false;
  #heard: number[] = [];
  #mails = 0;

  constructor(fuzzCase: FuzzCase, engine: Engine, coverage: Coverage | null) {
    this.#case = fuzzCase;
    this.#engine = engine;
    this.#coverage = coverage;
    this.#input = fuzzCase.items.join("");
    this.#framing = new Framing(this.#input, framingOptions(fuzzCase));
  }

  send(cut: Cut): void {
    const octets = toOctets(this.#input);
    const early = cut(-1); // octets before the greeting
    if (early === 0) this.#pump();
    let at = this.#receive(octets, 0, early);
    while (at < octets.length) at = this.#receive(octets, at, at + Math.max(1, cut(at)));
  }

  /** Hands in the octets between; where to go on. */
  #receive(octets: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, octets.length);
    this.#engine.receive(octets.subarray(from, end));
    this.#framing.arrive(end);
    this.#pump();
    return this.#framing.mode === "securing" ? this.#secure(end) : end;
  }

  /** The handshake begins when the item ends in which it was asked for; what is left of that is thrown away. */
  #secure(sent: number): number {
    let end = 0;
    for (const item of this.#case.items) {
      end += item.length;
      if (end >= this.#framing.at) break;
    }
    const at = this.#isRecovering ? sent : end;
    this.#engine.secured();
    this.#framing.secured(at);
    return at;
  }

  #pump(): void {
    let steps = 100 + stepsPerOctet * this.#input.length;
    for (;;) {
      steps -= 1;
      if (steps < 0) throw new Finding("endless", "the engine goes on without new octets");
      const event = this.#engine.next();
      if (event.kind === "checkpoint") this.#answer(event.checkpoint);
      else if (event.kind === "accepted")
        this.#accept(event.transaction.recipients, Buffer.concat(event.content));
      else if (event.kind === "need-data" || event.kind === "closed") {
        this.#expectSilence(event.kind === "closed");
        return;
      }
    }
  }

  #expectSilence(isClosed: boolean): void {
    const due = this.#framing.due();
    if (due !== null) throw new Finding("no reply", `none was said to the ${due.kind} ${shown(due.text)}`);
    if (this.#framing.takeMail() !== null)
      throw new Finding("lost", "a mail was answered positively and not accepted");
    if (isClosed !== this.#framing.isClosed) {
      throw new Finding(
        "closed",
        isClosed ? "the session closed without a reason" : "the session should be closed",
      );
    }
    if (isClosed && this.lines.at(-1) !== "X:") this.lines.push("X:");
  }

  #answer(checkpoint: Checkpoint): void {
    const { proposed, phase } = checkpoint;
    const warnings = checkpoint.warnings.filter((name) => !/^(early-talker|pipelined-)/.test(name));
    if (warnings.length > 0) this.lines.push(`W: ${warnings.join(" ")}`);
    const verdict = this.#isRecovering ? undefined : this.#case.verdicts.get(this.#ordinal++);
    // No rule makes positive what the server itself refused.
    const isRefusal = proposed !== null && !isPositive(proposed);
    // A strict server closes behind a refusal of bad pipelining, said or not: a model could not tell.
    const canBeSilent = verdict === null && this.#case.options.strictness !== "strict";
    const isLegal = isRefusal ? canBeSilent : proposed !== null || phase === "auth-start";
    const isOwn = verdict === undefined || !isLegal;
    const said = isOwn ? proposed : verdict;
    if (isOwn && said === null) {
      this.#engine.proceed();
      return;
    }
    const due = this.#framing.due();
    const octets = said === null ? "" : renderReply(said);
    if (due === null) throw new Finding("reply to nothing", shown(octets));
    const { state } = this.#engine;
    this.#engine.settle(said);
    this.#note(said, octets);
    const verb = due.kind === "line" ? due.verb : due.kind === "chunk" ? "BDAT" : due.kind;
    this.#coverage?.saw(state, due.kind, verb, said?.code ?? 0);
    this.#framing.said(said === null ? null : { code: said.code, text: octets });
    this.ends.push(this.#framing.at);
    const isEnhancedHidden = this.#case.options.hiddenExtensions?.has("ENHANCEDSTATUSCODES") === true;
    const fault = said === null ? null : faultOfForm(octets, { verb, isOwn, isEnhancedHidden });
    if (fault !== null) throw new Finding("malformed reply", `${fault}: ${shown(octets)}`);
  }

  #note(said: Reply | null, octets: string): void {
    this.#heard.push(said?.code ?? 0);
    this.lines.push(`S: ${octets}`);
  }

  #accept(recipients: readonly { readonly path: { readonly raw: string } }[], content: Uint8Array): void {
    const mail = this.#framing.takeMail();
    if (mail === null) throw new Finding("accepted", "a mail was accepted that was not answered positively");
    const isSame =
      mail.content.length === content.length &&
      content.every((octet, at) => octet === mail.content.charCodeAt(at));
    if (!isSame)
      throw new Finding("changed content", `${shown(mail.content)} came, ${content.length} octets are kept`);
    const isRight =
      recipients.length === mail.recipients.length &&
      recipients.every(({ path }, at) => mail.recipients[at]!.includes(utf8(path.raw)));
    if (!isRight)
      throw new Finding(
        "changed envelope",
        `${mail.recipients.length} recipients, ${recipients.length} are kept`,
      );
    this.#mails += 1;
    this.lines.push(`M: ${recipients.length} recipients, ${content.length} octets`);
  }

  /** Whatever was said before, a clean mail arrives; and who is closed says nothing more. */
  recover(): void {
    this.#isRecovering = true;
    const framing = this.#framing;
    if (framing.missing > longestRest) return;
    for (let tries = 0; tries < 12; tries++) {
      const wayOut = wayOutOf(framing);
      if (wayOut === null) break;
      this.#ask(wayOut);
    }
    if (framing.isClosed) {
      this.#ask("NOOP\r\n");
      return;
    }
    if (framing.isRefused) {
      this.#expect("NOOP", 503);
      this.#expect("QUIT", 221);
      return;
    }
    this.#expect("RSET", 250);
    const { options } = this.#case;
    const hello = `${options.protocol === "lmtp" ? "LHLO" : "EHLO"} clean.test`;
    this.#expect(hello, 250);
    if (options.startTls === "require") {
      this.#expect("STARTTLS", 220, 503); // 503: it is secure already
      this.#expect(hello, 250);
    }
    if (options.authRequired === true) this.#expect("AUTH PLAIN AGJvYgBzZWNyZXQ=", 235, 503);
    const before = this.#mails;
    this.#expect("MAIL FROM:<clean@fuzz.test>", 250);
    this.#expect("RCPT TO:<clean@fuzz.test>", 250);
    this.#expect("DATA", 354);
    this.#expect(`${cleanContent.replace(/(^|\r\n)\./g, "$1..")}.`, 250);
    if (this.#mails !== before + 1) throw new Finding("stuck", "the clean mail did not arrive");
  }

  #expect(line: string, ...codes: readonly number[]): void {
    const heard = this.#ask(`${line}\r\n`);
    if (heard.length !== 1 || !codes.includes(heard[0]!)) {
      throw new Finding(
        "stuck",
        `after it all, ${shown(line)} gets ${heard.join(" ")} and not ${codes.join(" or ")}`,
      );
    }
  }

  /** The codes that were said. */
  #ask(octets: string): number[] {
    this.#heard = [];
    this.#framing.append(octets);
    const end = this.#framing.arrived + octets.length;
    this.#engine.receive(toOctets(octets));
    this.#framing.arrive(end);
    this.#pump();
    if (this.#framing.mode === "securing") this.#secure(end);
    return this.#heard;
  }
}

/** Octets that bring a session nearer to where commands are read; null: it is there, or closed. */
export function wayOutOf(framing: Framing): string | null {
  if (framing.missing > 0) return "x".repeat(framing.missing);
  if (framing.mode === "content") return "\r\n.\r\n";
  if (framing.mode === "answer") return framing.isPartial ? "\r\n" : "*\r\n";
  return framing.mode === "command" && framing.isPartial ? "\r\n" : null;
}

/** One octet for each character. */
export function toOctets(text: string): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) octets[at] = text.charCodeAt(at);
  return octets;
}

/** On one line, not too long. */
export function shown(text: string, most = 120): string {
  const runs = text.replace(/(.)\1{19,}/gs, (run, character: string) => `{${character}*${run.length}}`);
  const quoted = JSON.stringify(runs).replace(
    /[\x7f-\xff]/g,
    (one) => `\\x${one.charCodeAt(0).toString(16)}`,
  );
  return quoted.length > most ? `${quoted.slice(0, most)}…` : quoted;
}
