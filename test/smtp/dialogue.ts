/**
 * Golden dialogues. A transcript is what client and server send, line by line; the runner plays the client
 * and writes down what the engine does in the same notation, so that the two can be compared as text.
 *
 *     # rows: A01 A04            comment; `# key: value` also sets an option of the session
 *     R: rcpt 451 4.7.1 Later    at the next rcpt this is said instead ("none": nothing)
 *     C: NOOP {x*505}\x00        a client's line, CRLF is added; {x*n} repeats
 *     C| raw\n                   octets as they stand, nothing is added
 *     T:                         the TLS handshake is done
 *     H:                         the client is gone
 *     S: 250 2.0.0 Ok            the server's line
 *     S: …                       the extensions that EHLO lists, where they are not the point
 *     W: odd-helo-name           warnings of the checkpoint, before its reply
 *     A: PLAIN bob secret        who authenticates how, and the secret that was offered, if one was
 *     M: a@c.test > b@s.test | hi\r\n    a message is accepted
 *     X:                         the engine takes no more input
 */
import {
  type Checkpoint,
  type Reply,
  renderReply,
  reply,
  Session,
  type SessionOptions,
} from "../../src/smtp/mod.ts";
import { fixedParts, secretOf } from "./sasl-parts.ts";

export const defaults: SessionOptions = {
  protocol: "smtp",
  hostname: "mock.test",
  strictness: "default",
  hiddenExtensions: new Set(),
  maxMessageSize: 1_000_000,
  maxRecipients: null,
  startTls: "off",
  secure: false,
  authRequired: false,
  sasl: fixedParts([]),
  requireHelo: false,
  hasLists: () => false,
  trusted: false,
  nextStop: () => null,
  now: () => 1_775_000_000_000, // in the year 2026
};

const encoder = new TextEncoder();

/** A session that is about to greet its client, after the handshake where that comes first. */
export function arrived(options: SessionOptions): Session {
  const session = new Session(options);
  session.next();
  session.proceed();
  if (!options.secure) return session;
  session.next();
  session.proceed();
  session.next();
  session.secured();
  return session;
}

/** Drives a session and writes down what it does. */
export class Driver {
  readonly session: Session;
  readonly #rules: { phase: string; said: Reply | null }[] = [];
  #isClosed = false;
  #secret = "";

  constructor(options: Partial<SessionOptions> = {}) {
    const { sasl, ...others } = { ...defaults, ...options };
    const accepts: typeof sasl.accepts = (credentials) => {
      this.#secret = secretOf(credentials);
      return sasl.accepts(credentials);
    };
    this.session = arrived({ ...others, sasl: { ...sasl, accepts } });
  }

  rule(phase: string, said: Reply | null): void {
    this.#rules.push({ phase, said });
  }

  /** Text stands for octets, one character each. */
  send(text: string): string[] {
    this.session.receive(toOctets(text));
    return this.pump();
  }

