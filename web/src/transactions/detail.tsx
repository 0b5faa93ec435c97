import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Transaction } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { back, pulses } from "../model/model.ts";
import { useLoaded } from "../reader/loaded.ts";
import { Conversation, useSession } from "../session/conversation.tsx";
import { SessionFacts } from "../session/session-facts.tsx";
import { BackIcon, BoltIcon, WarningIcon } from "../shell/icons.tsx";
import { Plain } from "../text/plain.tsx";
import { fullTime } from "../text/time.ts";
import { Attempts } from "./attempts.tsx";
import { EnvelopeTable } from "./envelope.tsx";
import { mailReply } from "./mail-reply.ts";
import { isReport, meansOf, Outcome } from "./outcome.tsx";
import { Report } from "./report.tsx";

/** One transaction: what became of it, why, and what was said. */
export function TransactionDetail({ id }: { id: string }): VNode {
  const all = useCell(pulses);
  const title = useRef<HTMLHeadingElement>(null);
  const sessionOf = useRef<string | null>(null);
  const pulse = all.get(sessionOf.current ?? "") ?? 0;
  const { value: transaction, error } = useLoaded(id, (signal) => api.transaction(id, signal), pulse, true);
  sessionOf.current = transaction?.sessionId ?? null;
  const isHere = transaction !== null;
  useEffect(() => {
    if (isHere) title.current?.focus({ preventScroll: true });
  }, [id, isHere]);
  if (error !== null && transaction === null) return <p class="none">{error.message}</p>;
  if (transaction === null) return <div class="reader is-loading" aria-busy="true" />;
  const { content, storedId } = transaction;
  return (
    <article class="reader" data-testid="transaction" data-id={id} data-scrolls>
      <header class="heading">
        <div class="heading-top">
          <button type="button" class="quiet narrow-only" aria-label="Back to the list" onClick={back}>
            <BackIcon />
          </button>
          <h1 ref={title} tabIndex={-1} dir="auto">
            {content === null || content.subject === "" ? (
              `Transaction ${transaction.id}`
            ) : (
              <Plain text={content.subject} />
            )}
          </h1>
          <Outcome transaction={transaction} />
        </div>
        <p class="explanation">
          {meansOf(transaction)}{" "}
          {storedId !== null && <a href={`#/inbox/${encodeURIComponent(storedId)}`}>Show the message</a>}
          <time dateTime={transaction.startedAt}>{fullTime(transaction.startedAt)}</time>
        </p>
      </header>
      <TransactionBody transaction={transaction} />
    </article>
  );
}

/** The part that the message's Delivery tab shows too. */
export function TransactionBody({ transaction }: { transaction: Transaction }): VNode {
  const { sessionId } = transaction;
  if (isReport(transaction)) return <Report transaction={transaction} />;
  return (
    <div class="delivery">
      <Attempts transaction={transaction} />
      <Causes transaction={transaction} />
      {sessionId === null ? (
        <>
          <EnvelopeTable transaction={transaction} mail={null} />
          <p class="explanation">
            It did not come over SMTP but {doorOf(transaction)}, so there was no conversation.
          </p>
        </>
      ) : (
        <OverSmtp transaction={transaction} sessionId={sessionId} />
      )}
    </div>
  );
}

function doorOf({ provider }: Transaction): string {
  return provider === null ? "over the HTTP API" : `over HTTP, as a client of ${provider} sends it`;
}

/** The envelope, and the session that it came in. */
function OverSmtp({ transaction, sessionId }: { transaction: Transaction; sessionId: string }): VNode {
  const { session, transcript, error } = useSession(sessionId);
  const mail = mailReply(transcript?.lines ?? [], transaction.id);
  return (
    <>
      <EnvelopeTable transaction={transaction} mail={mail} />
      {session !== null && transcript !== null ? (
        <>
          <SessionFacts session={session} />
          <Conversation session={session} transcript={transcript} transactionId={transaction.id} />
        </>
      ) : error === null ? (
        <div class="conversation is-loading" aria-busy="true" />
      ) : (
        <p class="explanation">{error.message}</p>
      )}
    </>
  );
}

/** Faults that acted and deviations that were seen. */
function Causes({ transaction: { faults, warnings, labels } }: { transaction: Transaction }): VNode | null {
  if (faults.length + warnings.length + labels.length === 0) return null;
  return (
    <div class="notes">
      {faults.map(({ ruleId, phase }, index) => (
        <span key={index} class="chip is-fault" title="A fault rule acted here">
          <BoltIcon /> {ruleId} <span class="dim">at {phase}</span>
        </span>
      ))}
      {warnings.map((warning) => (
        <span
          key={warning}
          class="chip is-warning"
          title="A deviation of the client from the protocol; the transcript tells which"
        >
          <WarningIcon /> {warning}
        </span>
      ))}
      {labels.map((label) => (
        <span key={label} class="tag">
          <Plain text={label} />
        </span>
      ))}
    </div>
  );
}
