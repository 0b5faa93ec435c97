/** Records for the tests of the store. */
import { newSession } from "../../src/server/session-record.ts";
import { newTransaction } from "../../src/server/transaction-record.ts";
import type { MailStore, MemoryStore, MessageRef, Session, Transaction } from "../../src/store/mod.ts";

export const noLimits = { maxMessages: null, maxBytes: 512 * 1024 * 1024, whenFull: "evict" } as const;

/** 2030-01-01T00:00:00Z. */
export const startTime = Date.UTC(2030, 0, 1);

export interface Sample {
  readonly from?: string;
  readonly to?: readonly string[];
  readonly refused?: readonly string[];
  /** Header fields without the last line end. */
  readonly header?: string;
  readonly body?: string;
  readonly receivedAt?: number;
  readonly sessionId?: string | null;
  readonly inboxes?: string[];
  readonly warnings?: string[];
  readonly provider?: string;
}

export function octetsOf(sample: Sample): Uint8Array {
  const { header = "Subject: Hello", body = "Hello" } = sample;
  return new TextEncoder().encode(
    `${header.replace(/\n/g, "\r\n")}\r\n\r\n${body.replace(/\n/g, "\r\n")}\r\n`,
  );
}

/** A transaction of the store, finished and accepted. */
export function transactionOf(store: MailStore, sample: Sample = {}): Transaction {
  const { from = "sender@a.test", to = ["ada@x.test"], refused = [], sessionId = null } = sample;
  const recipient = (address: string, accepted: boolean): Transaction["recipients"][number] => ({
    path: pathOf(address),
    parameters: {},
    reply: { code: accepted ? 250 : 550, enhanced: null, lines: [""] },
    accepted,
    finalReply: null,
  });
  const startedAt = new Date(sample.receivedAt ?? startTime).toISOString();
  return {
    ...newTransaction({ ...store.nextTransaction(), channel: "smtp", sessionId, startedAt }),
    inboxes: sample.inboxes ?? [],
    finishedAt: startedAt,
    reversePath: pathOf(from),
    recipients: [
      ...to.map((address) => recipient(address, true)),
      ...refused.map((address) => recipient(address, false)),
    ],
    outcome: "accepted",
    size: octetsOf(sample).length,
    reply: { code: 250, enhanced: "2.0.0", lines: ["OK"] },
    warnings: sample.warnings ?? [],
    provider: sample.provider ?? null,
  };
}

/** The reply tells the id of the message, as that of the server does. */
export async function add(store: MemoryStore, sample: Sample = {}): Promise<MessageRef> {
  const transaction = transactionOf(store, sample);
  store.putTransaction(transaction);
  const ref = store.add({
    receivedAt: sample.receivedAt ?? startTime,
    raw: [octetsOf(sample)],
    transaction,
  });
  transaction.reply = { code: 250, enhanced: "2.0.0", lines: [`Ok: queued as ${ref.id}`] };
  store.putTransaction(transaction);
  return ref;
}

export async function addMany(store: MemoryStore, count: number, sample: Sample = {}): Promise<void> {
  for (let left = count; left > 0; left--) await add(store, sample);
}

/** A session of the store, open. */
export function sessionOf(store: MailStore, fields: Partial<Session> = {}): Session {
  const session: Session = {
    ...newSession({
      id: store.nextSession().id,
      listener: "smtp",
      remoteAddress: "127.0.0.1",
      remotePort: 40_000,
      openedAt: new Date(startTime).toISOString(),
    }),
    helo: "client.test",
    esmtp: true,
    ...fields,
  };
  store.putSession(session);
  return session;
}

function pathOf(address: string): { raw: string; address: string; route: string[] } {
  return { raw: `<${address}>`, address, route: [] };
}