  /** Goes on until the session needs input. */
  pump(): string[] {
    const seen: string[] = [];
    for (;;) {
      const event = this.session.next();
      if (event.kind === "checkpoint") {
        seen.push(...this.#settle(event.checkpoint));
      } else if (event.kind === "accepted") {
        const { reversePath, recipients } = event.transaction;
        const to = recipients.map(({ path }) => path.address).join(" ");
        seen.push(`M: ${reversePath.address} > ${to} | ${shown(Buffer.concat(event.content))}`);
      } else {
        if (event.kind === "closed" && !this.#isClosed) seen.push("X:");
        this.#isClosed = event.kind === "closed";
        return seen;
      }
    }
  }

  #settle(checkpoint: Checkpoint): string[] {
    const seen: string[] = [];
    const at = this.#rules.findIndex(({ phase }) => phase === checkpoint.phase);
    const rule = at === -1 ? null : this.#rules.splice(at, 1)[0]!;
    const said = rule === null ? checkpoint.proposed : rule.said;
    if (checkpoint.warnings.length > 0) seen.push(`W: ${checkpoint.warnings.join(" ")}`);
    const { command, user } = checkpoint;
    if (user !== null && command?.kind === "auth") {
      seen.push(["A:", command.mechanism, user, this.#secret].filter((word) => word !== "").join(" "));
      this.#secret = "";
    }
    if (said !== null)
      seen.push(
        ...renderReply(said)
          .split("\r\n")
          .slice(0, -1)
          .map((line) => `S: ${line}`),
      );
    if (rule === null && said === null) this.session.proceed();
    else this.session.settle(said);
    return seen;
  }
}

type Step =
  | { kind: "send"; octets: string }
  | { kind: "rule"; phase: string; said: Reply | null }
  | { kind: "secured" }
  | { kind: "hang-up" }
  | { kind: "expect"; lines: string[] };

export interface Dialogue {
  readonly rows: string;
  readonly options: Partial<SessionOptions>;
  /** False where the order of sending is the point. */
  readonly canPipeline: boolean;
  readonly steps: readonly Step[];
}

export function parseDialogue(text: string): Dialogue {
  const settings = new Map<string, string>();
  const steps: Step[] = [];
  for (const line of text.split("\n")) {
    const mark = line.slice(0, 2);
    const rest = line.slice(3);
    if (line === "") continue;
    if (mark.startsWith("#")) {
      const [, key, value] = /^# ([a-z-]+): (.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) settings.set(key, value);
    } else if (mark === "C:") steps.push({ kind: "send", octets: `${octetsOf(rest)}\r\n` });
    else if (mark === "C|") steps.push({ kind: "send", octets: octetsOf(rest) });
    else if (mark === "R:") steps.push(parseRule(rest));
    else if (mark === "T:") steps.push({ kind: "secured" });
    else if (mark === "H:") steps.push({ kind: "hang-up" });
    else if (/^[SWAMX]:/.test(mark)) {
      const last = steps.at(-1);
      if (last?.kind === "expect") last.lines.push(line);
      else steps.push({ kind: "expect", lines: [line] });
    } else
      throw new Error(
        `Failed to read the transcript: "${line}"; begin it with C: S: C| R: T: H: W: A: M: X: or #`,
      );
  }
  const canPipeline =
    settings.get("pipelined") !== "no" && !steps.some(({ kind }) => kind === "secured" || kind === "hang-up");
  return {
    rows: settings.get("rows") ?? "",
    options: readOptions(settings),
    canPipeline,
    steps: mergeSends(steps),
  };
}

/** What is sent without a reply between goes in one piece. */
function mergeSends(steps: readonly Step[]): Step[] {
  const merged: Step[] = [];
  for (const step of steps) {
    const last = merged.at(-1);
    if (step.kind === "send" && last?.kind === "send") last.octets += step.octets;
    else merged.push({ ...step });
  }
  return merged;
}

function parseRule(text: string): Step {
  const [, phase, code, enhanced, words] = /^(\S+) (\S+)(?: (\d\.\d{1,3}\.\d{1,3}))? ?(.*)$/.exec(text)!;
  const said = code === "none" ? null : reply(Number(code), enhanced ?? null, words!);
  return { kind: "rule", phase: phase!, said };
}

function readOptions(settings: ReadonlyMap<string, string>): Partial<SessionOptions> {
  const options: { -readonly [K in keyof SessionOptions]?: SessionOptions[K] } = {};
  for (const [key, value] of settings) {
    if (key === "protocol") options.protocol = value as SessionOptions["protocol"];
    if (key === "strictness") options.strictness = value as SessionOptions["strictness"];
    if (key === "starttls") options.startTls = value as SessionOptions["startTls"];
    if (key === "hidden") options.hiddenExtensions = new Set(value.split(" "));
    if (key === "max-message-size") options.maxMessageSize = Number(value);
    if (key === "max-recipients") options.maxRecipients = Number(value);
    if (key === "secure") options.secure = value === "yes";
    if (key === "auth-required") options.authRequired = value === "yes";
    if (key === "auth")
      options.sasl = fixedParts(value.split(" "), settings.get("nonce"), settings.get("salt"));
    if (key === "trusted") options.trusted = value === "yes";
    if (key === "require-helo") options.requireHelo = value === "yes";
  }
  return options;
}

/** Extensions come and go: a transcript that writes `S: …` for them is compared without them. */
function told(dialogue: Dialogue, seen: readonly string[]): string[] {
  if (!expected(dialogue).includes("S: …")) return [...seen];
  let isList = false;
  return seen.flatMap((line) => {
    const isBegin = line === `S: 250-${defaults.hostname}`;
    const isListed = isList;
    isList = isBegin || (isList && line.startsWith("S: 250-"));
    return isListed ? [] : isBegin ? [line, "S: …"] : [line];
  });
}

/** Plays a dialogue; `cut` divides what is sent at once. The result is the transcript of what happened. */
export function play(dialogue: Dialogue, cut: (octets: string) => readonly string[]): string[] {
  const driver = new Driver(dialogue.options);
  const seen: string[] = [];
  let isGreeted = false;
  for (const step of dialogue.steps) {
    if (!isGreeted && step.kind !== "rule") {
      seen.push(...driver.pump());
      isGreeted = true;
    }
    if (step.kind === "send") for (const piece of cut(step.octets)) seen.push(...driver.send(piece));
    else if (step.kind === "rule") driver.rule(step.phase, step.said);
    else if (step.kind === "secured") driver.session.secured();
    else if (step.kind === "hang-up") {
      driver.session.hangUp();
      seen.push(...driver.pump());
    }
  }
  return told(dialogue, seen);
}

/** Plays a dialogue with all that the client ever sends in one piece. */
export function playPipelined(dialogue: Dialogue): string[] {
  const driver = new Driver(dialogue.options);
  for (const step of dialogue.steps) if (step.kind === "rule") driver.rule(step.phase, step.said);
  return told(dialogue, [...driver.pump(), ...driver.send(clientOctets(dialogue))]);
}

export function expected(dialogue: Dialogue): string[] {
  return dialogue.steps.flatMap((step) => (step.kind === "expect" ? step.lines : []));
}

export function clientOctets(dialogue: Dialogue): string {
  return dialogue.steps.map((step) => (step.kind === "send" ? step.octets : "")).join("");
}

/** One octet for each character. */
export function toOctets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** UTF-8 with one character for each octet. */
export function utf8(text: string): string {
  return Array.from(encoder.encode(text), (octet) => String.fromCharCode(octet)).join("");
}

function octetsOf(text: string): string {
  return utf8(text)
    .replace(/\{(.)\*(\d+)\}/g, (_, character: string, times: string) => character.repeat(Number(times)))
    .replace(/\\(?:x([0-9a-f]{2})|([rnt\\]))/g, (_, hex: string | undefined, letter: string) =>
      hex === undefined ? ESCAPES[letter]! : String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

const ESCAPES: Readonly<Record<string, string>> = { r: "\r", n: "\n", t: "\t", "\\": "\\" };

function shown(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) {
    if (octet === 13) text += "\\r";
    else if (octet === 10) text += "\\n";
    else if (octet === 92) text += "\\\\";
    else if (octet >= 32 && octet < 127) text += String.fromCharCode(octet);
    else text += `\\x${octet.toString(16).padStart(2, "0")}`;
  }
  return text;
}
