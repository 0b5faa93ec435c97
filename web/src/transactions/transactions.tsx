import type { VNode } from "preact";
import type { Transaction } from "../../../src/api/contract.ts";
import { useCell } from "../model/cell.ts";
import { ledger } from "../model/model.ts";
import { go, route } from "../model/route.ts";
import { BoltIcon, WarningIcon } from "../shell/icons.tsx";
import { ListPane } from "../shell/list-pane.tsx";
import { Plain } from "../text/plain.tsx";
import { count } from "../text/size.ts";
import { fullTime, relative, useNow } from "../text/time.ts";
import { outcomes, ReplyText } from "./outcome.tsx";

/** Every attempt to hand over mail, whatever became of it. */
export function Transactions(): VNode {
  const { outcome, find } = useCell(route);
  return (
    <ListPane<Transaction>
      feed={ledger}
      label="Transactions"
      noun="transaction"
      row={(each) => <Row transaction={each} />}
      rowClass={(each) => `outcome-${each.outcome}`}
      searched={outcome !== null || find !== ""}
      nothing="Nobody has tried to send mail yet."
    >
      <OutcomeFilter chosen={outcome} />
    </ListPane>
  );
}

function OutcomeFilter({ chosen }: { chosen: string | null }): VNode {
  return (
    <select
      class="filter"
      aria-label="Outcome"
      data-testid="outcome-filter"
      value={chosen ?? ""}
      onChange={(event) => go({ outcome: event.currentTarget.value || null, id: null }, true)}
    >
      <option value="">Every outcome</option>
      {outcomes.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  );
}

function Row({ transaction }: { transaction: Transaction }): VNode {
  const { reversePath, recipients, outcome, warnings, faults, startedAt, content } = transaction;
  const now = useNow();
  const [first, ...others] = recipients;
  return (
    <>
      <span class="outcome-bar" />
      <span class="row-line">
        <span class="sender" dir="auto">
          {reversePath === null ? <em>no sender</em> : <Plain text={reversePath.address || "<>"} />}
        </span>
        <span class="arrow" aria-hidden="true">
          →
        </span>
        <span class="recipients" dir="auto">
          <span class="unseen">to </span>
          {first === undefined ? <em>nobody</em> : <Plain text={first.path.address || first.path.raw} />}
        </span>
        {others.length > 0 && <span class="more">+{others.length}</span>}
        <span class="gap-filler" />
        <span class="row-marks">
          {warnings.length > 0 && (
            <span class="row-mark is-warning" title={warnings.join(", ")}>
              <WarningIcon />
              <span class="unseen">warnings: {warnings.join(", ")}</span>
            </span>
          )}
          {faults.length > 0 && (
            <span class="row-mark is-fault" title={`Fault: ${faults.map(({ ruleId }) => ruleId).join(", ")}`}>
              <BoltIcon />
              <span class="unseen">a fault acted</span>
            </span>
          )}
        </span>
        <time dateTime={startedAt} title={fullTime(startedAt)}>
          {relative(startedAt, now)}
        </time>
      </span>
      <span class="row-line">
        <span class="row-reply">
          <span class="unseen">{outcome}: </span>
          {outcome === "open" ? <span class="dim">under way</span> : <Verdict transaction={transaction} />}
        </span>
        {content !== null && content.subject !== "" && (
          <span class="snippet" dir="auto">
            <Plain text={content.subject} />
          </span>
        )}
      </span>
    </>
  );
}

/** What decided it, in a few words. */
function Verdict({ transaction: { outcome, reply, recipients } }: { transaction: Transaction }): VNode {
  if (outcome === "reply-lost") return <span class="is-fault-text">stored, but the reply never arrived</span>;
  if (outcome === "aborted")
    return <span class="dim">broken off{reply === null ? "" : ` after ${reply.code}`}</span>;
  const refused = recipients.filter(({ accepted }) => !accepted).length;
  return (
    <>
      <ReplyText reply={reply} />
      {outcome === "accepted" && refused > 0 && (
        <span class="is-bad"> · {count(refused, "recipient")} refused</span>
      )}
    </>
  );
}
