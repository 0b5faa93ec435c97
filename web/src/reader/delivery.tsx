import type { VNode } from "preact";
import type { Message } from "../../../src/api/contract.ts";
import * as api from "../model/api.ts";
import { useCell } from "../model/cell.ts";
import { pulses } from "../model/model.ts";
import { Scroll } from "../shell/scroll.tsx";
import { TransactionBody } from "../transactions/detail.tsx";
import { Outcome } from "../transactions/outcome.tsx";
import { useLoaded } from "./loaded.ts";

/** How the message came here. It may be looked at before its transaction has ended, so that is read afresh. */
export function Delivery({ message }: { message: Message }): VNode {
  const pulse = useCell(pulses).get(message.sessionId ?? "") ?? 0;
  const { value } = useLoaded(
    message.transactionId,
    (signal) => api.transaction(message.transactionId, signal),
    pulse,
  );
  const transaction = value ?? message.transaction;
  return (
    <Scroll class="delivery-tab" label="Delivery" testId="delivery">
      <p class="explanation">
        <Outcome transaction={transaction} />{" "}
        <a href={`#/transactions/${encodeURIComponent(transaction.id)}`}>Transaction {transaction.id}</a>
      </p>
      <TransactionBody transaction={transaction} />
    </Scroll>
  );
}
