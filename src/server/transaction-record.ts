/** One transaction as it is written down, and how it came out. */
import { type Checkpoint, type Path, pathIn, type Reply } from "../smtp/mod.ts";
import type { MessageRef, Outcome, Transaction } from "../store/mod.ts";

const noPath: Path = { raw: "", address: "", route: [] };

/** A client may try for ever: of the recipients that are refused, so many are written down. */
const keptRefusals = 1_000;

/** Top header fields of a content, for what is refused and never stored. */
export type HeaderReader = (
  content: Uint8Array,
) => readonly { readonly name: string; readonly value: string }[];

/** What is known of a transaction before its first command is understood. */
export type TransactionFacts = Pick<Transaction, "id" | "seq" | "channel" | "sessionId" | "startedAt">;

/** A transaction in which nothing has happened yet. */
export function newTransaction({ id, seq, channel, sessionId, startedAt }: TransactionFacts): Transaction {
  return {
    id,
    seq,
    channel,
    provider: null,
    sessionId,
    inboxes: [],
    verb: "MAIL",
    startedAt,
    finishedAt: null,
    reversePath: null,
    mailParameters: {},
    recipients: [],
    outcome: "open",
    reply: null,
    size: 0,
    storedId: null,
    content: null,
    idempotencyKey: null,
    labels: [],
    warnings: [],
    faults: [],
  };
}

export class TransactionRecord {
  readonly transaction: Transaction;
  readonly #readHeader: HeaderReader;
  /** Refusal of DATA, BDAT or in mid-content: decides the outcome when nothing later does. */
  #refusal: Reply | null = null;
  #refusals = 0;
  /** In LMTP: who was accepted when the content came. */
  #asked: Transaction["recipients"] | null = null;
  /** As soon as it is decided. */
  #outcome: Outcome | null = null;

  /** Opened by the MAIL, SEND, SOML or SAML of this checkpoint, whether it will be accepted or not. */
  constructor(
    { command }: Checkpoint,
    facts: TransactionFacts,
    warnings: readonly string[],
    readHeader: HeaderReader,
  ) {
    this.#readHeader = readHeader;
    this.transaction = newTransaction(facts);
    this.transaction.verb = openingVerb(command);
    this.transaction.warnings.push(...warnings);
    this.transaction.reversePath = pathIn(command);
    if (command?.kind === "mail") this.transaction.mailParameters = command.parameters;
  }

  /** What was said at a checkpoint of this transaction, and whether it took effect. */
  ruled(checkpoint: Checkpoint, said: Reply | null, committed: boolean): void {
    const { transaction } = this;
    switch (checkpoint.phase) {
      case "mail":
        if (!committed && checkpoint.transaction === null) this.#end(said);
        break;
      case "rcpt":
        this.#recipient(checkpoint, said, committed);
        if (committed) this.#refusal = null;
        break;
      case "data":
        this.#refusal = committed || !isRefusal(said) ? null : said;
        break;
      // Said together with an ending: there is no later reply to the DATA or BDAT that is under way.
      case "content":
        if (isRefusal(said)) this.#refusal = said;
        break;
      case "bdat":
        transaction.size = checkpoint.octets;
        this.#refusal = committed || !isRefusal(said) ? null : said;
        if (!committed) this.#describe(checkpoint);
        break;
      case "end-of-data":
        transaction.size = checkpoint.octets;
    }
  }

  /** Labels of the rules that fired; each once. */
  label(labels: readonly string[]): void {
    for (const label of labels) {
      if (!this.transaction.labels.includes(label)) this.transaction.labels.push(label);
    }
  }

  stored(ref: MessageRef): void {
    this.transaction.storedId = ref.id;
  }

  /** The end of data was answered; `accepted`: the message is kept. Kept for one recipient is kept. */
  concluded(checkpoint: Checkpoint, said: Reply | null, accepted: boolean): void {
    const { transaction } = this;
    const { recipient } = checkpoint;
    if (recipient !== null) this.#answered(recipient, said, accepted);
    if (accepted) {
      transaction.reply = said;
      this.#outcome = "accepted";
    } else if (this.#outcome !== "accepted") {
      this.#end(said);
      this.#describe(checkpoint);
    }
  }

