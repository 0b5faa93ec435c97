import type { Head } from "../mail/mod.ts";
import type { Channel, Envelope, Transaction } from "./records.ts";
import type { NewMessage } from "./store.ts";

/**
 * What the header says, and the reverse-path beside it: a walk over many messages waits for memory more than for
 * anything else, and this is at hand.
 */
export interface KeptHead extends Head {
  readonly reversePath: string;
}

/** What a summary tells of the body. */
export type Sketch = { readonly snippet: string; readonly attachmentCount: number };

/** A message as it is kept. What has to be parsed is null until somebody asks for it. */
export interface StoredMessage {
  readonly id: string;
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly raw: Uint8Array;
  /** Octets that it costs beside `raw`. */
  readonly overhead: number;
  readonly channel: Channel;
  readonly provider: string | null;
  readonly sessionId: string | null;
  readonly transactionId: string;
  /** Remote address of the session. */
  readonly source: string | null;
  inboxes: readonly string[];
  readonly envelope: Envelope;
  readonly warnings: readonly string[];
  tags: readonly string[];
  read: boolean;
  head: KeptHead | null;
  sketch: Sketch | null;
  /** What a search for a word looks at. */
  words: string | null;
}

/** Most lists of most messages are empty: they share this one. */
const none: readonly string[] = [];

/** The message as it is kept, not parsed at all. */
export function keep(
  message: NewMessage,
  seq: number,
  source: string | null,
  overhead: number,
): StoredMessage {
  const { transaction } = message;
  return {
    id: `m${seq}`,
    seq,
    receivedAt: message.receivedAt,
    raw: message.raw,
    overhead,
    channel: transaction.channel,
    provider: transaction.provider,
    sessionId: transaction.sessionId,
    transactionId: transaction.id,
    source,
    inboxes: copyOf(message.inboxes ?? transaction.inboxes),
    envelope: envelopeOf(transaction),
    warnings: copyOf(transaction.warnings),
    tags: copyOf(message.tags ?? none),
    read: false,
    head: null,
    sketch: null,
    words: null,
  };
}

function copyOf(list: readonly string[]): readonly string[] {
  return list.length === 0 ? none : [...list];
}

function envelopeOf(transaction: Transaction): Envelope {
  return {
    from: transaction.reversePath?.address ?? "",
    to: transaction.recipients.filter(({ accepted }) => accepted).map(({ path }) => path.address),
  };
}
