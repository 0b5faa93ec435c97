import type { VNode } from "preact";
import type { Attachment, Transaction } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useLoaded } from "../reader/loaded.ts";
import { Plain } from "../text/plain.tsx";
import { ReplyText } from "./outcome.tsx";

/** The part for programs (RFC 3464), with addresses beyond ASCII too (RFC 6533). */
export function isDeliveryStatus({ contentType }: Attachment): boolean {
  return contentType === "message/delivery-status" || contentType === "message/global-delivery-status";
}

/** A report that the server made: there was no conversation, so it is told what it says. */
export function Report({ transaction: { storedId, outcome, reply } }: { transaction: Transaction }): VNode {
  return (
    <div class="delivery" data-testid="report">
      <p class="explanation">
        No client sent it: the server made it itself, a delivery report for the sender of a message.
      </p>
      {storedId !== null && <Status id={storedId} />}
      {outcome === "rejected" && (
        <p>
          It could not be kept: <ReplyText reply={reply} />
        </p>
      )}
    </div>
  );
}

function Status({ id }: { id: string }): VNode | null {
  const { value, error } = useLoaded(id, (signal) => statusOf(id, signal));
  if (error !== null) return <p class="explanation">{error.message}</p>;
  if (value === null) return null;
  return (
    <section aria-labelledby="status-title">
      <h2 id="status-title">Delivery status</h2>
      <pre class="status-text" dir="auto" data-testid="delivery-status">
        <Plain text={value} />
      </pre>
    </section>
  );
}

/** The part for programs, and where there is none, what the report tells people. */
async function statusOf(id: string, signal: AbortSignal): Promise<string | null> {
  const { attachments, text } = await api.message(id, signal);
  const part = attachments.find(isDeliveryStatus);
  return part === undefined ? text : (await api.attachmentText(id, part.index, signal)).trim();
}
