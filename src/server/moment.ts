import type { Moment } from "../faults/mod.ts";
import {
  type Checkpoint,
  canonicalAddress,
  type Parameters,
  pathIn,
  type Reply,
  type TransactionState,
} from "../smtp/mod.ts";
import type { Inboxes } from "../store/mod.ts";
import type { Clerk } from "./clerk.ts";
import type { FaultClock } from "./clock.ts";
import type { HeaderReader } from "./transaction-record.ts";

/** What is the same for all moments of a session. */
export interface Surroundings {
  readonly hostname: string;
  readonly limit: number;
  readonly readHeader: HeaderReader;
  readonly readText: (content: Uint8Array) => string;
  /**
   * How many sessions of this remote address are open, in this inbox or (null) at all; those only that came no later
   * than the session of this id, or (null) all.
   */
  readonly openSessions: (remoteAddress: string, inbox: string | null, upTo: string | null) => number;
  readonly hidesEnhanced: () => boolean;
  readonly inboxes: Pick<Inboxes, "of" | "isEmpty">;
  readonly clock: FaultClock;
}

/** What a rule can see at this checkpoint; `idle`: milliseconds of silence, at that phase. */
export function momentOf(
  checkpoint: Checkpoint,
  proposed: Reply | null,
  clerk: Clerk,
  idle: number,
  around: Surroundings,
): Moment {
  const { command, phase, head, content } = checkpoint;
  const { session } = clerk;
  // The name and the user that are just being offered count.
  const helo = command?.kind === "helo" ? command.name : session.helo;
  const user = checkpoint.user ?? session.user;
  const transaction = transactionOf(checkpoint, clerk);
  const recipient = recipientOf(checkpoint);
  const headers =
    head === null || phase !== "end-of-data" ? null : () => around.readHeader((content ?? head)());
  const accepted = phase === "rcpt" ? [] : (transaction?.recipients ?? []);
  const inboxes = around.inboxes.isEmpty
    ? noInboxes
    : inboxesOf(
        recipient === null ? accepted : [recipient],
        (recipients, header) =>
          around.inboxes.of({
            listener: session.listener,
            user,
            helo,
            remoteAddress: session.remoteAddress,
            from: transaction?.from ?? null,
            recipients,
            header,
          }),
        headers,
      );
  return {
    phase,
    now: around.clock.now(inboxes),
    stopwatch: around.clock.stopwatch(inboxes),
    proposed,
    verb: command?.verb ?? null,
    argument: argumentOf(checkpoint),
    warnings: clerk.transaction?.warnings ?? session.warnings,
    idle,
    inboxes,
    session: {
      id: session.id,
      index: clerk.index,
      listener: session.listener,
      remoteAddress: session.remoteAddress,
      openSessions: (inbox) =>
        around.openSessions(session.remoteAddress, inbox, atTheDoor.has(phase) ? session.id : null),
      tls: session.tls !== null,
      helo,
      user,
      mechanism: command?.kind === "auth" ? command.mechanism : session.mechanism,
    },
    transaction,
    recipient,
    provider: null,
    recipientParameters: command?.kind === "rcpt" ? command.parameters : null,
    octets: checkpoint.octets,
    headers,
    body: head === null || phase !== "end-of-data" ? null : () => around.readText((content ?? head)()),
    hostname: around.hostname,
    limit: around.limit,
    hidesEnhanced: around.hidesEnhanced(),
  };
}

/** Of clients that come at once the first ones are let in: who came later does not count there. */
const atTheDoor: ReadonlySet<Moment["phase"]> = new Set(["connect", "greeting", "tls"] as const);

const noInboxes = (): readonly string[] => [];

/** Of all these recipients, or of one, whatever the header says. Many rules ask for those of all. */
function inboxesOf(
  recipients: readonly string[],
  find: (recipients: readonly string[], header: Moment["headers"]) => readonly string[],
  headers: Moment["headers"],
): Moment["inboxes"] {
  let ofAll: readonly string[] | null = null;
  return (recipient) => {
    if (recipient !== undefined) return find([recipient], null);
    ofAll ??= find(recipients, headers);
    return ofAll;
  };
}

/** Behind the verb; null where there was no command. */
function argumentOf({ command, line }: Checkpoint): string | null {
  if (command === null || line === null) return null;
  const space = line.indexOf(" ");
  return space === -1 ? "" : line.slice(space + 1).trim();
}

function recipientOf({ command, phase, transaction, recipient }: Checkpoint): string | null {
  const answered = recipient === null ? undefined : transaction?.recipients[recipient];
  const path = phase === "rcpt" ? pathIn(command) : (answered?.path ?? null);
  return path === null ? null : canonicalAddress(path.address);
}

function transactionOf(checkpoint: Checkpoint, clerk: Clerk): Moment["transaction"] {
  const id = clerk.transaction?.id;
  if (id === undefined) return null;
  const index = clerk.transactionIndex;
  const { command, transaction } = checkpoint;
  if (transaction !== null) return { id, index, ...committed(transaction) };
  const path = checkpoint.phase === "mail" ? pathIn(command) : null;
  if (path === null) return null;
  const parameters: Parameters = command?.kind === "mail" ? command.parameters : {};
  return {
    id,
    index,
    from: canonicalAddress(path.address),
    recipients: [],
    parameters,
    declaredSize: declaredSize(parameters.SIZE),
  };
}

function committed(transaction: TransactionState): Omit<NonNullable<Moment["transaction"]>, "id" | "index"> {
  return {
    from: canonicalAddress(transaction.reversePath.address),
    recipients: acceptedAddresses(transaction),
    parameters: transaction.parameters,
    declaredSize: declaredSize(transaction.parameters.SIZE),
  };
}

/** Of transactions that rules are asked about. */
const addresses = new WeakMap<TransactionState, string[]>();

/** Of the recipients so far. There may be many, and rules may be asked at each: the list grows with the transaction. */
export function acceptedAddresses(transaction: TransactionState): readonly string[] {
  const known = addresses.get(transaction) ?? [];
  addresses.set(transaction, known);
  for (const { path } of transaction.recipients.slice(known.length))
    known.push(canonicalAddress(path.address));
  return known;
}

function declaredSize(value: string | true | undefined): number | null {
  return typeof value === "string" ? Number(value) : null;
}