  /** The connection ended in mid-content; null: not all of the header was said. */
  brokenOff(octets: number, header: Uint8Array | null): void {
    this.transaction.size = octets;
    if (header !== null) this.transaction.content = contentOf(this.#readHeader(header));
  }

  /** The positive reply did not leave whole, or there is nobody to read it. */
  replyLost(): void {
    if (this.#outcome === "accepted") this.#outcome = "reply-lost";
  }

  /** It is over, by what was decided or by what was refused in it. */
  finish(finishedAt: string): void {
    const { transaction } = this;
    transaction.outcome = this.#outcome ?? this.#undecided();
    transaction.recipients = fitted(transaction.recipients);
    transaction.inboxes = fitted(transaction.inboxes);
    transaction.labels = fitted(transaction.labels);
    transaction.warnings = fitted(transaction.warnings);
    transaction.faults = fitted(transaction.faults);
    transaction.finishedAt = finishedAt;
  }

  /** LMTP refuses a recipient also after the content (RFC 2033 §4.2): then it was not accepted. */
  #answered(recipient: number, said: Reply | null, accepted: boolean): void {
    this.#asked ??= this.transaction.recipients.filter((tried) => tried.accepted);
    const answered = this.#asked[recipient];
    if (answered === undefined) return;
    answered.finalReply = said;
    answered.accepted = accepted;
  }

  #recipient({ command }: Checkpoint, said: Reply | null, accepted: boolean): void {
    if (!accepted) this.#refusals += 1;
    if (!accepted && this.#refusals > keptRefusals) return;
    const path = pathIn(command) ?? noPath;
    const parameters = command?.kind === "rcpt" ? command.parameters : {};
    this.transaction.recipients.push({ path, parameters, reply: said, accepted, finalReply: null });
  }

  /** Only 4yz and 5yz reject (RFC 5321 §4.2.1). */
  #end(said: Reply | null): void {
    this.transaction.reply = said;
    this.#outcome = isRefusal(said) ? "rejected" : "aborted";
  }

  /** What is refused is never stored; its header tells what it was. In LMTP many recipients may refuse it. */
  #describe({ head }: Checkpoint): void {
    if (head === null) return;
    this.transaction.content ??= contentOf(this.#readHeader(head()));
  }

  /** The outcome of a transaction that ended before its content did. */
  #undecided(): Outcome {
    const tried = this.transaction.recipients;
    const allRefused =
      tried.length > 0 && tried.every((recipient) => !recipient.accepted && recipient.reply !== null);
    // A client that pipelines sends DATA too when every recipient was refused; their reply decides.
    const decisive = allRefused ? (tried.at(-1)?.reply ?? null) : this.#refusal;
    this.#end(isRefusal(decisive) ? decisive : null);
    return this.#outcome ?? "aborted";
  }
}

const none: never[] = [];
Object.freeze(none);

/**
 * A list that has come to its end, without the room for more; all that are empty are one. Of a hundred thousand
 * small transactions the lists were a quarter.
 */
function fitted<Entry>(list: Entry[]): Entry[] {
  return list.length === 0 ? none : list.slice();
}

/** The header ends with it (RFC 5322 §2.1). */
export function hasEmptyLine(octets: Uint8Array): boolean {
  for (let from = 0; ; ) {
    const lf = octets.indexOf(0x0a, from);
    if (lf === -1) return false;
    if (lf === from || (lf === from + 1 && octets[from] === 0x0d)) return true;
    from = lf + 1;
  }
}

/** What a transaction tells of its content. */
export function contentOf(header: ReturnType<HeaderReader>): Transaction["content"] {
  const value = (name: string): string | null =>
    header.find((field) => field.name.toLowerCase() === name)?.value ?? null;
  return { subject: value("subject") ?? "", messageId: value("message-id") };
}

/** A line that was not understood has a verb, too. */
function openingVerb(command: Checkpoint["command"]): Transaction["verb"] {
  const verb = command?.verb;
  return verb === "SEND" || verb === "SOML" || verb === "SAML" ? verb : "MAIL";
}

function isRefusal(said: Reply | null): boolean {
  return said !== null && said.code >= 400;
}
