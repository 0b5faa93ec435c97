/** One transaction as it is written down, and how it came out. */
import { type Checkpoint, escapeControls, type Reply } from "../smtp/mod.ts";
import type { MessageRef, Outcome, Transaction } from "../store/mod.ts";

/** Top header fields of a content, for what is refused and never stored. */
export type HeaderReader = (
  content: Uint8Array,
) => readonly { readonly name: string; readonly value: string }[];

export class TransactionRecord {
  readonly transaction: Transaction;
  readonly #readHeader: HeaderReader;
  /** Refusal of DATA: decides the outcome when nothing later does. */
  #refusal: Reply | null = null;
  /** As soon as it is decided. */
  #outcome: Outcome | null = null;

  /** Opened by the MAIL command of this checkpoint, whether it will be accepted or not. */
  constructor(
    { command }: Checkpoint,
    facts: Pick<Transaction, "id" | "seq" | "sessionId" | "startedAt">,
    readHeader: HeaderReader,
  ) {
    this.#readHeader = readHeader;
    this.transaction = {
      ...facts,
      channel: "smtp",
      provider: null,
      inboxes: [],
      verb: "MAIL",
      finishedAt: null,
      reversePath: command?.kind === "mail" ? command.path : null,
      mailParameters: command?.kind === "mail" ? { ...command.parameters } : {},
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

  /** What was said at a checkpoint of this transaction, and whether it took effect. */
  ruled(checkpoint: Checkpoint, said: Reply | null, committed: boolean): void {
    const { transaction } = this;
    switch (checkpoint.phase) {
      case "mail":
        if (committed || checkpoint.transaction !== null) break;
        transaction.reply = said;
        this.#outcome = said === null ? "aborted" : "rejected";
        break;
      case "rcpt":
        this.#recipient(checkpoint, said, committed);
        break;
      case "data":
        if (said !== null && !committed) this.#refusal = said;
        break;
      case "end-of-data":
        transaction.size = checkpoint.octets;
        transaction.reply = said;
        if (committed) this.#outcome = "accepted";
        else this.#refused(checkpoint, said);
        break;
    }
  }

  stored(ref: MessageRef): void {
    this.transaction.storedId = ref.id;
  }

  /** It could not be kept after all; this is said instead. */
  notStored(said: Reply): void {
    this.transaction.reply = said;
    this.#outcome = "rejected";
  }

  /** The positive reply did not leave whole, or there is nobody to read it. */
  replyLost(): void {
    if (this.#outcome === "accepted") this.#outcome = "reply-lost";
  }

  /** It is over, by what was decided or by what was refused in it. */
  finish(finishedAt: string): void {
    this.transaction.outcome = this.#outcome ?? this.#brokenOff();
    this.transaction.finishedAt = finishedAt;
  }

  #recipient({ command }: Checkpoint, said: Reply | null, accepted: boolean): void {
    if (command?.kind === "rcpt") {
      const { path, parameters } = command;
      const tried = { path, parameters: { ...parameters }, reply: said, accepted, finalReply: null };
      this.transaction.recipients.push(tried);
    } else if (command?.kind === "invalid") {
      // Not understood, and so no address; the argument still tells what was tried.
      const path = { raw: escapeControls(command.argument, "unicode"), address: "", route: [] };
      this.transaction.recipients.push({
        path,
        parameters: {},
        reply: said,
        accepted: false,
        finalReply: null,
      });
    }
  }

  #refused({ content }: Checkpoint, said: Reply | null): void {
    this.#outcome = said === null ? "aborted" : "rejected";
    if (content === null) return;
    const fields = this.#readHeader(content());
    const value = (name: string): string | null =>
      fields.find((field) => field.name.toLowerCase() === name)?.value ?? null;
    this.transaction.content = { subject: value("subject") ?? "", messageId: value("message-id") };
  }

  /** The outcome of a transaction that ended before its content did. */
  #brokenOff(): Outcome {
    const tried = this.transaction.recipients;
    const allRefused =
      tried.length > 0 && tried.every((recipient) => !recipient.accepted && recipient.reply !== null);
    // A client that pipelines sends DATA too when every recipient was refused; their reply decides.
    const decisive = allRefused ? tried.at(-1)?.reply : this.#refusal;
    this.transaction.reply = decisive ?? null;
    return decisive == null ? "aborted" : "rejected";
  }
}
