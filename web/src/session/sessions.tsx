import type { VNode } from "preact";
import { useCell } from "../model/cell.ts";
import { back, sessions } from "../model/model.ts";
import { route } from "../model/route.ts";
import { type SessionRow, troubles } from "../model/session-row.ts";
import { BackIcon, BoltIcon, WarningIcon } from "../shell/icons.tsx";
import { ListPane } from "../shell/list-pane.tsx";
import { Plain } from "../text/plain.tsx";
import { count } from "../text/size.ts";
import { fullTime, relative, span, useNow } from "../text/time.ts";
import { Conversation, useSession } from "./conversation.tsx";
import { SessionFacts } from "./session-facts.tsx";

/** Of a session with more transactions, the newest are linked. */
const mostLinks = 30;

/** Every connection, those that never came to a MAIL command too. */
export function Sessions(): VNode {
  const { peer } = useCell(route);
  return (
    <ListPane<SessionRow>
      feed={sessions}
      label="Sessions"
      noun="session"
      row={(session) => <Row session={session} />}
      rowClass={(session) => `outcome-${toneOf(session)}`}
      searched={peer !== ""}
      nothing="No client has connected yet."
    />
  );
}

/** The worst that happened on it. */
function toneOf({
  closedAt,
  closedBy,
  tlsError,
  authError,
  transactionIds,
  troubles: had,
}: SessionRow): string {
  if (tlsError !== null || authError !== null || had?.rejected !== undefined) return "rejected";
  if (had?.["reply-lost"] !== undefined || closedBy === "fault" || closedBy === "timeout")
    return "reply-lost";
  if (closedAt === null) return "open";
  const wentWell = transactionIds.length > 0 && had !== null && had.aborted === undefined;
  return wentWell ? "accepted" : "aborted";
}

function Row({ session }: { session: SessionRow }): VNode {
  const { helo, remoteAddress, remotePort, openedAt, closedAt, tls, user, warnings, faults } = session;
  const errors = [session.tlsError, session.authError].filter((error) => error !== null);
  const now = useNow();
  return (
    <>
      <span class="outcome-bar" />
      <span class="row-line">
        <span class="sender">{helo === null ? <em>no greeting</em> : <Plain text={helo} />}</span>
        <span class="recipients">
          <code>
            {remoteAddress}:{remotePort}
          </code>
        </span>
        <span class="gap-filler" />
        <span class="row-marks">
          {warnings.length > 0 && (
            <span class="row-mark is-warning" title={warnings.join(", ")}>
              <WarningIcon />
            </span>
          )}
          {faults.length > 0 && (
            <span class="row-mark is-fault" title={faults.map(({ ruleId }) => ruleId).join(", ")}>
              <BoltIcon />
            </span>
          )}
        </span>
        <time dateTime={openedAt} title={fullTime(openedAt)}>
          {closedAt === null ? "open" : relative(openedAt, now)}
        </time>
      </span>
      <span class="row-line">
        {errors.length > 0 && (
          <span class="row-error is-bad" title={errors.join("\n")}>
            <Plain text={errors.join(" · ")} />
          </span>
        )}
        <Doings session={session} />
        <span class="snippet">
          {[
            tls?.version ?? "",
            user === null ? "" : `user ${user}`,
            closedAt === null ? "" : span(Date.parse(closedAt) - Date.parse(openedAt)),
          ]
            .filter((part) => part !== "")
            .join(" · ")}
        </span>
      </span>
    </>
  );
}

/** How many transactions there were, and how many of them went wrong. */
function Doings({ session: { transactionIds, troubles: had } }: { session: SessionRow }): VNode {
  if (transactionIds.length === 0) return <span class="row-doings">never reached MAIL</span>;
  return (
    <span class="row-doings">
      {count(transactionIds.length, "transaction")}
      {troubles.map((name) => {
        const number = had?.[name];
        if (number === undefined) return null;
        const what = name === "reply-lost" ? "reply lost" : name;
        return (
          <span key={name} class={toneClasses[name]}>
            {", "}
            {number === transactionIds.length && number === 1 ? what : `${number} ${what}`}
          </span>
        );
      })}
    </span>
  );
}

const toneClasses = { rejected: "is-bad", "reply-lost": "is-fault-text", aborted: "dim" } as const;

export function SessionDetail({ id }: { id: string }): VNode {
  const { session, transcript, error } = useSession(id);
  if (error !== null && session === null) return <p class="none">{error.message}</p>;
  if (session === null || transcript === null) return <div class="reader is-loading" aria-busy="true" />;
  return (
    <article class="reader" data-testid="session" data-scrolls tabIndex={-1}>
      <header class="heading">
        <div class="heading-top">
          <button type="button" class="quiet narrow-only" aria-label="Back to the list" onClick={back}>
            <BackIcon />
          </button>
          <h1>Session {session.id}</h1>
        </div>
        <SessionFacts session={session} />
        {session.warnings.length > 0 && (
          <div class="notes">
            {session.warnings.map((warning) => (
              <span key={warning} class="chip is-warning">
                <WarningIcon /> {warning}
              </span>
            ))}
          </div>
        )}
        {session.transactionIds.length > 0 && (
          <p class="explanation">
            {count(session.transactionIds.length, "transaction")}:
            {session.transactionIds.slice(-mostLinks).map((each) => (
              <a key={each} href={`#/transactions/${encodeURIComponent(each)}`}>
                {each}
              </a>
            ))}
          </p>
        )}
      </header>
      <div class="delivery">
        <Conversation session={session} transcript={transcript} transactionId={null} />
      </div>
    </article>
  );
}
