/** What a command changes when it takes effect. The table in `states.ts` says which state that leads to. */
import type { TransactionState } from "./checkpoint.ts";
import type { Command } from "./command.ts";
import { ContentReader } from "./content.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import { isPositive, type Reply } from "./reply.ts";
import { type Change, closing } from "./settlement.ts";
import type { State } from "./states.ts";

/** What a command changes that was allowed and answered positively. */
export function commit(command: Command, state: State, client: ClientFacts, options: SessionOptions): Change {
  switch (command.kind) {
    case "helo": {
      // RFC 5321 §4.1.4: as RSET
      const greeted = { ...client, helo: command.name, esmtp: command.verb !== "HELO" };
      return { state: withoutTransaction(greeted), client: greeted };
    }
    case "mail": {
      const { verb, path, parameters } = command;
      const transaction = { verb, reversePath: path, parameters, recipients: [] };
      return { state: { kind: "mail", transaction, wasRefused: false } };
    }
    case "rcpt": {
      if (state.kind !== "mail" && state.kind !== "rcpt") break;
      const { transaction } = state;
      transaction.recipients.push({ path: command.path, parameters: command.parameters });
      return { state: { kind: "rcpt", transaction } };
    }
    case "data": {
      if (state.kind !== "rcpt") break;
      const { transaction } = state;
      return { state: { kind: "content", transaction, reader: readerOf(transaction, false, options) } };
    }
    case "rset":
      return { state: withoutTransaction(client) };
    case "xclient": {
      // As after the greeting, with whom the peer says that it speaks for.
      const authenticated = typeof command.attributes.LOGIN === "string";
      const announced = { helo: null, esmtp: false, secure: client.secure, authenticated };
      return { state: withoutTransaction(announced), client: announced };
    }
    case "starttls":
      return { state: { kind: "securing", isImplicit: false, isAsked: false } };
    case "quit":
      return closing;
  }
  return {};
}

/** A chunk of which nothing has come yet; `proposed` negative: its octets will be thrown away. */
export function beginChunk(
  command: Extract<Command, { kind: "bdat" }>,
  line: string | null,
  proposed: Reply,
  before: State,
  options: SessionOptions,
): Extract<State, { kind: "chunk" }> {
  const transaction = "transaction" in before ? before.transaction : null;
  const begun = "reader" in before ? before.reader : null;
  const reader =
    transaction === null || !isPositive(proposed) ? null : (begun ?? readerOf(transaction, true, options));
  return { kind: "chunk", command, line, proposed, left: command.octets, reader, transaction, before };
}

function readerOf(
  transaction: TransactionState,
  isChunked: boolean,
  { maxMessageSize, nextStop }: SessionOptions,
): ContentReader {
  const reader = new ContentReader(maxMessageSize, isChunked);
  reader.stopAt(nextStop(0, transaction));
  return reader;
}

/** A session without a transaction: one that never saw EHLO or HELO is only greeted. */
export function withoutTransaction({ helo }: ClientFacts): State {
  return { kind: helo === null ? "greeted" : "ready" };
}
