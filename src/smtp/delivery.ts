/**
 * The content of a transaction: how it comes, by DATA or in chunks, where it pauses, and how its end is
 * answered. Each function says where the session stands afterwards, and what is asked, if anything is.
 */
import type { TransactionState } from "./checkpoint.ts";
import type { Command } from "./command.ts";
import { withoutTransaction } from "./commit.ts";
import type { ContentReader } from "./content.ts";
import type { ClientFacts, SessionOptions } from "./facts.ts";
import type { Framer } from "./framer.ts";
import { proposeContent, refuseSize } from "./proposal.ts";
import * as replies from "./replies.ts";
import { type Change, closing, type Question } from "./settlement.ts";
import type { OpenTransaction, State, StateKind } from "./states.ts";
import type { Warning } from "./warnings.ts";

type In<Kind extends StateKind> = Extract<State, { kind: Kind }>;

/** What the session lends to those who read a content. */
export interface Reading {
  readonly framer: Framer;
  readonly options: SessionOptions;
  readonly client: ClientFacts;
  /** Deviations that are found are put in. */
  readonly warnings: Set<Warning>;
  /** Notes what was sent without waiting for a reply; true where that is not forgiven. */
  readonly talksOutOfTurn: (command: Command | null) => boolean;
}

/** Null: there is more to come before anything can be asked. */
export interface Read {
  readonly state: State;
  readonly question: Question | null;
}

export function readContent(state: In<"content">, reading: Reading): Read {
  const { transaction, reader } = state;
  const found = reading.framer.content(reader);
  if (found === null) return { state, question: null };
  if (found === "stop") return pause(state, reader, transaction, reading.options);
  return endContent(state, transaction, reader, { command: null, line: null }, reading);
}

/** RFC 3030 §2: the octets are read whatever the answer will be; else they would be run as commands. */
export function readChunk(state: In<"chunk">, reading: Reading): Read {
  const { command, line, reader, transaction, before } = state;
  const most = Math.min(state.left, reader?.untilStop ?? state.left);
  const left = state.left - reading.framer.chunk(reader, most);
  if (reader !== null && transaction !== null && reader.untilStop <= 0) {
    return pause({ ...state, left }, reader, transaction, reading.options);
  }
  if (left > 0) return { state: { ...state, left }, question: null };
  const found = { phase: "bdat", command, line } as const;
  const ask = (question: Question): Read => ({ state: before, question });
  if (!command.isLast && reading.talksOutOfTurn(command)) {
    return ask({ ...found, proposed: replies.synchronization, leave: () => closing });
  }
  if (reader === null || transaction === null) return ask({ ...found, proposed: state.proposed });
  if (command.isLast) {
    reader.finish();
    return endContent(before, transaction, reader, { command, line }, reading);
  }
  return ask({
    ...found,
    proposed: refuseSize(reader) ?? state.proposed,
    reader,
    commit: () => ({ state: { kind: "chunks", transaction, reader } }),
    // A content with a hole is no content: the next chunks are refused until there is a new MAIL.
    leave: () => ({ state: withoutTransaction(reading.client) }),
  });
}

/** So much has come that somebody wants to be asked. */
function pause(
  state: State,
  reader: ContentReader,
  transaction: TransactionState,
  { nextStop }: SessionOptions,
): Read {
  const octets = reader.stop;
  reader.stopAt(nextStop(octets, transaction));
  return { state, question: { phase: "content", proposed: null, reader, octets } };
}

function endContent(
  state: State,
  transaction: OpenTransaction,
  reader: ContentReader,
  ended: In<"answering">["ended"],
  reading: Reading,
): Read {
  if (reading.talksOutOfTurn(null)) {
    const proposed = replies.synchronization;
    return {
      state,
      question: { phase: "end-of-data", proposed, reader, leave: () => closing, ...ended },
    };
  }
  const { options, warnings } = reading;
  const proposed = proposeContent(reader, transaction, options.strictness, warnings);
  return askWhetherToAccept(
    { kind: "answering", transaction, reader, proposed, at: 0, accepted: [], ended },
    reading,
  );
}

/** Once for all recipients; in LMTP for each of them (RFC 2033 §4.2). */
export function askWhetherToAccept(
  state: In<"answering">,
  { options, client }: Pick<Reading, "options" | "client">,
): Read {
  const { transaction, reader, proposed, at, accepted, ended } = state;
  const { recipients } = transaction;
  const { command, line } = ended;
  const phase = "end-of-data";
  /** RFC 5321 §4.1.1.4: the buffers are cleared, accepted or refused. */
  const over = withoutTransaction(client);
  const conclude = (transaction: OpenTransaction): Change => ({
    state: over,
    outcome: { kind: "accepted", transaction, content: reader.pieces },
  });
  if (options.protocol === "smtp") {
    const commit = (): Change => conclude(transaction);
    const leave = (): Change => ({ state: over });
    return { state, question: { phase, command, line, proposed, reader, commit, leave } };
  }
  const answered = (): Change => {
    if (at + 1 < recipients.length) return { state: { ...state, at: at + 1 } };
    return accepted.length > 0 ? conclude({ ...transaction, recipients: accepted }) : { state: over };
  };
  const commit = (): Change => {
    accepted.push(recipients[at]!);
    return answered();
  };
  return {
    state,
    question: { phase, command, line, proposed, reader, recipient: at, commit, leave: answered },
  };
}
