/** Reports that a message which was accepted could not be delivered: they come later, as mail to its sender. */
import type { Bounce } from "../faults/mod.ts";
import { canonicalAddress, reply, type TransactionState } from "../smtp/mod.ts";
import type { FaultClock } from "./clock.ts";
import { refusalOf } from "./keeping.ts";
import { Posting, type PostingParts } from "./posting.ts";

/** What a report tells (RFC 3464). */
export type ReportComposer = (facts: {
  readonly hostname: string;
  readonly messageId: string;
  readonly now: number;
  readonly arrivedAt: number;
  readonly sender: string;
  readonly envelopeId: string | null;
  readonly recipients: readonly { readonly address: string; readonly original: string | null }[];
  readonly status: string;
  readonly diagnostic: string | null;
  readonly content: Uint8Array | null;
  readonly returns: "FULL" | "HDRS";
  readonly isUtf8: boolean;
}) => Uint8Array;

export interface BouncingParts extends PostingParts {
  readonly clock: FaultClock;
  readonly hostname: string;
  readonly composeReport: ReportComposer;
}

type Recipients = TransactionState["recipients"];

/** Reports that may be on their way at the same time. */
const mostPending = 10_000;

export class Bouncing {
  readonly #parts: BouncingParts;
  /** Aborted when what is on its way is forgotten. */
  readonly #pending = new Set<AbortController>();

  constructor(parts: BouncingParts) {
    this.#parts = parts;
  }

  /**
   * A report on the message of this id comes when its time is there. Null: it will; else why none will.
   * @param recipients those that it may be about
   * @param inboxesOf of the message as far as it is for these addresses; asked for those that the report is about, and for
   *   its sender
   */
  expect(
    bounce: Bounce,
    transaction: TransactionState,
    recipients: Recipients,
    id: string,
    inboxesOf: (addresses: readonly string[]) => readonly string[] = () => [],
  ): string | null {
    // RFC 5321 §6.1: no report is sent about what may be one.
    if (transaction.reversePath.address === "") return "the reverse-path is null";
    const { recipients: isMeant } = bounce;
    const meant = recipients.filter(
      ({ path }) => isMeant === null || isMeant(canonicalAddress(path.address)),
    );
    if (meant.length === 0) return "it is about no recipient that was accepted";
    const concerned = meant.filter(({ parameters }) => wantsReport(parameters.NOTIFY, bounce.status));
    if (concerned.length === 0) return "NOTIFY asks for none";
    if (this.#pending.size >= mostPending) return `${mostPending} are on their way already`;
    const addresses = [...concerned.map(({ path }) => path.address), transaction.reversePath.address];
    void this.#send(bounce, transaction, concerned, id, inboxesOf(addresses));
    return null;
  }

  /** Nothing that is on its way comes. */
  forget(): void {
    for (const pending of this.#pending) pending.abort();
  }

  async #send(
    bounce: Bounce,
    original: TransactionState,
    recipients: Recipients,
    originalId: string,
    inboxes: readonly string[],
  ): Promise<void> {
    const { store, clock } = this.#parts;
    const pending = new AbortController();
    this.#pending.add(pending);
    try {
      const time = clock.of(() => inboxes);
      const arrivedAt = time.now();
      await time.sleep(bounce.after, pending.signal);
      // A message that was deleted meanwhile is not held back for its report.
      const content = pending.signal.aborted ? null : await store.raw(originalId);
      if (pending.signal.aborted) return;
      await this.#keep(original, inboxes, (messageId) =>
        this.#compose(bounce, original, recipients, { messageId, arrivedAt, now: time.now(), content }),
      );
    } catch (error) {
      console.error(`mailproof: the report on ${originalId} could not be kept: ${error}`);
    } finally {
      this.#pending.delete(pending);
    }
  }

  #compose(
    { status, diagnostic }: Bounce,
    { reversePath, parameters }: TransactionState,
    recipients: Recipients,
    facts: { messageId: string; arrivedAt: number; now: number; content: Uint8Array | null },
  ): Uint8Array {
    const { hostname, composeReport } = this.#parts;
    return composeReport({
      ...facts,
      hostname,
      sender: reversePath.address,
      envelopeId: textOf(parameters.ENVID),
      recipients: recipients.map(({ path, parameters }) => ({
        address: path.address,
        original: textOf(parameters.ORCPT),
      })),
      status,
      diagnostic,
      // RFC 3461 §4.3 leaves it to us where the client does not say; the header is enough.
      returns: textOf(parameters.RET)?.toUpperCase() === "FULL" ? "FULL" : "HDRS",
      isUtf8: parameters.SMTPUTF8 === true,
    });
  }

  /** The report as a transaction of its own. Rejects where it is not kept. */
  async #keep(
    { reversePath, parameters }: TransactionState,
    inboxes: readonly string[],
    compose: (messageId: string) => Uint8Array,
  ): Promise<void> {
    // From the null reverse-path, so that nobody answers it with another report (RFC 3464 §2).
    const facts = { channel: "smtp", provider: null, from: "", to: [reversePath.address] } as const;
    const posting = new Posting(this.#parts, facts);
    const { transaction } = posting;
    const raw = compose(`${transaction.id}@${this.#parts.hostname}`);
    if (parameters.SMTPUTF8 === true) transaction.mailParameters.SMTPUTF8 = true;
    if (raw.some((octet) => octet > 127)) transaction.mailParameters.BODY = "8BITMIME";
    transaction.inboxes.push(...inboxes);
    posting.open();
    try {
      const { id } = await posting.store(raw);
      posting.end("accepted", reply(250, "2.0.0", `Ok as ${id}`));
    } catch (error) {
      posting.end("rejected", refusalOf(error));
      throw error;
    }
  }
}

/** RFC 3461 §4.1: without NOTIFY a failure is reported, and a delay may be. */
function wantsReport(notify: string | true | undefined, status: string): boolean {
  if (typeof notify !== "string") return true;
  return notify
    .toUpperCase()
    .split(",")
    .includes(status.startsWith("4.") ? "DELAY" : "FAILURE");
}

function textOf(value: string | true | undefined): string | null {
  return typeof value === "string" ? value : null;
}
