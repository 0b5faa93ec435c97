/** Cases over real sockets, against servers in this process. */
import { setImmediate, setTimeout } from "node:timers/promises";
import { type Mailproof, type MailproofOptions, startMailproof } from "../../mod.ts";
import { RawClient } from "../support/raw-client.ts";
import { Chance } from "./chance.ts";
import { Framing, type Mail } from "./framing.ts";
import type { CaseOptions, FuzzCase } from "./fuzz-case.ts";
import { cleanContent, Finding, framingOptions, shown, wayOutOf } from "./play.ts";
import { faultOfForm } from "./reply-form.ts";

interface Setup {
  /** As the engine of a case has it. */
  readonly options: CaseOptions;
  readonly server: MailproofOptions;
}

/** Now and then another reply than the server's own; a clean mail is let alone. */
const chanceRule = {
  on: ["mail", "rcpt", "data", "end-of-data"],
  match: { from: { not: "clean*" } },
  when: { probability: 0.1 },
  do: "451 4.7.1 By chance",
} as const;

const limits = { maxMessageSize: 5000, maxRecipients: 2 };

const setups: readonly Setup[] = [
  { options: {}, server: {} },
  {
    options: { strictness: "lenient", trusted: true },
    server: { lenient: true, trustedProxies: ["127.0.0.0/8"], auths: ["bob:secret", "user:pencil"] },
  },
  { options: limits, server: { ...limits, faults: [{ ...chanceRule, on: [...chanceRule.on] }] } },
  { options: { protocol: "lmtp" }, server: { lmtpPort: 0 } },
];

/**
 * After QUIT the connection is closed at once, and octets that come later would reset it, replies and all
 * (RFC 5321 §4.1.1.10: the client waits for the 221). So what may be a QUIT is waited for.
 */
const behindQuit = /(?<=quit[^\n]*\n)/i;

/** Nobody waits so long for a reply that comes. */
const patience = 10_000;

/** Started when they are needed. */
export class Servers {
  readonly #running = new Map<Setup, Promise<Mailproof>>();

