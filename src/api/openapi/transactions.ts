import { transactionExample } from "./examples.ts";
import { closed, listOf, reference, textOrNull, whole } from "./form.ts";
import { answers, fails, place, type Resource } from "./operation.ts";
import { noInbox, paging, query, transactionFilter, trueOrFalse, waitFor } from "./parameters.ts";

export const transactions: Resource = {
  name: "Transactions",
  description: "Every transaction, refused and broken off ones too.",
  operations: [
    {
      route: "GET /api/transactions",
      id: "listTransactions",
      summary: "Lists the transactions that match the filter, newest first.",
      parameters: [...paging, ...transactionFilter],
      query: "to=ada@*&outcome=accepted",
      replies: [
        answers(
          200,
          "A page. `total` counts all matches.",
          closed({
            transactions: listOf(reference("Transaction")),
            total: whole("All matches."),
            nextCursor: textOrNull("The `cursor` of the next page; null: this is the last one."),
          }),
          { transactions: [transactionExample], total: 1, nextCursor: null },
        ),
      ],
      failures: [noInbox],
    },
    {
      route: "GET /api/transactions/wait",
      id: "waitForTransactions",
      summary: "Waits until enough transactions that match are finished.",
      parameters: [
        ...waitFor(transactionFilter),
        query("open", "Whether those under way count too.", {
          ...trueOrFalse,
          default: "false",
        }),
      ],
      query: "to=ada@*&timeout=2s",
      replies: [
        answers(
          200,
          "They are there; the first ones, oldest first.",
          closed({ transactions: listOf(reference("Transaction")) }),
          { transactions: [transactionExample] },
        ),
      ],
      failures: [
        fails("wait-timeout", "They did not come in time.", reference("TransactionWaitTimeout")),
        fails(
          "wait-too-many",
          "More came than `exactly` or `count=0` allows; at once.",
          reference("TransactionWaitTooMany"),
        ),
        noInbox,
        fails("restarted", "`since` is of another server; `startedAt` tells."),
        fails("too-many-held", "1,000 waits and streams are open."),
        fails("closing", "The server is closing."),
      ],
    },
    {
      route: "GET /api/transactions/{id}",
      id: "getTransaction",
      summary: "A transaction.",
      parameters: [place("id", "The id of a transaction.", "t1")],
      replies: [answers(200, "The transaction.", reference("Transaction"), transactionExample)],
      failures: [fails("not-found", "There is no such transaction.")],
    },
  ],
};
