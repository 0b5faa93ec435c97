/** What a test leaves behind that helps to see why it failed. */
import type { Session, Transaction } from "../api/contract.ts";
import type { MailHandle } from "./handle.ts";
import type { Message } from "./message.ts";
import { describeAttempt, plural } from "./shortfall.ts";
import { describeMessage } from "./waits.ts";

export interface Evidence {
  /** What came, what did not, and the newest dialogues in which something went wrong. */
  readonly text: string;
  readonly letters: readonly Letter[];
  readonly transcripts: readonly Transcript[];
}

/** A message as it was sent, as a file. */
export interface Letter {
  readonly name: string;
  readonly octets: Uint8Array;
}

export interface Transcript {
  readonly name: string;
  readonly text: string;
}

/** Of messages, transactions and sessions each. */
const mostGathered = 20;
/** In the text. */
const mostDialogues = 3;
/** Octets. A bigger message is not read. */
const biggestLetter = 1_048_576;

/** The newest of everything; the text is short enough to be printed. */
export async function gatherEvidence(mail: MailHandle): Promise<Evidence> {
  const newest = { limit: mostGathered };
  const [messages, transactions, sessions] = await Promise.all([
    mail.messages({}, newest),
    mail.transactions({}, newest),
    mail.sessions({}, newest),
  ]);
  const [letters, transcripts] = await Promise.all([
    Promise.all(messages.filter(({ size }) => size <= biggestLetter).map(readLetter)),
    Promise.all(sessions.map(async ({ id }) => ({ name: `${id}.txt`, text: await mail.transcript(id) }))),
  ]);
  const failed = transactions.filter(hasFailed);
  const dialogues = transcripts.filter((_, n) => isTroubled(sessions[n]!, failed)).slice(-mostDialogues);
  const text = [
    ...list(plural(messages.length, "message"), messages.map(describeLetter)),
    ...(failed.length === 0 ? [] : list("attempts that failed", failed.map(describeAttempt))),
    ...dialogues.flatMap(({ name, text }) => list(name, text.trimEnd().split("\n"))),
  ];
  return { text: text.join("\n"), letters, transcripts };
}

async function readLetter(message: Message): Promise<Letter> {
  return { name: `${message.id}.eml`, octets: await message.raw() };
}

/** For somebody: a message may have been taken for the other recipients. */
function hasFailed({ outcome, recipients }: Transaction): boolean {
  return outcome !== "accepted" || recipients.some(({ accepted }) => !accepted);
}

function isTroubled({ id, transactionIds }: Session, failed: readonly Transaction[]): boolean {
  return transactionIds.length === 0 || failed.some(({ sessionId }) => sessionId === id);
}

/** `#12 "Welcome" to ada@x.test` */
function describeLetter(message: Message): string {
  const remark = message.size > biggestLetter ? `, ${message.size} octets, too big to be kept` : "";
  return `${describeMessage(message)} to ${message.envelope.to.join(", ")}${remark}`;
}

function list(title: string, lines: readonly string[]): string[] {
  return [lines.length === 0 ? title : `${title}:`, ...lines.map((line) => `  ${line}`)];
}