  /** The case as one of the servers can have it. */
  adapt(fuzzCase: FuzzCase): FuzzCase {
    return { ...fuzzCase, options: this.#setupOf(fuzzCase).options, verdicts: new Map() };
  }

  /** What is wrong with the server in this case; null: nothing is. */
  async check(fuzzCase: FuzzCase): Promise<Finding | null> {
    const setup = this.#setupOf(fuzzCase);
    let mail = this.#running.get(setup);
    if (mail === undefined) {
      mail = startMailproof({ ...setup.server, seed: 1 });
      this.#running.set(setup, mail);
    }
    const running = await mail;
    try {
      await converse(running, { ...fuzzCase, options: setup.options });
      return null;
    } catch (error) {
      if (error instanceof Finding) return error;
      return new Finding("socket exception", error instanceof Error ? (error.stack ?? "") : String(error));
    }
  }

  async close(): Promise<void> {
    for (const mail of this.#running.values()) await (await mail).close();
    this.#running.clear();
  }

  #setupOf({ cutSeed }: FuzzCase): Setup {
    return setups[cutSeed % setups.length]!;
  }
}

/** @throws Finding */
async function converse(mail: Mailproof, fuzzCase: FuzzCase): Promise<void> {
  await mail.reset();
  const input = fuzzCase.items.join("");
  const framing = new Framing(input, framingOptions(fuzzCase));
  const { port } = fuzzCase.options.protocol === "lmtp" ? mail.lmtp! : mail.smtp;
  const client = await RawClient.connect(port);
  client.socket.setNoDelay(true);
  const mails: Mail[] = [];
  const chance = new Chance(fuzzCase.cutSeed);
  const most = chance.pick([1, 5, 100, 3000, 100_000]);

  /** Sends, and takes every reply that is due; the codes. */
  const send = async (octets: string): Promise<number[]> => {
    const codes = await takeReplies(client, framing, mails);
    let pieces = 0;
    for (let at = 0; at < octets.length; pieces++) {
      const to = at + (pieces > 50 ? octets.length : chance.between(1, most));
      client.send(octets.slice(at, to));
      at = to;
      if (chance.oneIn(2)) await setImmediate();
    }
    framing.arrive(framing.arrived + octets.length);
    return [...codes, ...(await takeReplies(client, framing, mails))];
  };
  const ask = async (octets: string): Promise<number[]> => {
    framing.append(octets);
    return await send(octets);
  };
  try {
    for (const step of input.split(behindQuit)) if (!framing.isClosed) await send(step);
    if (framing.missing > 200_000) return;
    for (let tries = 0, wayOut = wayOutOf(framing); wayOut !== null && tries < 12; tries++) {
      await ask(wayOut);
      wayOut = wayOutOf(framing);
    }
    if (!framing.isClosed) {
      const hello = fuzzCase.options.protocol === "lmtp" ? "LHLO" : "EHLO";
      const stuffed = cleanContent.replace(/(^|\r\n)\./g, "$1..");
      const to = "RCPT TO:<clean@fuzz.test>\r\n";
      const codes = await ask(
        `RSET\r\n${hello} clean.test\r\nMAIL FROM:<clean@fuzz.test>\r\n${to}DATA\r\n${stuffed}.\r\nQUIT\r\n`,
      );
      if (codes.join(" ") !== "250 250 250 250 354 250 221")
        throw new Finding("socket stuck", `the clean mail gets ${codes.join(" ")}`);
      await compareStored(mail, mails);
    }
    await inTime(client.end(), "end");
    if (client.rest !== "") throw new Finding("socket reply to nothing", shown(client.rest));
  } finally {
    client.close();
  }
}

async function takeReplies(client: RawClient, framing: Framing, mails: Mail[]): Promise<number[]> {
  const codes: number[] = [];
  for (let due = framing.due(); due !== null; due = framing.due()) {
    const text = await inTime(client.reply(), `reply to the ${due.kind} ${shown(due.text)}`);
    const octets = `${text.replaceAll("\n", "\r\n")}\r\n`;
    const verb = due.kind === "greeting" ? "greeting" : due.kind === "chunk" ? "BDAT" : due.verb;
    const fault = faultOfForm(octets, { verb, isOwn: true, isEnhancedHidden: false });
    if (fault !== null) throw new Finding("socket malformed reply", `${fault}: ${shown(octets)}`);
    framing.said({ code: Number(text.slice(0, 3)), text });
    codes.push(Number(text.slice(0, 3)));
    const accepted = framing.takeMail();
    if (accepted !== null) mails.push(accepted);
  }
  return codes;
}

async function inTime<T>(awaited: Promise<T>, what: string): Promise<T> {
  const watch = new AbortController();
  const late = setTimeout(patience, null, { signal: watch.signal, ref: false }).then(() => {
    throw new Error(`nothing came in ${patience} ms`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([awaited, late]);
  } catch (error) {
    throw new Finding("socket no reply", `no ${what}: ${error instanceof Error ? error.message : error}`);
  } finally {
    watch.abort();
  }
}

/** What the server kept is what was sent, mail by mail. */
async function compareStored(mail: Mailproof, mails: readonly Mail[]): Promise<void> {
  const stored = await mail.messages();
  if (stored.length !== mails.length) {
    throw new Finding("socket stored", `${mails.length} mails were accepted, ${stored.length} are kept`);
  }
  for (const [at, message] of stored.entries()) {
    const raw = Array.from(await message.raw(), (octet) => String.fromCharCode(octet)).join("");
    if (raw !== mails[at]!.content || message.envelope.to.length !== mails[at]!.recipients.length) {
      throw new Finding("socket changed", `${shown(mails[at]!.content)} is kept as ${shown(raw)}`);
    }
  }
}
