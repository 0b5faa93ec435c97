/**
 * Mail that comes over HTTP: judged like any other, kept or refused, written down, and answered when its delay is
 * over. As on the wire, what is decided is done first, and the answer comes later or never.
 */
import type { FaultEngine, HttpFault, Moment, Verdict } from "../faults/mod.ts";
import { canonicalAddress, noRoom, type Reply, reply } from "../smtp/mod.ts";
import type { Inboxes, Outcome, Transaction } from "../store/mod.ts";
import type { FaultClock, FaultTime } from "./clock.ts";
import { refusalOf } from "./keeping.ts";
import { Posting, type PostingFacts, type PostingParts } from "./posting.ts";
import { readOnce } from "./read-once.ts";
import type { HeaderReader } from "./transaction-record.ts";

/** One mail of a request. */
export interface Submission extends PostingFacts {
  readonly channel: "http" | "api";
  /** Null: it could not be composed. */
  readonly raw: Uint8Array | null;
  /** Of what could not be composed; else the message says it. */
  readonly subject?: string | null;
  readonly tags?: readonly string[];
  /** The id of the inbox whose key it came with; default: none. */
  readonly inbox?: string | null;
  /** Why it is refused; null: it is not. */
  readonly refusal: Reply | null;
  /** The id of the message that it repeats, and that need not be kept again; null: it is new. */
  readonly repeats?: string | null;
}

/** What became of the mails of one request. Ids are those of messages, null where none is kept. */
export interface Submitted {
  /**
   * `kept`: all of them. `refused`: one or more for reasons of their own. `fault`: a rule answers. `full`,
   * `broken`: the store takes no more, or failed. `cut`: nothing is answered at all.
   */
  readonly kind: "kept" | "refused" | "fault" | "full" | "broken" | "cut";
  readonly ids: readonly (string | null)[];
  /** With `fault`. */
  readonly fault: HttpFault | null;
}

export interface SubmissionParts extends PostingParts {
  readonly faults: FaultEngine;
  readonly clock: FaultClock;
  readonly hostname: string;
  /** Of a message, octets. */
  readonly maxMessageSize: number;
  readonly inboxes: Pick<Inboxes, "of">;
  readonly readHeader: HeaderReader;
  readonly readText: (content: Uint8Array) => string;
}

/** A mail on its way through. */
interface Course {
  readonly mail: Submission;
  readonly posting: Posting;
  /** Null: no rule was asked. */
  readonly verdict: Verdict | null;
  /** Of its message; null: none is kept. */
  id: string | null;
  /** What the answer means for it. */
  said: Reply | null;
}

/** The status of what is accepted: providers say 200, our own API has made something. */
const accepted: Readonly<Record<Submission["channel"], Reply>> = {
  http: reply(200, null, "OK"),
  api: reply(201, null, "Created"),
};

export class Submissions {
  readonly #parts: SubmissionParts;
  /** Aborted when what is under way is forgotten. */
  #forgetting = new AbortController();

  constructor(parts: SubmissionParts) {
    this.#parts = { ...parts, readHeader: readOnce(parts.readHeader), readText: readOnce(parts.readText) };
  }

  /** Nothing that is under way is answered. */
  forget(): void {
    this.#forgetting.abort();
    this.#forgetting = new AbortController();
  }

