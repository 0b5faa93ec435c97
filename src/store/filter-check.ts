/** Refuses a filter before anybody asks with it. */
import type { MessageFilter, SessionFilter, TransactionFilter } from "./filter.ts";
import { compileMessageFilter } from "./message-condition.ts";
import { compileSessionFilter } from "./session-condition.ts";
import { compileTransactionFilter } from "./transaction-condition.ts";

/** @throws FilterError where the filter cannot be understood. */
export function checkMessageFilter(filter: MessageFilter): void {
  compileMessageFilter(filter);
}

/** @throws FilterError where the filter cannot be understood. */
export function checkTransactionFilter(filter: TransactionFilter): void {
  compileTransactionFilter(filter);
}

/** @throws FilterError where the filter cannot be understood. */
export function checkSessionFilter(filter: SessionFilter): void {
  compileSessionFilter(filter);
}
