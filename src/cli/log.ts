import type { ApiEvent } from "../api/contract.ts";
import type { Mailproof } from "../sdk/mod.ts";
import { printable, type Terminal } from "./terminal.ts";
import { localTime } from "./time.ts";
import { entryOf, formatSubject, type TransactionEntry, transactionLine } from "./transaction-line.ts";

type Received = Extract<ApiEvent, { type: "message.received" }>["data"];

/** Turns the journal into lines for a reader: one per transaction, and what else there is to know. */
export class Log {
  readonly #mail: Mailproof;
  readonly #terminal: Terminal;
  readonly #verbose: boolean;
  /** Of transactions that are not finished yet. */
  readonly #received = new Map<string, Received>();
  readonly #rules = new Map<string, string[]>();

  constructor(mail: Mailproof, terminal: Terminal, verbose: boolean) {
    this.#mail = mail;
    this.#terminal = terminal;
    this.#verbose = verbose;
  }

  async write(event: ApiEvent): Promise<void> {
    const line = await this.#line(event);
    if (line !== null) this.#terminal.out(line);
  }

  async #line(event: ApiEvent): Promise<string | null> {
    switch (event.type) {
      case "message.received":
        this.#received.set(event.data.transactionId, event.data);
        return null;
      case "fault.fired": {
        const { transactionId, ruleId, explain } = event.data;
        if (transactionId !== null)
          this.#rules.set(transactionId, [...(this.#rules.get(transactionId) ?? []), ruleId]);
        // Without a transaction no other line would tell of it.
        return transactionId === null || this.#verbose ? this.#remark(event.at, "fault", explain) : null;
      }
      case "transaction.finished": {
        const entry = await this.#entry(event);
        return entry === null ? null : transactionLine(entry, this.#terminal);
      }
      case "session.opened":
        return this.#verbose
          ? this.#remark(event.at, "opened", `${event.data.id} from ${event.data.remoteAddress}`)
          : null;
      case "session.closed":
        return this.#verbose
          ? this.#remark(event.at, "closed", `${event.data.id} by ${event.data.closedBy}`)
          : null;
      case "reset":
        this.#received.clear();
        this.#rules.clear();
        return this.#remark(
          event.at,
          "reset",
          event.data.reason === "reset" ? "all is forgotten" : "events were lost",
        );
      default:
        return null;
    }
  }

  /** What was stored came with its event; anything else is asked for. Null: it is gone already. */
  async #entry(event: Extract<ApiEvent, { type: "transaction.finished" }>): Promise<TransactionEntry | null> {
    const { id, outcome } = event.data;
    const received = this.#received.get(id);
    const rules = this.#rules.get(id) ?? [];
    this.#received.delete(id);
    this.#rules.delete(id);
    if (received === undefined) return await this.#mail.transaction(id).then(entryOf, () => null);
    const { from, to, size, message } = received;
    return {
      at: event.at,
      outcome: outcome as TransactionEntry["outcome"],
      from,
      to,
      size,
      refused: 0,
      remark: message === null ? "" : formatSubject(message.subject),
      rules,
      warnings: message?.warnings ?? [],
    };
  }

  #remark(at: string, what: string, text: string): string {
    const time = this.#terminal.paint("dim", localTime(at));
    return `${time}  ${this.#terminal.paint("cyan", what.padEnd(10))}  ${printable(text)}`;
  }
}
