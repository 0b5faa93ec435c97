/**
 * The attempts of one mail: transactions with the same sender and recipients, and the same Message-ID where
 * both have one. They show whether a client tries again, after how long, and when it gives up.
 */
import type { VNode } from "preact";
import type { Transaction } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { ledgerPulse } from "../model/model.ts";
import { go, route } from "../model/route.ts";
import { literal } from "../model/search-terms.ts";
import { useLoaded } from "../reader/loaded.ts";
import { fullTime, span } from "../text/time.ts";

const most = 200;

export function Attempts({ transaction }: { transaction: Transaction }): VNode | null {
  const pulse = useCell(ledgerPulse);
  const sender = transaction.reversePath?.address ?? "";
  const recipient = transaction.recipients[0]?.path.address ?? "";
  const { value } = useLoaded(
    transaction.id,
    (signal) =>
      recipient === ""
        ? Promise.resolve(null)
        : api.transactions({ to: literal(recipient), from: literal(sender) }, { limit: most }, signal),
    pulse,
  );
  const attempts = (value?.transactions ?? []).filter((other) => isSameMail(transaction, other)).reverse();
  if (attempts.length < 2) return null;
  return (
    <section class="attempts" aria-label="Attempts" data-testid="attempts">
      <h2>
        {attempts.length} attempts <span class="dim">same sender and recipients</span>
      </h2>
      <ol>
        {attempts.map((each, index) => {
          const before = attempts[index - 1];
          return (
            <li key={each.id}>
              {before !== undefined && (
                <span class="attempt-gap">
                  +{span(Date.parse(each.startedAt) - Date.parse(before.startedAt))}
                </span>
              )}
              <button
                type="button"
                class={`attempt outcome-${each.outcome}`}
                aria-current={each.id === transaction.id}
                title={`${each.outcome}, ${fullTime(each.startedAt)}`}
                onClick={() =>
                  go({ view: "transactions", id: each.id, tab: null }, route.get().view === "transactions")
                }
              >
                {labelOf(each)}
                <span class="unseen"> {each.outcome}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** The code that the client was told; of a reply that was lost it was told none. */
function labelOf({ outcome, reply }: Transaction): string {
  if (outcome === "open") return "…";
  return outcome === "reply-lost" ? "lost" : String(reply?.code ?? "×");
}

function isSameMail(one: Transaction, other: Transaction): boolean {
  const [mine, theirs] = [one.content?.messageId ?? null, other.content?.messageId ?? null];
  if (mine !== null && theirs !== null && mine !== theirs) return false;
  if ((one.reversePath?.address ?? null) !== (other.reversePath?.address ?? null)) return false;
  return recipientsOf(one) === recipientsOf(other);
}

function recipientsOf({ recipients }: Transaction): string {
  return recipients
    .map(({ path }) => path.address.toLowerCase())
    .sort()
    .join("\n");
}
