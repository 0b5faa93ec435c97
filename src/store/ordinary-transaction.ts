/**
 * Most transactions are alike: one recipient, nothing odd, a message that is stored. Of such a one only that is kept
 * in which it differs, as long as its message is stored; the objects of the whole were half of what a small message
 * cost beside its octets.
 */
import type { Path, Reply } from "../smtp/mod.ts";
import { contentOf, type KeptTransaction } from "./kept-transaction.ts";
import type { Channel, Outcome, Recipient, Transaction } from "./records.ts";
import type { SharedReplies } from "./shared-replies.ts";
import type { StoredMessage } from "./stored-message.ts";

export class OrdinaryTransaction implements KeptTransaction, Readonly<Transaction> {
  readonly seq: number;
  readonly source: string | null;
  readonly message: StoredMessage;
  readonly sessionId: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly reversePath: Path | null;
  readonly mailParameters: Transaction["mailParameters"];
  readonly #path: Path;
  readonly #recipientReply: Reply | null;
  /** Without the id of the message. */
  readonly #reply: Reply;

  private constructor(
    transaction: Transaction,
    source: string | null,
    message: StoredMessage,
    recipient: Recipient,
    reply: Reply,
  ) {
    this.seq = transaction.seq;
    this.source = source;
    this.message = message;
    this.sessionId = transaction.sessionId;
    this.startedAt = transaction.startedAt;
    this.finishedAt = transaction.finishedAt;
    this.reversePath = transaction.reversePath;
    this.mailParameters = transaction.mailParameters;
    this.#path = recipient.path;
    this.#recipientReply = recipient.reply;
    this.#reply = reply;
  }

  /** Null: there is something about it that is not ordinary, or it is not over. */
  static of(
    transaction: Transaction,
    source: string | null,
    message: StoredMessage,
    replies: SharedReplies,
  ): OrdinaryTransaction | null {
    const { recipients, reply } = transaction;
    const [recipient] = recipients;
    if (transaction.outcome !== "accepted" || transaction.finishedAt === null) return null;
    if (recipient === undefined || recipients.length > 1 || reply === null) return null;
    if (!isPlain(transaction) || !isPlainRecipient(recipient) || !isOf(message, transaction)) return null;
    const start = replies.share(reply, message.id);
    return start === null ? null : new OrdinaryTransaction(transaction, source, message, recipient, start);
  }

  get transaction(): Readonly<Transaction> {
    return this;
  }

  get to(): string[] {
    return [this.#path.address];
  }

  /** The message keeps what was read. */
  describe(): void {}

  get whole(): Transaction {
    return {
      id: this.id,
      seq: this.seq,
      channel: this.channel,
      provider: this.provider,
      sessionId: this.sessionId,
      inboxes: this.inboxes,
      verb: this.verb,
      startedAt: this.startedAt,
      finishedAt: this.finishedAt,
      reversePath: this.reversePath,
      mailParameters: this.mailParameters,
      recipients: this.recipients,
      outcome: this.outcome,
      reply: this.reply,
      size: this.size,
      storedId: this.storedId,
      content: this.content,
      idempotencyKey: this.idempotencyKey,
      labels: this.labels,
      warnings: this.warnings,
      faults: this.faults,
    };
  }

  get id(): string {
    return `t${this.seq}`;
  }

  get channel(): Channel {
    return "smtp";
  }

  get provider(): null {
    return null;
  }

  get inboxes(): string[] {
    return [];
  }

  get verb(): "MAIL" {
    return "MAIL";
  }

  get recipients(): Recipient[] {
    const reply = this.#recipientReply;
    return [{ path: this.#path, parameters: {}, reply, accepted: true, finalReply: null }];
  }

  get outcome(): Outcome {
    return "accepted";
  }

  get reply(): Reply {
    return { ...this.#reply, lines: [this.#reply.lines[0] + this.storedId] };
  }

  get size(): number {
    return this.message.size;
  }

  get storedId(): string {
    return this.message.id;
  }

  /** Null: its message was not read. */
  get content(): Transaction["content"] {
    const { head } = this.message;
    return head === null ? null : contentOf(head);
  }

  get idempotencyKey(): null {
    return null;
  }

  get labels(): string[] {
    return [];
  }

  get warnings(): string[] {
    return [];
  }

  get faults(): Transaction["faults"] {
    return [];
  }
}

function isPlain(transaction: Transaction): boolean {
  const { id, seq, channel, provider, verb, idempotencyKey, inboxes, labels, warnings, faults } = transaction;
  return (
    id === `t${seq}` &&
    channel === "smtp" &&
    provider === null &&
    verb === "MAIL" &&
    idempotencyKey === null &&
    inboxes.length + labels.length + warnings.length + faults.length === 0
  );
}

function isPlainRecipient({ parameters, accepted, finalReply }: Recipient): boolean {
  return accepted && finalReply === null && Object.keys(parameters).length === 0;
}

/** Its own, and the message alone tells what it is about. */
function isOf(message: StoredMessage, { storedId, size, content }: Transaction): boolean {
  return storedId === message.id && size === message.size && content === null;
}