  /**
   * Takes the mails of one request: an ending or a fault of one is that of all.
   * @param signal aborts when the client has gone
   */
  async submit(mails: readonly Submission[], signal: AbortSignal): Promise<Submitted> {
    const forgotten = this.#forgetting.signal;
    const isGone = (): boolean => signal.aborted || forgotten.aborted;
    const courses = mails.map((mail) => this.#open(mail));
    const clock = this.#parts.clock.of(() => courses.flatMap(({ posting }) => posting.transaction.inboxes));
    const verdicts = courses.flatMap(({ verdict }) => verdict ?? []);
    const ids = (): (string | null)[] => courses.map(({ id }) => id);
    const ending = verdicts.find((verdict) => verdict.ending !== null);
    if (ending !== undefined) {
      await stall(ending, clock, signal, forgotten);
      for (const { posting } of courses) posting.end("aborted", null);
      return { kind: "cut", ids: ids(), fault: null };
    }
    const fault = verdicts.find(({ http }) => http !== null)?.http ?? null;
    let kind: Submitted["kind"] = fault === null ? "kept" : "fault";
    for (const course of courses) {
      const failure = await this.#settle(course, fault);
      // What the server could not do outweighs what was asked for wrongly.
      if (failure !== null && kind !== "full" && kind !== "broken") kind = failure;
    }
    const delay = Math.max(0, ...verdicts.map((verdict) => verdict.delay));
    if (delay > 0) await clock.sleep(delay, signal, forgotten);
    for (const { posting, said, id } of courses) posting.end(outcomeOf(id, said, isGone()), said);
    return { kind: isGone() ? "cut" : kind, ids: ids(), fault };
  }

  /** The message of this id is to be held until then (ISO 8601); nothing if it is gone. */
  async hold(id: string, until: string): Promise<void> {
    const { store } = this.#parts;
    const summary = await store.summary(id);
    const transaction = summary === null ? null : await store.transaction(summary.transactionId);
    if (transaction === null) return;
    transaction.mailParameters = { ...transaction.mailParameters, HOLDUNTIL: until };
    store.putTransaction(transaction);
  }

  #open(mail: Submission): Course {
    const { faults } = this.#parts;
    const posting = new Posting(this.#parts, mail);
    posting.transaction.inboxes.push(...this.#inboxesOf(mail));
    const { raw, subject = null } = mail;
    if (raw !== null) posting.describe(this.#parts.readHeader(raw));
    else if (subject !== null) posting.describe([{ name: "subject", value: subject }]);
    posting.open();
    const isJudged = mail.provider !== null && faults.concerns("http");
    const verdict = isJudged ? faults.judge(this.#momentOf(mail, posting.transaction)) : null;
    if (verdict !== null) posting.fired(verdict.firings, verdict.labels);
    return { mail, posting, verdict, id: null, said: null };
  }

  /** Decides on one mail, and keeps it if it is to be kept. Returns why the request fails, if that is because of it. */
  async #settle(course: Course, fault: HttpFault | null): Promise<"refused" | "full" | "broken" | null> {
    const { mail, posting } = course;
    course.said = mail.refusal ?? (fault === null ? accepted[mail.channel] : replyOf(fault));
    if (mail.refusal !== null || mail.raw === null) return "refused";
    if (fault !== null && !fault.stored) return null;
    const repeated = mail.repeats ?? null;
    if (repeated !== null) {
      course.id = repeated;
      posting.transaction.storedId = repeated;
      return null;
    }
    try {
      course.id = (await posting.store(mail.raw, mail.tags)).id;
      return null;
    } catch (error) {
      const isFull = refusalOf(error) === noRoom;
      if (!isFull) console.error("mailproof: a message could not be kept", error);
      course.said = reply(isFull ? 507 : 500, null, isFull ? "The store is full" : "Local error");
      return isFull ? "full" : "broken";
    }
  }

  #inboxesOf({ inbox = null, from, to, raw }: Submission): readonly string[] {
    return this.#parts.inboxes.of({
      listener: null,
      // Who has the key of an inbox is its user.
      user: inbox,
      helo: null,
      remoteAddress: null,
      from,
      recipients: to.map(canonicalAddress),
      header: raw === null ? null : () => this.#parts.readHeader(raw),
    });
  }

  #momentOf({ provider, from, to, raw, refusal }: Submission, { id, inboxes }: Transaction): Moment {
    const { clock, hostname, maxMessageSize, readHeader, readText } = this.#parts;
    return {
      phase: "http",
      now: clock.now(() => inboxes),
      stopwatch: clock.stopwatch(() => inboxes),
      proposed: refusal,
      verb: null,
      argument: null,
      warnings: [],
      idle: 0,
      inboxes: () => inboxes,
      session: noSession,
      transaction: {
        id,
        index: 1,
        from: canonicalAddress(from ?? ""),
        recipients: to.map(canonicalAddress),
        parameters: {},
        declaredSize: null,
      },
      recipient: null,
      recipientParameters: null,
      provider,
      octets: 0,
      headers: raw === null ? null : () => readHeader(raw),
      body: raw === null ? null : () => readText(raw),
      hostname,
      limit: maxMessageSize,
      hidesEnhanced: true,
    };
  }
}

async function stall(
  { ending, delay, until }: Verdict,
  clock: FaultTime,
  signal: AbortSignal,
  forgotten: AbortSignal,
): Promise<void> {
  if (delay > 0) await clock.sleep(delay, signal, forgotten);
  if (ending?.kind !== "stall") return;
  await clock.sleep(ending.for, signal, forgotten, ...(until === null ? [] : [until]));
}

/** What no rule about a request can see. */
const noSession: Moment["session"] = {
  id: "",
  index: 0,
  listener: "http",
  remoteAddress: "",
  openSessions: () => 0,
  tls: false,
  helo: null,
  user: null,
  mechanism: null,
};

function replyOf({ status, code }: HttpFault): Reply {
  return reply(status, null, code ?? "");
}

/** What is kept but answered with an error, or not at all, is a message whose sender does not know of it. */
function outcomeOf(id: string | null, said: Reply | null, isGone: boolean): Outcome {
  const isPositive = said !== null && said.code < 400;
  if (id !== null) return isPositive && !isGone ? "accepted" : "reply-lost";
  return isGone ? "aborted" : "rejected";
}
