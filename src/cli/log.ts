import type { JournalEvent, OwnServer } from "../mailproof.ts";
import { printable, type Terminal } from "./terminal.ts";
import { localTime } from "./time.ts";
import { entryOf, transactionLine } from "./transaction-line.ts";

/** Turns the journal into lines for a reader: one per transaction, and what else there is to know. */
export class Log {
  readonly #store: OwnServer["store"];
  readonly #terminal: Terminal;
  readonly #verbose: boolean;

  constructor(store: OwnServer["store"], terminal: Terminal, verbose: boolean) {
    this.#store = store;
    this.#terminal = terminal;
    this.#verbose = verbose;
  }

  async write(event: JournalEvent): Promise<void> {
    const line = await this.#line(event);
    if (line !== null) this.#terminal.out(line);
  }

  async #line(event: JournalEvent): Promise<string | null> {
    switch (event.type) {
      case "fault.fired": {
        const { transactionId, explain } = event.data;
        // Without a transaction no other line would tell of it.
        return transactionId === null || this.#verbose ? this.#remark(event.at, "fault", explain) : null;
      }
      case "transaction.finished": {
        const transaction = await this.#store.transaction(event.data.id);
        // Null: all was forgotten meanwhile.
        return transaction === null ? null : transactionLine(entryOf(transaction), this.#terminal);
      }
      case "session.opened":
        return this.#verbose
          ? this.#remark(event.at, "opened", `${event.data.id} from ${event.data.remoteAddress}`)
          : null;
      case "session.closed": {
        const { id, closedBy } = event.data;
        return this.#verbose ? this.#remark(event.at, "closed", await this.#ending(id, closedBy)) : null;
      }
      case "reset":
        return this.#remark(
          event.at,
          "reset",
          event.data.reason === "reset"
            ? "all is forgotten"
            : "events were lost, for nobody read this; see mailproof transactions",
        );
      default:
        return null;
    }
  }

  /** `s5 by client, TLS alert unknown_ca` */
  async #ending(id: string, closedBy: string | null): Promise<string> {
    const { tlsError = null } = (await this.#store.session(id)) ?? {};
    return `${id} by ${closedBy}${tlsError === null ? "" : `, ${tlsError}`}`;
  }

  #remark(at: string, what: string, text: string): string {
    const time = this.#terminal.paint("dim", localTime(at));
    return `${time}  ${this.#terminal.paint("cyan", what.padEnd(10))}  ${printable(text)}`;
  }
}
